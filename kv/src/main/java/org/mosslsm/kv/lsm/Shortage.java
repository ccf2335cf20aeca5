package org.mosslsm.kv.lsm;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.mosslsm.kv.KvIoException;

/**
 * Which background work of a store could not be done for want of space on the device, or of descriptors of the process. Unlike a
 * failure ({@link Health}) this passes: the work is tried again, at every tick and whenever a writer waits for it.
 *
 * <pre>
 * flush, compaction   refused: delete what was begun, say so here, wake the writers     done again: say that
 * writer              needs room that only they can make: has them try now, and waits for what comes of it:
 *                       room: goes on          one more try that failed: KvIoException, nothing was written
 * </pre>
 *
 * <p>Invariants: (1) {@code misses} counts the tries that failed and never goes back. (2) {@code missing} holds, for work whose
 * last try failed, why.
 *
 * <p>Thread-safe.
 */
final class Shortage {
    /** Work that may lack something. */
    enum Work {
        FLUSH,
        COMPACTION
    }

    private final String name;
    private final Map<Work, Throwable> missing = new ConcurrentHashMap<>();
    private volatile long misses;

    /** Of the store of that name, used in messages. */
    Shortage(String name) {
        this.name = name;
    }

    /** Says that a piece of work was refused; returns whether the one before it did. */
    boolean missed(Work work, Throwable why) {
        boolean first = missing.put(work, why) == null;
        synchronized (this) {
            misses++;
        }
        return first;
    }

    /** Says that a piece of work was done; returns whether the one before it was not. */
    boolean found(Work work) {
        return missing.remove(work) != null;
    }

    /** How many tries have failed so far. */
    long misses() {
        return misses;
    }

    /** Whether some work waits now. */
    boolean isShort() {
        return why() != null;
    }

    /** What is missing, in a few words, or the other where nothing is. */
    String whatOr(String nothing) {
        Throwable why = why();
        return why == null ? nothing : KvIoException.isDiskFull(why) ? "disk full" : "too many open files";
    }

    /** Throws where work waits, and has tried again in vain since there were so many {@link #misses}. */
    void check(long since) {
        Throwable why = why();
        if (why != null && misses > since) {
            throw refusal(why);
        }
    }

    /** What a write gets that there is no space for, or no descriptor. */
    KvIoException refusal(Throwable why) {
        boolean full = KvIoException.isDiskFull(why);
        return new KvIoException(
                "nothing was written, because "
                        + (full
                                ? "the device of the store " + name + " is full"
                                : "the process may open no more files, and the store " + name + " needs one")
                        + " (" + why.getMessage() + "); reads go on, and writes will when "
                        + (full ? "there is space" : "others were closed"),
                why);
    }

    private Throwable why() {
        for (Work work : Work.values()) {
            Throwable why = missing.get(work);
            if (why != null) {
                return why;
            }
        }
        return null;
    }
}
