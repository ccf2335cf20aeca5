package org.mosslsm.kv.lsm;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.mosslsm.kv.KvIoException;

/**
 * Which background work of a store could not be done for want of space on the device. Unlike a failure ({@link Health}) this
 * passes: the work is tried again, at every tick and whenever a writer waits for it.
 *
 * <pre>
 * flush, compaction   no space: delete what was begun, say so here, wake the writers    space again: say that
 * writer              needs room that only they can make: has them try now, and waits for what comes of it:
 *                       room: goes on          one more try that failed: KvIoException, nothing was written
 * </pre>
 *
 * <p>Invariants: (1) {@code misses} counts the tries that failed and never goes back. (2) {@code missing} holds, for work whose
 * last try failed, why.
 *
 * <p>Thread-safe.
 */
final class DiskSpace {
    /** Work that may lack space. */
    enum Work {
        FLUSH,
        COMPACTION
    }

    private final String name;
    private final Map<Work, Throwable> missing = new ConcurrentHashMap<>();
    private volatile long misses;

    /** Of the store of that name, used in messages. */
    DiskSpace(String name) {
        this.name = name;
    }

    /** Says that a piece of work found no space; returns whether the one before it did. */
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

    /** Whether some work waits for space now. */
    boolean isShort() {
        return why() != null;
    }

    /** Throws where work waits for space, and has tried again in vain since there were so many {@link #misses}. */
    void check(long since) {
        Throwable why = why();
        if (why != null && misses > since) {
            throw refusal(why);
        }
    }

    /** What a write gets that there is no space for. */
    KvIoException refusal(Throwable why) {
        return new KvIoException(
                "nothing was written, because the device of the store " + name + " is full (" + why.getMessage()
                        + "); reads go on, and writes will when there is space",
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
