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

    /** The limit alone. */
    Wanted withoutOrder() {
        return keys.isEmpty() ? this : NOTHING;
    }
}
