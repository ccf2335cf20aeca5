package org.mosslsm.kv.txn;

import java.util.List;
import java.util.function.LongSupplier;
import org.mosslsm.kv.Cursor;
import org.mosslsm.kv.KeyRange;
import org.mosslsm.kv.ScanHints;

/**
 * A transaction as it was when {@link Transaction#freeze} was called: its snapshot with its writes of then, whatever it
 * writes and whichever snapshots it takes later. What is read counts as read by the transaction. Good while the
 * transaction is open, until closed; cursors opened in it go on after that.
 *
 * <p>Thread safety: the thread of the transaction.
 */
public final class FrozenReads implements Reads, AutoCloseable {
    private final StoreTransaction transaction;
    private final SnapshotLease lease;
    private final WriteSet.View writes;
    private final OwnCounts counts;
    private boolean closed;

    /** Acquires the lease and holds the writes. */
    FrozenReads(StoreTransaction transaction, SnapshotLease lease, WriteSet.View writes, OwnCounts counts) {
        this.transaction = transaction;
        this.lease = lease.acquire();
        this.writes = writes;
        this.counts = counts;
        writes.hold();
    }

    @Override
    public byte[] get(byte[] key) {
        checkOpen();
        byte[] own = writes.get(key);
        if (own != null) {
            return OverlayGets.valueOf(own);
        }
        transaction.recordRead(key);
        return lease.snapshot.get(key);
    }

    @Override
    public List<byte[]> getAll(List<byte[]> keys) {
        checkOpen();
        return OverlayGets.getAll(keys, writes::get, transaction::recordRead, lease.snapshot);
    }

    @Override
    public Cursor scan(KeyRange range, Cursor.Direction direction, ScanHints hints) {
        checkOpen();
        return transaction.scan(lease, writes, range, direction, hints);
    }

    @Override
    public long count(long part, LongSupplier walk) {
        checkOpen();
        return counts.count(part, lease.version, transaction::recordPart, walk);
    }

    @Override
    public long count(KeyRange range, Runnable pulse) {
        checkOpen();
        return transaction.count(lease, writes, range, pulse);
    }

    /** Lets go of the snapshot and the writes; harmless when repeated. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            writes.letGo();
            lease.release();
        }
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("read after it was closed");
        }
    }
}
