package org.mosslsm.kv.txn;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * One transaction as the lock table knows it.
 *
 * <p>Thread safety: {@code held} belongs to the owner's thread; {@code ranges} says what it needs; {@code waiting} is set
 * under the lock table's graph monitor and cleared by the owner's thread; {@code cancelled} may be set by any thread.
 */
final class LockOwner {
    /** What this owner holds, each once. */
    final ArrayList<LockEntry> held;

    /** Its range locks. */
    final OwnedRanges ranges;

    /** How many keys are held when the next escalation is tried; of the owner's thread, as the two before. */
    int escalateAt;

    private volatile LockWait waiting;
    private volatile boolean cancelled;

    LockOwner() {
        this(new ArrayList<>(0)); // not that of the default size, which puts its first array off beyond ensureCapacity
    }

    /** As above, with a list that a test lets run out of memory. */
    @SuppressWarnings("NonApiType") // whose room can be made beforehand
    LockOwner(ArrayList<LockEntry> held) {
        this.held = held;
        this.ranges = new OwnedRanges(this);
    }

    /** With ranges, made of the owner, that a test lets run out of memory. */
    LockOwner(Function<LockOwner, OwnedRanges> ranges) {
        this.held = new ArrayList<>(0);
        this.ranges = ranges.apply(this);
    }

    /** Makes room for one more lock, so that noting it cannot fail once it is granted: nobody would ever let go of it. */
    void prepareToHold() {
        held.ensureCapacity(held.size() + 1);
    }

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
