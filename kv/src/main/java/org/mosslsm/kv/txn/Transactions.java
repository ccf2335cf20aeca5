package org.mosslsm.kv.txn;

import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToLongFunction;
import org.mosslsm.kv.Capabilities;
import org.mosslsm.kv.CommitRequest;
import org.mosslsm.kv.ConflictException;
import org.mosslsm.kv.CorruptionException;
import org.mosslsm.kv.Durability;
import org.mosslsm.kv.KeyRange;
import org.mosslsm.kv.KvIoException;
import org.mosslsm.kv.Snapshot;
import org.mosslsm.kv.Store;
import org.mosslsm.kv.StoreClosedException;
import org.mosslsm.kv.StoreReadOnlyException;

/**
 * The transactions of one store. All writes of locked keys must go through one object of this class: it holds the locks.
 * Does not own the store.
 *
 * <p>Thread safety: every method may be called by any thread at any time.
 */
public final class Transactions {
    /** Default longest wait for a lock, in milliseconds: longer than any healthy transaction, shorter than patience. */
    public static final long LOCK_TIMEOUT_MILLIS = 5_000;

    /**
     * Of the heap, what the writes of one transaction may take before they are spilled; as much again is kept while a
     * statement may have to be undone. A commit of what was not spilled has them three times for a moment, as writes, as a
     * record of the log and in the memtable.
     */
    private static final int HEAP_SHARE = 24;

    /** What the lock of a key takes, with its key. Locks take as much as writes, and half of that, before they are escalated. */
    private static final int LOCK_BYTES = 160;

    /** So many times the locks that should be escalated end a transaction where that was not possible. */
    private static final int MOST_LOCKS = 4;

    private static final long LEAST_WRITE_BYTES = 1 << 20;

    /** Beyond this more memory makes a transaction no faster: what is written is read again once, in order. */
    private static final long MOST_WRITE_BYTES = 64 << 20;

    private final Store store;
    private final long writeBytes;
    private final Capabilities capabilities;
    private final CountedParts parts;
    private final LockTable locks = new LockTable();
    private final PartCounts counts;
    private final AtomicLong newestCommit = new AtomicLong();

    /** Whether the outcome of some commit is open: from then on nobody may rely on having seen the newest one. */
    private volatile boolean outcomeOpen;

    /** Commit identities are a random number of this object and a counter: unique, and free of a random source. */
    private final long idHigh = UUID.randomUUID().getMostSignificantBits();

    private final AtomicLong idLow = new AtomicLong();

    /** Transactions over {@code store}, which stays the caller's to close. */
    public Transactions(Store store) {
        this(store, CountedParts.NONE);
    }

    /** As {@link #Transactions(Store)}; writes of a transaction beyond about {@code writeBytes} go to scratch files. */
    public Transactions(Store store, long writeBytes) {
        this(store, CountedParts.NONE, writeBytes);
    }

    /**
     * As above; the entries of {@code parts} are counted as they come and go, for {@link Transaction#count}. Then all
     * writes to these parts must go through this object. A distributed store is written to by others: nothing is counted.
     */
    public Transactions(Store store, CountedParts parts) {
        this(store, parts, usualWriteBytes());
    }

    private static long usualWriteBytes() {
        long share = Runtime.getRuntime().maxMemory() / HEAP_SHARE;
        return Math.min(MOST_WRITE_BYTES, Math.max(LEAST_WRITE_BYTES, share));
    }

    /** As {@link #Transactions(Store, CountedParts)} and {@link #Transactions(Store, long)}. */
    public Transactions(Store store, CountedParts parts, long writeBytes) {
        this.store = store;
        this.writeBytes = writeBytes;
        this.capabilities = store.capabilities();
        this.parts = parts;
        this.counts = new PartCounts(capabilities.distributed() ? CountedParts.NONE : parts);
    }

    /** The store beneath. */
    public Store store() {
        return store;
    }

    /** A transaction as most want it: READ COMMITTED, durable on commit. */
    public Transaction begin() {
        return begin(Isolation.READ_COMMITTED, Durability.SYNC);
    }

    /**
     * A new transaction; its snapshot is taken by its first read or statement. Costs next to nothing until it is used.
     *
     * @throws TransactionException of kind UNSUPPORTED when the store cannot give the isolation
     */
    public Transaction begin(Isolation isolation, Durability durability) {
        if (isolation == Isolation.SERIALIZABLE) {
            requireRangeValidation("SERIALIZABLE");
        }
        return new StoreTransaction(this, isolation, durability);
    }

    /**
     * Says that entries of {@code range} come and go past the transactions, by a bulk load say, until what is returned
     * runs: meanwhile {@link Transaction#count} walks. It must not run before the last such change has happened.
     */
    public Runnable writesPast(KeyRange range) {
        PartCount count = counts.hold(range);
        return () -> {
            if (count != null) {
                try (Snapshot now = store.snapshot()) {
                    count.released(now.version());
                }
            }
        };
    }

    /** Number of keys locked or waited for, now. */
    public int lockedKeys() {
        return locks.size();
    }

    long writeBytes() {
        return writeBytes;
    }

    /** What the deleted ranges of a transaction may take: they are not spilled. */
    long rangeBytes() {
        return Math.max(LEAST_WRITE_BYTES, writeBytes);
    }

    /** How many keys a transaction may lock one by one. */
    private int manyLocks() {
        return (int) (writeBytes * 3 / 2 / LOCK_BYTES) + 1;
    }

    /** The owner has locked {@code key}: escalates where that makes too many. */
    void lockedOneMore(LockOwner owner, byte[] key) {
        int held = owner.held.size();
        if (held < owner.escalateAt || held < manyLocks() || isDistributed() || owner.hasRangeOver(key)) {
            return;
        }
        KeyRange range = parts.lockedTogether(key);
        if (range == null || locks.tryEscalate(owner, range)) {
            owner.escalateAt = owner.held.size() + owner.held.size() / 4; // those of other ranges stay
            return;
        }
        if (held > MOST_LOCKS * (long) manyLocks()) {
            throw new TransactionException(
                    TransactionException.Kind.TOO_LARGE,
                    "the transaction has locked " + held
                            + " keys, and others keep it from locking the table as a whole:"
                            + " commit more often, or give the JVM a larger heap",
                    null);
        }
        owner.escalateAt = held + held / 4; // not at each one
    }

    LockTable locks() {
        return locks;
    }

    CountedParts parts() {
        return parts;
    }

    PartCounts counts() {
        return counts;
    }

    boolean isDistributed() {
        return capabilities.distributed();
    }

    void requireRangeValidation(String what) {
        if (!capabilities.rangeValidation()) {
            throw new TransactionException(
                    TransactionException.Kind.UNSUPPORTED,
                    what + " needs a store that validates ranges, which this one does not",
                    null);
        }
    }

    /** Whether anything may have been committed after {@code version}. */
    boolean mayHaveCommitsAfter(long version) {
        return capabilities.distributed() || outcomeOpen || newestCommit.get() > version;
    }

    long newestCommit() {
        return newestCommit.get();
    }

    UUID nextCommitId() {
        return new UUID(idHigh, idLow.incrementAndGet());
    }

    /** Commits to the store and remembers its version, before the caller lets go of any lock. */
    long commit(CommitRequest request, Tally tally) {
        return commit(request, tally, store::commit);
    }

    /** As above, of spilled writes; {@code request} has their deleted ranges. */
    long commit(CommitRequest request, Tally tally, WriteSet spilled) {
        try (Store.LargeCommit large = store.largeCommit()) {
            spilled.sendTo(large);
            return commit(request, tally, large::commit);
        }
    }

    private long commit(CommitRequest request, Tally tally, ToLongFunction<CommitRequest> way) {
        PartCounts.Report report = counts.begin(tally);
        if (report == null) {
            return commit(request, way);
        }
        try {
            long version = commit(request, way);
            report.committed(version);
            return version;
        } catch (RuntimeException e) {
            if (didNothing(e)) {
                report.refused();
            }
            throw e;
        } finally {
            report.end();
        }
    }

    private long commit(CommitRequest request, ToLongFunction<CommitRequest> way) {
        try {
            long version = way.applyAsLong(request);
            newestCommit.accumulateAndGet(version, Math::max);
            return version;
        } catch (RuntimeException | Error e) {
            if (!didNothing(e)) {
                outcomeOpen = true;
            }
            throw e;
        }
    }

    /** Whether a commit that throws that has done nothing, as {@link Store#commit} says; all else leaves that open. */
    private static boolean didNothing(Throwable thrown) {
        return thrown instanceof ConflictException
                || thrown instanceof CorruptionException
                || thrown instanceof KvIoException
                || thrown instanceof StoreReadOnlyException
                || thrown instanceof StoreClosedException
                || thrown instanceof IllegalArgumentException;
    }
}
