// Ranges filled before anybody knows of them.
package org.mosslsm.sql.exec.ddl;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.mosslsm.kv.BulkLoad;
import org.mosslsm.kv.CommitRequest;
import org.mosslsm.kv.Cursor;
import org.mosslsm.kv.Durability;
import org.mosslsm.kv.EntryBatch;
import org.mosslsm.kv.KeyRange;
import org.mosslsm.kv.KvException;
import org.mosslsm.kv.ScanHints;
import org.mosslsm.kv.Snapshot;
import org.mosslsm.kv.Store;
import org.mosslsm.kv.WriteBatch;
import org.mosslsm.kv.txn.Transaction;
import org.mosslsm.kv.txn.Transactions;
import org.mosslsm.sql.encode.IndexKeys;

/**
 * The bulk loads of one transaction. They go past its writes, into ranges of new indexes that no catalog names yet:
 *
 * <pre>
 * begin        a mark that says "this range belongs to nobody" is committed, durably
 *              the transaction deletes the mark, as one of its writes
 * load         entries come into the range, at once
 * commit       the catalog names the index, and the mark is gone: one commit
 * otherwise    rolled back, rolled back to a savepoint, crashed, failed: the mark is still there. At the end of the
 *              transaction, or when the database is opened again, the range is emptied and the mark deleted
 * </pre>
 *
 * <pre>
 * mark := 04 'u' lo -> hi
 * </pre>
 *
 * <p>Not thread-safe.
 */
public final class RangeBuilds {
    private static final byte[] MARKS = {IndexKeys.SEQUENCES, 'u'};

    private final Transactions transactions;
    private final Store store;
    private List<KeyRange> begun = List.of(); // mutable once there is one, as the ends: most transactions build nothing

    /** To run when nothing of what was begun is loaded or removed any more. */
    private List<Runnable> ends = List.of();

    /** None yet. */
    public RangeBuilds(Transactions transactions) {
        this.transactions = transactions;
        this.store = transactions.store();
    }

    /** Begins to load the range of a new index; the caller closes the load. */
    BulkLoad begin(Transaction tx, KeyRange range) {
        byte[] mark = mark(range);
        store.commit(CommitRequest.of(new WriteBatch().put(mark, range.hiOrNull()), Durability.SYNC));
        if (begun.isEmpty()) {
            begun = new ArrayList<>();
            ends = new ArrayList<>();
        }
        begun.add(range);
        ends.add(transactions.writesPast(range));
        tx.delete(mark);
        return store.bulkLoad(range);
    }

    /** The transaction has ended: what it did not make its own is removed. */
    public void end() {
        for (int i = 0; i < begun.size(); i++) {
            KeyRange range = begun.get(i);
            try {
                if (isMarked(range)) {
                    remove(store, range);
                }
                ends.get(i).run();
            } catch (KvException e) {
                // The mark stays: whoever opens the database next removes the range. Until then nobody reads it.
            }
        }
        begun = List.of();
        ends = List.of();
    }

    /** Whether the transaction committed is not known: its ranges are left to the next open, which can tell. */
    public void leave() {
        begun = List.of();
        ends = List.of();
    }

    private boolean isMarked(KeyRange range) {
        try (Snapshot now = store.snapshot()) {
            return now.get(mark(range)) != null;
        }
    }

    /** The database is opened: removes what transactions that never ended had loaded. */
    public static void sweep(Store store) {
        List<KeyRange> left = new ArrayList<>();
        try (Snapshot now = store.snapshot();
                Cursor marks = now.scan(KeyRange.prefix(MARKS), Cursor.Direction.FORWARD, ScanHints.NONE)) {
            for (EntryBatch batch = marks.nextBatch(); batch != null; batch = marks.nextBatch()) {
                for (int i = 0; i < batch.size(); i++) {
                    byte[] mark = batch.copyKey(i);
                    left.add(KeyRange.of(Arrays.copyOfRange(mark, MARKS.length, mark.length), batch.copyValue(i)));
                }
            }
        }
        left.forEach(range -> remove(store, range));
    }

    private static void remove(Store store, KeyRange range) {
        store.deleteRange(range);
        store.commit(CommitRequest.of(new WriteBatch().delete(mark(range)), Durability.SYNC));
    }

    private static byte[] mark(KeyRange range) {
        byte[] lo = range.lo();
        byte[] mark = Arrays.copyOf(MARKS, MARKS.length + lo.length);
        System.arraycopy(lo, 0, mark, MARKS.length, lo.length);
        return mark;
    }
}
