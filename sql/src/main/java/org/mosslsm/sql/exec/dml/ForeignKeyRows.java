// Foreign keys and rows that are there already.
package org.mosslsm.sql.exec.dml;

import java.util.List;
import java.util.Optional;
import org.mosslsm.kv.Cursor;
import org.mosslsm.kv.EntryBatch;
import org.mosslsm.kv.ScanHints;
import org.mosslsm.kv.txn.Transaction;
import org.mosslsm.sql.catalog.ForeignKey;
import org.mosslsm.sql.catalog.Index;
import org.mosslsm.sql.catalog.Table;
import org.mosslsm.sql.encode.EncodedRow;
import org.mosslsm.sql.encode.IndexKeys;
import org.mosslsm.sql.encode.KeyWriter;
import org.mosslsm.sql.encode.TableCodec;
import org.mosslsm.sql.exec.ExecutionContext;

/** What DDL asks about foreign keys. */
public final class ForeignKeyRows {
    private ForeignKeyRows() {}

    /** The index through which the rows of a foreign key are found: one whose first keys are its columns, in any order. */
    public static Optional<Index> indexFor(Table child, List<Integer> columnIds) {
        return child.allIndexes().stream()
                .filter(i -> !i.isPartial()
                        && i.keys().size() >= columnIds.size()
                        && i.columnIds().subList(0, columnIds.size()).containsAll(columnIds))
                .findFirst();
    }

    /**
     * Checks that every row of the child has its parent. Both tables are locked by the caller.
     *
     * @throws org.mosslsm.sql.error.SqlException 23503 for the first row that has none
     */
    public static void validate(ExecutionContext execution, Table child, ForeignKey key, Table parent) {
        Transaction tx = execution.transaction();
        ParentLink link = new ParentLink(child, key, parent);
        EncodedRow row = new TableCodec(child).newRow();
        KeyWriter scratch = new KeyWriter();
        try (Cursor cursor =
                tx.scan(IndexKeys.range(child, child.primary()), Cursor.Direction.FORWARD, ScanHints.NONE)) {
            for (EntryBatch batch = cursor.nextBatch(); batch != null; batch = cursor.nextBatch()) {
                execution.checkCancelled();
                for (int i = 0; i < batch.size(); i++) {
                    row.set(batch.keys(), batch.keyOffset(i), batch.valueArray(i), batch.valueOffset(i));
                    if (link.refers(row)) {
                        Optional<byte[]> parentKey = link.parentKey(row, scratch);
                        if (parentKey.isEmpty() || tx.get(parentKey.get()) == null) {
                            throw Violations.noParent(child, key, parent.name(), row);
                        }
                    }
                }
            }
        }
    }
}
