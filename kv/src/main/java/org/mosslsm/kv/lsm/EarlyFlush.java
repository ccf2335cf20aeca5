package org.mosslsm.kv.lsm;

import java.util.List;
import java.util.stream.Stream;
import org.mosslsm.kv.lsm.compact.HiddenEntries;
import org.mosslsm.kv.lsm.entry.RangeTombstones;
import org.mosslsm.kv.lsm.entry.Stripes;
import org.mosslsm.kv.lsm.memtable.MemTable;
import org.mosslsm.kv.lsm.version.FileMeta;
import org.mosslsm.kv.lsm.version.TableCache;
import org.mosslsm.kv.lsm.version.Version;

/**
 * Whether the memtable is worth flushing though it is not full.
 *
 * <pre>
 * range deletes   that have waited for a tick cover tables from end to end: space comes back unread
 *                 hide a good part of what a merge of level 0 reads: then level 0 is merged for them, and scans are fast again
 * scans           walk over so much of it in vain that a table without that is cheaper
 * </pre>
 *
 * <p>Thread-safe: compactors ask it in turn.
 */
final class EarlyFlush {
    /** The part of a full memtable that is worth a flush for the sake of scans, and is worth hiding: one in so many bytes. */
    private static final int SMALL_FLUSH = 16;

    /** Range deletes are worth a flush when they hide one in so many entries of level 0 and the level below. */
    private static final int HIDDEN_PART = 8;

    /** A flush brings the next merge of level 0 nearer by one part of so many. */
    private static final int MERGE_PART = 4;

    /** Range deletes are weighed again when there are more of them by one in so many. */
    private static final int GROWN_PART = 8;

    private final ReadStates states;
    private final TableCache tables;
    private final ScanWaste waste;
    private final long leastBytes;

    /** The memtable that was found worth flushing: it still is, until it is flushed. */
    private MemTable wanted;

    /** The memtable that had range deletes when it was last asked, and how many. */
    private MemTable rangesSeenIn;

    private int rangesSeen;

    /** The memtable whose range deletes were last weighed, and how many they were. */
    private MemTable rangesWeighedIn;

    private int rangesWeighed;

    EarlyFlush(ReadStates states, TableCache tables, ScanWaste waste, long memtableBytes) {
        this.states = states;
        this.tables = tables;
        this.waste = waste;
        this.leastBytes = memtableBytes / SMALL_FLUSH;
    }

    /**
     * Whether it is worth it now; called at every tick of a compactor, and whenever something has changed. Where a table
     * cannot be read what it would say is not weighed.
     */
    synchronized boolean isWorthIt() {
        ReadState state = states.acquire();
        try {
            MemTable active = state.active().table();
            boolean worth = active == wanted || dropsTables(state) || hidesMuch(state) || sparesScans(state);
            wanted = worth ? active : null;
            return worth;
        } finally {
            state.version().release();
        }
    }

    private boolean dropsTables(ReadState state) {
        MemTable active = state.active().table();
        int ranges = active.rangeCount();
        boolean waited = active == rangesSeenIn && ranges == rangesSeen;
        rangesSeenIn = active;
        rangesSeen = ranges;
        if (ranges == 0 || !waited) {
            return false;
        }
        RangeTombstones tombstones = active.rangeTombstones(Stripes.ONE);
        return state.version().allFiles().stream().anyMatch(file -> covers(tombstones, file));
    }

    private static boolean covers(RangeTombstones tombstones, FileMeta file) {
        return tombstones.coversAll(
                file.smallest(), file.largest(), !file.largestExclusive(), file.maxSeq(), Long.MAX_VALUE);
    }

    /** Weighs the range deletes of the memtable, but for what is hidden already. */
    private boolean hidesMuch(ReadState state) {
        MemTable active = state.active().table();
        int ranges = active.rangeCount();
        int weighed = active == rangesWeighedIn ? rangesWeighed : 0;
        boolean due = state.immutables().isEmpty() && ranges - weighed > weighed / GROWN_PART;
        rangesWeighedIn = active; // and holds no other
        rangesWeighed = due ? ranges : weighed;
        if (!due) {
            return false;
        }
        Version version = state.version();
        List<FileMeta> deleting = version.files(0).stream()
                .filter(file -> file.rangeDeletes() > 0)
                .toList();
        RangeTombstones flushed = HiddenEntries.tombstonesOf(deleting, tables);
        RangeTombstones all = HiddenEntries.union(Stream.of(flushed, active.rangeTombstones(Stripes.ONE)));
        HiddenEntries before = HiddenEntries.by(flushed, version, tables);
        HiddenEntries after = HiddenEntries.by(all, version, tables);
        return after.bytes() - before.bytes() >= leastBytes
                && (after.entries() - before.entries()) * HIDDEN_PART >= version.entriesToMerge();
    }

    /** Not for a small one: a little table that is written and scanned all the time would be flushed all the time. */
    private boolean sparesScans(ReadState state) {
        MemTable active = state.active().table();
        return state.immutables().isEmpty()
                && active.byteSize() >= leastBytes
                && waste.outweighsFlush(active.pointCount() + state.version().entriesToMerge() / MERGE_PART);
    }
}
