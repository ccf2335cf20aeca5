// What ANALYZE found out about a table.
package org.mosslsm.sql.catalog;

import java.util.Map;
import java.util.Optional;

/**
 * Sizes and distributions of a table, as of the last ANALYZE.
 *
 * @param rows number of rows, exactly then
 * @param bytes what the store said the table took then; the table has grown when it says more
 * @param columns by the id of the column
 */
public record TableStatistics(long rows, long bytes, Map<Integer, ColumnStatistics> columns) {
    /** Freezes the map. */
    public TableStatistics {
        columns = Map.copyOf(columns);
    }

    /** What is known of a column, if it still has the type it had. */
    public Optional<ColumnStatistics> column(Column column) {
        ColumnStatistics known = columns.get(column.id());
        return known != null && known.type().equals(column.type()) ? Optional.of(known) : Optional.empty();
    }
}
