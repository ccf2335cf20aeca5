package org.mosslsm.kv.lsm;

import java.util.Arrays;
import org.mosslsm.kv.KeyRange;
import org.mosslsm.kv.lsm.entry.EntryCursor;
import org.mosslsm.kv.lsm.entry.EntryOrder;
import org.mosslsm.kv.lsm.entry.TombstoneSource;
import org.mosslsm.kv.lsm.entry.Trailer;
import org.mosslsm.kv.lsm.iter.DeadGaps;
import org.mosslsm.kv.lsm.iter.LevelCursor;
import org.mosslsm.kv.lsm.iter.LevelTombstones;
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
 *
 * <p>Cursors are opened for every seek of an application, so this makes few objects, and looks at bounds only: no table is
 * opened.
 */
final class CursorSources {
    private static final TombstoneSource[] NO_TOMBSTONES = {};

    private final TableCache tables;
    private final byte[] lo;
    private final byte[] hi;
    private final boolean fillCache;

    /** Tables without anything newer than this are left out. */
    private final long newerThan;

    private EntryCursor[] cursors = new EntryCursor[4];

    /** Greatest sequence number each cursor can meet. */
    private long[] maxSeqs = new long[4];

    private int count;

    /** So many of the cursors, the first ones, are over memtables and level 0. */
    private int upper;

    private TombstoneSource[] tombstones = NO_TOMBSTONES;

    /** Whether there is a range tombstone somewhere: else nobody asks for the numbers of tables. */
    private boolean skips;

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

    /** The first key of the range that a point write, of any version, stands under; null where there is none. */
    static byte[] firstKey(ReadState state, TableCache tables, KeyRange range) {
        CursorSources sources = new CursorSources(tables, range, true, -1);
        sources.gather(state);
        try (MergingCursor merge = sources.merge()) {
            if (!merge.seek(sources.lo, 0, sources.lo.length, Trailer.FIRST)) {
                return null;
            }
            int from = merge.keyOffset();
            return Arrays.copyOfRange(merge.keyArray(), from, from + merge.keyLength());
        }
    }

    private void gather(ReadState state) {
        MemTable[] memTables = state.memTables();
        for (int i = 0; i < memTables.length; i++) {
            add(memTables[i], i == 0);
        }
        Version version = state.version();
        skips = tombstones.length > 0 || version.hasRangeDeletes();
        for (FileMeta[] run : version.level0Runs()) {
            addOverlapping(run);
        }
        upper = count;
        for (int level = 1; level < Version.LEVELS; level++) {
            addOverlapping(version.array(level));
        }
    }

    /** Adds those of a run or a level that may hold something of the range. */
    private void addOverlapping(FileMeta[] files) {
        if (files.length > 0) {
            int from = FileMeta.firstNotBefore(files, 0, files.length, lo, 0, lo.length);
            add(files, from, hi == null ? files.length : endOfOverlap(files, from));
        }
    }

    /** Index of the first table from {@code from} on that begins behind the range. */
    private int endOfOverlap(FileMeta[] files, int from) {
        int end = from;
        int step = 1; // short ranges end in the table they begin in
        while (end < files.length && files[end].overlaps(lo, hi)) {
            end = Math.min(files.length, end + step);
            step *= 2;
        }
        while (end > from && !files[end - 1].overlaps(lo, hi)) {
            end--;
        }
        return end;
    }

    private void add(MemTable memTable, boolean active) {
        // What is added from now on is newer than the snapshot, for which an empty memtable stays empty. But a
        // cursor that makes gaps known must meet it, where it came before the watch: invariant 3 of DeadGaps.
        if (memTable.pointCount() > 0 || (active && newerThan < 0)) {
            add(memTable.cursor(), Long.MAX_VALUE);
        }
        if (memTable.rangeCount() > 0) {
            add(memTable.rangeTombstones());
        }
    }

    private void add(FileMeta[] level, int from, int to) {
        FileMeta[] files = level;
        int first = from;
        int end = to;
        if (newerThan >= 0) {
            files = Arrays.stream(level, from, to)
                    .filter(f -> f.maxSeq() > newerThan)
                    .toArray(FileMeta[]::new);
            first = 0;
            end = files.length;
        }
        if (first == end) {
            return;
        }
        long maxSeq = Long.MAX_VALUE;
        if (skips) {
            maxSeq = 0;
            long rangeDeletes = 0;
            for (int i = first; i < end; i++) {
                maxSeq = Math.max(maxSeq, files[i].maxSeq());
                rangeDeletes += files[i].rangeDeletes();
            }
            if (rangeDeletes > 0) {
                add(new LevelTombstones(tables, files, first, end));
            }
        }
        add(new LevelCursor(tables, files, first, end, fillCache), maxSeq);
    }

    private void add(EntryCursor cursor, long maxSeq) {
        if (count == cursors.length) {
            cursors = Arrays.copyOf(cursors, 2 * count);
            maxSeqs = Arrays.copyOf(maxSeqs, 2 * count);
        }
        cursors[count] = cursor;
        maxSeqs[count++] = maxSeq;
    }

    private void add(TombstoneSource source) {
        tombstones = Arrays.copyOf(tombstones, tombstones.length + 1); // rare, and few
        tombstones[tombstones.length - 1] = source;
    }

    private MergingCursor merge() {
        return new MergingCursor(count == cursors.length ? cursors : Arrays.copyOf(cursors, count), maxSeqs, upper);
    }

    private boolean anyTombstoneNewer(long seq) {
        return Arrays.stream(tombstones).anyMatch(t -> t.anyNewer(lo, hi, seq));
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
