package org.mosslsm.kv.txn;

import java.util.Arrays;
import java.util.Set;
import org.mosslsm.kv.KeyRange;

/**
 * The exclusive lock of a range of keys, as long as it is waited for.
 *
 * <p>Because locks are held to the end of a transaction, waiting for a range means waiting for the end of the owners
 * that held a key or an overlapping range when it was asked for: {@code blockers}, a set that only shrinks. Owners that
 * are being waited for may lock more keys in the range, or else they would never end; all others wait.
 *
 * <p>Thread safety: {@code blockers} is an immutable set, replaced under the lock table's graph monitor.
 */
final class RangeLock {
    final LockOwner owner;
    final KeyRange range;
    private volatile Set<LockOwner> blockers = Set.of();

    /** How the owner learns that it has the range; null where nobody waits. Guarded by the graph monitor. */
    private LockWait waiting;

    RangeLock(LockOwner owner, KeyRange range) {
        this.owner = owner;
        this.range = range;
    }

    Set<LockOwner> blockers() {
        return blockers;
    }

    void blockers(Set<LockOwner> owners) {
        blockers = owners;
    }

    LockWait waiting() {
        return waiting;
    }

    void waiting(LockWait wait) {
        waiting = wait;
    }

    /** Whether {@code other} must wait for this lock before it locks {@code key}. */
    boolean keepsOut(LockOwner other, byte[] key) {
        return owner != other && range.contains(key) && !blockers.contains(other);
    }

    /** Whether {@code other} must wait for this lock before it locks a range. */
    boolean keepsOut(LockOwner other, KeyRange asked) {
        return owner != other
                && startsBeforeEnd(range, asked)
                && startsBeforeEnd(asked, range)
                && !blockers.contains(other);
    }

    private static boolean startsBeforeEnd(KeyRange a, KeyRange b) {
        return b.hiOrNull() == null || Arrays.compareUnsigned(a.lo(), b.hiOrNull()) < 0;
    }
}
