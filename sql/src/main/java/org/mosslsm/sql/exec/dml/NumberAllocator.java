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
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;

/**
 * Gives out row ids, values of sequences and numbers of catalog objects. Positions are kept in the store, moved on in
 * transactions of their own, some numbers ahead of those given out: a number is not given twice, also when the
 * transaction that asked for it was rolled back or the process was killed; some are never given.
 *
 * <p>Invariants:
 *
 * <ol>
 *   <li>A number is given out after the commit that moved the stored position past it; that commit stands before the
 *       commit that uses the number in the log, so it need not be synced to outlive it.
 *   <li>{@code Block}s are used under their monitor; the store is asked under it too.
 * </ol>
 *
 * <p>Thread-safe.
 */
public final class NumberAllocator {
    /** Row ids taken at a time: one commit in a thousand inserts costs nothing, and 2^63 / 1,000 blocks last. */
    private static final long ROW_ID_BLOCK = 1_000;

    private static final int ATTEMPTS = 20;

    /** Position, without the mark of {@link Position}, by which version 0.1 said that a sequence starts over. */
    private static final long NOT_STARTED = Long.MIN_VALUE;

    /** Kinds of positions, second part of their keys. */
    private static final byte OBJECT_IDS = 0;

    private static final byte ROW_IDS = 1;
    private static final byte SEQUENCE = 2;

    /**
     * What is stored.
     *
     * @param value the last number taken of a sequence, or the next one of it or of others
     * @param isNext whether it is the next number of a sequence, one byte more
     */
    private record Position(long value, boolean isNext) {
        static Position of(byte[] stored) {
            return new Position(ByteBuffer.wrap(stored).getLong(), stored.length > Long.BYTES);
        }

        byte[] toBytes() {
            return ByteBuffer.allocate(isNext ? Long.BYTES + 1 : Long.BYTES)
                    .putLong(value)
                    .array();
        }

        boolean isLast(long number) {
            return !isNext && value == number;
        }
    }

    /** The number taken, and where the next one begins. */
    private record Taken(long first, Position then) {
        static Taken of(long first, long position) {
            return new Taken(first, new Position(position, false));
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

    /** As {@link #giveBack()}, for one sequence: its definition changes, or its position is read. */
    public void giveBack(Sequence sequence) {
        giveBack(SEQUENCE, sequence.id());
    }

    private void giveBack(byte kind, int id) {
        Block block = block(kind, id);
        synchronized (block) {
            if (block.left > 0) {
                advance(
                        key(kind, id),
                        position ->
                                position != null && position.isLast(block.position) ? Taken.of(0, block.used) : null);
                block.left = 0;
            }
        }
    }

    /**
     * Sets the position of a sequence: {@code value} counts as given out ({@code called}), or is the next to be given.
     *
     * @throws SqlException 22003 when the value is not one of the sequence's
     */
    public void set(Sequence sequence, long value, boolean called) {
        if (value < sequence.minValue() || value > sequence.maxValue()) {
            throw SqlException.outOfRange("value " + value + " is not between " + sequence.minValue() + " and "
                    + sequence.maxValue() + ", the bounds of sequence \"" + sequence.name() + "\"");
        }
        Block block = block(SEQUENCE, sequence.id());
        synchronized (block) {
            block.left = 0;
            advance(key(SEQUENCE, sequence.id()), position -> new Taken(0, new Position(value, !called)));
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

    /**
     * The next value of a sequence.
     *
     * @throws SqlException 2200H at its end, unless it cycles
     */
    public long next(Sequence sequence) {
        Block block = block(SEQUENCE, sequence.id());
        synchronized (block) {
            if (block.left == 0) {
                long[] taken = new long[1];
                block.next = advance(key(SEQUENCE, sequence.id()), position -> {
                    long first = first(sequence, position);
                    taken[0] = room(sequence, first);
                    return Taken.of(first, first + (taken[0] - 1) * sequence.increment());
                });
                block.left = taken[0];
                block.position = block.next + (taken[0] - 1) * sequence.increment();
            }
            block.left--;
            long value = block.next;
            block.used = value;
            if (block.left > 0) {
                block.next += sequence.increment();
            }
            return value;
        }
    }

    /**
     * Where a sequence stands, as PostgreSQL tells it.
     *
     * @param value the value that was given out last, or the one that comes next
     * @param isCalled whether it was given out
     */
    public record Standing(long value, boolean isCalled) {}

    /** Where a sequence stands: at its start, not yet given, where it has given no value. */
    public Standing standing(Sequence sequence) {
        Block block = block(SEQUENCE, sequence.id());
        synchronized (block) {
            if (block.left > 0) {
                return new Standing(block.used, true);
            }
            Standing[] standing = new Standing[1];
            advance(key(SEQUENCE, sequence.id()), position -> {
                boolean called = position != null && !position.isNext() && !startsOver(sequence, position);
                standing[0] = new Standing(called ? position.value() : first(sequence, position), called);
                return null;
            });
            return standing[0];
        }
    }

    private static boolean startsOver(Sequence sequence, Position position) {
        return position == null || (position.isLast(NOT_STARTED) && sequence.minValue() > NOT_STARTED);
    }

    /** Makes a sequence start over. */
    public void restart(Sequence sequence) {
        set(sequence, sequence.start(), false);
    }

    /** Lets a sequence that has given no number begin where it begins now, also when its start is changed. */
    public void settleStart(Sequence sequence) {
        advance(
                key(SEQUENCE, sequence.id()),
                position -> position == null ? new Taken(0, new Position(sequence.start(), true)) : null);
    }

    /** The next value where {@code position} is stored, which is null before the first. */
    private static long first(Sequence sequence, Position position) {
        if (startsOver(sequence, position)) {
            return sequence.start();
        }
        long last = position.value();
        if (position.isNext()) {
            return last < sequence.minValue() || last > sequence.maxValue() ? sequence.start() : last;
        }
        boolean up = sequence.increment() > 0;
        long next = last + sequence.increment();
        boolean overflow = up ? next < last : next > last;
        if (overflow || next > sequence.maxValue() || next < sequence.minValue()) {
            if (!sequence.cycle()) {
                throw new SqlException(
                        SqlState.SEQUENCE_EXHAUSTED,
                        "sequence \"" + sequence.name() + "\" has given its last value "
                                + (up ? sequence.maxValue() : sequence.minValue()));
            }
            return up ? sequence.minValue() : sequence.maxValue();
        }
        return next;
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
        Taken from(Position position);
    }

    private long advance(byte[] key, Step step) {
        for (int attempt = 1; ; attempt++) {
            try (Transaction tx = transactions.begin(Isolation.READ_COMMITTED, Durability.PROCESS)) {
                tx.lock(key);
                byte[] stored = tx.getLatest(key);
                Taken taken = step.from(stored == null ? null : Position.of(stored));
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
