package org.mosslsm.kv.txn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/**
 * The lock of one key: who holds it and who waits for it, first come first served. It is its own key in the table.
 *
 * <p>Invariants:
 *
 * <ol>
 *   <li>Either one owner holds it exclusively and nobody else at all, or any number share it, or nobody holds it.
 *   <li>Whoever cannot have it at once queues up and is passed by nobody, with one exception: an owner that shares the
 *       lock and wants it alone goes first, because all others wait for it anyway.
 * </ol>
 *
 * <p>Thread safety: all but the key is guarded by the monitor of its stripe in the lock table.
 */
final class LockEntry {
    final byte[] key;
    private final int hash;
    private LockOwner exclusive;
    private List<LockOwner> sharing = List.of();
    private ArrayList<LockWait> queue; // null until somebody waits, which is rare

    LockEntry(byte[] key) {
        this.key = key;
        this.hash = hash(key);
    }

    /**
     * FNV-1a. Keys count up in their last bytes, and {@link Arrays#hashCode(byte[])} gives eight and more neighbours one
     * hash: 31 times one byte and another byte often are the same.
     */
    static int hash(byte[] key) {
        int h = 0x811C_9DC5;
        for (byte b : key) {
            h = (h ^ (b & 0xFF)) * 0x0100_0193;
        }
        return h;
    }

    /** Whether the owner holds the lock at least as strongly as asked. */
    boolean isHeldBy(LockOwner owner, boolean exclusively) {
        return exclusive == owner || (!exclusively && sharing.contains(owner));
    }

    /** Whether the owner holds the lock in any way. */
    boolean isHeldBy(LockOwner owner) {
        return isHeldBy(owner, false);
    }

    /** Whether holders other than {@code owner} leave room for it. */
    boolean hasRoomFor(LockOwner owner, boolean exclusively) {
        if (exclusive != null) {
            return exclusive == owner;
        }
        return !exclusively || sharing.isEmpty() || (sharing.size() == 1 && sharing.get(0) == owner);
    }

    /** Makes the owner a holder; the caller has checked that there is room. */
    void grant(LockOwner owner, boolean exclusively) {
        assert hasRoomFor(owner, exclusively);
        if (exclusively) {
            exclusive = owner;
            sharing = List.of();
        } else if (!isHeldBy(owner)) {
            List<LockOwner> more = new ArrayList<>(sharing);
            more.add(owner);
            sharing = more;
        }
    }

    /** Makes the owner no holder any more; harmless when repeated. */
    void release(LockOwner owner) {
        if (exclusive == owner) {
            exclusive = null;
        } else if (!sharing.isEmpty()) {
            sharing.remove(owner);
        }
    }

    /** Queues a wait up; see invariant 2. */
    void enqueue(LockWait wait) {
        if (queue == null) {
            queue = new ArrayList<>(2);
        }
        queue.ensureCapacity(queue.size() + 1); // first: an Error leaves all as it was
        queue.add(sharing.contains(wait.owner) ? 0 : queue.size(), wait);
    }

    boolean hasQueue() {
        return queue != null && !queue.isEmpty();
    }

    /** The wait whose turn is next, or {@code null}. */
    LockWait firstInQueue() {
        return hasQueue() ? queue.get(0) : null;
    }

    /** Takes a wait out of the queue, granted or given up. */
    void leaveQueue(LockWait wait) {
        queue.remove(wait);
    }

    /** Adds the owners that {@code wait} waits for: holders, and those before it in the queue. */
    void addBlockers(LockWait wait, List<LockOwner> blockers) {
        if (exclusive != null) {
            blockers.add(exclusive);
        }
        for (LockOwner owner : sharing) {
            if (wait.exclusive && owner != wait.owner) {
                blockers.add(owner);
            }
        }
        for (LockWait earlier : queue) {
            if (earlier == wait) {
                return;
            }
            blockers.add(earlier.owner);
        }
    }

    /** Adds the holders other than {@code owner}. */
    void addHolders(LockOwner owner, Collection<LockOwner> holders) {
        if (exclusive != null && exclusive != owner) {
            holders.add(exclusive);
        }
        for (LockOwner sharer : sharing) {
            if (sharer != owner) {
                holders.add(sharer);
            }
        }
    }

    /** Whether nobody holds it and nobody waits for it. */
    boolean isIdle() {
        return exclusive == null && sharing.isEmpty() && !hasQueue();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LockEntry that && hash == that.hash && Arrays.equals(key, that.key);
    }

    @Override
    public int hashCode() {
        return hash;
    }
}
