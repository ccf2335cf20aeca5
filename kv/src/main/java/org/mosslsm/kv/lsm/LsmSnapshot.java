package org.mosslsm.kv.lsm;

import java.lang.ref.Reference;
import java.util.List;
import org.mosslsm.kv.CorruptionException;
import org.mosslsm.kv.Cursor;
import org.mosslsm.kv.KeyRange;
import org.mosslsm.kv.KvIoException;
import org.mosslsm.kv.ScanHints;
import org.mosslsm.kv.Snapshot;
import org.mosslsm.kv.StoreClosedException;
import org.mosslsm.kv.lsm.table.TableClosedException;

/**
 * A registered version: all a snapshot holds is its sequence number, which keeps compactions from reclaiming what it sees.
 * Memtables and tables are looked up anew by each read, so that a long snapshot pins no files.
 *
 * <p>Thread-safe.
 */
final class LsmSnapshot implements Snapshot {
    private final StoreReads reads;
    private final long version;
    private final Snapshots.Lease lease;
    private volatile boolean closed;

    /** Of the newest version. */
    LsmSnapshot(StoreReads reads) {
        this.reads = reads;
        this.lease = reads.snapshots().lease(this);
        this.version = lease.seq();
    }

    /**
     * Of an earlier version.
     *
     * @throws IllegalArgumentException when it lies in the future or may have been reclaimed
     */
    LsmSnapshot(StoreReads reads, long version) {
        this.reads = reads;
        this.lease = reads.snapshots().lease(this, version);
        this.version = version;
    }

    @Override
    public long version() {
        checkOpen();
        return version;
    }

    @Override
    public byte[] get(byte[] key) {
        checkOpen();
        try {
            return reads.points().get(key, version);
        } finally {
            Reference.reachabilityFence(this); // or the lease might end as that of a lost snapshot, while it is read
        }
    }

    @Override
    public List<byte[]> getAll(List<byte[]> keys) {
        checkOpen();
        try {
            return reads.points().getAll(keys, version);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    @Override
    public byte[] emptyUntil(byte[] key) {
        checkOpen();
        try {
            return reads.nextStored(key);
        } catch (TableClosedException | CorruptionException | KvIoException e) {
            return key; // whoever needs what could not be read is told then
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    @Override
    public Cursor scan(KeyRange range, Cursor.Direction direction, ScanHints hints) {
        checkOpen();
        return new LsmCursor(reads, this, false, range, direction, hints);
    }

    @Override
    public long count(KeyRange range, Runnable pulse) {
        checkOpen();
        ScanHints keys = new ScanHints(0, true, true);
        try (LsmCursor cursor = new LsmCursor(reads, this, false, range, Cursor.Direction.FORWARD, keys)) {
            return cursor.count(pulse);
        }
    }

    /** Throws when snapshot or store are closed. */
    void checkOpen() {
        if (closed) {
            throw new StoreClosedException("the snapshot");
        }
        reads.health().checkOpen();
    }

    @Override
    public void close() {
        closed = true;
        lease.end();
    }
}
