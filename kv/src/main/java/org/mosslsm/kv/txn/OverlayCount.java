package org.mosslsm.kv.txn;

import java.util.Arrays;
import org.mosslsm.kv.Cursor;
import org.mosslsm.kv.EntryBatch;
import org.mosslsm.kv.KeyRange;
import org.mosslsm.kv.ScanHints;
import org.mosslsm.kv.Snapshot;

/**
 * Counts what a transaction sees of a range: what its snapshot has outside of the ranges it deleted, and what each of its own
 * writes adds or takes away.
 *
 * <pre>
 * range      [                                              )
 * deleted          [  gap  )          [  gap  )
 * counted    [  1 )         [    2    )        [     3      )     by the snapshot, which may know without reading
 * own           put      put      delete                          +1 where the snapshot, but for the gaps, has no such key,
 *                                                                 -1 where it has; else nothing
 * </pre>
 *
 * <p>Each own write in the range, and each gap, costs a look into the snapshot: where there are many, or more of them than
 * entries, the two are merged, and counted one by one. Thread safety: one thread at a time.
 */
final class OverlayCount {
    /** So many own writes are looked up, at some microseconds each. */
    static final int MOST_LOOKED_UP = 1024;

    /** So many are looked up, however few entries they lie among. */
    private static final int FEW = 16;

    private static final ScanHints KEYS = new ScanHints(0, true, true);

    private final SnapshotLease lease;
    private final Snapshot snapshot;
    private final WriteSet.View own;
    private final Runnable pulse;

    /** Of a snapshot and writes that the caller holds. */
    OverlayCount(SnapshotLease lease, WriteSet.View own, Runnable pulse) {
        this.lease = lease;
        this.snapshot = lease.snapshot;
        this.own = own;
        this.pulse = pulse;
    }

    long count(KeyRange range) {
        if (range.isEmpty()) {
            return 0;
        }
        int writes = ownWrites(range);
        if (writes > MOST_LOOKED_UP || gaps(range) > MOST_LOOKED_UP) {
            return merged(range);
        }
        long outside = outsideOfGaps(range);
        return writes > FEW && writes > outside ? merged(range) : outside + added(range);
    }

    /** Deleted ranges in the range, as far as it matters how many. */
    private int gaps(KeyRange range) {
        int found = 0;
        TreeCursor gap = firstGap(range.lo());
        for (; gap.valid() && isBefore(gap.key(), range.hiOrNull()) && found <= MOST_LOOKED_UP; gap.next()) {
            found++;
        }
        return found;
    }

    private TreeCursor firstGap(byte[] from) {
        TreeCursor gap = new TreeCursor(own.deleted());
        gap.floor(from);
        if (!gap.valid()) {
            gap.first();
        }
        return gap;
    }

    private static boolean isBefore(byte[] key, byte[] hiOrNull) {
        return hiOrNull == null || Arrays.compareUnsigned(key, hiOrNull) < 0;
    }

    /** Own writes in the range, as far as it matters how many. */
    private int ownWrites(KeyRange range) {
        int found = 0;
        WriteCursor cursor = own.cursor();
        for (cursor.ceiling(range.lo()); isIn(cursor, range) && found <= MOST_LOOKED_UP; cursor.next()) {
            found++;
        }
        return found;
    }

    private static boolean isIn(WriteCursor cursor, KeyRange range) {
        return cursor.valid() && range.contains(cursor.key());
    }

    private long outsideOfGaps(KeyRange range) {
        long count = 0;
        byte[] from = range.lo();
        byte[] hi = range.hiOrNull();
        TreeCursor gap = firstGap(from);
        for (; gap.valid() && isBefore(gap.key(), hi); gap.next()) {
            count += snapshot.count(KeyRange.of(from, gap.key()), pulse);
            if (gap.value() == IntervalSet.END) {
                return count;
            }
            from = Arrays.compareUnsigned(gap.value(), from) > 0 ? gap.value() : from;
        }
        return count + snapshot.count(hi == null ? KeyRange.from(from) : KeyRange.of(from, hi), pulse);
    }

    /** By how much own writes change the number. */
    private long added(KeyRange range) {
        long added = 0;
        WriteCursor cursor = own.cursor();
        for (cursor.ceiling(range.lo()); isIn(cursor, range); cursor.next()) {
            boolean there = !IntervalSet.covers(own.deleted(), cursor.key())
                    && snapshot.count(KeyRange.point(cursor.key()), pulse) > 0;
            added += (cursor.value() == WriteSet.DELETED ? 0 : 1) - (there ? 1 : 0);
        }
        return added;
    }

    private long merged(KeyRange range) {
        long count = 0;
        Cursor store = snapshot.scan(range, Cursor.Direction.FORWARD, KEYS);
        try (OverlayCursor cursor = new OverlayCursor(lease.acquire(), store, own, range, Cursor.Direction.FORWARD)) {
            for (EntryBatch batch = cursor.nextBatch(); batch != null; batch = cursor.nextBatch()) {
                count += batch.size();
                pulse.run();
            }
        }
        return count;
    }
}
