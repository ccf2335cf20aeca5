package org.mosslsm.kv.txn;

import java.util.concurrent.locks.LockSupport;

/** One owner waiting for one lock: for that of a key ({@code entry}), or of a range ({@code range}). */
final class LockWait {
    final LockOwner owner;
    final LockEntry entry; // null when it waits for a range
    final RangeLock range; // null when it waits for a key
    final boolean exclusive;
    private final Thread thread = Thread.currentThread();
    private volatile boolean granted;

    private LockWait(LockOwner owner, LockEntry entry, RangeLock range, boolean exclusive) {
        this.owner = owner;
        this.entry = entry;
        this.range = range;
        this.exclusive = exclusive;
    }

    static LockWait forKey(LockOwner owner, LockEntry entry, boolean exclusive) {
        return new LockWait(owner, entry, null, exclusive);
    }

    static LockWait forRange(RangeLock range) {
        return new LockWait(range.owner, null, range, true);
    }

    boolean isGranted() {
        return granted;
    }

    /** Says that the owner has the lock now; called once, by whoever let go of it. */
    void grant() {
        granted = true;
        wake();
    }

    /** Makes the waiting thread look around. */
    void wake() {
        LockSupport.unpark(thread);
    }
}
