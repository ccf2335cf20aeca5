// What a batch came to.
package org.mosslsm.sql;

import java.util.Arrays;
import java.util.Optional;
import org.mosslsm.sql.error.SqlException;

/**
 * How far a batch came.
 *
 * @param counts rows changed by each execution that succeeded, in order
 * @param keys the columns asked for of all rows they wrote
 * @param failure why the one after them failed, which left nothing behind; empty where all succeeded
 */
public record BatchOutcome(long[] counts, RowCursor keys, Optional<SqlException> failure) {
    @Override
    public boolean equals(Object other) {
        return other instanceof BatchOutcome that
                && Arrays.equals(counts, that.counts)
                && keys.equals(that.keys)
                && failure.equals(that.failure);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(counts);
    }

    @Override
    public String toString() {
        return "BatchOutcome[" + counts.length + " done"
                + failure.map(f -> ", then " + f).orElse("") + "]";
    }
}
