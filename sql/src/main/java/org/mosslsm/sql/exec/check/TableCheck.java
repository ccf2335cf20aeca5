// One table of CHECK DATABASE.
package org.mosslsm.sql.exec.check;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.mosslsm.kv.Cursor;
import org.mosslsm.kv.EntryBatch;
import org.mosslsm.kv.KeyRange;
import org.mosslsm.kv.KvException;
import org.mosslsm.kv.ScanHints;
import org.mosslsm.kv.txn.Transaction;
import org.mosslsm.sql.catalog.Catalog;
import org.mosslsm.sql.catalog.ForeignKey;
import org.mosslsm.sql.catalog.Table;
import org.mosslsm.sql.encode.EncodedRow;
import org.mosslsm.sql.encode.IndexCodec;
import org.mosslsm.sql.encode.IndexKeys;
import org.mosslsm.sql.encode.KeyWriter;
import org.mosslsm.sql.encode.TableCodec;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.exec.ExecutionContext;
import org.mosslsm.sql.exec.dml.ForeignKeyRows;
import org.mosslsm.sql.exec.dml.PartialIndexes;
import org.mosslsm.sql.exec.dml.RowChecks;
import org.mosslsm.sql.exec.dml.TableExpressions;
import org.mosslsm.sql.expr.Row;

/** Checks one table with its indexes. Used once. */
final class TableCheck {
    /** Findings of one kind in one table: the first few show what happened. */
    private static final int MAX_OF_A_KIND = 10;

    /** Number of entries, and a sum over them that does not depend on their order. */
    private static final class Tally {
        long entries;
        long sum;

        void add(byte[] key, byte[] value) {
            entries++;
            sum += mix(31L * Arrays.hashCode(key) + Arrays.hashCode(value));
        }

        private static long mix(long h) {
            long x = (h ^ (h >>> 33)) * 0xff51afd7ed558ccdL;
            return x ^ (x >>> 29);
        }

        boolean agrees(Tally other) {
            return entries == other.entries && sum == other.sum;
        }
    }

    private interface Visit {
        void entry(EntryBatch batch, int i);
    }

    private final Table table;
    private final Catalog catalog;
    private final TableExpressions expressions;
    private final ExecutionContext execution;
    private final List<Finding> findings;
    private final TableCodec codec;
    private final KeyWriter scratch = new KeyWriter();
    private long rows;

    TableCheck(
            Table table,
            Catalog catalog,
            TableExpressions expressions,
            ExecutionContext execution,
            List<Finding> findings) {
        this.table = table;
        this.catalog = catalog;
        this.expressions = expressions;
        this.execution = execution;
        this.findings = findings;
        this.codec = PartialIndexes.codec(table, expressions);
    }

    /** Rows that were read. */
    long rows() {
        return rows;
    }

    void run() {
        List<IndexCodec> indexes = codec.secondary();
        Tally[] wanted = new Tally[indexes.size()];
        Arrays.setAll(wanted, i -> new Tally());
        boolean whole = rows(wanted);
        for (int i = 0; i < wanted.length; i++) {
            Tally found = new Tally();
            boolean read = scan(indexes.get(i), (batch, at) -> found.add(batch.copyKey(at), batch.copyValue(at)));
            if (read && whole && !found.agrees(wanted[i])) {
                compare(indexes.get(i));
            }
        }
        if (whole) {
            for (ForeignKey key : table.foreignKeys()) {
                try {
                    ForeignKeyRows.validate(
                            execution,
                            table,
                            key,
                            catalog.table(key.parentTableId()).orElseThrow());
                } catch (SqlException | KvException e) {
                    found(key.name(), e.getMessage());
                }
            }
        }
    }

    private boolean full() {
        return findings.size() >= DatabaseCheck.MAX_FINDINGS;
    }

    private void found(String object, String text) {
        if (!full()) {
            findings.add(new Finding(table.schema(), table.name(), object, text));
        }
    }

    // ---- rows

    /** Reads all rows; false where one could not be read: then the rest cannot be compared with them. */
    private boolean rows(Tally[] wanted) {
        RowChecks checks = new RowChecks(table, expressions.checks(table));
        EncodedRow row = codec.newRow();
        int[] bad = new int[1];
        int[] damaged = new int[1];
        boolean read = scan(codec.primary(), (batch, i) -> {
            rows++;
            byte[] key = batch.copyKey(i);
            try {
                row.set(batch.keys(), batch.keyOffset(i), batch.valueArray(i), batch.valueOffset(i));
                Row values = row.copy(); // decodes every column
                if (!Arrays.equals(key, codec.primary().key(values, scratch))) {
                    throw new IllegalStateException("its key is not what its columns say");
                }
                for (int k = 0; k < wanted.length; k++) {
                    IndexCodec index = codec.secondary().get(k);
                    if (index.covers(values)) {
                        wanted[k].add(index.key(values, scratch), index.value(values, scratch));
                    }
                }
                checks.check(values, execution);
            } catch (SqlException e) {
                if (bad[0]++ < MAX_OF_A_KIND) {
                    found("", e.getMessage());
                }
            } catch (IndexOutOfBoundsException | IllegalArgumentException | IllegalStateException e) {
                if (damaged[0]++ < MAX_OF_A_KIND) {
                    found("", "the row at key " + HexFormat.of().formatHex(key) + " is damaged: " + e.getMessage());
                }
            }
        });
        return read && damaged[0] == 0;
    }

    /** Shows every entry; false, and a finding, where the store could not read them all. */
    private boolean scan(IndexCodec index, Visit visit) {
        KeyRange range = IndexKeys.range(table, index.index());
        try (Cursor cursor = execution.transaction().scan(range, Cursor.Direction.FORWARD, ScanHints.NONE)) {
            for (EntryBatch batch = cursor.nextBatch(); batch != null; batch = cursor.nextBatch()) {
                execution.checkCancelled();
                for (int i = 0; i < batch.size(); i++) {
                    visit.entry(batch, i);
                }
            }
            return true;
        } catch (KvException e) {
            found(index.index().name(), "cannot be read: " + e.getMessage());
            return false;
        }
    }

    // ---- indexes

    /** Says how an index differs from the rows. */
    private void compare(IndexCodec index) {
        Transaction tx = execution.transaction();
        EncodedRow row = codec.newRow();
        int[] missing = new int[1];
        scan(codec.primary(), (batch, i) -> {
            row.set(batch.keys(), batch.keyOffset(i), batch.valueArray(i), batch.valueOffset(i));
            if (missing[0] < MAX_OF_A_KIND && index.covers(row)) {
                byte[] entry = tx.get(index.key(row, scratch));
                if (entry == null || !Arrays.equals(entry, index.value(row, scratch))) {
                    missing[0]++;
                    found(
                            index.index().name(),
                            (entry == null
                                            ? "has no entry for the row with key "
                                            : "has a wrong entry for the row with key ")
                                    + key(row));
                }
            }
        });
        int[] extra = new int[1];
        scan(index, (batch, i) -> {
            if (extra[0] < MAX_OF_A_KIND && !isWanted(index, batch, i)) {
                extra[0]++;
                found(
                        index.index().name(),
                        "has an entry that no row asks for, at key "
                                + HexFormat.of().formatHex(batch.copyKey(i)));
            }
        });
        if (missing[0] + extra[0] == 0) {
            found(index.index().name(), "does not agree with the rows");
        }
    }

    private boolean isWanted(IndexCodec index, EntryBatch batch, int i) {
        byte[] key = batch.copyKey(i);
        byte[] value = batch.copyValue(i);
        try {
            byte[] primaryKey = index.primaryKey(key, 0, value, 0, scratch);
            byte[] stored = execution.transaction().get(primaryKey);
            if (stored == null) {
                return false;
            }
            Row row = codec.newRow().set(primaryKey, 0, stored, 0);
            return index.covers(row) && Arrays.equals(key, index.key(row, scratch));
        } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
            return false;
        }
    }

    private String key(Row row) {
        StringBuilder text = new StringBuilder("(");
        for (int ordinal : table.ordinals(table.primary().columnIds())) {
            Object value = row.get(ordinal);
            text.append(text.length() == 1 ? "" : ", ")
                    .append(org.mosslsm.sql.type.ValueText.format(
                            value, table.rowColumns().get(ordinal).type(), java.time.ZoneOffset.UTC));
        }
        return text.append(')').toString();
    }
}
