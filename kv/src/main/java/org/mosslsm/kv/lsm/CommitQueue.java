package org.mosslsm.kv.lsm;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
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
 *   <li>Once a commit is in the queue nothing here allocates before it is {@code DONE}, so that running out of memory leaves
 *       nobody waiting; and a commit whose leader was broken off is never taken for one that succeeded.
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

        /** What broke its leader off, whatever was said of the commit before; null where the group was written. */
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
    }

    /** A larger group would let its first member wait for its last. */
    private static final int GROUP_BYTES = 1 << 20;

    /** More threads than ever commit at once. */
    private static final int GROUP_COUNT = 256;

    /** About a microsecond: a group without sync is often written by then. */
    private static final int SPINS = 100;

    private final GroupWriter writer;
    private final Consumer<Throwable> lostPage;
    private final Object monitor = new Object();

    /** The queue, linked by {@code Pending.next}: entering it needs no memory. Both null where it is empty. */
    private Pending first;

    private Pending last;

    /** The group being written; of its leader, and never grown: leading needs no memory either. */
    private final List<Pending> group = new ArrayList<>(GROUP_COUNT);

    /**
     * Writes by {@code writer}. Where the virtual machine tells of a lost page of the log in the midst of it, so that nobody can
     * say what the log holds, {@code lostPage} is told before anybody else leads; that must not throw either.
     */
    CommitQueue(GroupWriter writer, Consumer<Throwable> lostPage) {
        this.writer = writer;
        this.lostPage = lostPage;
    }

    /** Has the request written, with others or alone; returns its version, or throws what the writer said of it. */
    long write(CommitRequest request) {
        return write(new Pending(request.writes(), request.durability(), request));
    }

    /** As above, for writes without identity and conditions. */
    long write(WriteBatch writes, Durability durability) {
        return write(new Pending(writes, durability, null));
    }

    private long write(Pending own) {
        boolean head;
        synchronized (monitor) {
            head = first == null;
            if (head) {
                first = own;
            } else {
                last.next = own;
            }
            last = own;
        }
        if (head || waitToLead(own)) {
            lead(own, head);
        }
        if (own.failure != null) {
            throw own.failure;
        } else if (own.broken != null) {
            throw unknown(own);
        }
        return own.version;
    }

    private static UnknownOutcomeException unknown(Pending own) {
        UUID id = own.requestOrNull == null ? UUID.randomUUID() : own.requestOrNull.id();
        return new UnknownOutcomeException(
                id, "the group this commit was written with was broken off (" + own.broken + ")", own.broken);
    }

    /** Waits; true when the commit has become the head, false when it was written by another leader. */
    private static boolean waitToLead(Pending own) {
        for (int i = 0; i < SPINS && own.state == Pending.WAITING; i++) {
            Thread.onSpinWait();
        }
        boolean interrupted = false;
        while (own.state == Pending.WAITING) {
            LockSupport.park(own);
            interrupted |= Thread.interrupted();
        }
        if (interrupted) {
            Thread.currentThread()
                    .interrupt(); // a commit under way cannot be taken back; the caller learns of it after
        }
        return own.state == Pending.LEADING;
    }

    private void lead(Pending own, boolean alone) {
        Throwable broken = null;
        try {
            if (alone) {
                group.add(own); // who comes from now on is the next group
            } else {
                takeGroup();
            }
            writer.write(group);
        } catch (Throwable t) {
            // The writer must not throw, but memory may run out wherever it makes something, an exception say.
            broken = t;
            if (!(t instanceof InternalError)) {
                throw t;
            }
            own.broken = CommitPath.told(t); // the virtual machine tells of a lost page wherever it likes
            lostPage.accept(own.broken);
        } finally {
            if (group.isEmpty()) {
                group.add(own);
            }
            finish(broken);
        }
    }

    private void takeGroup() {
        long bytes = 0;
        synchronized (monitor) {
            for (Pending p = first; p != null && group.size() < GROUP_COUNT; p = p.next) {
                bytes += p.writes.byteSize();
                if (!group.isEmpty() && bytes > GROUP_BYTES) {
                    break;
                }
                group.add(p);
            }
        }
    }

    private void finish(Throwable broken) {
        Pending end = group.get(group.size() - 1);
        for (int i = 1; i < group.size(); i++) {
            Pending follower = group.get(i);
            follower.broken = broken;
            follower.state = Pending.DONE;
            LockSupport.unpark(follower.thread);
        }
        group.clear(); // before the queue lets go of this group: then the next head leads, and fills it
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
            LockSupport.unpark(next.thread);
        }
    }
}
