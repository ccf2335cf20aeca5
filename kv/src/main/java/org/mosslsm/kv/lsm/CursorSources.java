package org.mosslsm.kv.lsm;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.mosslsm.kv.KeyRange;
import org.mosslsm.kv.lsm.entry.EntryCursor;
import org.mosslsm.kv.lsm.entry.EntryOrder;
import org.mosslsm.kv.lsm.entry.TombstoneSource;
import org.mosslsm.kv.lsm.entry.Trailer;
import org.mosslsm.kv.lsm.iter.DeadGaps;
import org.mosslsm.kv.lsm.iter.LevelCursor;
import org.mosslsm.kv.lsm.iter.MergingCursor;
import org.mosslsm.kv.lsm.iter.TombstoneMask;
import org.mosslsm.kv.lsm.iter.VisibleCursor;
import org.mosslsm.kv.lsm.memtable.MemTable;
import org.mosslsm.kv.lsm.version.FileMeta;
import org.mosslsm.kv.lsm.version.TableCache;
import org.mosslsm.kv.lsm.version.Version;

/**
 * Gathers the sources a cursor over one range has to merge: memtables and tables that may hold something of it, and their
 * range tombstones. Used once, by one thread, while a reference on the state's version is held.
 */
final class CursorSources {
    private final TableCache tables;
    private final byte[] lo;
    private final byte[] hi;
    private final boolean fillCache;

    /** Tables without anything newer than this are left out. */
    private final long newerThan;

    private final List<EntryCursor> cursors = new ArrayList<>();
    private final List<Long> maxSeqs = new ArrayList<>();
    private final List<TombstoneSource> tombstones = new ArrayList<>();

    private CursorSources(TableCache tables, KeyRange range, boolean fillCache, long newerThan) {
        this.tables = tables;
        this.lo = range.lo();
        this.hi = range.hiOrNull();
        this.fillCache = fillCache;
        this.newerThan = newerThan;
    }

    /** What {@code seq} sees of the range; {@code epoch} is that of {@code gaps} before the state was taken. */
    static VisibleCursor visible(
            ReadState state,
            TableCache tables,
            KeyRange range,
            long seq,
            boolean fillCache,
            DeadGaps gaps,
            long epoch) {
        CursorSources sources = new CursorSources(tables, range, fillCache, -1);
        sources.gather(state);
        TombstoneMask mask = TombstoneMask.of(sources.tombstones, seq);
        return new VisibleCursor(sources.merge(), mask, seq, sources.lo, sources.hi, gaps, epoch);
    }

    /** Whether a point or a range tombstone newer than {@code seq} lies in the range. */
    static boolean anyNewer(ReadState state, TableCache tables, KeyRange range, long seq) {
        CursorSources sources = new CursorSources(tables, range, true, seq);
        sources.gather(state);
        return sources.anyTombstoneNewer(seq) || sources.anyPointNewer(seq);
    }

    private void gather(ReadState state) {
        for (MemTable memTable : state.memTables()) {
            add(memTable);
        }
        Version version = state.version();
        for (FileMeta file : version.array(0)) {
            if (file.overlaps(lo, hi)) {
                add(new FileMeta[] {file});
            }
        }
        for (int level = 1; level < Version.LEVELS; level++) {
            add(overlapping(version, level));
        }
    }

    private FileMeta[] overlapping(Version version, int level) {
        FileMeta[] files = version.array(level);
        int first = version.indexOf(level, lo, 0, lo.length);
        int end = first;
        while (end < files.length && files[end].overlaps(lo, hi)) {
            end++;
        }
        return Arrays.copyOfRange(files, first, end);
    }

    private void add(MemTable memTable) {
        // What is added from now on is newer than the snapshot: an empty memtable stays empty for it.
        if (memTable.pointCount() > 0) {
            cursors.add(memTable.cursor());
            maxSeqs.add(Long.MAX_VALUE);
        }
        if (memTable.rangeCount() > 0) {
            tombstones.add(memTable.rangeTombstones());
        }
    }

    private void add(FileMeta[] level) {
        FileMeta[] files = level;
        if (newerThan >= 0) {
            files = Arrays.stream(level).filter(f -> f.maxSeq() > newerThan).toArray(FileMeta[]::new);
        }
        if (files.length == 0) {
            return;
        }
        long maxSeq = 0;
        for (FileMeta file : files) {
            maxSeq = Math.max(maxSeq, file.maxSeq());
            if (file.rangeDeletes() > 0) {
                tombstones.add(tables.reader(file).rangeTombstones());
            }
        }
        cursors.add(
                files.length == 1
                        ? tables.reader(files[0]).cursor(fillCache)
                        : new LevelCursor(tables, files, fillCache));
        maxSeqs.add(maxSeq);
    }

    private MergingCursor merge() {
        return new MergingCursor(
                cursors.toArray(EntryCursor[]::new),
                maxSeqs.stream().mapToLong(Long::longValue).toArray());
    }

    private boolean anyTombstoneNewer(long seq) {
        return tombstones.stream().anyMatch(t -> t.anyNewer(lo, hi, seq));
    }

    private boolean anyPointNewer(long seq) {
        try (MergingCursor merge = merge()) {
            boolean on = merge.seek(lo, 0, lo.length, Trailer.FIRST);
            while (on
                    && (hi == null
                            || EntryOrder.compareKeys(
                                            merge.keyArray(), merge.keyOffset(), merge.keyLength(), hi, 0, hi.length)
                                    < 0)) {
                if (Trailer.seq(merge.trailer()) > seq) {
                    return true;
                }
                on = merge.next();
            }
            return false;
        }
    }
}
