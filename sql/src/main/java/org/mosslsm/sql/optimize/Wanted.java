// What the node above would like.
package org.mosslsm.sql.optimize;

import java.util.List;
import org.mosslsm.sql.plan.SortKey;

/**
 * A wish: rows in this order save a sort, and of these rows only the first {@code limit} will be read. Nobody has to
 * grant it.
 *
 * @param keys the order; empty: any
 * @param limit number of rows; infinite where all are read
 */
record Wanted(List<SortKey> keys, double limit) {
    /** No wish. */
    static final Wanted NOTHING = new Wanted(List.of(), Double.POSITIVE_INFINITY);

    /** The limit of a parameter: that it asks suggests few. Not a whole number, so that no written limit is taken for it. */
    static final double A_FEW = 99.5;

    /** The number of rows that will be read at most, 0 where that is not known. */
    int expected() {
        return limit == A_FEW || limit > Integer.MAX_VALUE ? 0 : (int) limit;
    }

    /** The limit alone. */
    Wanted withoutOrder() {
        return keys.isEmpty() ? this : NOTHING;
    }
}
