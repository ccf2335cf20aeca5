// What a changing statement runs in.
package org.mosslsm.sql.exec.dml;

import java.util.Optional;
import org.mosslsm.kv.txn.Isolation;
import org.mosslsm.kv.txn.ScratchMap;
import org.mosslsm.kv.txn.Transaction;
import org.mosslsm.sql.exec.ExecutionContext;
import org.mosslsm.sql.exec.spill.Workspace;

/**
 * The surroundings of one execution of a changing statement.
 *
 * @param execution runs its source and its expressions
 * @param locks the tables its transaction has locked
 * @param numbers of the database
 * @param sequences as its transaction meets them
 * @param expressions checks and defaults of tables reached through foreign keys
 * @param unsettled where the statement is several changes: what the foreign keys of those before ask for
 */
public record ChangeContext(
        ExecutionContext execution,
        TableLocks locks,
        NumberAllocator numbers,
        TransactionSequences sequences,
        TableExpressions expressions,
        Optional<Unsettled> unsettled) {
    /** The surroundings of a statement that is one change. */
    public ChangeContext(
            ExecutionContext execution,
            TableLocks locks,
            NumberAllocator numbers,
            TransactionSequences sequences,
            TableExpressions expressions) {
        this(execution, locks, numbers, sequences, expressions, Optional.empty());
    }

    /** The same, for one of several changes. */
    public ChangeContext with(Unsettled others) {
        return new ChangeContext(execution, locks, numbers, sequences, expressions, Optional.of(others));
    }

    Transaction transaction() {
        return execution.transaction();
    }

    boolean readCommitted() {
        return transaction().isolation() == Isolation.READ_COMMITTED;
    }

    /** A map for what the execution must remember of rows; in files where it outgrows the memory. */
    ScratchMap scratchMap() {
        Workspace workspace = execution.workspace();
        return new ScratchMap(workspace.budgetBytes(), workspace.files(), execution::checkCancelled);
    }
}
