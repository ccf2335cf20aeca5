// What the optimiser knows about data.
package org.mosslsm.sql.optimize;

import org.mosslsm.sql.catalog.Table;

/** Sizes of tables, roughly. Implementations are thread-safe and answer at once. */
public interface Statistics {
    /** What is assumed of a table nothing is known about: large enough that indexes are worth using. */
    long UNKNOWN_ROWS = 10_000;

    /** About how many rows a table has; at least 1. */
    long rows(Table table);

    /** Knows nothing. */
    static Statistics unknown() {
        return table -> UNKNOWN_ROWS;
    }
}
