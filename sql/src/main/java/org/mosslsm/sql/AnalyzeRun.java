// ANALYZE on a database.
package org.mosslsm.sql;

import java.util.Collection;
import java.util.List;
import org.mosslsm.kv.txn.Transaction;
import org.mosslsm.sql.catalog.Catalog;
import org.mosslsm.sql.catalog.Table;
import org.mosslsm.sql.catalog.TableStatistics;
import org.mosslsm.sql.encode.StatisticsStore;
import org.mosslsm.sql.exec.AnalyzeTable;
import org.mosslsm.sql.exec.ExecutionContext;
import org.mosslsm.sql.plan.ControlPlan;

/**
 * Looks at one table or all as the statement's transaction sees them, and keeps what it found in a transaction of its
 * own: statistics are no data, and rolling back what led to them does no harm.
 */
final class AnalyzeRun {
    private AnalyzeRun() {}

    static Outcome run(ControlPlan.Analyze analyze, Database database, Catalog catalog, ExecutionContext context) {
        Collection<Table> tables =
                analyze.table().<Collection<Table>>map(List::of).orElseGet(catalog::tables);
        StoreStatistics statistics = database.statistics();
        for (Table table : tables) {
            TableStatistics found = AnalyzeTable.run(table, statistics.bytes(table), context);
            try (Transaction own = database.transactions().begin()) {
                own.put(StatisticsStore.key(table), StatisticsStore.write(found));
                own.commit();
            }
            statistics.analyzed(table, found);
        }
        database.compiler().forgetPlans();
        return Outcome.done();
    }
}
