package org.mosslsm.kv.txn;

import org.mosslsm.kv.KeyRange;

/**
 * The range locks of one owner, as others see them: the keys it holds by range, in order, and the one range it waits for.
 *
 * <p>Invariants: (1) {@code held} is what {@code mine} holds. (2) A range that was asked for is in {@code waiting} from
 * before its holders are collected until it is in {@code held} or given up: a reader that looks at {@code waiting} first
 * and at {@code held} then misses it at no moment.
 *
 * <p>Thread safety: changed under the lock table's graph monitor, by the owner's thread or at its end; asked by any thread.
 */
class OwnedRanges {
    final LockOwner owner;

    /** Guarded by the graph monitor. */
    private final IntervalSet mine = new IntervalSet();

    private volatile WriteTree.State held = WriteTree.State.EMPTY;
    private volatile RangeLock waiting;

    OwnedRanges(LockOwner owner) {
        this.owner = owner;
    }

    /** The range that is waited for, or {@code null}. */
    RangeLock waiting() {
        return waiting;
    }

    /** A range is asked for. */
    void ask(RangeLock lock) {
        waiting = lock;
    }

    /** The range asked for is held from now on; an Error, out of memory say, leaves it asked for. */
    void take() {
        try {
            mine.add(waiting.range);
            held = mine.freeze();
            waiting = null;
        } catch (Error e) {
            mine.restore(held);
            throw e;
        }
    }

    /** The range asked for is given up. */
    void giveUp() {
        waiting = null;
    }

    /** The owner ended: it keeps nobody out any more. Needs no memory; returns whether it may have kept somebody out before. */
    boolean letGo() {
        boolean any = !isEmpty();
        mine.restore(WriteTree.State.EMPTY);
        held = WriteTree.State.EMPTY;
        waiting = null;
        return any;
    }

    /** Whether it holds nothing by range, and asks for nothing. */
    boolean isEmpty() {
        return waiting == null && held.isEmpty();
    }

    /** Whether the owner holds the key by range. */
    boolean holds(byte[] key) {
        return IntervalSet.covers(held, key);
    }

    /** Whether the owner holds every key of a range by range. */
    boolean holds(KeyRange range) {
        return IntervalSet.covers(held, range);
    }

    /** Whether the owner holds a key of a range by range. */
    boolean overlaps(KeyRange range) {
        return IntervalSet.overlaps(held, range);
    }

    /** Whether {@code other} must wait for this owner before it locks {@code key}. */
    boolean keepsOut(LockOwner other, byte[] key) {
        if (owner == other) {
            return false;
        }
        RangeLock asked = waiting; // first: invariant 2
        return (asked != null && asked.keepsOut(other, key)) || holds(key);
    }

    /** Whether a range of {@code other} must wait for this owner. */
    boolean keepsOut(LockOwner other, KeyRange range) {
        if (owner == other) {
            return false;
        }
        RangeLock asked = waiting; // first: invariant 2
        return (asked != null && asked.keepsOut(other, range)) || overlaps(range);
    }
}
