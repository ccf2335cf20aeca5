package org.mosslsm.kv.lsm.compact;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Keeps what compactions write below a number of bytes a second, so that they leave the disk to others. Flushes do not ask:
 * writers wait for them.
 *
 * <p>Thread-safe: all that write share the one budget.
 */
public final class RateLimit {
    /** No limit. */
    public static final RateLimit NONE = new RateLimit(0, () -> false);

    /** Longest wait between two looks at whether to stop, in nanoseconds. */
    private static final long MAX_PARK_NANOS = 50_000_000;

    private final long bytesPerSecond;
    private final BooleanSupplier stopped;

    /** When everything granted so far will have been due, by {@link System#nanoTime}. */
    private long paidUntil = System.nanoTime();

    /**
     * A limit.
     *
     * @param bytesPerSecond 0 for none
     * @param stopped ends every wait
     */
    public RateLimit(long bytesPerSecond, BooleanSupplier stopped) {
        this.bytesPerSecond = bytesPerSecond;
        this.stopped = stopped;
    }

    /** Returns when so many bytes more may be written. */
    void acquire(long bytes) {
        if (bytesPerSecond == 0 || bytes <= 0) {
            return;
        }
        long due = reserve(bytes);
        boolean interrupted = false;
        for (long left = due - System.nanoTime(); left > 0 && !stopped.getAsBoolean(); left = due - System.nanoTime()) {
            LockSupport.parkNanos(this, Math.min(left, MAX_PARK_NANOS));
            interrupted |= Thread.interrupted(); // parking returns at once as long as the flag is set
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized long reserve(long bytes) {
        long start = Math.max(paidUntil, System.nanoTime());
        paidUntil = start + (long) (bytes * 1e9 / bytesPerSecond);
        return start;
    }
}
