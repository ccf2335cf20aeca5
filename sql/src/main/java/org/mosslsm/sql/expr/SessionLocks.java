// What functions reach of a session's advisory locks.
package org.mosslsm.sql.expr;

/**
 * Locks that mean what programs agree on, as {@code pg_advisory_lock} and its like see them: held until they are let go of as
 * often as they were taken, or until the session, or the transaction, ends. One thread at a time.
 */
public interface SessionLocks {
    /** Which lock: numbers of 64 bits, and pairs of numbers of 32 bits, have nothing to do with each other. */
    record LockId(boolean pair, long number) {
        /** The lock of a pair. */
        public static LockId of(long first, long second) {
            return new LockId(true, (first << Integer.SIZE) | (second & 0xFFFF_FFFFL));
        }

        @Override
        public String toString() {
            return pair ? "(" + (number >> Integer.SIZE) + ", " + (int) number + ")" : Long.toString(number);
        }
    }

    /**
     * How a lock is taken.
     *
     * @param shared whether others may take it so, too
     * @param transaction whether it is held to the end of the transaction, and cannot be let go of before
     */
    record Manner(boolean shared, boolean transaction) {}

    /** Takes a lock, waiting for it; HYT00 when it took too long, 40001 when it would never end. */
    void take(LockId key, Manner manner);

    /** As {@link #take} without waiting; returns whether it was to be had. */
    boolean tryTake(LockId key, Manner manner);

    /** Lets go of a lock of the session that was taken once; returns whether it held it so. */
    boolean release(LockId key, boolean shared);

    /** Lets go of all locks of the session. */
    void releaseAll();
}
