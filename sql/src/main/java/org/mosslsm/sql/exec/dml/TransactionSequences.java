// Sequences as one transaction meets them.
package org.mosslsm.sql.exec.dml;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.mosslsm.kv.txn.Transaction;
import org.mosslsm.sql.catalog.Sequence;
import org.mosslsm.sql.error.SqlException;

/**
 * The numbers of sequences for one transaction: those that all transactions share, which no rollback takes back, but for
 * the sequences that it restarted. These are its own until it ends, as in PostgreSQL:
 *
 * <pre>
 * restart      wait for others who restarted it; put the numbers taken ahead back; keep all others from the sequence
 * numbers      counted here, in memory: whoever rolls back gives them back with the restart
 * undo         of a statement or to a savepoint: restarts made since are forgotten, numbers drawn of earlier ones are not
 * commit       where the sequence came to is a write of the transaction, so a crash keeps all of it or nothing
 * end          others go on: from what was committed, or from where they were
 * </pre>
 *
 * <p>Invariants:
 *
 * <ol>
 *   <li>What was restarted here last holds for a sequence: {@code restarts} is in order, and undoing cuts it off.
 *   <li>A restart is also a write of the transaction from the beginning, undone with the others, and deleted by who drops
 *       the sequence; only where it is still there the position is written at commit.
 * </ol>
 *
 * <p>Used by the thread of its transaction only.
 */
public final class TransactionSequences {
    private static final class Restart {
        final int sequence;
        SequencePosition position;

        Restart(int sequence, SequencePosition position) {
            this.sequence = sequence;
            this.position = position;
        }
    }

    private final NumberAllocator numbers;
    private final Transaction transaction;
    private List<Restart> restarts = List.of(); // mutable once there is one: hardly a transaction has any
    private Set<Integer> held = Set.of(); // as restarts

    /** Of a transaction that restarted none yet. */
    public TransactionSequences(NumberAllocator numbers, Transaction transaction) {
        this.numbers = numbers;
        this.transaction = transaction;
    }

    /**
     * The next value of a sequence.
     *
     * @throws SqlException 2200H at its end, unless it cycles
     * @throws org.mosslsm.kv.txn.TransactionException where another transaction restarted it, as waits for locks do
     */
    public long next(Sequence sequence) {
        Restart own = restartOf(sequence);
        if (own == null) {
            return numbers.next(sequence, transaction);
        }
        long next = SequencePosition.next(sequence, own.position);
        own.position = SequencePosition.last(next);
        return next;
    }

    /**
     * Sets the position of a sequence: {@code value} counts as given out ({@code called}), or is the next to be given.
     * Unless the transaction restarted it, that holds at once for all, and stays.
     *
     * @throws SqlException 22003 when the value is not one of the sequence's
     * @throws org.mosslsm.kv.txn.TransactionException as {@link #next} does
     */
    public void set(Sequence sequence, long value, boolean called) {
        SequencePosition position = SequencePosition.at(sequence, value, called);
        Restart own = restartOf(sequence);
        if (own == null) {
            numbers.set(sequence, position, transaction);
        } else {
            own.position = position;
        }
    }

    /** Where a sequence stands for this transaction, which does not wait for those that restarted it. */
    public SequenceStanding standing(Sequence sequence) {
        Restart own = restartOf(sequence);
        return own == null ? numbers.standing(sequence) : SequencePosition.standing(sequence, own.position);
    }

    /**
     * Makes {@code value} the next number of a sequence, for the transaction now and for all once it is committed.
     *
     * @throws SqlException 22003 when the value is not one of the sequence's
     * @throws org.mosslsm.kv.txn.TransactionException where another transaction restarted it, as waits for locks do
     */
    public void restart(Sequence sequence, long value) {
        SequencePosition position = SequencePosition.at(sequence, value, false);
        numbers.hold(sequence, transaction);
        if (held.isEmpty()) {
            held = new HashSet<>();
            restarts = new ArrayList<>();
        }
        held.add(sequence.id());
        restarts.add(new Restart(sequence.id(), position));
        transaction.put(NumberAllocator.sequenceKey(sequence.id()), position.toBytes());
    }

    private Restart restartOf(Sequence sequence) {
        for (int i = restarts.size() - 1; i >= 0; i--) {
            if (restarts.get(i).sequence == sequence.id()) {
                return restarts.get(i);
            }
        }
        return null;
    }

    // ---- the transaction goes back, or ends

    /** The present point, for {@link #rollbackTo}. */
    public int mark() {
        return restarts.size();
    }

    /** The writes since the mark were undone, and so are the restarts. */
    public void rollbackTo(int mark) {
        if (mark < restarts.size()) {
            restarts.subList(mark, restarts.size()).clear();
        }
    }

    /** The transaction is about to be committed: its last writes. */
    public void write() {
        for (Restart restart : restarts) {
            byte[] key = NumberAllocator.sequenceKey(restart.sequence);
            if (transaction.getLatest(key) != null) {
                transaction.put(key, restart.position.toBytes());
            }
        }
    }

    /** The transaction has ended; harmless when repeated. */
    public void end() {
        for (int sequence : held) {
            numbers.letGo(sequence, transaction);
        }
        held = Set.of();
        restarts = List.of();
    }
}
