package org.mosslsm.kv.lsm;

import java.util.List;
import org.mosslsm.kv.Cursor;
import org.mosslsm.kv.KeyRange;
import org.mosslsm.kv.ScanHints;
import org.mosslsm.kv.Snapshot;
import org.mosslsm.kv.StoreClosedException;

/**
 * A registered version: all a snapshot holds is its sequence number, which keeps compactions from reclaiming what it sees.
 * Memtables and tables are looked up anew by each read, so that a long snapshot pins no files.
 *
 * <p>Thread-safe.
 */
final class LsmSnapshot implements Snapshot {
    private final StoreReads reads;
    private final long version;
    private boolean released;
    private volatile boolean closed;

    /** The version must be registered already. */
    LsmSnapshot(StoreReads reads, long version) {
        this.reads = reads;
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
        return reads.points().get(key, version);
    }

    @Override
    public List<byte[]> getAll(List<byte[]> keys) {
        checkOpen();
        return reads.points().getAll(keys, version);
    }

    @Override
    public Cursor scan(KeyRange range, Cursor.Direction direction, ScanHints hints) {
        checkOpen();
        return new LsmCursor(reads, this, false, range, direction, hints);
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
        synchronized (this) {
            closed = true;
            if (released) {
                return;
            }
            released = true;
        }
        reads.snapshots().release(version);
    }
}
