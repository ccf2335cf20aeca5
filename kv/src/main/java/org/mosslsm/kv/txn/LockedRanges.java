package org.mosslsm.kv.txn;

import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/**
 * The ranges of keys that owners hold, or ask for.
 *
 * <p>Invariants: (1) An owner is among {@code owners}, once, from before a range it asks for keeps anybody out until it holds
 * none and asks for none; or longer, where memory ran out, until another is forgotten: it keeps nobody out then. (2) The
 * blockers of a range that is waited for are owners that have not ended.
 *
 * <p>Thread safety: changed under the lock table's graph monitor; asked by any thread, under a stripe's monitor mostly.
 */
class LockedRanges {
    /** Replaced, never changed. */
    private volatile OwnedRanges[] owners = {};

    /** Whether there is none; needs no monitor. */
    boolean isEmpty() {
        return owners.length == 0;
    }

    /** Whether {@code owner} must wait for somebody's range before it locks the key. */
    boolean keepOut(LockOwner owner, byte[] key) {
        for (OwnedRanges others : owners) {
            if (others.keepsOut(owner, key)) {
                return true;
            }
        }
        return false;
    }

    /** Adds those for whose ranges {@code owner} must wait before it locks the key. */
    void addBlockers(LockOwner owner, byte[] key, Collection<LockOwner> blockers) {
        for (OwnedRanges others : owners) {
            if (others.keepsOut(owner, key)) {
                blockers.add(others.owner);
            }
        }
    }

    /** Makes a range known that its owner asks for; returns those for whose ranges it must wait. */
    Set<LockOwner> publish(RangeLock lock) {
        Set<LockOwner> blockers = Collections.newSetFromMap(new IdentityHashMap<>());
        boolean known = false;
        for (OwnedRanges others : owners) {
            if (others.keepsOut(lock.owner, lock.range)) {
                blockers.add(others.owner);
            }
            known |= others.owner == lock.owner;
        }
        lock.owner.ranges.ask(lock);
        if (!known) {
            OwnedRanges[] more = Arrays.copyOf(owners, owners.length + 1);
            more[owners.length] = lock.owner.ranges;
            owners = more;
        }
        return blockers;
    }

    /** A range that was asked for is given up. */
    void unpublish(RangeLock lock) {
        lock.owner.ranges.giveUp();
        forgetEmpty();
    }

    /** Forgets those who have nothing and ask for nothing. A test lets it run out of memory. */
    void forgetEmpty() {
        for (OwnedRanges known : owners) {
            if (known.isEmpty()) {
                owners = withoutEmpty(owners);
                return;
            }
        }
    }

    private static OwnedRanges[] withoutEmpty(OwnedRanges[] owners) {
        OwnedRanges[] rest = new OwnedRanges[owners.length];
        int count = 0;
        for (OwnedRanges known : owners) {
            if (!known.isEmpty()) {
                rest[count++] = known;
            }
        }
        return Arrays.copyOf(rest, count);
    }

    /**
     * The owner has ended: who waits for a range no longer waits for it, and has the range where nobody else is left. Needs no
     * memory.
     */
    void ended(LockOwner owner) {
        for (OwnedRanges others : owners) {
            RangeLock lock = others.waiting();
            if (lock != null && lock.ended(owner)) {
                lock.waiting().grant();
            }
        }
    }
}
