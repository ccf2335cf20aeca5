package org.mosslsm.kv;

/**
 * What an acknowledged commit survives. Immutable.
 *
 * <pre>
 * setting        kill -9 of the process    power loss
 * SYNC           yes                       yes (the default)
 * PROCESS        yes                       loses a tail of commits, never half of one
 * interval(ms)   yes                       loses at most that much time of commits
 * NONE           loses a tail              loses a tail
 * </pre>
 *
 * @param kind the promise
 * @param intervalMillis for {@link Kind#INTERVAL} the longest time until the log is synced, in milliseconds; else 0
 */
public record Durability(Kind kind, int intervalMillis) {
    /** The promise. */
    public enum Kind {
        /** On the device before the commit returns. */
        SYNC,
        /** Handed to the operating system before the commit returns. */
        PROCESS,
        /** As PROCESS, and synced in the background every so many milliseconds. */
        INTERVAL,
        /** May stay in the process' memory. */
        NONE
    }

    /** On the device before the commit returns: the default. */
    public static final Durability SYNC = new Durability(Kind.SYNC, 0);

    /** Handed to the operating system before the commit returns. */
    public static final Durability PROCESS = new Durability(Kind.PROCESS, 0);

    /** May stay in the process' memory. */
    public static final Durability NONE = new Durability(Kind.NONE, 0);

    /** Checks that only INTERVAL has an interval, of 1 ms or more. */
    public Durability {
        if ((kind == Kind.INTERVAL) != (intervalMillis > 0)) {
            throw new IllegalArgumentException("interval " + intervalMillis + " ms does not fit " + kind);
        }
    }

    /** As {@link #PROCESS}, and synced in the background at least every {@code millis} milliseconds. */
    public static Durability interval(int millis) {
        return new Durability(Kind.INTERVAL, millis);
    }
}
