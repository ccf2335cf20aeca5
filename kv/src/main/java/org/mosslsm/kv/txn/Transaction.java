package org.mosslsm.kv.txn;

import java.util.function.BooleanSupplier;
import org.mosslsm.kv.Capabilities;
import org.mosslsm.kv.ConflictException;
import org.mosslsm.kv.KeyRange;
import org.mosslsm.kv.UnknownOutcomeException;

/**
 * One transaction: reads at its snapshot, with its own writes on top; writes kept in memory until {@code commit}, and in
 * scratch files where they are many.
 *
 * <p>Writing does not lock. Lock the key that stands for a row ({@link #lock}) before reading its newest value and
 * writing it; keys that follow from a row (index entries) are covered by its lock. Only locked keys are protected from
 * lost updates. Locks are held to the end of the transaction, also after {@link #rollbackTo}.
 *
 * <p>Byte arrays handed in must not be changed by the caller afterwards. After commit, rollback or close every method
 * but {@code close}, {@code rollback}, {@code cancel} and {@code isOpen} throws a {@link TransactionException} of kind
 * FINISHED.
 *
 * <p>Thread safety: one thread at a time; only {@link #cancel} may be called by any thread at any time.
 */
public interface Transaction extends Reads, AutoCloseable {
    /** How much of other transactions it sees. */
    Isolation isolation();

    /** What the store beneath can do and how large things may be. */
    Capabilities capabilities();

    /** Whether it was neither committed nor rolled back. */
    boolean isOpen();

    /**
     * Says that a new statement begins: under READ COMMITTED what is read from now on is what is committed now; cursors
     * opened before go on undisturbed. Forgets an earlier {@link #cancel}. Never necessary under the other isolations.
     */
    void beginStatement();

    /** Version of the snapshot that reads use; the first read or {@link #beginStatement} fixes it. */
    long readVersion();

    /**
     * The newest value under {@code key} or {@code null}: an own write, else what is committed now, whatever the
     * snapshot. After {@link #lock} of the key nobody can change it any more. Do not change the array.
     *
     * <p>Under REPEATABLE READ and SERIALIZABLE the same as {@link #get}, because a lock of a key that changed since the
     * snapshot is refused.
     */
    byte[] getLatest(byte[] key);

    /**
     * What it sees now, to be read while it writes on: for the queries of a statement that read between its writes. Costs
     * next to nothing where nothing was written yet; else the writes that follow copy a little more. The caller closes it.
     */
    FrozenReads freeze();

    /**
     * Writes an entry. In a counted part it makes the count of the part unknown: see the three that follow.
     *
     * @throws TransactionException of kind TOO_LARGE when the ranges deleted so far take all the memory they may
     * @throws org.mosslsm.kv.KvIoException when there is no space for a scratch file; nothing was written then
     */
    void put(byte[] key, byte[] value);

    /** As {@link #put}, by who holds the lock of the key, or else made it up, and knows that it is absent. */
    void insert(byte[] key, byte[] value);

    /** As {@link #put}, by who holds the lock of the key and knows that it is present. */
    void replace(byte[] key, byte[] value);

    /** Deletes an entry; harmless where there is none. In a counted part as {@link #put}, and throws as it does. */
    void delete(byte[] key);

    /** As {@link #delete}, by who holds the lock of the key and knows that it is present, unless deleted by this one. */
    void remove(byte[] key);

    /**
     * Deletes every entry of {@code range} that is there at commit, at a cost that does not grow with what the store
     * holds. Locks the range as {@link #lockRange} does if that was not done before; to know what will be deleted, lock
     * the range, begin the statement anew where that says so, and look.
     *
     * @throws IllegalArgumentException when the range has no upper bound
     */
    void deleteRange(KeyRange range);

    /**
     * As {@link #deleteRange}, of a range with an upper bound and within one counted part, by who locked it, began the
     * statement anew where that said so, and saw so many entries in it, own writes included.
     */
    void removeRange(KeyRange range, long entries);

    /**
     * Locks {@code key} for this transaction alone, waiting in turn for others. Returns {@code false} when what this
     * transaction's snapshot shows under the key is surely its newest committed value, {@code true} when it may have been
     * changed since (only under READ COMMITTED): then ask {@link #getLatest}.
     *
     * @throws TransactionException of kind DEADLOCK, LOCK_TIMEOUT, INTERRUPTED or CANCELLED, without the lock; of kind
     *     SERIALIZATION when the isolation is higher than READ COMMITTED and the key was changed since the snapshot
     */
    boolean lock(byte[] key);

    /** As {@link #lock}, but shared with other transactions that lock it so: nobody may change it (foreign keys). */
    boolean lockShared(byte[] key);

    /**
     * Locks every key of {@code range} for this transaction alone, present or not: waits for the end of all that hold a
     * lock in it, and keeps others from locking in it until the end of this transaction. Returns as {@link #lock} does
     * for the range as a whole: {@code true} (only under READ COMMITTED) says that it may hold newer commits than the
     * snapshot shows. Under a higher isolation the range must be unchanged at commit.
     *
     * @throws TransactionException as {@link #lock} does
     */
    boolean lockRange(KeyRange range);

    /** As {@link #lock} without waiting: returns whether this transaction now holds the lock alone. */
    boolean tryLock(byte[] key);

    /** The longest wait for one lock from now on, in milliseconds (default 5,000); 0 means not to wait at all. */
    void setLockTimeoutMillis(long timeoutMillis);

    /** The present point, to come back to with {@link #rollbackTo}. */
    Mark mark();

    /**
     * As {@link #mark}, cheaper for who writes little after it: good until the next one is taken, and until the
     * transaction is rolled back to an earlier {@link #mark}.
     */
    Mark statementMark();

    /** Undoes the writes made since {@code mark}; locks and the record of reads stay. */
    void rollbackTo(Mark mark);

    /** Demands, whatever the isolation, that {@code key} has no commit by others between the snapshot and the commit. */
    void requireUnchanged(byte[] key);

    /** As {@link #requireUnchanged(byte[])} for a range, phantoms included; kind UNSUPPORTED where the store cannot. */
    void requireUnchanged(KeyRange range);

    /**
     * Demands that {@code key} is absent from the store at commit. Needed for new unique keys only: where locks of this
     * process suffice and this transaction holds the lock of the key, it records nothing.
     */
    void requireAbsent(byte[] key);

    /** Whether there is anything to commit. */
    boolean hasWrites();

    /** About how many bytes of memory the writes take; what went to scratch files does not count. */
    long writeBytes();

    /**
     * Commits, releases all locks and returns the version that sees the writes (without writes, the newest known).
     *
     * @throws TransactionException of kind SERIALIZATION, caused by a {@link ConflictException}, when what must be
     *     unchanged was changed; of kind CANCELLED; everything is rolled back
     * @throws UnknownOutcomeException when it is not known whether it was applied
     */
    long commit();

    /** Forgets the writes and releases all locks; harmless when the transaction has ended. */
    void rollback();

    /**
     * Makes the lock wait under way, and those to come until the next {@link #beginStatement}, fail with kind CANCELLED;
     * so too a write that moves many others to a scratch file. A {@link #commit} under way of many writes is given up, as
     * long as it can be: then nothing was committed. Callable by any thread.
     */
    void cancel();

    /** For {@link #giveUpWhen}: nothing but a {@link #cancel}. */
    BooleanSupplier NEVER = () -> false;

    /**
     * What is given up by a {@link #cancel} is given up also when {@code over} says so, except waits for locks, which have a
     * time of their own. Asked by the thread that uses the transaction, now and then while many writes are moved.
     */
    void giveUpWhen(BooleanSupplier over);

    /** Rolls back if still open. */
    @Override
    void close();
}
