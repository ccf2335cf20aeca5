// What stands in FROM.
package org.mosslsm.sql.ast;

import java.util.List;
import java.util.Optional;

/** An item of FROM. A comma between items is a list in {@link Select}, not a {@link Join}. */
public sealed interface Relation extends Node {
    /** {@code AS name (column, ...)}; the column list may be empty or shorter than the relation. */
    record Alias(Identifier name, List<Identifier> columns) {
        /** Copies the columns. */
        public Alias {
            columns = List.copyOf(columns);
        }
    }

    /** A table, view or common table expression by name. */
    record TableName(QualifiedName name, Optional<Alias> alias, Position position) implements Relation {}

    /** A query in parentheses; the alias is optional. */
    record Derived(Query query, Optional<Alias> alias, Position position) implements Relation {}

    /** A function that gives rows; the alias names the relation and, without a column list, its only column too. */
    record Function(QualifiedName name, List<Expression> arguments, Optional<Alias> alias, Position position)
            implements Relation {
        /** Copies the arguments. */
        public Function {
            arguments = List.copyOf(arguments);
        }
    }

    /** Two relations joined; {@link Kind#CROSS} has {@link NoCondition}, every other kind has a condition. */
    record Join(Kind kind, Relation left, Relation right, Condition condition, Position position) implements Relation {
        /** Which unmatched rows stay. */
        public enum Kind {
            INNER,
            LEFT,
            RIGHT,
            FULL,
            CROSS
        }
    }

    /** How the sides of a join match. */
    sealed interface Condition {}

    /** {@code ON expression}. */
    record On(Expression expression) implements Condition {}

    /** {@code USING (column, ...)}. */
    record Using(List<Identifier> columns) implements Condition {
        /** Copies the columns. */
        public Using {
            columns = List.copyOf(columns);
        }
    }

    /** {@code NATURAL}: equality of all columns of the same name. */
    record Natural() implements Condition {}

    /** The condition of CROSS JOIN. */
    record NoCondition() implements Condition {}
}
