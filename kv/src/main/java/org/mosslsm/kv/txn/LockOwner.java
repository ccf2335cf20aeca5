package org.mosslsm.kv.txn;

import java.util.ArrayList;
import java.util.List;

/**
 * One transaction as the lock table knows it.
 *
 * <p>Thread safety: {@code held} belongs to the owner's thread; {@code ranges} says what it needs; {@code waiting} is set
 * under the lock table's graph monitor and cleared by the owner's thread; {@code cancelled} may be set by any thread.
 */
final class LockOwner {
    /** What this owner holds, each once. */
    final List<LockEntry> held = new ArrayList<>();

    /** Its range locks. */
    final OwnedRanges ranges = new OwnedRanges(this);

    /** How many keys are held when the next escalation is tried; of the owner's thread, as the two before. */
    int escalateAt;

    private volatile LockWait waiting;
    private volatile boolean cancelled;

    /** Whether a range lock of this owner covers the key. */
    boolean hasRangeOver(byte[] key) {
        return ranges.holds(key);
    }

    /** The keys this owner has locked for itself alone. */
    List<byte[]> exclusiveKeys() {
        List<byte[]> keys = new ArrayList<>(held.size());
        for (LockEntry entry : held) {
            if (entry.isHeldBy(this, true)) {
                keys.add(entry.key);
            }
        }
        return keys;
    }

    /** The wait under way, or {@code null}. */
    LockWait waiting() {
        return waiting;
    }

    void waiting(LockWait wait) {
        waiting = wait;
    }

    boolean isCancelled() {
        return cancelled;
    }

    /** Makes the wait under way and those to come fail, until cleared. */
    void cancel() {
        cancelled = true;
        LockWait wait = waiting;
        if (wait != null) {
            wait.wake();
        }
    }

    void clearCancel() {
        cancelled = false;
    }
}
