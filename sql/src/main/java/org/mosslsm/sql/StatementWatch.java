// Whether a statement may go on.
package org.mosslsm.sql;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.mosslsm.sql.error.SqlException;

/**
 * Watches one execution, and the reading of its rows: cancelled or not, time up or not. Time passes between {@link
 * #resume} and {@link #pause} only. {@code cancel} may be called by any thread.
 */
final class StatementWatch implements Runnable, BooleanSupplier {
    /** A century: longer ones would not fit a count of nanoseconds. */
    private static final long LONGEST_MILLIS = 100L * 366 * 86_400_000;

    private final LongSupplier nanoTime;
    private final long timeoutMillis;
    /** Counts the cancels of the whole session; it was at {@code cancelsBefore} when this execution began. */
    private final AtomicInteger cancels;

    private final int cancelsBefore;
    private long deadlineNanos;
    private long remainingNanos;
    private volatile boolean cancelled;
    /** Whether the caller says so, who may know before anyone can call {@link #cancel}. */
    private final BooleanSupplier wasCancelled;

    /** Starts now; {@code timeoutMillis} 0 is for ever. */
    StatementWatch(long timeoutMillis, AtomicInteger cancels, BooleanSupplier wasCancelled) {
        this(timeoutMillis, cancels, wasCancelled, System::nanoTime);
    }

    StatementWatch(long timeoutMillis, AtomicInteger cancels, BooleanSupplier wasCancelled, LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.wasCancelled = wasCancelled;
        this.timeoutMillis = Math.min(timeoutMillis, LONGEST_MILLIS);
        this.cancels = cancels;
        this.cancelsBefore = cancels.get();
        this.deadlineNanos = timeoutMillis == 0 ? 0 : nanoTime.getAsLong() + this.timeoutMillis * 1_000_000L;
    }

    void cancel() {
        cancelled = true;
    }

    /** Time stands still: the caller does something else. */
    void pause() {
        if (timeoutMillis > 0) {
            remainingNanos = deadlineNanos - nanoTime.getAsLong();
        }
    }

    /** Time goes on. */
    void resume() {
        if (timeoutMillis > 0) {
            deadlineNanos = nanoTime.getAsLong() + remainingNanos;
        }
    }

    /** Raises 57014 when the statement must not go on. */
    void check() {
        if (wasCancelled()) {
            throw SqlException.canceled("the statement was cancelled");
        }
        if (isTimeUp()) {
            throw SqlException.timeUp("the statement took longer than its timeout of " + timeoutMillis + " ms");
        }
    }

    /** As {@link #check}: what runs is handed the watch itself, not one more object for each who asks. */
    @Override
    public void run() {
        check();
    }

    /** Whether it must not go on. */
    @Override
    public boolean getAsBoolean() {
        return wasCancelled() || isTimeUp();
    }

    private boolean wasCancelled() {
        return cancelled || cancels.get() != cancelsBefore || wasCancelled.getAsBoolean();
    }

    private boolean isTimeUp() {
        return timeoutMillis > 0 && nanoTime.getAsLong() - deadlineNanos >= 0;
    }

    /** The longest a lock may be waited for, so that the wait does not outlive the statement. */
    long lockTimeoutMillis(long most) {
        return timeoutMillis == 0
                ? most
                : Math.max(0, Math.min(most, (deadlineNanos - nanoTime.getAsLong()) / 1_000_000L + 1));
    }
}
