package org.mosslsm.kv.txn;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.mosslsm.kv.KeyRange;
import org.mosslsm.kv.txn.TransactionException.Kind;

/**
 * The row locks of one store: exclusive or shared by key, exclusive by range, held to the end of a transaction.
 *
 * <pre>
 * lock a key
 *   under its stripe:   free, not queued for, not in a locked range?  -> ours; the only path without contention
 *   under the graph:    (one thread at a time decides to wait, so the graph of waits only shrinks meanwhile)
 *     under its stripe: try again; else queue up
 *     search:           follow "waits for" from us; back at us -> leave the queue, DEADLOCK at once
 *   outside of both:    park until granted, or time, interrupt or cancel ends it
 * lock a range
 *   under the graph:    publish the range, which keeps new owners out of it; then collect who holds a key in it already,
 *                       stripe by stripe; wait for the end of those
 * escalate
 *   under the graph:    publish the range; is a key in it held by another?  then take it back: no escalation
 *   each of its keys:   let go; who waits for it is kept out by the range
 * end of a transaction
 *   each key:           under its stripe: let go, hand over to the first in the queue
 *   ranges published?   under the graph: take us off the blockers of waiting ranges, unpublish our own, and let the
 *                       queues they kept waiting go on
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
 *   <li>An entry is in its stripe's map exactly as long as it is not idle.
 * </ol>
 *
 * <p>Thread safety: every method may be called by any thread, for one owner by one thread at a time.
 */
final class LockTable {
    /** Stripes: far more than threads that are likely to lock at the same moment, still small enough to walk. */
    private static final int STRIPE_BITS = 6;

    /** Bytes of a key that an error message shows. */
    private static final int MESSAGE_KEY_BYTES = 32;

    private final List<Map<LockEntry, LockEntry>> stripes = new ArrayList<>(1 << STRIPE_BITS);
    private final Object graph = new Object();

    /** Of owners that hold a range or wait for one; replaced under the graph monitor. */
    private volatile OwnedRanges[] ranges = {};

    LockTable() {
        for (int i = 0; i < 1 << STRIPE_BITS; i++) {
            stripes.add(new HashMap<>());
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
        Map<LockEntry, LockEntry> stripe = stripeOf(key);
        Kind refusal = refusal(owner, timeoutNanos);
        if (refusal != null) {
            throw failure(refusal, key, timeoutNanos);
        }
        owner.prepareToHold();
        LockWait wait;
        boolean upgrade;
        synchronized (graph) {
            synchronized (stripe) {
                if (tryLock(stripe, owner, key, exclusive)) {
                    return;
                }
                LockEntry entry = stripe.computeIfAbsent(new LockEntry(key), probe -> probe);
                upgrade = entry.isHeldBy(owner);
                wait = LockWait.forKey(owner, entry, exclusive);
                entry.enqueue(wait);
            }
            try {
                startWaiting(wait, key);
            } catch (Error e) { // out of memory, say: nobody would take what is granted to us
                if (!abandon(wait) && !upgrade) {
                    owner.held.add(wait.entry);
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
        Map<LockEntry, LockEntry> stripe = stripeOf(key);
        synchronized (stripe) {
            return tryLock(stripe, owner, key, exclusive);
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
                serveQueues(range::contains);
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
        List<LockEntry> others = new ArrayList<>(owner.held.size()); // room for all: no error when some are let go of
        for (LockEntry entry : owner.held) {
            if (range.contains(entry.key)) {
                release(owner, entry);
            } else {
                others.add(entry);
            }
        }
        owner.held.clear();
        owner.held.addAll(others);
        return true;
    }

    private void release(LockOwner owner, LockEntry entry) {
        Map<LockEntry, LockEntry> stripe = stripeOf(entry.key);
        synchronized (stripe) {
            entry.release(owner);
            serve(stripe, entry);
        }
    }

    /** Lets go of everything the owner holds. */
    void releaseAll(LockOwner owner) {
        owner.held.forEach(entry -> release(owner, entry));
        owner.held.clear();
        if (ranges.length > 0) {
            synchronized (graph) {
                leaveRanges(owner);
            }
        }
    }

    /** Whether the owner has locked the key for itself alone. */
    boolean isHeldAlone(LockOwner owner, byte[] key) {
        if (owner.hasRangeOver(key)) {
            return true;
        }
        Map<LockEntry, LockEntry> stripe = stripeOf(key);
        synchronized (stripe) {
            LockEntry entry = stripe.get(new LockEntry(key));
            return entry != null && entry.isHeldBy(owner, true);
        }
    }

    /** Number of keys that are locked or waited for. */
    int size() {
        int size = 0;
        for (Map<LockEntry, LockEntry> stripe : stripes) {
            synchronized (stripe) {
                size += stripe.size();
            }
        }
        return size;
    }

    private Map<LockEntry, LockEntry> stripeOf(byte[] key) {
        return stripes.get((LockEntry.hash(key) * 0x9E3779B9) >>> (32 - STRIPE_BITS));
    }

    /** Under the stripe: takes the lock if it is to be had at once. */
    private boolean tryLock(Map<LockEntry, LockEntry> stripe, LockOwner owner, byte[] key, boolean exclusive) {
        LockEntry probe = new LockEntry(key);
        LockEntry entry = stripe.get(probe);
        owner.prepareToHold();
        if (entry == null) {
            if (isKeptOut(owner, key)) {
                return false;
            }
            // In that order: the first two may fail for want of memory, and leave nothing behind then.
            probe.grant(owner, exclusive);
            put(stripe, probe);
            owner.held.add(probe);
            return true;
        } else if (entry.isHeldBy(owner, exclusive)) {
            return true;
        }
        boolean upgrade = entry.isHeldBy(owner);
        boolean mustQueue = entry.hasQueue() && !upgrade;
        if (mustQueue || !entry.hasRoomFor(owner, exclusive) || isKeptOut(owner, key)) {
            return false;
        }
        entry.grant(owner, exclusive);
        if (!upgrade) {
            owner.held.add(entry);
        }
        return true;
    }

    /** Puts an entry in, or not: a map that cannot grow throws when it has taken it. */
    private static void put(Map<LockEntry, LockEntry> stripe, LockEntry entry) {
        boolean done = false;
        try {
            stripe.put(entry, entry);
            done = true;
        } finally {
            if (!done) {
                stripe.remove(entry);
            }
        }
    }

    private boolean isKeptOut(LockOwner owner, byte[] key) {
        for (OwnedRanges others : ranges) {
            if (others.keepsOut(owner, key)) {
                return true;
            }
        }
        return false;
    }

    /** Under the stripe: lets those go on whose turn it is, and forgets an entry that nobody needs (invariant 4). */
    private void serve(Map<LockEntry, LockEntry> stripe, LockEntry entry) {
        LockWait first = entry.firstInQueue();
        while (first != null && entry.hasRoomFor(first.owner, first.exclusive) && !isKeptOut(first.owner, entry.key)) {
            entry.leaveQueue(first);
            entry.grant(first.owner, first.exclusive);
            first.grant();
            first = entry.firstInQueue();
        }
        if (entry.isIdle()) {
            stripe.remove(entry);
        }
    }

    /** Under the graph: looks at all queues of such keys again, after a range lock no longer keeps them waiting. */
    private void serveQueues(Predicate<byte[]> keys) {
        for (Map<LockEntry, LockEntry> stripe : stripes) {
            synchronized (stripe) {
                List<LockEntry> queued = new ArrayList<>();
                for (LockEntry entry : stripe.values()) {
                    if (entry.hasQueue() && keys.test(entry.key)) {
                        queued.add(entry);
                    }
                }
                for (LockEntry entry : queued) {
                    serve(stripe, entry);
                }
            }
        }
    }

    /**
     * Under the graph: makes a range lock known that its owner asks for; returns whom it must wait for, those not among them
     * who wait for its owner's end themselves.
     */
    private Set<LockOwner> publish(RangeLock lock) {
        Set<LockOwner> blockers = Collections.newSetFromMap(new IdentityHashMap<>());
        boolean known = false;
        for (OwnedRanges others : ranges) {
            if (others.keepsOut(lock.owner, lock.range)) {
                blockers.add(others.owner);
            }
            known |= others.owner == lock.owner;
        }
        lock.owner.ranges.ask(lock);
        if (!known) {
            OwnedRanges[] more = Arrays.copyOf(ranges, ranges.length + 1);
            more[ranges.length] = lock.owner.ranges;
            ranges = more;
        }
        addHolders(lock, blockers);
        return blockers;
    }

    private void addHolders(RangeLock lock, Set<LockOwner> holders) {
        for (Map<LockEntry, LockEntry> stripe : stripes) {
            synchronized (stripe) {
                for (LockEntry entry : stripe.values()) {
                    if (lock.range.contains(entry.key)) {
                        entry.addHolders(lock.owner, holders);
                    }
                }
            }
        }
    }

    /** Under the graph: a range lock that was asked for is given up. */
    private void unpublish(RangeLock lock) {
        lock.owner.ranges.giveUp();
        if (lock.owner.ranges.isEmpty()) {
            forget(lock.owner);
        }
        serveQueues(lock.range::contains);
    }

    private void forget(LockOwner owner) {
        ranges = Arrays.stream(ranges).filter(r -> r.owner != owner).toArray(OwnedRanges[]::new);
    }

    /** Under the graph: the owner ended, so ranges no longer wait for it, and its own keep nobody waiting. */
    private void leaveRanges(LockOwner owner) {
        if (!owner.ranges.isEmpty()) {
            forget(owner);
            serveQueues(owner.ranges::touches);
            owner.ranges.letGo();
        }
        for (OwnedRanges others : ranges) {
            RangeLock lock = others.waiting();
            if (lock != null && lock.blockers().contains(owner)) {
                Set<LockOwner> rest = Collections.newSetFromMap(new IdentityHashMap<>());
                rest.addAll(lock.blockers());
                rest.remove(owner);
                lock.blockers(rest);
                if (rest.isEmpty()) {
                    lock.waiting().grant();
                }
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
            } else if (abandon(wait)) {
                throw failure(refusal, key, timeoutNanos);
            }
        }
        wait.owner.waiting(null);
    }

    /** Gives a wait up; {@code false} when it was granted before that. */
    private boolean abandon(LockWait wait) {
        boolean given = wait.range != null ? abandonRange(wait) : abandonKey(wait);
        if (given) {
            wait.owner.waiting(null);
        }
        return given;
    }

    private boolean abandonKey(LockWait wait) {
        Map<LockEntry, LockEntry> stripe = stripeOf(wait.entry.key);
        synchronized (stripe) {
            if (wait.isGranted()) {
                return false;
            }
            wait.entry.leaveQueue(wait);
            serve(stripe, wait.entry);
            return true;
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
        if (wait.range != null) {
            return List.copyOf(wait.range.blockers());
        }
        List<LockOwner> blockers = new ArrayList<>();
        Map<LockEntry, LockEntry> stripe = stripeOf(wait.entry.key);
        synchronized (stripe) {
            if (wait.isGranted()) {
                return blockers;
            }
            wait.entry.addBlockers(wait, blockers);
        }
        for (OwnedRanges others : ranges) {
            if (others.keepsOut(wait.owner, wait.entry.key)) {
                blockers.add(others.owner);
            }
        }
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
