package org.mosslsm.kv.lsm;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.mosslsm.kv.BulkLoad;
import org.mosslsm.kv.ConflictException;
import org.mosslsm.kv.KeyRange;
import org.mosslsm.kv.KvIoException;
import org.mosslsm.kv.Snapshot;
import org.mosslsm.kv.lsm.entry.Trailer;
import org.mosslsm.kv.lsm.table.TableBuilder;
import org.mosslsm.kv.lsm.table.TableOptions;
import org.mosslsm.kv.lsm.table.TableProperties;
import org.mosslsm.kv.lsm.version.FileNames;
import org.mosslsm.kv.lsm.version.VersionSet;
import org.mosslsm.kv.vfs.Vfs;

/**
 * Writes the entries of a bulk load straight into tables, past log and memtable.
 *
 * <pre>
 * add      into a table, at sequence number 0; a table of {@code TABLE_BYTES} is finished and the next begun
 * publish  finish the last one; {@link LoadedTables} gives all of them one sequence number and installs them
 * close    deletes the tables, unless they were published; a crash leaves them to be swept up by the next open
 * </pre>
 *
 * <p>Not thread-safe.
 */
final class LsmBulkLoad implements BulkLoad {
    /** As large as compactions make them at most. */
    private static final long TABLE_BYTES = 32 << 20;

    /** A finished table that has no sequence number yet. */
    record Loaded(long number, long size, TableProperties properties) {}

    private final LoadedTables target;
    private final Vfs vfs;
    private final VersionSet versions;
    private final TableOptions options;
    private final Snapshot start;
    private final KeyRange range;
    private final List<Loaded> finished = new ArrayList<>();
    private TableBuilder builder;
    private long number;
    private final byte[] lo;
    private final byte[] hi; // null for no bound
    private byte[] last = new byte[32];
    private int lastLength = -1;
    private boolean over;

    /** Whether a table could not be written: what was added is incomplete from then on. */
    private boolean failed;

    LsmBulkLoad(
            LoadedTables target, Vfs vfs, VersionSet versions, TableOptions options, Snapshot start, KeyRange range) {
        this.target = target;
        this.vfs = vfs;
        this.versions = versions;
        this.options = options;
        this.start = start;
        this.range = range;
        this.lo = range.lo();
        this.hi = range.hiOrNull();
    }

    @Override
    public void add(byte[] keys, int keyOffset, int keyLength, byte[] values, int valueOffset, int valueLength) {
        checkNotOver();
        int keyEnd = keyOffset + keyLength;
        if (Arrays.compareUnsigned(keys, keyOffset, keyEnd, lo, 0, lo.length) < 0
                || (hi != null && Arrays.compareUnsigned(keys, keyOffset, keyEnd, hi, 0, hi.length) >= 0)) {
            throw new IllegalArgumentException("a key outside of the range " + range + " of the bulk load");
        }
        if (lastLength >= 0 && Arrays.compareUnsigned(keys, keyOffset, keyEnd, last, 0, lastLength) <= 0) {
            throw new IllegalArgumentException("a key that is not greater than the one before");
        }
        Limits.check(keyLength, valueLength);
        if (builder == null) {
            number = versions.newFileNumber();
            builder = new TableBuilder(vfs, FileNames.table(number), number, options);
        }
        try {
            builder.add(keys, keyOffset, keyLength, Trailer.of(0, Trailer.PUT), values, valueOffset, valueLength);
        } catch (RuntimeException | Error e) { // out of memory, say, half way through an entry
            failed = true;
            throw e;
        }
        if (last.length < keyLength) {
            last = new byte[2 * keyLength];
        }
        System.arraycopy(keys, keyOffset, last, 0, keyLength);
        lastLength = keyLength;
        if (builder.estimatedBytes() >= TABLE_BYTES) {
            finishTable();
        }
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

    @Override
    public long publish() {
        checkNotOver();
        if (builder != null) {
            finishTable();
        }
        long version = start.version();
        try {
            if (!finished.isEmpty()) {
                version = target.publish(finished, range, version);
            }
            finished.clear(); // they belong to the store now
        } catch (ConflictException | KvIoException e) {
            throw e; // nothing has happened: they are still ours
        } catch (RuntimeException | Error e) {
            finished.clear(); // perhaps the manifest names them: only the next open can tell
            failed = true;
            throw e;
        }
        close();
        return version;
    }

    @Override
    public void close() {
        if (over) {
            return;
        }
        over = true;
        start.close();
        if (builder != null) {
            builder.close();
            delete(number);
        }
        finished.forEach(table -> delete(table.number()));
    }

    private void delete(long table) {
        try {
            vfs.delete(FileNames.table(table));
        } catch (IOException e) {
            // It costs room until the next open sweeps it up, and nothing else.
        }
    }

    private void checkNotOver() {
        if (over) {
            throw new IllegalStateException("the bulk load was published or closed");
        }
        if (failed) {
            throw new IllegalStateException("the bulk load failed before: it can only be closed");
        }
        start.version(); // throws when the store is closed
    }
}
