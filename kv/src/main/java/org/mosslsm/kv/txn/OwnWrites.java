package org.mosslsm.kv.txn;

import java.util.function.Function;
import org.mosslsm.kv.CommitRequest;
import org.mosslsm.kv.KeyRange;
import org.mosslsm.kv.WriteBatch;
import org.mosslsm.kv.txn.TransactionException.Kind;

/**
 * The writes of one transaction, and what they do to its counts: both change together, go back to a mark together, and are
 * committed together. Writes that take too much memory are spilled.
 *
 * <p>Thread safety: one thread at a time.
 */
final class OwnWrites {
    /** Of the memory of the writes, what a savepoint may hold on to once they are spilled: there may be many. */
    private static final int MARK_SHARE = 16;

    /** Of the memory of the writes, what the filter of one run may take: few runs are large. */
    private static final int FILTER_SHARE = 4;

    private final Transactions transactions;
    private final OwnCounts counts;
    private final Runnable mayGoOn;
    private WriteSet writes; // null until needed: most transactions only read

    /** Whether a statement was marked before there was anything to undo. */
    private boolean marked;

    /**
     * No writes.
     *
     * @param mayGoOn asked now and then while many writes are moved; throws when that is to be given up
     */
    OwnWrites(Transactions transactions, OwnCounts counts, Runnable mayGoOn) {
        this.transactions = transactions;
        this.counts = counts;
        this.mayGoOn = mayGoOn;
    }

    private WriteSet writes() {
        if (writes == null) {
            WriteSet made =
                    new WriteSet(transactions.store()::scratchFile, transactions.writeBytes() / FILTER_SHARE, mayGoOn);
            if (marked) {
                made.mark(); // which is that first one
            }
            writes = made;
        }
        return writes;
    }

    boolean isEmpty() {
        return writes == null || writes.isEmpty();
    }

    /** Memory that the writes take. */
    long bytes() {
        return writes == null ? 0 : writes.entryBytes() + writes.rangeBytes();
    }

    /** As {@link WriteSet#get}. */
    byte[] get(byte[] key) {
        return writes == null ? null : writes.get(key);
    }

    /** The present state, for a scan. */
    WriteSet.View freeze() {
        return writes == null ? WriteSet.View.EMPTY : writes.freeze();
    }

    /** Makes room for a write: spills those before it where they take too much, and refuses it where that does not help. */
    void makeRoom() {
        if (writes == null) {
            return;
        }
        if (writes.entryBytes() > transactions.writeBytes()) {
            writes.spill();
        }
        if (writes.rangeBytes() > transactions.rangeBytes()) {
            throw new TransactionException(
                    Kind.TOO_LARGE,
                    "the ranges that the transaction deleted take more than " + (transactions.rangeBytes() >> 10)
                            + " kB of memory: commit more often, or give the JVM a larger heap",
                    null);
        }
    }

    void put(byte[] key, byte[] value) {
        makeRoom();
        counts.uncounted(key);
        writes().put(key, value);
    }

    /** Of a key that has none. */
    void insert(byte[] key, byte[] value) {
        makeRoom();
        counts.changed(key, 1);
        writes().put(key, value);
    }

    /** Of a key that has one. */
    void replace(byte[] key, byte[] value) {
        makeRoom();
        counts.replaced();
        writes().put(key, value);
    }

    void delete(byte[] key) {
        makeRoom();
        counts.uncounted(key);
        writes().delete(key);
    }

    /** Of a key that has a value, unless that was removed before. */
    void remove(byte[] key) {
        makeRoom();
        if (get(key) != WriteSet.DELETED) {
            counts.changed(key, -1);
            writes().delete(key);
        }
    }

    void deleteRange(KeyRange range) {
        makeRoom();
        counts.uncounted(range);
        writes().deleteRange(range);
    }

    /** Of a range that has so many entries. */
    void removeRange(KeyRange range, long entries) {
        makeRoom();
        counts.changed(range.lo(), -entries);
        writes().deleteRange(range);
    }

    /** A mark of the write set, and the tally at that time. */
    private record Point(Mark writes, Tally tally) implements Mark {}

    /** The present state, to come back to at any time. */
    Mark mark() {
        if (writes == null) {
            return marked(WriteSet.View.EMPTY);
        }
        if (writes.isSpilled() && writes.entryBytes() > transactions.writeBytes() / MARK_SHARE) {
            writes.spill();
        }
        return marked(writes.freezeForMark());
    }

    /** The present state, to come back to before the next mark of a statement. */
    Mark statementMark() {
        if (writes == null) {
            marked = true;
            return marked(UndoLog.Start.FIRST);
        }
        return marked(writes.mark());
    }

    private Mark marked(Mark state) {
        Tally tally = counts.mark();
        return tally == null ? state : new Point(state, tally);
    }

    void rollbackTo(Mark mark) {
        if (mark instanceof Point point) {
            restore(point.writes());
            counts.restore(point.tally());
        } else {
            restore(mark);
            counts.restore(null);
        }
    }

    private void restore(Mark mark) {
        if (writes != null) {
            writes.restore(mark);
        }
    }

    /** Commits them by the request that is made with a batch; returns the version. */
    long commit(Function<WriteBatch, CommitRequest> request) {
        return writes().isSpilled()
                ? transactions.commit(request.apply(writes.rangesToBatch()), counts.tally(), writes)
                : transactions.commit(request.apply(writes.toBatch()), counts.tally());
    }

    /** Lets go of what was spilled; what an Error breaks off the next call goes on with. */
    void close() {
        if (writes != null) {
            writes.close();
        }
    }
}
