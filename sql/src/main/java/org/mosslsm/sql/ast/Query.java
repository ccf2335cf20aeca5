// A whole query.
package org.mosslsm.sql.ast;

import java.util.List;
import java.util.Optional;

/**
 * A query: common table expressions, a body, order and limits. {@code FETCH FIRST n ROWS ONLY} is the same as LIMIT;
 * {@code LIMIT ALL} as no limit.
 */
public record Query(
        List<CommonTable> with,
        QueryBody body,
        List<SortItem> orderBy,
        Optional<Expression> limit,
        Optional<Expression> offset,
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
                List.of(), body, List.of(), Optional.empty(), Optional.empty(), Optional.empty(), body.position());
    }

    /** {@code name (columns) AS (query)} of a WITH clause. */
    public record CommonTable(Identifier name, List<Identifier> columns, Query query) {
        /** Copies the columns. */
        public CommonTable {
            columns = List.copyOf(columns);
        }
    }

    /** FOR UPDATE / FOR SHARE, and what to do when a row is locked by another. */
    public record RowLock(boolean exclusive, WaitPolicy whenLocked) {
        /** What to do when a row is locked. */
        public enum WaitPolicy {
            WAIT,
            NOWAIT,
            SKIP_LOCKED
        }
    }
}
