package org.mosslsm.kv.txn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.mosslsm.kv.KeyRange;

/**
 * The locks of some of the keys: those of a part of the hashes, so that threads which lock others do not meet.
 *
 * <p>Invariants:
 *
 * <ol>
 *   <li>An entry is in {@code entries} exactly as long as it is not idle.
 *   <li>{@code queued} has the entries somebody waits for, each once.
 *   <li>{@code ordered} is null, or has the entries by their keys. It is made where many ranges are asked for beside many
 *       keys, and given up when that is over, or when there is no memory for it: everything is found without it too.
 *   <li>A key is granted only after a look at the locked ranges.
 * </ol>
 *
 * <p>Thread safety: all is guarded by its monitor, which the caller of every method holds.
 */
final class LockStripe {
    /** A walk over fewer entries than that costs less than to find the first one in order. */
    private static final int FEW = 32;

    /** After so many walks over all entries they are put in order: so order never costs much more than was walked before. */
    private static final int WALKS = 8;

    /** What an entry costs that is put where there is order, in entries walked over. */
    private static final int PUT_COST = 16;

    private final Map<LockEntry, LockEntry> entries = new HashMap<>();
    private final ArrayList<LockEntry> queued = new ArrayList<>(0);
    private TreeMap<byte[], LockEntry> ordered;

    /** How many entries order has spared walks over lately, or would have, less what it costs. */
    private long spared;

    /** Number of keys that are locked or waited for. */
    int size() {
        return entries.size();
    }

    /** Whether the entries are in order now: for tests. */
    boolean isOrdered() {
        return ordered != null;
    }

    /** Takes the lock if it is to be had at once. */
    boolean tryLock(LockOwner owner, byte[] key, boolean exclusive, LockedRanges ranges) {
        LockEntry probe = new LockEntry(key);
        LockEntry entry = entries.get(probe);
        owner.prepareToHold();
        if (entry == null) {
            if (ranges.keepOut(owner, key)) {
                return false;
            }
            // In that order: the first two may fail for want of memory, and leave nothing behind then.
            probe.grant(owner, exclusive);
            put(probe);
            owner.held.add(probe);
            return true;
        } else if (entry.isHeldBy(owner, exclusive)) {
            return true;
        }
        boolean upgrade = entry.isHeldBy(owner);
        boolean mustQueue = entry.hasQueue() && !upgrade;
        if (mustQueue || !entry.hasRoomFor(owner, exclusive) || ranges.keepOut(owner, key)) {
            return false;
        }
        entry.grant(owner, exclusive);
        if (!upgrade) {
            owner.held.add(entry);
        }
        return true;
    }

    /** Queues the owner up for the lock; an Error, out of memory say, leaves nothing behind. */
    LockWait enqueue(LockOwner owner, byte[] key, boolean exclusive) {
        LockEntry probe = new LockEntry(key);
        LockEntry known = entries.get(probe);
        LockEntry entry = known == null ? probe : known;
        LockWait wait = LockWait.forKey(owner, entry, exclusive);
        queued.ensureCapacity(queued.size() + 1);
        boolean first = !entry.hasQueue();
        entry.enqueue(wait);
        if (known == null) {
            put(entry);
        }
        if (first) {
            queued.add(entry);
        }
        return wait;
    }

    /** Puts an entry in, or not: a map that cannot grow throws when it has taken it. */
    private void put(LockEntry entry) {
        boolean done = false;
        try {
            entries.put(entry, entry);
            done = true;
        } finally {
            if (!done) {
                entries.remove(entry);
            }
        }
        spared = Math.max(0, spared - PUT_COST);
        if (ordered != null) {
            putInOrder(entry);
        }
    }

    private void putInOrder(LockEntry entry) {
        try {
            ordered.put(entry.key, entry);
        } catch (Error e) { // out of memory, say
            ordered = null;
        }
        if (spared == 0) {
            ordered = null;
        }
    }

    /** The owner no longer holds the lock: lets those go on whose turn it is. */
    void release(LockOwner owner, LockEntry entry, LockedRanges ranges) {
        entry.release(owner);
        serve(entry, ranges);
    }

    /** Gives a wait up; {@code false} when it was granted before that. */
    boolean abandon(LockWait wait, LockedRanges ranges) {
        if (wait.isGranted()) {
            return false;
        }
        leaveQueue(wait);
        serve(wait.entry, ranges);
        return true;
    }

    private void leaveQueue(LockWait wait) {
        wait.entry.leaveQueue(wait);
        if (!wait.entry.hasQueue()) {
            queued.remove(wait.entry);
        }
    }

    /** Lets those go on whose turn it is, and forgets an entry that nobody needs (invariant 1). */
    private void serve(LockEntry entry, LockedRanges ranges) {
        LockWait first = entry.firstInQueue();
        while (first != null
                && entry.hasRoomFor(first.owner, first.exclusive)
                && !ranges.keepOut(first.owner, entry.key)) {
            entry.grant(first.owner, first.exclusive); // may fail for want of memory: then it waits on
            leaveQueue(first);
            first.grant();
            first = entry.firstInQueue();
        }
        if (entry.isIdle()) {
            remove(entry);
        }
    }

    @SuppressWarnings("ReferenceEquality") // another entry of that key is another
    private void remove(LockEntry entry) {
        if (entries.get(entry) != entry) {
            return; // left before, and another may be of that key now
        }
        entries.remove(entry);
        if (entries.isEmpty()) {
            ordered = null;
            spared = 0;
        } else if (ordered != null) {
            ordered.remove(entry.key);
        }
    }

    /** Looks at all queues again. */
    void serveQueues(LockedRanges ranges) {
        for (int i = queued.size() - 1; i >= 0; i--) { // one that is served may leave the list, and no other does
            serve(queued.get(i), ranges);
        }
    }

    /** Whether the owner has the lock for itself alone. */
    boolean isHeldAlone(LockOwner owner, byte[] key) {
        LockEntry entry = entries.get(new LockEntry(key));
        return entry != null && entry.isHeldBy(owner, true);
    }

    /** Adds who holds a key of the range, but for {@code owner}. */
    void addHolders(LockOwner owner, KeyRange range, Set<LockOwner> holders) {
        int size = entries.size();
        if (size >= FEW) {
            spared = Math.min(spared, (long) WALKS * size) + size;
            if (ordered == null && spared > (long) WALKS * size) {
                order();
            }
        }
        if (ordered != null) {
            inOrder(range).forEach(entry -> entry.addHolders(owner, holders));
            return;
        }
        for (LockEntry entry : entries.values()) {
            if (range.contains(entry.key)) {
                entry.addHolders(owner, holders);
            }
        }
    }

    private void order() {
        try {
            TreeMap<byte[], LockEntry> fresh = new TreeMap<>(Arrays::compareUnsigned);
            entries.values().forEach(entry -> fresh.put(entry.key, entry));
            ordered = fresh;
        } catch (OutOfMemoryError e) {
            spared = 0; // not again at once
        }
    }

    private Collection<LockEntry> inOrder(KeyRange range) {
        byte[] hi = range.hiOrNull();
        return (hi == null ? ordered.tailMap(range.lo()) : ordered.subMap(range.lo(), hi)).values();
    }
}
