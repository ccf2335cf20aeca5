// How one execution is to run.
package org.mosslsm.sql;

import java.util.List;

/**
 * What a caller asks of one execution.
 *
 * @param timeoutMillis the longest it may take, its rows' reading included but not the time between two reads; 0 is what
 *     the session's setting says
 * @param keys names, as the catalog has them, of the columns wanted back of each row an INSERT writes; empty for none
 */
public record RunOptions(long timeoutMillis, List<String> keys) {
    /** The session's time limit, and nothing back. */
    public static final RunOptions PLAIN = new RunOptions(0, List.of());

    /** Freezes the names. */
    public RunOptions {
        keys = List.copyOf(keys);
    }
}
