// Whether a statement may go on.
package org.mosslsm.sql;

import org.mosslsm.sql.error.SqlException;

/** Watches one execution: cancelled or not, time up or not. {@code cancel} may be called by any thread. */
final class StatementWatch {
    /** A watch of nothing: what has ended cannot be cancelled. */
    static final StatementWatch ENDED = new StatementWatch(0);

    private final long timeoutMillis;
    private final long deadlineNanos;
    private volatile boolean cancelled;

    /** Starts now; {@code timeoutMillis} 0 is for ever. */
    StatementWatch(long timeoutMillis) {
        this.timeoutMillis = timeoutMillis;
        this.deadlineNanos = timeoutMillis == 0 ? 0 : System.nanoTime() + timeoutMillis * 1_000_000L;
    }

    void cancel() {
        cancelled = true;
    }

    /** Raises 57014 when the statement must not go on. */
    void check() {
        if (cancelled) {
            throw SqlException.canceled("the statement was cancelled");
        }
        if (timeoutMillis > 0 && System.nanoTime() - deadlineNanos >= 0) {
            throw SqlException.canceled("the statement took longer than its timeout of " + timeoutMillis + " ms");
        }
    }

    /** The longest a lock may be waited for, so that the wait does not outlive the statement. */
    long lockTimeoutMillis(long most) {
        return timeoutMillis == 0
                ? most
                : Math.max(0, Math.min(most, (deadlineNanos - System.nanoTime()) / 1_000_000L + 1));
    }
}
