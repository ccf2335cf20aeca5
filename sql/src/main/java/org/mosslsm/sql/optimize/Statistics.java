// What the optimiser knows about data.
package org.mosslsm.sql.optimize;

import java.util.Optional;
import org.mosslsm.sql.catalog.Index;
import org.mosslsm.sql.catalog.Table;
import org.mosslsm.sql.catalog.TableStatistics;
import org.mosslsm.sql.expr.ScalarExpr;

/** Sizes of tables, roughly, and what ANALYZE found out about them. Implementations are thread-safe and answer at once. */
public interface Statistics {
    /** What is assumed of a table nothing is known about: large enough that indexes are worth using. */
    long UNKNOWN_ROWS = 10_000;

    /** About how many rows a table has; at least 1. */
    long rows(Table table);

    /** The condition of a partial index over its table row; empty where it is not known, and the index stays unused. */
    default Optional<ScalarExpr> condition(Table table, Index index) {
        return Optional.empty();
    }

    /** What ANALYZE found out, where it ran. */
    default Optional<TableStatistics> of(Table table) {
        return Optional.empty();
    }

    /** Knows nothing. */
    static Statistics unknown() {
        return table -> UNKNOWN_ROWS;
    }
}
