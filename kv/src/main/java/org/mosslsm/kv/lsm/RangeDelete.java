package org.mosslsm.kv.lsm;

import java.util.Arrays;
import java.util.List;
import org.mosslsm.kv.CommitRequest;
import org.mosslsm.kv.ConflictException;
import org.mosslsm.kv.Cursor;
import org.mosslsm.kv.Durability;
import org.mosslsm.kv.EntryBatch;
import org.mosslsm.kv.KeyRange;
import org.mosslsm.kv.ScanHints;
import org.mosslsm.kv.Snapshot;
import org.mosslsm.kv.WriteBatch;

/**
 * Deletes a range by one range tombstone; one without an upper bound ends behind the last key there is, if that stays the
 * last until the commit. Where others append all the time it ends behind the greatest key there can be, which is as large.
 */
final class RangeDelete {
    private static final int TRIES = 3;

    private RangeDelete() {}

    /** Deletes the range, which is not empty. */
    static void run(Lsm store, KeyRange range) {
        boolean done = false;
        for (int i = 0; i < TRIES && !done; i++) {
            done = tried(store, range); // if not, somebody wrote behind the key that was the last
        }
        if (!done) {
            byte[] end = new byte[Limits.MAX_KEY_BYTES + 1];
            Arrays.fill(end, 0, Limits.MAX_KEY_BYTES, (byte) 0xFF);
            store.commit(CommitRequest.of(new WriteBatch().deleteRange(range.lo(), end), Durability.SYNC));
        }
    }

    private static boolean tried(Lsm store, KeyRange range) {
        try (Snapshot snapshot = store.snapshot()) {
            byte[] hi = range.hiOrNull();
            List<KeyRange> unchanged = List.of();
            if (hi == null) {
                hi = behindLastKey(snapshot, range);
                unchanged = List.of(KeyRange.from(hi));
            }
            if (Arrays.compareUnsigned(range.lo(), hi) < 0) {
                WriteBatch writes = new WriteBatch().deleteRange(range.lo(), hi);
                store.commit(new CommitRequest(
                        store.newCommitId(),
                        snapshot.version(),
                        writes,
                        List.of(),
                        List.of(),
                        unchanged,
                        Durability.SYNC));
            }
            return true;
        } catch (ConflictException e) {
            return false;
        }
    }

    private static byte[] behindLastKey(Snapshot snapshot, KeyRange range) {
        try (Cursor cursor = snapshot.scan(range, Cursor.Direction.BACKWARD, new ScanHints(1, true, true))) {
            EntryBatch last = cursor.nextBatch();
            return last == null ? range.lo() : Arrays.copyOf(last.copyKey(0), last.keyLength(0) + 1);
        }
    }
}
