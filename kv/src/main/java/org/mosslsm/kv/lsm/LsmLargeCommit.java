package org.mosslsm.kv.lsm;

import java.util.ArrayList;
import java.util.List;
import org.mosslsm.kv.CommitRequest;
import org.mosslsm.kv.Store.LargeCommit;
import org.mosslsm.kv.WriteBatch;
import org.mosslsm.kv.lsm.entry.RangeTombstone;

/**
 * A commit too large for log and memtable.
 *
 * <pre>
 * put, delete   into {@link SortedTables}
 * commit        finish the last one; flush; then, under the commit lock:    {@link LoadedTables}
 *                 do the conditions hold?  no: conflict, nothing happened
 *                 a table of the range deletes, then the tables, in one edit of the manifest
 * close         deletes the tables, unless they were committed
 * </pre>
 *
 * <p>Not thread-safe.
 */
final class LsmLargeCommit implements LargeCommit {
    private final LoadedTables target;
    private final SortedTables tables;
    private final Health health;
    private boolean over;

    LsmLargeCommit(LoadedTables target, SortedTables tables, Health health) {
        this.target = target;
        this.tables = tables;
        this.health = health;
    }

    @Override
    public void put(byte[] keys, int keyOffset, int keyLength, byte[] values, int valueOffset, int valueLength) {
        checkNotOver();
        tables.put(keys, keyOffset, keyLength, values, valueOffset, valueLength);
    }

    @Override
    public void delete(byte[] keys, int keyOffset, int keyLength) {
        checkNotOver();
        tables.delete(keys, keyOffset, keyLength);
    }

    @Override
    public long commit(CommitRequest request) {
        checkNotOver();
        Limits.check(request.writes());
        List<RangeTombstone> deleted = rangesOf(request.writes());
        over = true;
        try {
            return target.commit(request, deleted, tables);
        } finally {
            tables.close();
        }
    }

    /** The ranges to delete, at sequence number 0. */
    private static List<RangeTombstone> rangesOf(WriteBatch writes) {
        List<RangeTombstone> ranges = new ArrayList<>();
        writes.forEach(new WriteBatch.Visitor() {
            @Override
            public void put(byte[] array, int keyOffset, int keyLength, int valueOffset, int valueLength) {
                throw new IllegalArgumentException("a large commit with a put beside its entries");
            }

            @Override
            public void delete(byte[] array, int keyOffset, int keyLength) {
                throw new IllegalArgumentException("a large commit with a delete beside its entries");
            }

            @Override
            public void deleteRange(byte[] array, int loOffset, int loLength, int hiOffset, int hiLength) {
                RangeTombstone range = RangeTombstone.ofOrNull(array, loOffset, loLength, hiOffset, hiLength, 0);
                if (range != null) {
                    ranges.add(range);
                }
            }
        });
        return ranges;
    }

    @Override
    public void close() {
        over = true;
        tables.close();
    }

    private void checkNotOver() {
        if (over) {
            throw new IllegalStateException("the commit was made or closed");
        }
        health.checkOpen();
    }
}
