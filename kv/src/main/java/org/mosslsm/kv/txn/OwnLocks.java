package org.mosslsm.kv.txn;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.mosslsm.kv.KeyRange;

/**
 * The locks of one transaction: how long it waits for them, and since when it has them.
 *
 * <p>Thread safety: one thread at a time, {@link #cancel} excepted.
 */
final class OwnLocks {
    private final Transactions transactions;
    private final LockOwner owner = new LockOwner();
    private long timeoutMillis = Transactions.LOCK_TIMEOUT_MILLIS;
    private long oldestVersion = Long.MAX_VALUE;

    OwnLocks(Transactions transactions) {
        this.transactions = transactions;
    }

    /**
     * Milliseconds to wait for a lock from now on.
     *
     * @throws IllegalArgumentException when they are negative
     */
    void timeoutMillis(long millis) {
        if (millis < 0) {
            throw new IllegalArgumentException("a lock timeout of " + millis + " ms is negative");
        }
        timeoutMillis = millis;
    }

    /** Locks a key; {@code version} is that of the snapshot the transaction reads. */
    void lock(byte[] key, boolean exclusive, long version) {
        transactions.locks().lockKey(owner, key, exclusive, timeoutNanos());
        locked(key, version);
    }

    /** As {@link #lock}, exclusively, where nobody is in the way; whether it did. */
    boolean tryLock(byte[] key, long version) {
        if (!transactions.locks().tryLockKey(owner, key, true)) {
            return false;
        }
        locked(key, version);
        return true;
    }

    private void locked(byte[] key, long version) {
        transactions.lockedOneMore(owner, key);
        oldestVersion = Math.min(oldestVersion, version);
    }

    /** Locks a range exclusively. */
    void lockRange(KeyRange range) {
        transactions.locks().lockRange(owner, range, timeoutNanos());
    }

    private long timeoutNanos() {
        return TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
    }

    /** Whether the key is locked exclusively. */
    boolean holdAlone(byte[] key) {
        return transactions.locks().isHeldAlone(owner, key);
    }

    /** The keys that are locked exclusively one by one. */
    List<byte[]> exclusiveKeys() {
        return owner.exclusiveKeys();
    }

    /** The oldest snapshot under which a key was locked, or {@code Long.MAX_VALUE}. */
    long oldestVersion() {
        return oldestVersion;
    }

    /** Ends a wait, this one or the next, by any thread. */
    void cancel() {
        owner.cancel();
    }

    /** What was cancelled is over. */
    void clearCancel() {
        owner.clearCancel();
    }

    boolean isCancelled() {
        return owner.isCancelled();
    }

    /** Lets go of all; what an Error breaks off, out of memory say, the next call goes on with. */
    void letGo() {
        transactions.locks().releaseAll(owner);
    }
}
