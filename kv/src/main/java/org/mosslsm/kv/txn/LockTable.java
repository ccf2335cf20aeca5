package org.mosslsm.kv.txn;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HexFormat;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.mosslsm.kv.KeyRange;
import org.mosslsm.kv.txn.TransactionException.Kind;

/**
 * The row locks of one store: exclusive or shared by key, exclusive by range, held to the end of a transaction.
 *
 * <pre>
 * lock a key                                                                            {@link LockStripe}
 *   under its stripe:   free, not queued for, not in a locked range?  -> ours; the only path without contention
 *   under the graph:    (one thread at a time decides to wait, so the graph of waits only shrinks meanwhile)
 *     under its stripe: try again; else queue up
 *     search:           follow "waits for" from us; back at us -> leave the queue, DEADLOCK at once
 *   outside of both:    park until granted, or time, interrupt or cancel ends it
 * lock a range                                                                          {@link LockedRanges}
 *   under the graph:    publish the range, which keeps new owners out of it; then collect who holds a key in it already,
 *                       stripe by stripe; wait for the end of those
 * escalate
 *   under the graph:    publish the range; is a key in it held by another?  then take it back: no escalation
 *   each of its keys:   let go; who waits for it is kept out by the range
 * end of a transaction
 *   each key:           under its stripe: let go, hand over to the first in the queue
 *   ranges published?   under the graph: unpublish our own, take us off the blockers of waiting ranges, and let the
 *                       queues go on that nobody keeps waiting
 * </pre>
 *
 * <p>Invariants:
 *
 * <ol>
 *   <li>Monitors are taken in the order graph, then one stripe; never two stripes at once.
 *   <li>An edge of the wait graph (owner waits for owner) appears only under the graph monitor. So a cycle found by a
 *       search existed as a whole when the search began, and the last wait of a cycle finds it.
 *   <li>A key is granted only under its stripe after a look at {@code ranges}; a range is published before its holders
 *       are collected. So of a key and a range that conflict, one sees the other.
 * </ol>
 *
 * <p>Thread safety: every method may be called by any thread, for one owner by one thread at a time.
 */
final class LockTable {
    /** Stripes: far more than threads that are likely to lock at the same moment, still small enough to walk. */
    private static final int STRIPE_BITS = 6;

    /** Bytes of a key that an error message shows. */
    private static final int MESSAGE_KEY_BYTES = 32;

    private final LockStripe[] stripes = new LockStripe[1 << STRIPE_BITS];
    private final LockedRanges ranges;

    /** Whose monitor is meant by "under the graph". */
    private final Object graph = new Object();

    /** Somebody may be queued whom nobody keeps out: an Error broke off who was to look. Changed under the graph. */
    private volatile boolean unserved;

    LockTable() {
        this(new LockedRanges());
    }

    /** With ranges that a test lets run out of memory. */
    LockTable(LockedRanges ranges) {
        this.ranges = ranges;
        for (int i = 0; i < stripes.length; i++) {
            stripes[i] = new LockStripe();
        }
    }

    /**
     * Locks {@code key} for {@code owner}; harmless when it holds it already.
     *
     * @param timeoutNanos longest wait; 0 for none
     */
    void lockKey(LockOwner owner, byte[] key, boolean exclusive, long timeoutNanos) {
        if (tryLockKey(owner, key, exclusive)) {
            return;
        }
        serveUnserved(); // among them whom we would queue behind
        LockStripe stripe = stripeOf(key);
        Kind refusal = refusal(owner, timeoutNanos);
        if (refusal != null) {
            throw failure(refusal, key, timeoutNanos);
        }
        owner.prepareToHold();
        LockWait wait;
        boolean upgrade;
        synchronized (graph) {
            synchronized (stripe) {
                if (stripe.tryLock(owner, key, exclusive, ranges)) {
                    return;
                }
                wait = stripe.enqueue(owner, key, exclusive);
                upgrade = wait.entry.isHeldBy(owner);
            }
            try {
                startWaiting(wait, key);
            } catch (Error e) { // out of memory, say: nobody would take what is granted to us
                if (!abandon(wait)) {
                    owner.waiting(null);
                    if (!upgrade) {
                        owner.held.add(wait.entry);
                    }
                }
                throw e;
            }
        }
        await(wait, timeoutNanos, key);
        if (!upgrade) {
            owner.held.add(wait.entry);
        }
    }

    /** As {@link #lockKey} without waiting: whether the owner has the lock now. */
    boolean tryLockKey(LockOwner owner, byte[] key, boolean exclusive) {
        if (owner.hasRangeOver(key)) {
            return true;
        }
        LockStripe stripe = stripeOf(key);
        synchronized (stripe) {
            return stripe.tryLock(owner, key, exclusive, ranges);
        }
    }

    /** Locks every key of {@code range} for {@code owner} alone, free ones included; harmless when it has it already. */
    void lockRange(LockOwner owner, KeyRange range, long timeoutNanos) {
        if (owner.ranges.holds(range)) {
            return;
        }
        RangeLock lock = new RangeLock(owner, range);
        LockWait wait = LockWait.forRange(lock);
        synchronized (graph) {
            try {
                Set<LockOwner> blockers = publish(lock);
                if (blockers.isEmpty()) {
                    owner.ranges.take();
                    return;
                }
                Kind refusal = refusal(owner, timeoutNanos);
                if (refusal != null) {
                    unpublish(lock);
                    throw failure(refusal, range.lo(), timeoutNanos);
                }
                lock.waiting(wait);
                lock.blockers(blockers);
                // Before that line a queue may not have been served because the lock seemed to keep all out.
                serveQueues();
                startWaiting(wait, range.lo());
            } catch (Error e) {
                giveUp(lock);
                throw e;
            }
        }
        await(wait, timeoutNanos, range.lo());
        take(lock);
    }

    private void take(RangeLock lock) {
        synchronized (graph) {
            try {
                lock.owner.ranges.take();
            } catch (Error e) {
                giveUp(lock);
                throw e;
            }
        }
    }

    /** Under the graph, after an error, out of memory say: a range that its owner does not know of would keep others out. */
    private void giveUp(RangeLock lock) {
        lock.owner.waiting(null);
        unpublish(lock);
    }

    /**
     * Escalates: locks {@code range} in place of the owner's keys in it, without waiting; returns whether. Not while others
     * hold a key in it; those who wait for one of the owner's wait on.
     */
    boolean tryEscalate(LockOwner owner, KeyRange range) {
        RangeLock lock = new RangeLock(owner, range);
        synchronized (graph) {
            try {
                if (!publish(lock).isEmpty()) {
                    unpublish(lock);
                    return false;
                }
                owner.ranges.take();
            } catch (Error e) {
                giveUp(lock);
                throw e;
            }
        }
        releaseHeld(owner, range);
        return true;
    }

    /**
     * Lets go of the keys in a range. Where an Error breaks that off, out of memory for who waits, say, it goes on with the
     * others and throws it then; the next call lets those go on that wait still.
     */
    private void releaseHeld(LockOwner owner, KeyRange range) {
        Error failure = null;
        int kept = owner.held.size();
        for (int i = owner.held.size() - 1; i >= 0; i--) {
            LockEntry entry = owner.held.get(i);
            if (!range.contains(entry.key)) {
                continue;
            }
            try {
                release(owner, entry);
                kept--;
                owner.held.set(i, owner.held.get(kept)); // their order means nothing
                owner.held.remove(kept);
            } catch (Error e) {
                failure = failure == null ? e : failure;
            }
        }
        if (failure != null) {
            noteUnserved();
            throw failure;
        }
    }

    private void noteUnserved() {
        synchronized (graph) {
            unserved = true;
        }
    }

    private void release(LockOwner owner, LockEntry entry) {
        LockStripe stripe = stripeOf(entry.key);
        synchronized (stripe) {
            stripe.release(owner, entry, ranges);
        }
    }

    /**
     * Lets go of everything the owner holds. What an Error breaks off, out of memory say, is tried once more, because who rolls
     * back may not call again; if it throws all the same, the next call goes on with that.
     */
    void releaseAll(LockOwner owner) {
        try {
            letGo(owner);
        } catch (Error e) {
            letGo(owner);
        }
    }

    private void letGo(LockOwner owner) {
        try {
            releaseHeld(owner, KeyRange.all());
        } finally {
            if (!ranges.isEmpty() || !owner.ranges.isEmpty() || unserved) {
                synchronized (graph) {
                    leaveRanges(owner);
                }
            }
        }
    }

    /** Whether the owner has locked the key for itself alone. */
    boolean isHeldAlone(LockOwner owner, byte[] key) {
        if (owner.hasRangeOver(key)) {
            return true;
        }
        LockStripe stripe = stripeOf(key);
        synchronized (stripe) {
            return stripe.isHeldAlone(owner, key);
        }
    }

    /** Number of keys that are locked or waited for. */
    int size() {
        int size = 0;
        for (LockStripe stripe : stripes) {
            synchronized (stripe) {
                size += stripe.size();
            }
        }
        return size;
    }

    private LockStripe stripeOf(byte[] key) {
        return stripes[(LockEntry.hash(key) * 0x9E3779B9) >>> (32 - STRIPE_BITS)];
    }

    /** Under the graph: looks at all queues again, after a range lock no longer keeps some of them waiting. */
    private void serveQueues() {
        unserved = true;
        for (LockStripe stripe : stripes) {
            synchronized (stripe) {
                stripe.serveQueues(ranges);
            }
        }
        unserved = false;
    }

    /** Lets those go on whom an Error kept from that, if any; where memory has run out again it is still to be done. */
    private void serveUnserved() {
        if (unserved) {
            synchronized (graph) {
                try {
                    serveQueues();
                } catch (OutOfMemoryError e) {
                    // they wait on: whoever is here asks for a lock that has nothing to do with theirs
                }
            }
        }
    }

    /**
     * Under the graph: makes a range lock known that its owner asks for; returns whom it must wait for, those not among them
     * who wait for its owner's end themselves.
     */
    private Set<LockOwner> publish(RangeLock lock) {
        Set<LockOwner> blockers = ranges.publish(lock);
        for (LockStripe stripe : stripes) {
            synchronized (stripe) {
                stripe.addHolders(lock.owner, lock.range, blockers);
            }
        }
        return blockers;
    }

    /** Under the graph: a range lock that was asked for is given up. */
    private void unpublish(RangeLock lock) {
        try {
            ranges.unpublish(lock);
        } finally {
            serveQueues();
        }
    }

    /**
     * Under the graph: the owner ended, so ranges no longer wait for it, and its own keep nobody waiting. First what needs no
     * memory: for who only rolls back there is no next call, and the queues are then served when another owner ends, or
     * waits.
     */
    private void leaveRanges(LockOwner owner) {
        if (owner.ranges.letGo()) {
            unserved = true;
        }
        ranges.ended(owner);
        try {
            ranges.forgetEmpty();
        } finally {
            if (unserved) {
                serveQueues();
            }
        }
    }

    /** Why the owner may not begin to wait, or {@code null}. */
    private static Kind refusal(LockOwner owner, long remainingNanos) {
        if (owner.isCancelled()) {
            return Kind.CANCELLED;
        }
        if (Thread.currentThread().isInterrupted()) {
            return Kind.INTERRUPTED;
        }
        return remainingNanos <= 0 ? Kind.LOCK_TIMEOUT : null;
    }

    /** Under the graph: makes the queued wait known, and takes it back when it closes a cycle. */
    private void startWaiting(LockWait wait, byte[] key) {
        wait.owner.waiting(wait);
        if (closesCycle(wait) && abandon(wait)) {
            throw failure(Kind.DEADLOCK, key, 0);
        }
    }

    private void await(LockWait wait, long timeoutNanos, byte[] key) {
        long deadline = System.nanoTime() + timeoutNanos;
        while (!wait.isGranted()) {
            long remaining = deadline - System.nanoTime();
            Kind refusal = refusal(wait.owner, remaining);
            if (refusal == null) {
                LockSupport.parkNanos(this, remaining);
                continue;
            }
            serveUnserved(); // it may be ours
            if (abandon(wait)) {
                throw failure(refusal, key, timeoutNanos);
            }
        }
        wait.owner.waiting(null);
    }

    /** Gives a wait up; {@code false} when it was granted before that. */
    private boolean abandon(LockWait wait) {
        boolean granted = false;
        try {
            granted = !(wait.range != null ? abandonRange(wait) : abandonKey(wait));
            return !granted;
        } catch (Error e) {
            noteUnserved();
            throw e;
        } finally {
            if (!granted) { // nor if who comes next could not be served, for want of memory
                wait.owner.waiting(null);
            }
        }
    }

    private boolean abandonKey(LockWait wait) {
        LockStripe stripe = stripeOf(wait.entry.key);
        synchronized (stripe) {
            return stripe.abandon(wait, ranges);
        }
    }

    private boolean abandonRange(LockWait wait) {
        synchronized (graph) {
            if (wait.isGranted()) {
                return false;
            }
            unpublish(wait.range);
            return true;
        }
    }

    /** Under the graph: whether the owner of {@code wait} waits, over others, for itself (invariant 2). */
    private boolean closesCycle(LockWait wait) {
        Set<LockOwner> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<LockOwner> open = new ArrayDeque<>(blockersOf(wait));
        while (!open.isEmpty()) {
            LockOwner owner = open.pop();
            if (owner == wait.owner) {
                return true;
            }
            LockWait theirs = seen.add(owner) ? owner.waiting() : null;
            if (theirs != null) {
                blockersOf(theirs).forEach(open::push);
            }
        }
        return false;
    }

    private List<LockOwner> blockersOf(LockWait wait) {
        List<LockOwner> blockers = new ArrayList<>();
        if (wait.range != null) {
            wait.range.addBlockers(blockers);
            return blockers;
        }
        LockStripe stripe = stripeOf(wait.entry.key);
        synchronized (stripe) {
            if (wait.isGranted()) {
                return blockers;
            }
            wait.entry.addBlockers(wait, blockers);
        }
        ranges.addBlockers(wait.owner, wait.entry.key, blockers);
        return blockers;
    }

    private static TransactionException failure(Kind kind, byte[] key, long timeoutNanos) {
        String where =
                "the lock of the key " + HexFormat.of().formatHex(key, 0, Math.min(key.length, MESSAGE_KEY_BYTES))
                        + (key.length > MESSAGE_KEY_BYTES ? "..." : "");
        String what =
                switch (kind) {
                    case DEADLOCK ->
                        "deadlock: waiting for " + where + " would never end, because its holder waits"
                                + " for this transaction";
                    case LOCK_TIMEOUT ->
                        where + " is held by another transaction and was not to be had within "
                                + TimeUnit.NANOSECONDS.toMillis(timeoutNanos) + " ms";
                    case INTERRUPTED -> "interrupted while waiting for " + where;
                    default -> "cancelled while waiting for " + where;
                };
        return new TransactionException(kind, what, null);
    }
}
