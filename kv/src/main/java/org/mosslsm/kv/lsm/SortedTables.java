package org.mosslsm.kv.lsm;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.mosslsm.kv.lsm.entry.Trailer;
import org.mosslsm.kv.lsm.table.TableBuilder;
import org.mosslsm.kv.lsm.table.TableOptions;
import org.mosslsm.kv.lsm.table.TableProperties;
import org.mosslsm.kv.lsm.version.FileNames;

/**
 * Writes entries that come in key order into tables, past log and memtable, at sequence number 0: the number they get comes
 * when they are installed, from {@link LoadedTables}.
 *
 * <p>Until {@link #handOver} the tables are of this object, which deletes them when it is closed; a crash leaves them to be
 * swept up by the next open. After a failure it is good for closing only.
 *
 * <p>Not thread-safe.
 */
final class SortedTables implements AutoCloseable {
    /** As large as compactions make them at most. */
    private static final long TABLE_BYTES = 32 << 20;

    /**
     * Small entries, deletes say, are many in a table, and of each key its builder keeps eight bytes for the filter until the
     * end: those may take a 32nd of the heap.
     */
    private static final long TABLE_ENTRIES =
            Math.max(1 << 16, Runtime.getRuntime().maxMemory() / 256);

    /** A finished table that has no sequence number yet. */
    record Loaded(long number, long size, TableProperties properties) {}

    private final LooseTables loose;
    private final TableOptions options;
    private final List<Loaded> finished = new ArrayList<>();
    private TableBuilder builder;
    private long number;
    private byte[] last = new byte[32];
    private int lastLength = -1;

    /** Whether a table could not be written: what was added is incomplete from then on. */
    private boolean failed;

    /** Whether the finished tables are this object's to delete. */
    private boolean ours = true;

    SortedTables(LooseTables loose, TableOptions options) {
        this.loose = loose;
        this.options = options;
    }

    void put(byte[] keys, int keyOffset, int keyLength, byte[] values, int valueOffset, int valueLength) {
        add(keys, keyOffset, keyLength, Trailer.PUT, values, valueOffset, valueLength);
    }

    void delete(byte[] keys, int keyOffset, int keyLength) {
        add(keys, keyOffset, keyLength, Trailer.DELETE, keys, keyOffset, 0);
    }

    private void add(
            byte[] keys, int keyOffset, int keyLength, int kind, byte[] values, int valueOffset, int valueLength) {
        checkUsable();
        int keyEnd = keyOffset + keyLength;
        if (lastLength >= 0 && Arrays.compareUnsigned(keys, keyOffset, keyEnd, last, 0, lastLength) <= 0) {
            throw new IllegalArgumentException("a key that is not greater than the one before");
        }
        Limits.check(keyLength, valueLength);
        if (builder == null) {
            begin();
        }
        try {
            builder.add(keys, keyOffset, keyLength, Trailer.of(0, kind), values, valueOffset, valueLength);
        } catch (RuntimeException | Error e) { // out of memory, say, half way through an entry
            failed = true;
            throw e;
        }
        if (last.length < keyLength) {
            last = new byte[2 * keyLength];
        }
        System.arraycopy(keys, keyOffset, last, 0, keyLength);
        lastLength = keyLength;
        if (builder.estimatedBytes() >= TABLE_BYTES
                || builder.indexBytes() >= TABLE_BYTES
                || builder.entries() >= TABLE_ENTRIES) {
            finishTable();
        }
    }

    private void begin() {
        builder = loose.make(next -> {
            number = next;
            try {
                return new TableBuilder(loose.vfs(), FileNames.table(next), next, options);
            } catch (RuntimeException | Error e) {
                failed = true;
                loose.delete(next); // the file may be there
                throw e;
            }
        });
    }

    /** Finishes the last table; all of them, in key order. */
    List<Loaded> finish() {
        checkUsable();
        if (builder != null) {
            finishTable();
        }
        return finished;
    }

    private void finishTable() {
        TableProperties properties;
        try {
            properties = builder.finish();
        } catch (RuntimeException | Error e) { // out of memory, say, half way through an entry
            failed = true;
            throw e;
        }
        finished.add(new Loaded(number, builder.fileSize(), properties));
        builder = null;
    }

    /** The tables are the store's from now on, or perhaps: only the next open can tell. Allocates nothing. */
    void handOver() {
        ours = false;
    }

    /** The store has refused them. */
    void takeBack() {
        ours = true;
    }

    @Override
    public void close() {
        failed = true;
        if (builder != null) {
            builder.close();
            loose.delete(number);
            builder = null;
        }
        if (ours) {
            finished.forEach(table -> loose.delete(table.number()));
        }
        finished.clear();
    }

    private void checkUsable() {
        if (failed) {
            throw new IllegalStateException("the load failed before: it can only be closed");
        }
    }
}
