package org.mosslsm.kv.lsm;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import org.mosslsm.kv.CommitRequest;
import org.mosslsm.kv.Durability;
import org.mosslsm.kv.UnknownOutcomeException;
import org.mosslsm.kv.WriteBatch;

/**
 * Gathers commits that come at the same time into groups, each written by one thread.
 *
 * <pre>
 * a thread with a commit
 *   enters it in the queue                                                (monitor)
 *   is it the head?  no:  waits until it is done, or made the head        (spins shortly, then parks)
 *                    yes: it leads
 *                         takes the commits behind it, up to 1 MB         (monitor; not when it came first)
 *                         writes the group                                (commit lock, in the writer; nobody else waits
 *                                                                          on the monitor meanwhile)
 *                         wakes the followers of its group
 *                         removes the group                               (monitor)
 *                         makes the next one the head
 *   what durability asks for beyond that each does for itself, outside: a sync serves all who wait for it
 * </pre>
 *
 * Why so: while one group is written the next gathers, so that a group grows just as large as the log is slow; a thread
 * alone pays two uncontended monitors and leads a group of one without looking for others.
 *
 * <p>Invariants:
 *
 * <ol>
 *   <li>The head of the queue, and only the head, leads. The queue keeps a group until it is written, so that there is
 *       one leader at a time and groups are written in the order of the queue.
 *   <li>A commit leaves {@code WAITING} once: to {@code LEADING} by the leader before it, or to {@code DONE} by its own
 *       leader, after its result was set.
 *   <li>Once a commit is in the queue nothing here allocates before it is {@code DONE}, and nothing that must happen is in a
 *       call, so that running out of memory, or of stack, leaves nobody waiting; and a commit whose leader was broken off is
 *       never taken for one that succeeded.
 * </ol>
 *
 * <p>Thread-safe.
 */
final class CommitQueue {
    /** Writes a group, one by one; sets the result of each, and throws nothing. */
    interface GroupWriter {
        void write(List<Pending> group);
    }

    /** A commit on its way. Its result is written by its leader before {@code DONE} and read after it. */
    static final class Pending {
        private static final int WAITING = 0;
        private static final int LEADING = 1;
        private static final int DONE = 2;

        final WriteBatch writes;
        final Durability durability;

        /** Identity and conditions; null for writes that have neither. */
        final CommitRequest requestOrNull;

        private final Thread thread = Thread.currentThread();
        private volatile int state = WAITING;

        /** The one behind it in the queue; guarded by the queue's monitor. */
        private Pending next;

        private long version;
        private RuntimeException failure;

        /** What broke its leader off, null where the group was written; what the writer said of the commit before goes first. */
        private Throwable broken;

        Pending(WriteBatch writes, Durability durability, CommitRequest requestOrNull) {
            this.writes = writes;
            this.durability = durability;
            this.requestOrNull = requestOrNull;
        }

        void succeed(long atVersion) {
            version = atVersion;
        }

        void fail(RuntimeException cause) {
            failure = cause;
        }

        /** What was given to {@link #succeed}. */
        long version() {
            return version;
        }

        boolean failed() {
            return failure != null;
        }

        /** The version, or throws what is known of the commit. */
        private long result(boolean interrupted) {
            if (interrupted) { // a commit under way cannot be taken back; the caller learns of it after
                Thread.currentThread().interrupt();
            }
            if (failure != null) {
                throw failure;
            } else if (broken != null) {
                UUID id = requestOrNull == null ? UUID.randomUUID() : requestOrNull.id();
                Throwable cause = CommitPath.told(broken);
                throw new UnknownOutcomeException(
                        id, "the group this commit was written with was broken off (" + cause + ")", cause);
            }
            return version;
        }
    }

    /** A larger group would let its first member wait for its last. */
    private static final int GROUP_BYTES = 1 << 20;

    /** More threads than ever commit at once. */
    private static final int GROUP_COUNT = 256;

    /** About a microsecond: a group without sync is often written by then. */
    private static final int SPINS = 100;

    /** Who waits looks by himself after that long, if nobody could wake him. */
    private static final long LONGEST_PARK_NANOS = 100_000_000;

    private final GroupWriter writer;
    private final Object monitor = new Object();

    /** The queue, linked by {@code Pending.next}: entering it needs no memory. Both null where it is empty. */
    private Pending first;

    private Pending last;

    /** The group being written; of its leader, and never grown: leading needs no memory either. */
    private final List<Pending> group = new ArrayList<>(GROUP_COUNT);

    CommitQueue(GroupWriter writer) {
        this.writer = writer;
    }

    /** Has the request written, with others or alone; returns its version, or throws what the writer said of it. */
    long write(CommitRequest request) {
        return write(new Pending(request.writes(), request.durability(), request));
    }

    /** As above, for writes without identity and conditions. */
    long write(WriteBatch writes, Durability durability) {
        return write(new Pending(writes, durability, null));
    }

    /** All that must not be broken off is in this one frame: there may be no room on the stack for another. */
    private long write(Pending own) {
        boolean alone;
        synchronized (monitor) {
            alone = first == null;
            if (alone) {
                first = own;
            } else {
                last.next = own;
            }
            last = own;
        }
        boolean interrupted = false;
        for (int i = 0; !alone && own.state == Pending.WAITING; i++) {
            try {
                interrupted |= await(own, i);
            } catch (Error e) {
                // goes on by spinning: the commit cannot be taken back
            }
        }
        if (alone || own.state == Pending.LEADING) {
            Pending end = own;
            Throwable broken = null;
            try {
                end = alone ? alone(own) : takeGroup(); // who comes from now on is the next group
                writer.write(group);
                group.clear(); // before the queue lets go of this group: then the next head leads, and fills it
            } catch (Throwable t) {
                // The writer must not throw, but memory or the stack may run out wherever it makes something, an
                // exception say, and the virtual machine tells of a lost page of the log wherever it likes.
                broken = t;
            }
            own.broken = broken;
            for (Pending done = own; done != end; ) {
                done = done.next;
                done.broken = broken;
                done.state = Pending.DONE;
                try {
                    LockSupport.unpark(done.thread);
                } catch (Error e) {
                    // it looks by itself
                }
            }
            Pending next;
            synchronized (monitor) {
                next = end.next;
                first = next;
                if (next == null) {
                    last = null;
                }
            }
            if (next != null) {
                next.state = Pending.LEADING;
                try {
                    LockSupport.unpark(next.thread);
                } catch (Error e) {
                    // it looks by itself
                }
            }
        }
        return own.result(interrupted);
    }

    /** Waits a little; {@code round} counts from 0. Returns whether the thread was interrupted, which it then is no more. */
    private static boolean await(Pending own, int round) {
        if (round < SPINS) {
            Thread.onSpinWait();
            return false;
        }
        LockSupport.parkNanos(own, LONGEST_PARK_NANOS);
        return Thread.interrupted();
    }

    private Pending alone(Pending own) {
        group.clear(); // which a leader that was broken off may have left
        group.add(own);
        return own;
    }

    /** Fills the group from the head on; returns its last. */
    private Pending takeGroup() {
        group.clear();
        long bytes = 0;
        synchronized (monitor) {
            for (Pending p = first; p != null && group.size() < GROUP_COUNT; p = p.next) {
                bytes += p.writes.byteSize();
                if (!group.isEmpty() && bytes > GROUP_BYTES) {
                    break;
                }
                group.add(p);
            }
            return group.get(group.size() - 1);
        }
    }
}
