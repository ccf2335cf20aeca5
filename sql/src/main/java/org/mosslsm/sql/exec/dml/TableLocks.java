// Which tables a transaction may write to.
package org.mosslsm.sql.exec.dml;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.mosslsm.kv.txn.Transaction;
import org.mosslsm.sql.catalog.CatalogStore;
import org.mosslsm.sql.catalog.Table;
import org.mosslsm.sql.exec.TableKeeper;

/**
 * The tables whose descriptors a transaction has locked, so that each is asked for once. Lives as long as the
 * transaction; locks outlive a rolled-back statement, so this does too. Not thread-safe.
 */
public final class TableLocks implements TableKeeper {
    private final Transaction transaction;
    private Set<Integer> shared = Set.of(); // mutable once there is one: most transactions only read
    private Set<Integer> alone = Set.of(); // as shared
    private boolean catalog;

    /** None yet. */
    public TableLocks(Transaction transaction) {
        this.transaction = transaction;
    }

    /**
     * Keeps others from altering a table that rows are written to.
     *
     * @throws CatalogChangedException when it was altered since the statement's snapshot
     */
    @Override
    public void share(Table table) {
        if (!alone.contains(table.id()) && !shared.contains(table.id())) {
            byte[] key = CatalogStore.tableKey(table.id());
            if (transaction.lockShared(key)) {
                requireUnchanged(key, table);
            }
            shared = with(shared, table);
        }
    }

    /**
     * Keeps others from writing to a table that is altered.
     *
     * @throws CatalogChangedException when it was altered since the statement's snapshot
     */
    public void takeAlone(Table table) {
        if (!alone.contains(table.id())) {
            byte[] key = CatalogStore.tableKey(table.id());
            if (transaction.lock(key)) {
                requireUnchanged(key, table);
            }
            alone = with(alone, table);
        }
    }

    /**
     * Keeps others from altering a table, and from doing this, but lets them write.
     *
     * @throws CatalogChangedException when it was altered since the statement's snapshot
     */
    public void maintain(Table table) {
        share(table);
        transaction.lock(CatalogStore.maintenanceKey(table.id()));
    }

    /**
     * As {@link #takeAlone} where nobody else writes to the table now; else as {@link #share}. Returns whether others are
     * kept out.
     *
     * @throws CatalogChangedException when it was altered since the statement's snapshot
     */
    boolean tryTakeAlone(Table table) {
        share(table); // from here on it stays as the statement knows it
        if (!alone.contains(table.id())) {
            if (!transaction.tryLock(CatalogStore.tableKey(table.id()))) {
                return false;
            }
            alone = with(alone, table);
        }
        return true;
    }

    /**
     * Keeps others from changing the catalog.
     *
     * @throws CatalogChangedException when it was changed since the statement's snapshot
     */
    public void takeCatalog() {
        if (!catalog) {
            byte[] key = CatalogStore.versionKey();
            if (transaction.lock(key) && !Arrays.equals(transaction.get(key), transaction.getLatest(key))) {
                throw new CatalogChangedException("catalog");
            }
            catalog = true;
        }
    }

    private static Set<Integer> with(Set<Integer> ids, Table table) {
        Set<Integer> more = ids.isEmpty() ? new HashSet<>() : ids;
        more.add(table.id());
        return more;
    }

    private void requireUnchanged(byte[] key, Table table) {
        if (!Arrays.equals(transaction.get(key), transaction.getLatest(key))) {
            throw new CatalogChangedException(table.qualifiedName());
        }
    }
}
