// The rows of CREATE TABLE AS.
package org.mosslsm.sql.exec.ddl;

import java.util.Arrays;
import java.util.List;
import org.mosslsm.sql.catalog.Table;
import org.mosslsm.sql.encode.KeyWriter;
import org.mosslsm.sql.encode.TableCodec;
import org.mosslsm.sql.exec.RowEnumerator;
import org.mosslsm.sql.expr.ValueRow;
import org.mosslsm.sql.plan.PhysicalPlan;

/** Fills a table that the same statement made: nobody has its rows' range yet, so many rows are loaded past the writes. */
public final class TableFill {
    private TableFill() {}

    /** Writes the rows of a query into a new table of as many columns, which has no index but its row ids; their number. */
    public static long run(DefinitionContext context, Table table, PhysicalPlan query) {
        TableCodec codec = new TableCodec(table);
        KeyWriter scratch = new KeyWriter();
        int width = table.rowColumns().size();
        long count = 0;
        try (EntryLoad load = new EntryLoad(context, table, List.of(codec.primary()));
                RowEnumerator rows = context.execution().plans().operator(query).open(context.execution())) {
            while (rows.moveNext()) {
                Object[] values = Arrays.copyOf(rows.current().toArray(), width);
                values[width - 1] = context.numbers().rowId(table);
                ValueRow row = new ValueRow(values);
                load.add(0, codec.primary().key(row, scratch), codec.rowValue(row, scratch));
                count++;
            }
            load.finish();
        }
        return count;
    }
}
