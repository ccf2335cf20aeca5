package org.mosslsm.kv.lsm;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.mosslsm.kv.KeyRange;
import org.mosslsm.kv.lsm.entry.EntryOrder;
import org.mosslsm.kv.lsm.entry.Trailer;
import org.mosslsm.kv.lsm.memtable.MemTable;
import org.mosslsm.kv.lsm.memtable.MemTableCursor;
import org.mosslsm.kv.lsm.version.FileMeta;
import org.mosslsm.kv.lsm.version.TableCache;

/**
 * Estimates about ranges, for planners: from the bounds and indexes of tables, and a look at some entries of the
 * memtables. Versions and deletes count like entries.
 */
final class RangeFigures {
    /** Entries of a memtable that may become cuts. */
    private static final int SAMPLE = 2048;

    /** Entries of a memtable whose average stands for all of the range. */
    private static final int AVERAGED = 64;

    private final ReadState state;
    private final TableCache tables;
    private final byte[] lo;
    private final byte[] hi;

    /** Of what {@code state} holds in the range; the caller holds a reference on its version. */
    RangeFigures(ReadState state, TableCache tables, KeyRange range) {
        this.state = state;
        this.tables = tables;
        this.lo = range.lo();
        this.hi = range.hiOrNull();
    }

    /** Bytes the entries of the range take, roughly. */
    long bytes() {
        long bytes = 0;
        for (FileMeta file : state.version().allFiles()) {
            if (file.overlaps(lo, hi)) {
                bytes += tableBytes(file);
            }
        }
        for (MemTable memTable : state.memTables()) {
            bytes += memTableBytes(memTable);
        }
        return bytes;
    }

    /** The number of entries is estimated, and the size of the first ones stands for that of all. */
    private long memTableBytes(MemTable memTable) {
        MemTableCursor cursor = memTable.cursor();
        long bytes = 0;
        int seen = 0;
        boolean on = cursor.seek(lo, 0, lo.length, Trailer.FIRST);
        while (on && inRange(cursor) && seen < AVERAGED) {
            seen++;
            bytes += (long) cursor.keyLength() + cursor.valueLength();
            on = cursor.next();
        }
        return seen < AVERAGED ? bytes : memTable.estimatedPoints(lo, hi) * bytes / seen;
    }

    private long tableBytes(FileMeta file) {
        boolean whole = Arrays.compareUnsigned(lo, file.smallest()) <= 0
                && (hi == null || Arrays.compareUnsigned(file.largest(), hi) < 0);
        long elsewhere = file.values().bytes(); // what lies in value files, in proportion
        if (whole) {
            return file.size() + elsewhere;
        }
        long bytes = tables.reader(file).approximateBytes(lo, hi);
        return elsewhere == 0 ? bytes : bytes + (long) ((double) elsewhere * bytes / file.size());
    }

    /** Up to {@code wanted - 1} keys that cut the range into parts of similar size. */
    List<byte[]> splits(int wanted) {
        // Each candidate stands for the bytes that follow it.
        TreeMap<byte[], Long> candidates = new TreeMap<>(Arrays::compareUnsigned);
        for (FileMeta file : state.version().allFiles()) {
            if (file.overlaps(lo, hi)) {
                addCandidate(candidates, file.smallest(), tableBytes(file));
            }
        }
        for (MemTable memTable : state.memTables()) {
            sample(memTable, candidates);
        }
        long total = candidates.values().stream().mapToLong(Long::longValue).sum();
        List<byte[]> cuts = new ArrayList<>();
        long before = 0;
        for (var candidate : candidates.entrySet()) {
            boolean due = before * wanted >= total * (cuts.size() + 1);
            if (due && cuts.size() < wanted - 1 && Arrays.compareUnsigned(candidate.getKey(), lo) > 0) {
                cuts.add(candidate.getKey());
            }
            before += candidate.getValue();
        }
        return cuts;
    }

    private void addCandidate(Map<byte[], Long> candidates, byte[] key, long bytes) {
        candidates.merge(Arrays.compareUnsigned(key, lo) < 0 ? lo : key, bytes, Long::sum);
    }

    /** Adds the first keys of a memtable in the range. */
    private void sample(MemTable memTable, Map<byte[], Long> candidates) {
        MemTableCursor cursor = memTable.cursor();
        int seen = 0;
        boolean on = cursor.seek(lo, 0, lo.length, Trailer.FIRST);
        while (on && inRange(cursor) && ++seen <= SAMPLE) {
            int from = cursor.keyOffset();
            byte[] key = Arrays.copyOfRange(cursor.keyArray(), from, from + cursor.keyLength());
            addCandidate(candidates, key, (long) cursor.keyLength() + cursor.valueLength());
            on = cursor.next();
        }
    }

    private boolean inRange(MemTableCursor cursor) {
        return hi == null
                || EntryOrder.compareKeys(cursor.keyArray(), cursor.keyOffset(), cursor.keyLength(), hi, 0, hi.length)
                        < 0;
    }
}
