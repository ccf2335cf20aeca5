// The root of the family of statements.
package org.mosslsm.sql.ast;

import java.util.Optional;

/** One SQL statement. */
public sealed interface Statement extends Node
        permits Statement.QueryStatement, Statement.Explain, DataChange, Definition, SessionControl {

    /** A query as a statement. */
    record QueryStatement(Query query) implements Statement {
        @Override
        public Position position() {
            return query.position();
        }
    }

    /** {@code EXPLAIN [ANALYZE] statement}; {@code format} is {@code text} or {@code json}, in lower case, if given. */
    record Explain(boolean analyze, Optional<String> format, Statement statement, Position position)
            implements Statement {}
}
