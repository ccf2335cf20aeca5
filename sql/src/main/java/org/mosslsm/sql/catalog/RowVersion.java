// Which columns a row's value holds.
package org.mosslsm.sql.catalog;

import java.util.List;
import org.mosslsm.sql.type.SqlType;

/**
 * One version of the layout of a table's rows. A row names the version it was written with, and is read with it for
 * ever: adding, dropping and widening columns rewrite nothing.
 *
 * @param number from 1, ascending within the table
 * @param columns the columns in the value, in ascending order of their numbers; key columns are in the key instead
 */
public record RowVersion(int number, List<Stored> columns) {
    /**
     * A column as stored.
     *
     * @param columnId number of the column
     * @param type its type then
     */
    public record Stored(int columnId, SqlType type) {}

    /** Freezes the list. */
    public RowVersion {
        columns = List.copyOf(columns);
        for (int i = 1; i < columns.size(); i++) {
            if (columns.get(i - 1).columnId() >= columns.get(i).columnId()) {
                throw new IllegalArgumentException("row version " + number + ": columns out of order " + columns);
            }
        }
    }
}
