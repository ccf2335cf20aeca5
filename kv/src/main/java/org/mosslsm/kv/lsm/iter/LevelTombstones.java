package org.mosslsm.kv.lsm.iter;

import org.mosslsm.kv.lsm.entry.TombstoneSource;
import org.mosslsm.kv.lsm.entry.TombstoneSpan;
import org.mosslsm.kv.lsm.version.FileMeta;
import org.mosslsm.kv.lsm.version.TableCache;

/**
 * The range tombstones of tables that do not overlap, as one source: a table is opened when a key in its bounds is looked
 * for, and only if the manifest says that it has tombstones.
 *
 * <p>No tombstone reaches beyond its table's bounds; a largest key that is in the table itself is covered by none, since
 * the end of a tombstone behind it would be the largest. So from there to the next table's smallest key nothing is covered.
 *
 * <p>Immutable, thread-safe; a reference on the version of the tables must be held meanwhile.
 */
public final class LevelTombstones implements TombstoneSource {
    private final TableCache tables;
    private final FileMeta[] files;
    private final int from;
    private final int end;

    /** Over {@code files[from .. end)}, in key order. */
    public LevelTombstones(TableCache tables, FileMeta[] files, int from, int end) {
        this.tables = tables;
        this.files = files;
        this.from = from;
        this.end = end;
    }

    @Override
    public boolean isEmpty() {
        return false;
    }

    @Override
    public void locate(byte[] key, int offset, int length, long snapshot, TombstoneSpan into) {
        int i = FileMeta.firstNotBefore(files, from, end, key, offset, length);
        if (i < end && files[i].rangeDeletes() > 0) {
            tables.reader(files[i]).rangeTombstones().locate(key, offset, length, snapshot, into);
        } else {
            into.set(null, null, -1);
        }
        if (into.lo() == null || into.hi() == null) {
            byte[] lo = into.lo() == null && i > from ? files[i - 1].largest() : into.lo();
            byte[] hi = into.hi() == null && i + 1 < end ? files[i + 1].smallest() : into.hi();
            into.set(lo, hi, into.seq());
        }
    }

    @Override
    public boolean anyNewer(byte[] lo, byte[] hi, long seq) {
        for (int i = from; i < end; i++) {
            if (files[i].rangeDeletes() > 0
                    && files[i].maxSeq() > seq
                    && files[i].overlaps(lo, hi)
                    && tables.reader(files[i]).rangeTombstones().anyNewer(lo, hi, seq)) {
                return true;
            }
        }
        return false;
    }
}
