// Sizes for the optimiser, from the store.
package org.mosslsm.sql;

import java.util.Optional;
import org.mosslsm.kv.KeyRange;
import org.mosslsm.kv.Store;
import org.mosslsm.sql.catalog.Column;
import org.mosslsm.sql.catalog.Index;
import org.mosslsm.sql.catalog.Table;
import org.mosslsm.sql.encode.IndexCodec;
import org.mosslsm.sql.expr.ScalarExpr;
import org.mosslsm.sql.optimize.Statistics;

/** Estimates rows from the bytes that the store says a table's primary index takes. Thread-safe. */
final class StoreStatistics implements Statistics {
    private final Store store;

    StoreStatistics(Store store) {
        this.store = store;
    }

    @Override
    public long rows(Table table) {
        byte[] prefix = new IndexCodec(table, table.primary()).prefix();
        return Math.max(1, store.approximateBytes(KeyRange.prefix(prefix)) / rowBytes(table));
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
