package org.mosslsm.kv.txn;

import java.util.Arrays;
import java.util.Collection;
import org.mosslsm.kv.KeyRange;

/**
 * The exclusive lock of a range of keys, as long as it is waited for.
 *
 * <p>Because locks are held to the end of a transaction, waiting for a range means waiting for the end of the owners
 * that held a key or an overlapping range when it was asked for: {@code blockers}, which only become fewer. Owners that
 * are being waited for may lock more keys in the range, or else they would never end; all others wait.
 *
 * <p>Thread safety: {@code blockers} is set once, and those that ended are cleared in it, under the lock table's graph
 * monitor. Others look at it without: only its own thread asks for an owner, and that is the one that clears it.
 */
final class RangeLock {
    final LockOwner owner;
    final KeyRange range;

    /** Each once; null where one ended. */
    private volatile LockOwner[] blockers = {};

    /** How the owner learns that it has the range; null where nobody waits. Guarded by the graph monitor. */
    private LockWait waiting;

    RangeLock(LockOwner owner, KeyRange range) {
        this.owner = owner;
        this.range = range;
    }

    void blockers(Collection<LockOwner> owners) {
        blockers = owners.toArray(LockOwner[]::new);
    }

    /** Adds those that are waited for. */
    void addBlockers(Collection<LockOwner> to) {
        for (LockOwner blocker : blockers) {
            if (blocker != null) {
                to.add(blocker);
            }
        }
    }

    /** The owner ended: whether it was the last one that was waited for. Needs no memory, or nobody else might say so. */
    boolean ended(LockOwner other) {
        LockOwner[] all = blockers;
        boolean found = false;
        boolean rest = false;
        for (int i = 0; i < all.length; i++) {
            if (all[i] == other) {
                all[i] = null;
                found = true;
            }
            rest |= all[i] != null;
        }
        return found && !rest;
    }

    private boolean isBlocker(LockOwner other) {
        for (LockOwner blocker : blockers) {
            if (blocker == other) {
                return true;
            }
        }
        return false;
    }

    LockWait waiting() {
        return waiting;
    }

    void waiting(LockWait wait) {
        waiting = wait;
    }

    /** Whether {@code other} must wait for this lock before it locks {@code key}. */
    boolean keepsOut(LockOwner other, byte[] key) {
        return owner != other && range.contains(key) && !isBlocker(other);
    }

    /** Whether {@code other} must wait for this lock before it locks a range. */
    boolean keepsOut(LockOwner other, KeyRange asked) {
        return owner != other && startsBeforeEnd(range, asked) && startsBeforeEnd(asked, range) && !isBlocker(other);
    }

    private static boolean startsBeforeEnd(KeyRange a, KeyRange b) {
        return b.hiOrNull() == null || Arrays.compareUnsigned(a.lo(), b.hiOrNull()) < 0;
    }
}
