// All rows of a table.
package org.mosslsm.sql.exec.ddl;

import java.util.Arrays;
import java.util.function.Consumer;
import org.mosslsm.kv.Cursor;
import org.mosslsm.kv.EntryBatch;
import org.mosslsm.kv.KeyRange;
import org.mosslsm.kv.ScanHints;
import org.mosslsm.kv.txn.Transaction;
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
        try (Cursor cursor = open(edit.transaction(), IndexKeys.range(table, table.primary()))) {
            forEach(cursor, new TableCodec(table).newRow(), edit.context().execution()::checkCancelled, visit);
        }
    }

    /** A cursor over rows that are read once; the caller closes it. */
    static Cursor open(Transaction transaction, KeyRange rows) {
        return transaction.scan(rows, Cursor.Direction.FORWARD, ONCE);
    }

    /** Shows every full row of a cursor in {@code row}; uses nothing else, and so may be called by any thread. */
    static void forEach(Cursor cursor, EncodedRow row, Runnable cancelCheck, Consumer<Row> visit) {
        for (EntryBatch batch = cursor.nextBatch(); batch != null; batch = cursor.nextBatch()) {
            cancelCheck.run();
            for (int i = 0; i < batch.size(); i++) {
                row.set(batch.keys(), batch.keyOffset(i), batch.valueArray(i), batch.valueOffset(i));
                visit.accept(row);
            }
        }
    }

    /**
     * A key that cuts the rows into halves, if their keys are spread evenly; null where there is none. It need not be the
     * key of a row.
     */
    static byte[] middle(Transaction transaction, KeyRange rows) {
        byte[] first = end(transaction, rows, Cursor.Direction.FORWARD);
        byte[] last = end(transaction, rows, Cursor.Direction.BACKWARD);
        if (first == null || last == null) {
            return null;
        }
        int same = Arrays.mismatch(first, last);
        if (same < 0) {
            return null;
        }
        long low = eightBytes(first, same);
        long middle = low + ((eightBytes(last, same) - low) >>> 1); // their difference, unsigned, is positive
        byte[] key = Arrays.copyOf(last, same + Long.BYTES);
        for (int i = 0; i < Long.BYTES; i++) {
            key[same + i] = (byte) (middle >>> (56 - 8 * i));
        }
        return Arrays.compareUnsigned(first, key) < 0 ? key : null;
    }

    private static byte[] end(Transaction transaction, KeyRange rows, Cursor.Direction from) {
        try (Cursor cursor = transaction.scan(rows, from, new ScanHints(1, true, true))) {
            EntryBatch batch = cursor.nextBatch();
            return batch == null ? null : batch.copyKey(0);
        }
    }

    private static long eightBytes(byte[] key, int from) {
        long bytes = 0;
        for (int i = from; i < from + Long.BYTES; i++) {
            bytes = bytes << 8 | (i < key.length ? key[i] & 0xFF : 0);
        }
        return bytes;
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
