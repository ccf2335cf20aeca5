package org.mosslsm.kv.txn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.mosslsm.kv.Capabilities;
import org.mosslsm.kv.CommitRequest;
import org.mosslsm.kv.ConflictException;
import org.mosslsm.kv.Cursor;
import org.mosslsm.kv.Durability;
import org.mosslsm.kv.KeyRange;
import org.mosslsm.kv.ScanHints;
import org.mosslsm.kv.Snapshot;
import org.mosslsm.kv.WriteBatch;
import org.mosslsm.kv.txn.TransactionException.Kind;

/**
 * A transaction: a snapshot, the writes over it, locks, and what it read.
 *
 * <p>Invariants:
 *
 * <ol>
 *   <li>The snapshot is taken before the first lock and the first read of a statement; so a key that was committed after
 *       it and locked later is noticed by comparing versions.
 *   <li>Locks are released after the commit's version is known to {@link Transactions}, or nothing was committed; so
 *       whoever gets a lock next sees what happened under it.
 *   <li>Parts are made when first needed: a transaction that only reads has a snapshot and nothing else.
 * </ol>
 *
 * <p>Thread safety: one thread at a time, {@link #cancel} excepted.
 */
final class StoreTransaction implements Transaction {
    private static final System.Logger LOGGER = System.getLogger(StoreTransaction.class.getName());

    private final Transactions transactions;
    private final OwnCounts counts;
    private final Isolation isolation;
    private final Durability durability;
    private final OwnLocks locks;
    private final OwnWrites writes;
    private SnapshotLease lease; // null until needed
    private final RecordedReads reads = new RecordedReads();
    private KnownGaps gaps; // null until needed
    private List<byte[]> absent = List.of();
    private boolean open = true;

    /** Whether a commit was tried: what became of it was told, and nothing may be told in its place. */
    private boolean decided;

    private boolean ended;
    private BooleanSupplier over = NEVER;

    StoreTransaction(Transactions transactions, Isolation isolation, Durability durability) {
        this.transactions = transactions;
        this.counts = new OwnCounts(transactions.counts());
        this.isolation = isolation;
        this.durability = durability;
        this.locks = new OwnLocks(transactions);
        this.writes = new OwnWrites(transactions, counts, this::checkNotCancelled);
    }

    @Override
    public Isolation isolation() {
        return isolation;
    }

    @Override
    public Capabilities capabilities() {
        return transactions.store().capabilities();
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public void beginStatement() {
        checkOpen();
        locks.clearCancel();
        counts.beginStatement();
        if (isolation == Isolation.READ_COMMITTED) {
            releaseSnapshot();
        }
        snapshot();
    }

    @Override
    public long readVersion() {
        snapshot();
        return lease.version;
    }

    @Override
    public byte[] get(byte[] key) {
        Snapshot snapshot = snapshot();
        byte[] own = writes.get(key);
        if (own != null) {
            return OverlayGets.valueOf(own);
        }
        recordRead(key);
        return snapshot.get(key);
    }

    @Override
    public List<byte[]> getAll(List<byte[]> keys) {
        return OverlayGets.getAll(keys, writes::get, this::recordRead, snapshot());
    }

    @Override
    public byte[] getLatest(byte[] key) {
        if (isolation != Isolation.READ_COMMITTED) {
            return get(key);
        }
        Snapshot snapshot = snapshot();
        byte[] own = writes.get(key);
        if (own != null) {
            return OverlayGets.valueOf(own);
        }
        return transactions.mayHaveCommitsAfter(lease.version) ? newestCommitted(key) : committed(snapshot, key);
    }

    /** What a snapshot has under a key that is likely to be a new one. */
    private byte[] committed(Snapshot snapshot, byte[] key) {
        if (gaps == null) {
            gaps = new KnownGaps(transactions.parts());
        }
        return gaps.get(snapshot, key);
    }

    @Override
    public Cursor scan(KeyRange range, Cursor.Direction direction, ScanHints hints) {
        snapshot();
        return scan(lease, writes.freeze(), range, direction, hints);
    }

    Cursor scan(SnapshotLease at, WriteSet.View own, KeyRange range, Cursor.Direction direction, ScanHints hints) {
        Cursor store = at.snapshot.scan(range, direction, hints);
        OverlayCursor cursor = new OverlayCursor(at.acquire(), store, own, range, direction);
        if (isolation == Isolation.SERIALIZABLE) {
            ScanExtent extent = new ScanExtent(range, direction == Cursor.Direction.FORWARD);
            reads.opened(extent);
            cursor.track(extent, scan -> reads.closed(scan, lease));
        }
        return cursor;
    }

    @Override
    public FrozenReads freeze() {
        snapshot();
        return new FrozenReads(this, lease, writes.freeze(), counts.copy());
    }

    @Override
    public long count(long part, LongSupplier walk) {
        return counts.count(part, snapshot().version(), this::recordPart, walk);
    }

    @Override
    public long count(KeyRange range, Runnable pulse) {
        snapshot();
        return count(lease, writes.freeze(), range, pulse);
    }

    long count(SnapshotLease at, WriteSet.View own, KeyRange range, Runnable pulse) {
        if (isolation == Isolation.SERIALIZABLE) {
            recordRead(range);
        }
        at.acquire(); // the pulse may do anything
        own.hold();
        try {
            return new OverlayCount(at, own, pulse).count(range);
        } finally {
            own.letGo();
            at.release();
        }
    }

    void recordPart(long part) {
        if (isolation == Isolation.SERIALIZABLE) {
            recordRead(counts.range(part));
        }
    }

    @Override
    public void put(byte[] key, byte[] value) {
        checkOpen();
        writes.put(key, value);
    }

    @Override
    public void insert(byte[] key, byte[] value) {
        checkOpen();
        writes.insert(key, value);
    }

    @Override
    public void replace(byte[] key, byte[] value) {
        checkOpen();
        writes.replace(key, value);
    }

    @Override
    public void delete(byte[] key) {
        checkOpen();
        writes.delete(key);
    }

    @Override
    public void remove(byte[] key) {
        checkOpen();
        writes.remove(key);
    }

    @Override
    public void deleteRange(KeyRange range) {
        checkOpen();
        if (range.hiOrNull() == null) {
            throw new IllegalArgumentException("deleting a range without an upper bound");
        }
        if (!range.isEmpty()) {
            writes.makeRoom(); // or refuse it before the range is locked
            lockRange(range);
            writes.deleteRange(range);
        }
    }

    @Override
    public void removeRange(KeyRange range, long entries) {
        checkOpen();
        writes.removeRange(range, entries);
    }

    @Override
    public boolean lockRange(KeyRange range) {
        snapshot();
        locks.lockRange(range);
        if (!transactions.mayHaveCommitsAfter(lease.version)) {
            return false;
        }
        if (isolation == Isolation.READ_COMMITTED) {
            return true;
        }
        requireUnchanged(range); // whether it was changed is known at commit, and does not cost a scan now
        return false;
    }

    @Override
    public boolean lock(byte[] key) {
        return lock(key, true);
    }

    @Override
    public boolean lockShared(byte[] key) {
        return lock(key, false);
    }

    private boolean lock(byte[] key, boolean exclusive) {
        snapshot();
        locks.lock(key, exclusive, lease.version);
        return changedSinceSnapshot(key);
    }

    @Override
    public boolean tryLock(byte[] key) {
        snapshot();
        if (!locks.tryLock(key, lease.version)) {
            return false;
        }
        changedSinceSnapshot(key);
        return true;
    }

    /** With the lock of {@code key}: first updater wins, or the caller of READ COMMITTED is told to look again. */
    private boolean changedSinceSnapshot(byte[] key) {
        if (!transactions.mayHaveCommitsAfter(lease.version)) {
            return false;
        }
        if (isolation == Isolation.READ_COMMITTED) {
            return true;
        }
        if (!Arrays.equals(newestCommitted(key), lease.snapshot.get(key))) {
            throw new TransactionException(
                    Kind.SERIALIZATION,
                    "another transaction changed the row after this one's snapshot was taken",
                    null);
        }
        return false;
    }

    private byte[] newestCommitted(byte[] key) {
        try (Snapshot newest = transactions.store().snapshot()) {
            return newest.get(key);
        }
    }

    @Override
    public void setLockTimeoutMillis(long timeoutMillis) {
        locks.timeoutMillis(timeoutMillis);
    }

    @Override
    public Mark mark() {
        checkOpen();
        locks.clearCancel(); // what was meant for a statement is over: moving writes would be given up for it
        return writes.mark();
    }

    @Override
    public Mark statementMark() {
        checkOpen();
        return writes.statementMark();
    }

    @Override
    public void rollbackTo(Mark mark) {
        checkOpen();
        writes.rollbackTo(mark);
    }

    @Override
    public void requireUnchanged(byte[] key) {
        requireUnchanged(KeyRange.point(key));
    }

    @Override
    public void requireUnchanged(KeyRange range) {
        transactions.requireRangeValidation("requireUnchanged");
        snapshot();
        recordRead(range);
    }

    @Override
    public void requireAbsent(byte[] key) {
        checkOpen();
        if (transactions.isDistributed() || !locks.holdAlone(key)) {
            if (absent.isEmpty()) {
                absent = new ArrayList<>();
            }
            absent.add(key);
        }
    }

    @Override
    public boolean hasWrites() {
        return !writes.isEmpty();
    }

    @Override
    public long writeBytes() {
        return writes.bytes();
    }

    @Override
    public long commit() {
        checkOpen();
        locks.clearCancel(); // what was meant for a statement is over: only from here on it means the commit
        try {
            if (writes.isEmpty()) {
                return lease == null ? transactions.newestCommit() : lease.version;
            }
            return writes.commit(this::request);
        } catch (ConflictException e) {
            throw new TransactionException(
                    Kind.SERIALIZATION, "another transaction changed what this one read or wrote", e);
        } finally {
            decided = true;
            endAfterCommit();
        }
    }

    /** What became of the commit is told, whatever letting go throws: {@link #close} goes on with that. */
    private void endAfterCommit() {
        try {
            end();
        } catch (RuntimeException | Error e) {
            warn(e);
        }
    }

    private static void warn(Throwable e) {
        try {
            LOGGER.log(System.Logger.Level.WARNING, "a transaction that ended could not let go of everything", e);
        } catch (Error lessMemoryThanThat) {
            // then nobody is told
        }
    }

    /** Asked now and then while writes that do not fit into memory are moved about. */
    private void checkNotCancelled() {
        if (locks.isCancelled() || over.getAsBoolean()) {
            throw new TransactionException(
                    Kind.CANCELLED, "cancelled while the writes of the transaction were moved", null);
        }
    }

    private CommitRequest request(WriteBatch batch) {
        List<KeyRange> ranges = reads.ranges(lease);
        List<byte[]> keys = transactions.isDistributed() ? locks.exclusiveKeys() : List.of();
        long version = keys.isEmpty() ? Long.MAX_VALUE : locks.oldestVersion();
        version = Math.min(version, reads.sinceVersion());
        return new CommitRequest(
                transactions.nextCommitId(),
                version == Long.MAX_VALUE ? 0 : version,
                batch,
                absent,
                keys,
                ranges,
                durability);
    }

    @Override
    public void rollback() {
        if (ended) {
            return;
        }
        if (decided) {
            endAfterCommit();
        } else {
            end();
        }
    }

    @Override
    public void cancel() {
        locks.cancel();
    }

    @Override
    public void giveUpWhen(BooleanSupplier isOver) {
        over = isOver;
    }

    @Override
    public void close() {
        rollback();
    }

    /** Lets go of everything; what an Error breaks off, out of memory say, the next call goes on with. */
    private void end() {
        open = false;
        try {
            locks.letGo();
        } finally {
            try {
                releaseSnapshot();
                reads.end();
            } finally {
                writes.close();
            }
        }
        ended = true;
    }

    private void releaseSnapshot() {
        if (lease != null) {
            lease.release();
            lease = null;
        }
    }

    private Snapshot snapshot() {
        checkOpen();
        if (lease == null) {
            lease = new SnapshotLease(transactions.store().snapshot());
        }
        return lease.snapshot;
    }

    void recordRead(byte[] key) {
        if (isolation == Isolation.SERIALIZABLE) {
            recordRead(KeyRange.point(key));
        }
    }

    private void recordRead(KeyRange range) {
        reads.add(range, lease);
    }

    private void checkOpen() {
        if (!open) {
            throw new TransactionException(Kind.FINISHED, "the transaction was committed or rolled back", null);
        }
    }
}
