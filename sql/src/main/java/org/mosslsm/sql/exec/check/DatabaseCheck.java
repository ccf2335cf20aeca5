// CHECK DATABASE.
package org.mosslsm.sql.exec.check;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.mosslsm.kv.Cursor;
import org.mosslsm.kv.EntryBatch;
import org.mosslsm.kv.KeyRange;
import org.mosslsm.kv.KvException;
import org.mosslsm.kv.ScanHints;
import org.mosslsm.sql.catalog.Catalog;
import org.mosslsm.sql.catalog.Index;
import org.mosslsm.sql.catalog.Table;
import org.mosslsm.sql.encode.IndexKeys;
import org.mosslsm.sql.exec.ExecutionContext;
import org.mosslsm.sql.exec.dml.TableExpressions;

/**
 * Checks a database at one snapshot:
 *
 * <pre>
 * every table     rows decode; NOT NULL, CHECK and FOREIGN KEY hold      (TableCheck)
 * every index     has the entries that the rows ask for, and no others   (TableCheck)
 * between them    no entries that belong to no index
 * all blocks      are read on the way, so that the store compares their checksums
 * </pre>
 *
 * Takes time as reading everything twice, and little memory: an index is compared by a sum over its entries, and looked at
 * entry by entry only where the sums differ.
 */
public final class DatabaseCheck {
    /** More would not be read. */
    static final int MAX_FINDINGS = 1_000;

    private final ExecutionContext execution;
    private final Catalog catalog;
    private final TableExpressions expressions;
    private final List<Finding> findings = new ArrayList<>();
    private long rows;

    /** A check about to begin. */
    public DatabaseCheck(ExecutionContext execution, Catalog catalog, TableExpressions expressions) {
        this.execution = execution;
        this.catalog = catalog;
        this.expressions = expressions;
    }

    /** Runs it; what is wrong, at most 1,000 findings. */
    public List<Finding> run() {
        List<KeyRange> known = new ArrayList<>();
        for (Table table : catalog.tables()) {
            TableCheck check = new TableCheck(table, catalog, expressions, execution, findings);
            check.run();
            rows += check.rows();
            for (Index index : table.allIndexes()) {
                known.add(IndexKeys.range(table, index));
            }
        }
        orphans(known);
        return List.copyOf(findings);
    }

    /** What was looked at, in words. */
    public String summary() {
        int tables = catalog.tables().size();
        return tables
                + (tables == 1 ? " table, " : " tables, ")
                + rows
                + (rows == 1 ? " row: " : " rows: ")
                + (findings.isEmpty() ? "nothing wrong" : findings.size() + " findings");
    }

    /** Looks for entries before, between and after the ranges of the indexes there are. */
    private void orphans(List<KeyRange> known) {
        known.sort((a, b) -> Arrays.compareUnsigned(a.lo(), b.lo()));
        byte[] at = {IndexKeys.ROWS};
        for (KeyRange range : known) {
            orphan(at, range.lo());
            at = range.hi().orElseThrow();
        }
        orphan(at, new byte[] {IndexKeys.SECONDARY + 1});
    }

    private void orphan(byte[] from, byte[] to) {
        if (Arrays.compareUnsigned(from, to) >= 0) {
            return;
        }
        try (Cursor cursor = execution
                .transaction()
                .scan(KeyRange.of(from, to), Cursor.Direction.FORWARD, new ScanHints(1, true, true))) {
            EntryBatch batch = cursor.nextBatch();
            if (batch != null && batch.size() > 0) {
                findings.add(new Finding(
                        "",
                        "",
                        "",
                        "there are entries that belong to no table, from key "
                                + HexFormat.of().formatHex(batch.copyKey(0)) + " on"));
            }
        } catch (KvException e) {
            findings.add(new Finding("", "", "", e.getMessage()));
        }
    }
}
