// All rows of a table.
package org.mosslsm.sql.exec.ddl;

import java.util.function.Consumer;
import org.mosslsm.kv.Cursor;
import org.mosslsm.kv.EntryBatch;
import org.mosslsm.kv.ScanHints;
import org.mosslsm.sql.catalog.Table;
import org.mosslsm.sql.encode.EncodedRow;
import org.mosslsm.sql.encode.IndexKeys;
import org.mosslsm.sql.encode.TableCodec;
import org.mosslsm.sql.expr.Row;

/** Reads a table from end to end. */
final class TableScan {
    private static final ScanHints ONCE = new ScanHints(0, false, false);

    private TableScan() {}

    /** Shows every full row; it is valid until the next. What the visitor writes is not shown. */
    static void forEach(CatalogEdit edit, Table table, Consumer<Row> visit) {
        EncodedRow row = new TableCodec(table).newRow();
        try (Cursor cursor =
                edit.transaction().scan(IndexKeys.range(table, table.primary()), Cursor.Direction.FORWARD, ONCE)) {
            for (EntryBatch batch = cursor.nextBatch(); batch != null; batch = cursor.nextBatch()) {
                edit.context().execution().checkCancelled();
                for (int i = 0; i < batch.size(); i++) {
                    row.set(batch.keys(), batch.keyOffset(i), batch.valueArray(i), batch.valueOffset(i));
                    visit.accept(row);
                }
            }
        }
    }

    /** Whether the table has a row. */
    static boolean hasRows(CatalogEdit edit, Table table) {
        try (Cursor cursor = edit.transaction()
                .scan(
                        IndexKeys.range(table, table.primary()),
                        Cursor.Direction.FORWARD,
                        new ScanHints(1, true, true))) {
            return cursor.nextBatch() != null;
        }
    }
}
