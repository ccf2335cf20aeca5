// TRUNCATE.
package org.mosslsm.sql.exec.dml;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import org.mosslsm.sql.catalog.Catalog;
import org.mosslsm.sql.catalog.ForeignKey;
import org.mosslsm.sql.catalog.Index;
import org.mosslsm.sql.catalog.Table;
import org.mosslsm.sql.encode.IndexKeys;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;
import org.mosslsm.sql.plan.PhysicalPlan;
import org.mosslsm.sql.plan.StatementPlan;

/** TRUNCATE: the whole range of every index goes, at a cost that does not grow with the rows. Immutable. */
final class TruncateStatement extends ChangeStatement {
    private final Collection<Table> tables;
    private final boolean restartIdentity;
    private final Catalog catalog;

    TruncateStatement(StatementPlan.Truncate<PhysicalPlan> plan, TableAccesses accesses) {
        this.catalog = accesses.catalog();
        this.restartIdentity = plan.restartIdentity();
        Map<Integer, Table> all = new LinkedHashMap<>();
        Deque<Table> open = new ArrayDeque<>(plan.tables());
        while (!open.isEmpty()) {
            Table table = open.poll();
            if (all.putIfAbsent(table.id(), table) == null && plan.cascade()) {
                catalog.referencing(table.id())
                        .forEach(k -> open.add(catalog.table(k.childTableId()).orElseThrow()));
            }
        }
        this.tables = all.values();
        for (Table table : tables) {
            for (ForeignKey key : catalog.referencing(table.id())) {
                if (!all.containsKey(key.childTableId())) {
                    String child =
                            catalog.table(key.childTableId()).orElseThrow().name();
                    throw new SqlException(
                            SqlState.DEPENDENT_OBJECTS,
                            "table \"" + table.name() + "\" cannot be truncated: table \"" + child + "\" refers to it ("
                                    + key.name() + "); truncate both, or use CASCADE");
                }
            }
        }
    }

    @Override
    public ChangeResult run(ChangeContext context) {
        for (Table table : tables) {
            context.locks().takeAlone(table);
        }
        for (Table table : tables) {
            for (Index index : table.allIndexes()) {
                context.transaction().deleteRange(IndexKeys.range(table, index));
            }
            if (restartIdentity) {
                // Those of identity columns, and those OWNED BY a column, as a dump has them.
                catalog.sequences().stream()
                        .filter(s -> s.ownerTableId().orElse(-1) == table.id())
                        .forEach(s -> context.sequences().restart(s, s.start()));
            }
        }
        return ChangeResult.count(0);
    }
}
