// LOCK TABLE.
package org.mosslsm.sql;

import org.mosslsm.kv.txn.TransactionException;
import org.mosslsm.sql.catalog.Table;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;
import org.mosslsm.sql.exec.dml.TableLocks;
import org.mosslsm.sql.plan.ControlPlan;

/** Locks tables until the end of the transaction, by the lock that keeps changes and definitions apart. */
final class LockTableRun {
    private LockTableRun() {}

    static Outcome run(ControlPlan.LockTables lock, SessionTransaction transaction) {
        if (lock.noWait()) {
            transaction.tx.setLockTimeoutMillis(0); // each statement sets it anew
        }
        for (Table table : lock.tables()) {
            try {
                take(lock.lock(), table, transaction.locks);
            } catch (TransactionException e) {
                if (lock.noWait() && e.kind() == TransactionException.Kind.LOCK_TIMEOUT) {
                    throw new SqlException(
                            SqlState.LOCK_NOT_AVAILABLE,
                            "could not obtain lock on table \"" + table.name() + "\": others are at work in it",
                            e);
                }
                throw e;
            }
        }
        return Outcome.done();
    }

    private static void take(ControlPlan.TableLock lock, Table table, TableLocks locks) {
        switch (lock) {
            case NOTHING -> {}
            case DEFINITIONS -> locks.share(table);
            case MAINTENANCE -> locks.maintain(table);
            case CHANGES -> locks.takeAlone(table);
        }
    }
}
