// How one execution is to run.
package org.mosslsm.sql;

import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * What a caller asks of one execution.
 *
 * @param timeoutMillis the longest it may take, its rows' reading included but not the time between two reads; 0 is what
 *     the session's setting says
 * @param keys names, as the catalog has them, of the columns wanted back of each row an INSERT writes; empty for none
 * @param cancelled whether the caller cancelled it: then it fails with 57014. Asked every few milliseconds from the moment it
 *     is prepared, or waits for the session, to its last row, but not while it waits for a lock: that {@link
 *     PreparedSql#cancel} ends
 */
public record RunOptions(long timeoutMillis, List<String> keys, BooleanSupplier cancelled) {
    /** The session's time limit, and nothing back. */
    public static final RunOptions PLAIN = new RunOptions(0, List.of());

    /** Options of a caller that has no other way to cancel than {@link PreparedSql#cancel}. */
    public RunOptions(long timeoutMillis, List<String> keys) {
        this(timeoutMillis, keys, () -> false);
    }

    /** Freezes the names. */
    public RunOptions {
        keys = List.copyOf(keys);
    }
}
