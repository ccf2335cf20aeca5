// What a definition runs in.
package org.mosslsm.sql.exec.ddl;

import org.mosslsm.kv.txn.Isolation;
import org.mosslsm.kv.txn.Transaction;
import org.mosslsm.sql.catalog.Catalog;
import org.mosslsm.sql.exec.ExecutionContext;
import org.mosslsm.sql.exec.dml.NumberAllocator;
import org.mosslsm.sql.exec.dml.TableExpressions;
import org.mosslsm.sql.exec.dml.TableLocks;
import org.mosslsm.sql.exec.dml.TransactionSequences;

/**
 * The surroundings of one execution of a definition.
 *
 * @param execution runs its expressions
 * @param catalog as the transaction sees it
 * @param locks the tables the transaction has locked
 * @param numbers of the database
 * @param sequences as the transaction meets them
 * @param expressions checks and defaults that the catalog keeps as text
 * @param builds bulk loads of the transaction
 */
public record DefinitionContext(
        ExecutionContext execution,
        Catalog catalog,
        TableLocks locks,
        NumberAllocator numbers,
        TransactionSequences sequences,
        TableExpressions expressions,
        RangeBuilds builds) {

    Transaction transaction() {
        return execution.transaction();
    }

    boolean readCommitted() {
        return transaction().isolation() == Isolation.READ_COMMITTED;
    }
}
