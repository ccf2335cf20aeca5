// The entries of a new index.
package org.mosslsm.sql.exec.ddl;

import java.util.List;
import org.mosslsm.kv.Cursor;
import org.mosslsm.kv.KeyRange;
import org.mosslsm.sql.catalog.Index;
import org.mosslsm.sql.catalog.Table;
import org.mosslsm.sql.encode.IndexCodec;
import org.mosslsm.sql.encode.IndexKeys;
import org.mosslsm.sql.encode.KeyWriter;
import org.mosslsm.sql.encode.TableCodec;
import org.mosslsm.sql.exec.dml.PartialIndexes;

/**
 * Writes the entries of all rows of a table into a new index. Of a large table two threads read and sort a half each:
 *
 * <pre>
 * rows [lo, middle)   in the thread at hand    -> entries -> sorted \
 *                                                                     merged, checked, loaded: in the thread at hand
 * rows [middle, hi)   in one made for them     -> entries -> sorted /
 * </pre>
 *
 * Both cursors are opened and closed by the thread at hand, which alone uses the transaction. Memory is that of one sort:
 * each half has half of it. Not thread-safe.
 */
final class IndexFill {
    /** A table of less is read before a second thread has got going. */
    private static final long LEAST_BYTES = 1 << 20;

    /** Which part of the bytes has to be in the smaller half. */
    private static final int LEAST_SHARE = 4;

    private final CatalogEdit edit;
    private final Table table;
    private final IndexCodec codec;
    private final TwoAtOnce both;

    private IndexFill(CatalogEdit edit, Table table, IndexCodec codec) {
        this.edit = edit;
        this.table = table;
        this.codec = codec;
        this.both = new TwoAtOnce(edit.context().execution()::checkCancelled);
    }

    /**
     * Runs it, in a transaction that has the table locked.
     *
     * @throws org.mosslsm.sql.error.SqlException 23505 when two rows have one key
     */
    static void run(CatalogEdit edit, Table table, Index index) {
        IndexCodec codec = PartialIndexes.codec(table, index, edit.context().expressions());
        IndexFill fill = new IndexFill(edit, table, codec);
        KeyRange rows = IndexKeys.range(table, table.primary());
        byte[] middle = edit.context().readCommitted() && Runtime.getRuntime().availableProcessors() > 1
                ? fill.middle(rows)
                : null;
        if (middle == null) {
            fill.whole();
        } else {
            fill.halves(KeyRange.of(rows.lo(), middle), KeyRange.of(middle, rows.hiOrNull()));
        }
    }

    /** Where to cut; null where two threads, with half of the memory each, do not pay. */
    private byte[] middle(KeyRange rows) {
        RangeBuilds builds = edit.context().builds();
        long bytes = builds.approximateBytes(rows);
        byte[] middle = bytes < LEAST_BYTES ? null : TableScan.middle(edit.transaction(), rows);
        if (middle == null) {
            return null;
        }
        long first = builds.approximateBytes(KeyRange.of(rows.lo(), middle));
        long smaller = Math.min(first, bytes - first);
        return smaller >= bytes / LEAST_SHARE ? middle : null; // one key far off, and a half is nearly all
    }

    private void whole() {
        KeyWriter scratch = new KeyWriter();
        try (EntryLoad load = new EntryLoad(edit.context(), table, List.of(codec))) {
            TableScan.forEach(edit, table, row -> {
                if (codec.covers(row)) {
                    load.add(0, codec.key(row, scratch), codec.value(row, scratch));
                }
            });
            load.finish();
        }
    }

    private void halves(KeyRange first, KeyRange second) {
        try (EntryLoad load = EntryLoad.inHalves(edit.context(), table, codec, both::check);
                Cursor here = TableScan.open(edit.transaction(), first);
                Cursor beside = TableScan.open(edit.transaction(), second)) {
            both.run(() -> sort(here, load, true), () -> sort(beside, load, false));
            load.finish();
        }
    }

    private void sort(Cursor cursor, EntryLoad load, boolean here) {
        KeyWriter scratch = new KeyWriter();
        TableScan.forEach(cursor, new TableCodec(table).newRow(), both::check, row -> {
            if (codec.covers(row)) {
                byte[] key = codec.key(row, scratch);
                byte[] value = codec.value(row, scratch);
                if (here) {
                    load.add(0, key, value);
                } else {
                    load.addBeside(key, value);
                }
            }
        });
        load.sort(here);
    }
}
