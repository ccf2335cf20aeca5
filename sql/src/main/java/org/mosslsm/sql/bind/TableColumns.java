// Columns of a table as columns of a plan.
package org.mosslsm.sql.bind;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.mosslsm.sql.catalog.Column;
import org.mosslsm.sql.catalog.Table;
import org.mosslsm.sql.plan.LogicalPlan;
import org.mosslsm.sql.plan.PlanColumn;

/** Tables as the bottom of a plan. */
final class TableColumns {
    private TableColumns() {}

    /** What SQL sees of a table. */
    static List<PlanColumn> of(Table table) {
        List<PlanColumn> columns = new ArrayList<>();
        for (Column c : table.columns()) {
            columns.add(column(table, c));
        }
        return columns;
    }

    private static PlanColumn column(Table table, Column c) {
        boolean required = c.notNull() || table.primary().hasKey(c.id());
        return new PlanColumn(
                c.name(),
                c.type(),
                !required,
                Optional.of(new PlanColumn.Origin(
                        table.schema(), table.name(), c.name(), c.identity().isPresent())));
    }

    /** A scan of what SQL sees. */
    static LogicalPlan.TableScan scan(Table table, String alias) {
        return scan(table, alias, of(table));
    }

    /** A scan of the full rows, the hidden row id included. */
    static LogicalPlan.TableScan fullScan(Table table, String alias) {
        List<PlanColumn> columns = of(table);
        if (table.hasRowId()) {
            columns.add(PlanColumn.computed("", Column.HIDDEN_ROW_ID.type(), false));
        }
        return scan(table, alias, columns);
    }

    private static LogicalPlan.TableScan scan(Table table, String alias, List<PlanColumn> columns) {
        List<Integer> ordinals = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            ordinals.add(i);
        }
        return new LogicalPlan.TableScan(table, alias, ordinals, columns);
    }
}
