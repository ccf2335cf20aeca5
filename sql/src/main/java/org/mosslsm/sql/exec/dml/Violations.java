// Errors of constraints.
package org.mosslsm.sql.exec.dml;

import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.mosslsm.sql.catalog.Column;
import org.mosslsm.sql.catalog.ForeignKey;
import org.mosslsm.sql.catalog.Index;
import org.mosslsm.sql.catalog.Table;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;
import org.mosslsm.sql.expr.Row;
import org.mosslsm.sql.type.SqlType;
import org.mosslsm.sql.type.ValueText;

/** Makes the errors of violated constraints; they name constraint, table and columns, and show keys, never other data. */
public final class Violations {
    /** Longest text of one key value in a message. */
    private static final int MAX_VALUE_CHARS = 60;

    private Violations() {}

    /** 23502. */
    public static SqlException notNull(Table table, Column column) {
        return new SqlException(
                SqlState.NOT_NULL_VIOLATION,
                "column \"" + column.name() + "\" of table \"" + table.name() + "\" is NOT NULL: a value is missing");
    }

    /** 23514. */
    public static SqlException check(Table table, String constraint) {
        return new SqlException(
                SqlState.CHECK_VIOLATION,
                "a row of table \"" + table.name() + "\" violates check constraint \"" + constraint + "\"");
    }

    /** 23505 for a row that has the key of another. */
    public static SqlException duplicate(Table table, Index index, Row row) {
        return new SqlException(
                SqlState.UNIQUE_VIOLATION,
                "duplicate key value violates unique constraint \"" + index.name() + "\" of table \"" + table.name()
                        + "\": key " + key(table, index.columnIds(), row) + " already exists");
    }

    /** 23503 for a row that refers to nothing. */
    static SqlException noParent(Table child, ForeignKey key, String parent, Row row) {
        return new SqlException(
                SqlState.FOREIGN_KEY_VIOLATION,
                "a row of table \"" + child.name() + "\" violates foreign key constraint \"" + key.name() + "\": key "
                        + key(child, key.columnIds(), row) + " is not in table \"" + parent + "\"");
    }

    /** 23503 for a row that others refer to. */
    static SqlException stillReferenced(Table parent, ForeignKey key, String child, Row row) {
        return new SqlException(
                SqlState.FOREIGN_KEY_VIOLATION,
                "a change of table \"" + parent.name() + "\" violates foreign key constraint \"" + key.name()
                        + "\" of table \"" + child + "\": key " + key(parent, key.parentColumnIds(), row)
                        + " is still referenced");
    }

    private static String key(Table table, List<Integer> columnIds, Row row) {
        List<String> values = new ArrayList<>();
        for (int ordinal : table.ordinals(columnIds)) {
            values.add(text(row.get(ordinal), table.rowColumns().get(ordinal).type()));
        }
        return "(" + String.join(", ", table.names(columnIds)) + ")=(" + String.join(", ", values) + ")";
    }

    private static String text(Object value, SqlType type) {
        if (value == null) {
            return "NULL";
        }
        String text = ValueText.format(value, type, ZoneOffset.UTC);
        return text.length() <= MAX_VALUE_CHARS ? text : text.substring(0, MAX_VALUE_CHARS) + "...";
    }
}
