package org.mosslsm.kv.txn;

import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.mosslsm.kv.Capabilities;
import org.mosslsm.kv.CommitRequest;
import org.mosslsm.kv.ConflictException;
import org.mosslsm.kv.Durability;
import org.mosslsm.kv.KeyRange;
import org.mosslsm.kv.Snapshot;
import org.mosslsm.kv.Store;
import org.mosslsm.kv.UnknownOutcomeException;

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
     * Of the heap, what the writes of one transaction may take. At its commit they are there three times for a moment, as
     * writes, as a record of the log and in the memtable, and each has its lock: beyond this share the heap itself would
     * end, for everybody in the process.
     */
    private static final int HEAP_SHARE = 12;

    private static final long LEAST_WRITE_BYTES = 1 << 20;

    private final Store store;
    private final long mostWriteBytes;
    private final Capabilities capabilities;
    private final LockTable locks = new LockTable();
    private final PartCounts counts;
    private final AtomicLong newestCommit = new AtomicLong();

    /** Commit identities are a random number of this object and a counter: unique, and free of a random source. */
    private final long idHigh = UUID.randomUUID().getMostSignificantBits();

    private final AtomicLong idLow = new AtomicLong();

    /** Transactions over {@code store}, which stays the caller's to close. */
    public Transactions(Store store) {
        this(store, CountedParts.NONE);
    }

    /** As {@link #Transactions(Store)}; the writes of a transaction may take about {@code mostWriteBytes} of memory. */
    public Transactions(Store store, long mostWriteBytes) {
        this(store, CountedParts.NONE, mostWriteBytes);
    }

    /**
     * As above; the entries of {@code parts} are counted as they come and go, for {@link Transaction#count}. Then all
     * writes to these parts must go through this object. A distributed store is written to by others: nothing is counted.
     */
    public Transactions(Store store, CountedParts parts) {
        this(store, parts, Math.max(LEAST_WRITE_BYTES, Runtime.getRuntime().maxMemory() / HEAP_SHARE));
    }

    private Transactions(Store store, CountedParts parts, long mostWriteBytes) {
        this.store = store;
        this.mostWriteBytes = mostWriteBytes;
        this.capabilities = store.capabilities();
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

    long mostWriteBytes() {
        return mostWriteBytes;
    }

    LockTable locks() {
        return locks;
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
        return capabilities.distributed() || newestCommit.get() > version;
    }

    long newestCommit() {
        return newestCommit.get();
    }

    UUID nextCommitId() {
        return new UUID(idHigh, idLow.incrementAndGet());
    }

    /** Commits to the store and remembers its version, before the caller lets go of any lock. */
    long commit(CommitRequest request, Tally tally) {
        PartCounts.Report report = counts.begin(tally);
        if (report == null) {
            return commit(request);
        }
        try {
            long version = commit(request);
            report.committed(version);
            return version;
        } catch (ConflictException | IllegalArgumentException e) {
            report.refused();
            throw e;
        } finally {
            report.end();
        }
    }

    private long commit(CommitRequest request) {
        try {
            long version = store.commit(request);
            newestCommit.accumulateAndGet(version, Math::max);
            return version;
        } catch (UnknownOutcomeException e) {
            newestCommit.set(Long.MAX_VALUE); // from now on nobody may rely on having seen the newest commit
            throw e;
        }
    }
}
