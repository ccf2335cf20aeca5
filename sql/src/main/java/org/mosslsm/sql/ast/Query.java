// A whole query.
package org.mosslsm.sql.ast;

import java.util.List;
import java.util.Optional;

/**
 * A query: common table expressions, a body, order and limits. {@code FETCH FIRST n ROWS ONLY} is the same as LIMIT;
 * {@code LIMIT ALL} as no limit. {@code withTies}: rows follow that the order takes for equal to the last.
 */
public record Query(
        List<CommonTable> with,
        QueryBody body,
        List<SortItem> orderBy,
        Optional<Expression> limit,
        Optional<Expression> offset,
        boolean withTies,
        Optional<RowLock> lock,
        Position position)
        implements QueryBody {
    /** Copies the lists. */
    public Query {
        with = List.copyOf(with);
        orderBy = List.copyOf(orderBy);
    }

    /** A body alone. */
    public static Query of(QueryBody body) {
        return new Query(
                List.of(),
                body,
                List.of(),
                Optional.empty(),
                Optional.empty(),
                false,
                Optional.empty(),
                body.position());
    }

    /**
     * {@code name (columns) AS (query)} of a WITH clause, or of a change with its RETURNING; its {@code with} are those
     * before it.
     *
     * @param materialized whether it said MATERIALIZED or NOT MATERIALIZED; empty where it said neither
     */
    public record CommonTable(
            Identifier name, List<Identifier> columns, Statement body, Optional<Boolean> materialized) {
        /** Copies the columns. */
        public CommonTable {
            columns = List.copyOf(columns);
        }

        /** The query; only where it is one. */
        public Query query() {
            return ((Statement.QueryStatement) body).query();
        }
    }

    /** FOR UPDATE / FOR SHARE, of which relations (empty: all), and what to do when a row is locked by another. */
    public record RowLock(boolean exclusive, List<Identifier> of, WaitPolicy whenLocked) {
        /** Copies the names. */
        public RowLock {
            of = List.copyOf(of);
        }

        /** What to do when a row is locked. */
        public enum WaitPolicy {
            WAIT,
            NOWAIT,
            SKIP_LOCKED
        }
    }
}
