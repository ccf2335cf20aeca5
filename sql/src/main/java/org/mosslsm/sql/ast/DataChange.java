// Statements that change rows.
package org.mosslsm.sql.ast;

import java.util.List;
import java.util.Optional;

/** INSERT, UPDATE, DELETE, TRUNCATE. */
public sealed interface DataChange extends Statement {

    /**
     * INSERT. An empty column list means all columns in order. Without a source the row is DEFAULT VALUES. RETURNING is
     * empty when absent.
     */
    record Insert(
            List<Query.CommonTable> with,
            QualifiedName table,
            Optional<Identifier> alias,
            List<Identifier> columns,
            Optional<Query> source,
            Overriding overriding,
            Optional<OnConflict> onConflict,
            List<SelectItem> returning,
            Position position)
            implements DataChange {
        /** Copies the lists. */
        public Insert {
            with = List.copyOf(with);
            columns = List.copyOf(columns);
            returning = List.copyOf(returning);
        }
    }

    /** OVERRIDING SYSTEM | USER VALUE, for identity columns. */
    enum Overriding {
        NONE,
        SYSTEM,
        USER
    }

    /**
     * ON CONFLICT. The target is a list of columns with the condition of a partial index, or a constraint, or neither (any
     * conflict); without an update it is DO NOTHING, or where {@code replace} says so INSERT OR REPLACE: rows in the way go.
     */
    record OnConflict(
            List<Identifier> columns,
            Optional<Expression> condition,
            Optional<Identifier> constraint,
            Optional<DoUpdate> update,
            boolean replace,
            Position position) {
        /** Copies the columns. */
        public OnConflict {
            columns = List.copyOf(columns);
        }
    }

    /** DO UPDATE SET ... WHERE; the proposed row is the relation {@code excluded}. */
    record DoUpdate(List<Assignment> assignments, Optional<Expression> where) {
        /** Copies the assignments. */
        public DoUpdate {
            assignments = List.copyOf(assignments);
        }
    }

    /**
     * {@code column = value}, or {@code (column, ...) = row}: then the value is a {@link Expression.RowValue} of as many
     * items or a {@link Expression.ScalarSubquery}. The qualifier of {@code SET t.a = 1} is checked and dropped.
     */
    record Assignment(List<Identifier> columns, Expression value, Position position) {
        /** Copies the columns. */
        public Assignment {
            columns = List.copyOf(columns);
        }
    }

    /** UPDATE. */
    record Update(
            List<Query.CommonTable> with,
            QualifiedName table,
            Optional<Identifier> alias,
            List<Assignment> assignments,
            List<Relation> from,
            Optional<Expression> where,
            List<SelectItem> returning,
            Position position)
            implements DataChange {
        /** Copies the lists. */
        public Update {
            with = List.copyOf(with);
            assignments = List.copyOf(assignments);
            from = List.copyOf(from);
            returning = List.copyOf(returning);
        }
    }

    /** DELETE. */
    record Delete(
            List<Query.CommonTable> with,
            QualifiedName table,
            Optional<Identifier> alias,
            List<Relation> using,
            Optional<Expression> where,
            List<SelectItem> returning,
            Position position)
            implements DataChange {
        /** Copies the lists. */
        public Delete {
            with = List.copyOf(with);
            using = List.copyOf(using);
            returning = List.copyOf(returning);
        }
    }

    /** TRUNCATE. */
    record Truncate(List<QualifiedName> tables, boolean restartIdentity, boolean cascade, Position position)
            implements DataChange {
        /** Copies the tables. */
        public Truncate {
            tables = List.copyOf(tables);
        }
    }
}
