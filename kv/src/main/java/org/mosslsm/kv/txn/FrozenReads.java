package org.mosslsm.kv.txn;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import org.mosslsm.kv.Cursor;
import org.mosslsm.kv.KeyRange;
import org.mosslsm.kv.ScanHints;
import org.mosslsm.kv.Snapshot;

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
            return own == WriteSet.DELETED ? null : own;
        }
        transaction.recordRead(key);
        return lease.snapshot.get(key);
    }

    @Override
    public List<byte[]> getAll(List<byte[]> keys) {
        checkOpen();
        return getAll(keys, writes::get, transaction::recordRead, lease.snapshot);
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

    /**
     * The values of keys, in their order.
     *
     * @param own the write of a key, {@link WriteSet#DELETED}, or null
     * @param record told the keys that are read in the snapshot
     */
    static List<byte[]> getAll(
            List<byte[]> keys, UnaryOperator<byte[]> own, Consumer<byte[]> record, Snapshot snapshot) {
        List<byte[]> values = new ArrayList<>(keys.size());
        List<byte[]> others = new ArrayList<>(keys.size());
        for (byte[] key : keys) {
            byte[] written = own.apply(key);
            values.add(written == WriteSet.DELETED ? null : written);
            if (written == null) {
                record.accept(key);
                others.add(key);
            }
        }
        return others.isEmpty() ? values : fillIn(keys, values, others, snapshot.getAll(others));
    }

    /** Puts what the store knows of {@code others} into their places among {@code keys}. */
    private static List<byte[]> fillIn(
            List<byte[]> keys, List<byte[]> values, List<byte[]> others, List<byte[]> found) {
        if (others.size() == keys.size()) {
            return found;
        }
        int next = 0;
        for (int i = 0; i < keys.size() && next < others.size(); i++) {
            if (keys.get(i) == others.get(next)) {
                values.set(i, found.get(next++));
            }
        }
        return values;
    }
}
