package org.mosslsm.sql.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.mosslsm.kv.Cursor;
import org.mosslsm.kv.EntryBatch;
import org.mosslsm.kv.KeyRange;
import org.mosslsm.kv.ScanHints;
import org.mosslsm.kv.Store;
import org.mosslsm.kv.txn.Transaction;
import org.mosslsm.kv.txn.Transactions;
import org.mosslsm.sql.catalog.Catalog;
import org.mosslsm.sql.catalog.CatalogStore;
import org.mosslsm.sql.catalog.Table;
import org.mosslsm.sql.encode.EncodedRow;
import org.mosslsm.sql.encode.IndexCodec;
import org.mosslsm.sql.encode.IndexKeys;
import org.mosslsm.sql.encode.KeyWriter;
import org.mosslsm.sql.encode.TableCodec;

/** Compares every index with its table, byte by byte, and finds entries that belong to nothing. */
public final class IndexCheck {
    private IndexCheck() {}

    /** Checks what is committed. */
    public static void check(Store store) {
        try (Transaction tx = new Transactions(store).begin()) {
            Catalog catalog = CatalogStore.load(tx);
            TreeMap<String, String> expected = new TreeMap<>();
            for (Table table : catalog.tables()) {
                addEntries(tx, table, expected);
            }
            TreeMap<String, String> actual = new TreeMap<>();
            actual.putAll(read(tx, KeyRange.prefix(new byte[] {IndexKeys.ROWS})));
            actual.putAll(read(tx, KeyRange.prefix(new byte[] {IndexKeys.SECONDARY})));
            assertEquals(lines(expected), lines(actual), "entries of rows and indexes");
        }
    }

    private static void addEntries(Transaction tx, Table table, Map<String, String> expected) {
        TableCodec codec = new TableCodec(table);
        EncodedRow row = codec.newRow();
        KeyWriter scratch = new KeyWriter();
        try (Cursor cursor =
                tx.scan(IndexKeys.range(table, table.primary()), Cursor.Direction.FORWARD, ScanHints.NONE)) {
            for (EntryBatch batch = cursor.nextBatch(); batch != null; batch = cursor.nextBatch()) {
                for (int i = 0; i < batch.size(); i++) {
                    expected.put(hex(batch.copyKey(i)), hex(batch.copyValue(i)));
                    row.set(batch.keys(), batch.keyOffset(i), batch.valueArray(i), batch.valueOffset(i));
                    assertEquals(
                            hex(batch.copyKey(i)),
                            hex(codec.primary().key(row, scratch)),
                            "key of a row of " + table.name());
                    for (IndexCodec index : codec.secondary()) {
                        byte[] key = index.key(row, scratch);
                        byte[] value = index.value(row, scratch);
                        expected.put(hex(key), hex(value));
                        assertEquals(
                                hex(batch.copyKey(i)),
                                hex(index.primaryKey(key, 0, value, 0, scratch)),
                                "primary key from an entry of " + index.index().name());
                    }
                }
            }
        }
    }

    private static Map<String, String> read(Transaction tx, KeyRange range) {
        TreeMap<String, String> entries = new TreeMap<>();
        try (Cursor cursor = tx.scan(range, Cursor.Direction.FORWARD, ScanHints.NONE)) {
            for (EntryBatch batch = cursor.nextBatch(); batch != null; batch = cursor.nextBatch()) {
                for (int i = 0; i < batch.size(); i++) {
                    entries.put(hex(batch.copyKey(i)), hex(batch.copyValue(i)));
                }
            }
        }
        return entries;
    }

    private static String lines(Map<String, String> entries) {
        List<String> lines = new ArrayList<>();
        entries.forEach((k, v) -> lines.add(k + " = " + v));
        return String.join("\n", lines);
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
