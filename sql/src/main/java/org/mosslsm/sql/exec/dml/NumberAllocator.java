// Numbers that are never given twice.
package org.mosslsm.sql.exec.dml;

import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentHashMap;
import org.mosslsm.kv.Durability;
import org.mosslsm.kv.KvException;
import org.mosslsm.kv.txn.Isolation;
import org.mosslsm.kv.txn.Transaction;
import org.mosslsm.kv.txn.TransactionException;
import org.mosslsm.kv.txn.Transactions;
import org.mosslsm.sql.catalog.Sequence;
import org.mosslsm.sql.catalog.Table;
import org.mosslsm.sql.encode.IndexKeys;

/**
 * Gives out row ids, values of sequences and numbers of catalog objects. Positions are kept in the store, moved on in
 * transactions of their own, some numbers ahead of those given out: a number is not given twice, also when the
 * transaction that asked for it was rolled back or the process was killed; some are never given. Values of sequences are
 * had through {@link TransactionSequences}, which counts for itself what its transaction restarted.
 *
 * <p>Invariants:
 *
 * <ol>
 *   <li>A number is given out after the commit that moved the stored position past it; that commit stands before the
 *       commit that uses the number in the log, so it need not be synced to outlive it.
 *   <li>{@code Block}s are used under their monitor; the store is asked under it too, but no lock of a transaction that
 *       lasts is waited for.
 *   <li>A sequence that a transaction restarted is held by it: no other takes numbers of it, or sets it. When the
 *       restart begins nothing is taken ahead; so whatever becomes of it, what is stored then tells how to go on.
 *   <li>Who holds a sequence has its restart key locked until it ends. So who gets that lock in turn knows that the
 *       holder has ended, and takes the hold away if the holder did not yet.
 * </ol>
 *
 * <p>Thread-safe.
 */
public final class NumberAllocator {
    /** Row ids taken at a time: one commit in a thousand inserts costs nothing, and 2^63 / 1,000 blocks last. */
    private static final long ROW_ID_BLOCK = 1_000;

    private static final int ATTEMPTS = 20;

    /** Kinds of positions, second part of their keys. */
    private static final byte OBJECT_IDS = 0;

    private static final byte ROW_IDS = 1;
    private static final byte SEQUENCE = 2;

    /** Nothing is stored under it: the key that is locked by who restarts a sequence, and by who waits for that. */
    private static final byte RESTART = 3;

    /** The number taken, and where the next one begins. */
    private record Taken(long first, SequencePosition then) {
        static Taken of(long first, long position) {
            return new Taken(first, SequencePosition.last(position));
        }
    }

    /** Numbers taken from the store and not yet given out. */
    private static final class Block {
        long next;
        long left;
        /** The position that was written when they were taken. */
        long position;
        /** The position to write when no more of them are given out. */
        long used;
        /** The sequence as it was then; null for other numbers. */
        Sequence takenFor;
        /** The transaction that restarted the sequence; null where none did, or it was seen to have ended. */
        Transaction holder;
    }

    private final Transactions transactions;
    private final ConcurrentHashMap<Long, Block> blocks = new ConcurrentHashMap<>();

    /** The allocator of one database. */
    public NumberAllocator(Transactions transactions) {
        this.transactions = transactions;
    }

    /** Where the position of a table's row ids is kept: to be deleted with the table. */
    public static byte[] rowIdKey(int tableId) {
        return key(ROW_IDS, tableId);
    }

    /** Where the position of a sequence is kept: to be deleted with the sequence. */
    public static byte[] sequenceKey(int sequenceId) {
        return key(SEQUENCE, sequenceId);
    }

    private static byte[] key(byte kind, int id) {
        return ByteBuffer.allocate(6)
                .put((byte) IndexKeys.SEQUENCES)
                .put(kind)
                .putInt(id)
                .array();
    }

    /** Puts numbers that were not given out back, where nobody took more since: the database closes. */
    public void giveBack() {
        blocks.forEach((id, block) -> {
            try {
                giveBack((byte) (id >>> 32), (int) (long) id);
            } catch (KvException e) {
                // A store that takes no writes any more: the numbers are lost, which is allowed.
                return;
            }
        });
    }

    private void giveBack(byte kind, int id) {
        Block block = block(kind, id);
        synchronized (block) {
            giveBack(block, key(kind, id));
        }
    }

    private void giveBack(Block block, byte[] key) {
        if (block.left > 0) {
            advance(
                    key,
                    position -> position != null && position.isLast(block.position) ? Taken.of(0, block.used) : null);
            block.left = 0;
        }
    }

    private Block block(byte kind, int id) {
        return blocks.computeIfAbsent((long) kind << 32 | id, k -> new Block());
    }

    /** A number for a table, index, view or sequence. */
    public int objectId() {
        return Math.toIntExact(advance(key(OBJECT_IDS, 0), position -> {
            long next = position == null ? 1 : position.value();
            return Taken.of(next, Math.addExact(next, 1));
        }));
    }

    /** A row id for a new row of the table. */
    public long rowId(Table table) {
        Block block = block(ROW_IDS, table.id());
        synchronized (block) {
            if (block.left == 0) {
                block.next = advance(key(ROW_IDS, table.id()), position -> {
                    long next = position == null ? 1 : position.value();
                    return Taken.of(next, Math.addExact(next, ROW_ID_BLOCK));
                });
                block.left = ROW_ID_BLOCK;
                block.position = block.next + ROW_ID_BLOCK;
            }
            block.left--;
            block.used = block.next + 1;
            return block.next++;
        }
    }

    // ---- sequences

    /** The next value of a sequence; as {@link TransactionSequences#next}, of one that {@code asking} did not restart. */
    long next(Sequence sequence, Transaction asking) {
        return free(sequence, asking, block -> next(sequence, block));
    }

    private long next(Sequence sequence, Block block) {
        if (block.left > 0 && !sequence.equals(block.takenFor)) {
            giveBack(block, sequenceKey(sequence.id())); // they were taken in other steps, or beyond other bounds
        }
        if (block.left == 0) {
            long[] taken = new long[1];
            block.next = advance(sequenceKey(sequence.id()), position -> {
                long first = SequencePosition.next(sequence, position);
                taken[0] = room(sequence, first);
                return Taken.of(first, first + (taken[0] - 1) * sequence.increment());
            });
            block.left = taken[0];
            block.position = block.next + (taken[0] - 1) * sequence.increment();
            block.takenFor = sequence;
        }
        block.left--;
        long value = block.next;
        block.used = value;
        if (block.left > 0) {
            block.next += sequence.increment();
        }
        return value;
    }

    /** Sets a sequence for all; as {@link TransactionSequences#set}, one that {@code asking} did not restart. */
    void set(Sequence sequence, SequencePosition to, Transaction asking) {
        free(sequence, asking, block -> {
            block.left = 0;
            return advance(sequenceKey(sequence.id()), position -> new Taken(0, to));
        });
    }

    /** What is done with the block of a sequence that nobody else holds. */
    private interface Use {
        long of(Block block);
    }

    /** Waits until no other transaction holds the sequence: in {@code asking}, so that circles of waits are seen. */
    private long free(Sequence sequence, Transaction asking, Use use) {
        Block block = block(SEQUENCE, sequence.id());
        while (true) {
            synchronized (block) {
                if (block.holder == null || block.holder == asking) {
                    return use.of(block);
                }
            }
            asking.lockShared(key(RESTART, sequence.id()));
            synchronized (block) {
                block.holder = null;
            }
        }
    }

    /** Keeps a sequence for a transaction that restarts it, until that ends. */
    void hold(Sequence sequence, Transaction holder) {
        holder.lock(key(RESTART, sequence.id()));
        Block block = block(SEQUENCE, sequence.id());
        synchronized (block) {
            giveBack(block, sequenceKey(sequence.id()));
            block.holder = holder;
        }
    }

    /** A transaction that held a sequence has ended; nothing where that was seen already. */
    void letGo(int sequenceId, Transaction holder) {
        Block block = block(SEQUENCE, sequenceId);
        synchronized (block) {
            if (block.holder == holder) {
                block.holder = null;
            }
        }
    }

    /** Where a sequence stands for all: at its start, not yet given, where it has given no value. */
    SequenceStanding standing(Sequence sequence) {
        Block block = block(SEQUENCE, sequence.id());
        synchronized (block) {
            if (block.left > 0) {
                return new SequenceStanding(block.used, true);
            }
            SequenceStanding[] standing = new SequenceStanding[1];
            advance(sequenceKey(sequence.id()), position -> {
                standing[0] = SequencePosition.standing(sequence, position);
                return null;
            });
            return standing[0];
        }
    }

    /** Lets a sequence that has given no number begin where it begins now, also when its start is changed. */
    public void settleStart(Sequence sequence) {
        advance(
                sequenceKey(sequence.id()),
                position -> position == null ? new Taken(0, new SequencePosition(sequence.start(), true)) : null);
    }

    /** How many values from {@code first} on may be taken: the cache's size, less near the end. */
    private static long room(Sequence sequence, long first) {
        boolean up = sequence.increment() > 0;
        // Both are read without a sign: bounds may lie 2^64 - 1 apart, and the least increment has no positive twin.
        long distance = up ? sequence.maxValue() - first : first - sequence.minValue();
        long further = Long.divideUnsigned(distance, up ? sequence.increment() : -sequence.increment());
        return Long.compareUnsigned(further, sequence.cache() - 1) < 0 ? further + 1 : sequence.cache();
    }

    private interface Step {
        /** What is taken at the position, which is null where there is none; null to leave it. */
        Taken from(SequencePosition position);
    }

    private long advance(byte[] key, Step step) {
        for (int attempt = 1; ; attempt++) {
            try (Transaction tx = transactions.begin(Isolation.READ_COMMITTED, Durability.PROCESS)) {
                tx.lock(key);
                byte[] stored = tx.getLatest(key);
                Taken taken = step.from(stored == null ? null : SequencePosition.of(stored));
                if (taken == null) {
                    return 0;
                }
                tx.put(key, taken.then().toBytes());
                tx.commit();
                return taken.first();
            } catch (TransactionException e) {
                // Another process took numbers from the same store at the same time.
                if (e.kind() != TransactionException.Kind.SERIALIZATION || attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }
}
