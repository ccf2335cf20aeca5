package org.mosslsm.kv.txn;

import java.util.concurrent.atomic.AtomicInteger;
import org.mosslsm.kv.Snapshot;

/**
 * A snapshot that several users keep open: a transaction, and the cursors that outlive a statement or the transaction.
 * The last one to let go closes it.
 *
 * <p>Thread safety: every method may be called by any thread; each user releases once.
 */
final class SnapshotLease {
    final Snapshot snapshot;
    final long version;
    private final AtomicInteger users = new AtomicInteger(1);

    /** A lease with one user. */
    SnapshotLease(Snapshot snapshot) {
        this.snapshot = snapshot;
        this.version = snapshot.version();
    }

    SnapshotLease acquire() {
        int before = users.getAndIncrement();
        assert before > 0 : "acquired after the last release";
        return this;
    }

    /** What the snapshot throws when it is closed the next release tries again. */
    void release() {
        if (users.decrementAndGet() == 0) {
            try {
                snapshot.close();
            } catch (RuntimeException | Error e) {
                users.incrementAndGet();
                throw e;
            }
        }
    }
}
