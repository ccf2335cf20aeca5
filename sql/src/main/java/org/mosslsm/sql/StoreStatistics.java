// Sizes for the optimiser, from the store.
package org.mosslsm.sql;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.mosslsm.kv.KeyRange;
import org.mosslsm.kv.Snapshot;
import org.mosslsm.kv.Store;
import org.mosslsm.sql.catalog.Column;
import org.mosslsm.sql.catalog.Index;
import org.mosslsm.sql.catalog.Table;
import org.mosslsm.sql.catalog.TableStatistics;
import org.mosslsm.sql.encode.IndexKeys;
import org.mosslsm.sql.encode.StatisticsStore;
import org.mosslsm.sql.expr.ScalarExpr;
import org.mosslsm.sql.optimize.Statistics;

/**
 * Estimates rows from the bytes that the store says a table's primary index takes, and keeps what ANALYZE found out.
 *
 * <p>Thread-safe: what was analyzed is read once from the store and then kept; {@link #analyzed} replaces it.
 */
final class StoreStatistics implements Statistics {
    /**
     * Rows that were in memory when they were analyzed take a fraction of it in files: that many times fewer bytes are no
     * sign of fewer rows.
     */
    private static final int MOST_COMPRESSED = 8;

    private final Store store;
    /** By table; ids are never given twice. */
    private final Map<Integer, Optional<TableStatistics>> analyzed = new ConcurrentHashMap<>();

    StoreStatistics(Store store) {
        this.store = store;
    }

    /** What the table was found to be; the store has it already. */
    void analyzed(Table table, TableStatistics found) {
        analyzed.put(table.id(), Optional.of(found));
    }

    @Override
    public Optional<TableStatistics> of(Table table) {
        Optional<TableStatistics> known = analyzed.get(table.id());
        return known != null
                ? known
                : analyzed.computeIfAbsent(table.id(), id -> {
                    try (Snapshot snapshot = store.snapshot()) {
                        byte[] bytes = snapshot.get(StatisticsStore.key(table));
                        return bytes == null ? Optional.empty() : StatisticsStore.read(table, bytes);
                    }
                });
    }

    /** About how many bytes all there is takes. */
    long bytes() {
        return store.approximateBytes(KeyRange.all());
    }

    /** About how many bytes the entries of an index take. */
    long bytes(Table table, Index index) {
        return store.approximateBytes(IndexKeys.range(table, index));
    }

    /** About how many bytes the rows of a table take. */
    long bytes(Table table) {
        return bytes(table, table.primary());
    }

    @Override
    public long rows(Table table) {
        long bytes = bytes(table);
        Optional<TableStatistics> known = of(table);
        if (known.isPresent() && known.get().rows() > 0 && known.get().bytes() > 0) {
            boolean compressed =
                    bytes < known.get().bytes() && bytes > known.get().bytes() / MOST_COMPRESSED;
            if (compressed) {
                return known.get().rows();
            }
            double rowBytes = (double) known.get().bytes() / known.get().rows();
            return Math.max(1, Math.round((double) bytes / rowBytes));
        }
        return Math.max(1, bytes / rowBytes(table));
    }

    @Override
    public Optional<ScalarExpr> condition(Table table, Index index) {
        return Optional.of(StatementCompiler.condition(table, index));
    }

    /** What a row takes, roughly: the width of fixed columns, a guess for the others, and the entry itself. */
    private static long rowBytes(Table table) {
        long bytes = 12;
        for (Column column : table.columns()) {
            bytes += switch (column.type().family()) {
                case BOOLEAN -> 1;
                case CHARACTER, BINARY -> 24;
                case UUID -> 16;
                default -> 8;
            };
        }
        return bytes;
    }
}
