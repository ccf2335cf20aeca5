// Constraints of a table.
package org.mosslsm.sql.ast;

import java.util.List;
import java.util.Optional;

/** A constraint, written for the table or at a column; without a name the catalog makes one. */
public sealed interface TableConstraint extends Node {
    /** The name, if one was given. */
    Optional<Identifier> name();

    /** PRIMARY KEY. */
    record PrimaryKey(Optional<Identifier> name, List<Identifier> columns, Position position)
            implements TableConstraint {
        /** Copies the columns. */
        public PrimaryKey {
            columns = List.copyOf(columns);
        }
    }

    /** UNIQUE. */
    record Unique(Optional<Identifier> name, List<Identifier> columns, boolean nullsNotDistinct, Position position)
            implements TableConstraint {
        /** Copies the columns. */
        public Unique {
            columns = List.copyOf(columns);
        }
    }

    /** CHECK; {@code column} is where it was written, for the made-up name, if it was at a column. */
    record Check(Optional<Identifier> name, SourceExpression condition, Optional<Identifier> column, Position position)
            implements TableConstraint {}

    /** FOREIGN KEY ... REFERENCES; without referenced columns it means the primary key. */
    record ForeignKey(
            Optional<Identifier> name,
            List<Identifier> columns,
            QualifiedName referencedTable,
            List<Identifier> referencedColumns,
            ReferentialAction onDelete,
            ReferentialAction onUpdate,
            Position position)
            implements TableConstraint {
        /** Copies the columns. */
        public ForeignKey {
            columns = List.copyOf(columns);
            referencedColumns = List.copyOf(referencedColumns);
        }
    }

    /** What happens to the child rows. */
    enum ReferentialAction {
        NO_ACTION,
        RESTRICT,
        CASCADE,
        SET_NULL,
        SET_DEFAULT
    }
}
