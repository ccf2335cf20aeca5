package org.mosslsm.kv.lsm;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.mosslsm.kv.KvIoException;

/**
 * Which background work of a store could not be done for want of space on the device, or of descriptors of the process. Unlike a
 * failure ({@link Health}) this passes: the work is tried again, at every tick and whenever a writer waits for it.
 *
 * <pre>
 * flush, compaction   refused: delete what was begun, say so here, wake the writers     done again: say that
 * writer              needs room that only they can make: has them try now, and waits for what comes of it:
 *                       room: goes on          one more try that failed: KvIoException, nothing was written
 *                                              one that began before the writer came does not count: it may have failed
 *                                              before there was space again
 * </pre>
 *
 * <p>Invariants: (1) {@code tries} counts those begun and never goes back. (2) {@code missing} holds, for work whose last
 * try failed, which that was and why.
 *
 * <p>Thread-safe.
 */
final class Shortage {
    /** Work that may lack something. */
    enum Work {
        FLUSH,
        /** The rotation before the memtable is full. */
        EARLY_FLUSH,
        COMPACTION
    }

    private final String name;
    /** A try that failed, by its number, and why. */
    private record Miss(long attempt, Throwable why) {}

    private final Map<Work, Miss> missing = new ConcurrentHashMap<>();
    private final AtomicLong tries = new AtomicLong();

    /** Of the store of that name, used in messages. */
    Shortage(String name) {
        this.name = name;
    }

    /** Says that a piece of work is tried; returns the number of the try, greater than those before. */
    long tryBegins() {
        return tries.incrementAndGet();
    }

    /** Says that the try of that number was refused; returns whether none had been before it since the last that was not. */
    boolean missed(Work work, long attempt, Throwable why) {
        boolean first = !missing.containsKey(work);
        missing.merge(work, new Miss(attempt, why), (a, b) -> a.attempt > b.attempt ? a : b);
        return first;
    }

    /** Says that a piece of work was done; returns whether the one before it was not. */
    boolean found(Work work) {
        return missing.remove(work) != null;
    }

    /** The number of the last try that was begun so far. */
    long tries() {
        return tries.get();
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

    /** Throws where that work waits, and has been tried in vain after the try of that number, of {@link #tries}. */
    void check(Work work, long since) {
        Miss miss = missing.get(work);
        if (miss != null && miss.attempt > since) {
            throw refusal(miss.why);
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
            Miss miss = missing.get(work);
            if (miss != null) {
                return miss.why;
            }
        }
        return null;
    }
}
