package org.mosslsm.kv.lsm;

import java.util.Arrays;
import java.util.List;
import org.mosslsm.kv.BulkLoad;
import org.mosslsm.kv.ConflictException;
import org.mosslsm.kv.CorruptionException;
import org.mosslsm.kv.Cursor;
import org.mosslsm.kv.KeyRange;
import org.mosslsm.kv.KvIoException;
import org.mosslsm.kv.ScanHints;
import org.mosslsm.kv.Snapshot;
import org.mosslsm.kv.Store;
import org.mosslsm.kv.lsm.SortedTables.Loaded;

/**
 * Writes the entries of a bulk load straight into tables, past log and memtable.
 *
 * <pre>
 * add      into {@link SortedTables}
 * publish  finish the last one; {@link LoadedTables} gives all of them one sequence number and installs them
 * close    deletes the tables, unless they were published; a crash leaves them to be swept up by the next open
 * </pre>
 *
 * <p>Not thread-safe.
 */
final class LsmBulkLoad implements BulkLoad {
    private final LoadedTables target;
    private final SortedTables tables;
    private final Snapshot start;
    private final KeyRange range;
    private final byte[] lo;
    private final byte[] hi; // null for no bound
    private boolean over;

    LsmBulkLoad(LoadedTables target, SortedTables tables, Snapshot start, KeyRange range) {
        this.target = target;
        this.tables = tables;
        this.start = start;
        this.range = range;
        this.lo = range.lo();
        this.hi = range.hiOrNull();
    }

    /**
     * The snapshot a load starts from.
     *
     * @throws IllegalArgumentException when it shows entries in the range
     */
    static Snapshot start(Store store, KeyRange range) {
        Snapshot start = store.snapshot();
        try (Cursor cursor = start.scan(range, Cursor.Direction.FORWARD, new ScanHints(1, true, true))) {
            if (cursor.nextBatch() != null) {
                throw new IllegalArgumentException("a bulk load into the range " + range + ", which holds entries");
            }
            return start;
        } catch (RuntimeException | Error e) {
            start.close();
            throw e;
        }
    }

    @Override
    public void add(byte[] keys, int keyOffset, int keyLength, byte[] values, int valueOffset, int valueLength) {
        checkNotOver();
        int keyEnd = keyOffset + keyLength;
        if (Arrays.compareUnsigned(keys, keyOffset, keyEnd, lo, 0, lo.length) < 0
                || (hi != null && Arrays.compareUnsigned(keys, keyOffset, keyEnd, hi, 0, hi.length) >= 0)) {
            throw new IllegalArgumentException("a key outside of the range " + range + " of the bulk load");
        }
        tables.put(keys, keyOffset, keyLength, values, valueOffset, valueLength);
    }

    @Override
    public long publish() {
        checkNotOver();
        List<Loaded> finished = tables.finish();
        long version = start.version();
        try {
            if (!finished.isEmpty()) {
                version = target.publish(finished, range, version);
            }
            tables.handOver();
        } catch (ConflictException | KvIoException | CorruptionException | IllegalArgumentException e) {
            throw e; // nothing has happened: they are still ours
        } catch (RuntimeException | Error e) {
            tables.handOver(); // perhaps the manifest names them
            tables.close();
            throw e;
        }
        close();
        return version;
    }

    @Override
    public void close() {
        if (!over) {
            over = true;
            start.close();
            tables.close();
        }
    }

    private void checkNotOver() {
        if (over) {
            throw new IllegalStateException("the bulk load was published or closed");
        }
        start.version(); // throws when the store is closed
    }
}
