package org.mosslsm.jdbc;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.mosslsm.sql.ResultColumn;
import org.mosslsm.sql.RowCursor;
import org.mosslsm.sql.expr.Row;
import org.mosslsm.sql.expr.ValueRow;
import org.mosslsm.sql.type.SqlType;

/**
 * A list that {@link java.sql.DatabaseMetaData} answers with, being filled. Its columns are given as one string of names,
 * each followed by its type: {@code s} for text, {@code i} for INTEGER, {@code h} for SMALLINT, {@code l} for BIGINT,
 * {@code b} for BOOLEAN, as in {@code "TABLE_NAME s, KEY_SEQ h"}.
 */
final class MetaDataRows {
    private final List<ResultColumn> columns;
    private final List<Object[]> rows = new ArrayList<>();

    MetaDataRows(String columns) {
        this.columns = Arrays.stream(columns.split(",", -1))
                .map(String::strip)
                .map(MetaDataRows::column)
                .toList();
    }

    private static ResultColumn column(String spec) {
        int blank = spec.indexOf(' ');
        String name = spec.substring(0, blank);
        SqlType type =
                switch (spec.charAt(blank + 1)) {
                    case 's' -> SqlType.VARCHAR;
                    case 'i' -> SqlType.INTEGER;
                    case 'h' -> SqlType.SMALLINT;
                    case 'l' -> SqlType.BIGINT;
                    case 'b' -> SqlType.BOOLEAN;
                    default -> throw new IllegalArgumentException(spec);
                };
        return new ResultColumn(name, name, type, true, Optional.empty(), Optional.empty(), false);
    }

    /** Adds a row; whole numbers of any class, text, booleans or null. */
    void add(Object... values) {
        if (values.length != columns.size()) {
            throw new IllegalArgumentException(values.length + " values for " + columns.size() + " columns");
        }
        Object[] row = new Object[values.length];
        for (int i = 0; i < values.length; i++) {
            row[i] = values[i] instanceof Number n ? (Object) n.longValue() : values[i];
        }
        rows.add(row);
    }

    /** Sorts by the given columns (counted from 0), NULL first, as the interface's documentation asks. */
    MetaDataRows sorted(int... by) {
        rows.sort((a, b) -> {
            for (int column : by) {
                int order = compare(a[column], b[column]);
                if (order != 0) {
                    return order;
                }
            }
            return 0;
        });
        return this;
    }

    private static int compare(Object a, Object b) {
        if (a == null || b == null) {
            return Boolean.compare(a != null, b != null);
        }
        if (a instanceof Long x && b instanceof Long y) {
            return Long.compare(x, y);
        }
        return a.toString().compareTo(b.toString());
    }

    MossResultSet resultSet() {
        return new MossResultSet(null, columns, new ListCursor(rows), 0, set -> {});
    }

    /** Walks a list. */
    private static final class ListCursor implements RowCursor {
        private final List<Object[]> rows;
        private int at = -1;

        ListCursor(List<Object[]> rows) {
            this.rows = rows;
        }

        @Override
        public boolean next() {
            return ++at < rows.size();
        }

        @Override
        public Row row() {
            return new ValueRow(rows.get(at));
        }

        @Override
        public void close() {
            at = rows.size();
        }
    }

    /**
     * Whether a name fits a pattern of {@code %} and {@code _} with the escape {@code \}; {@code null} fits all. A name that
     * equals the pattern always fits: tools pass names unescaped.
     */
    static boolean fits(String pattern, String name) {
        if (pattern == null || pattern.equals(name) || pattern.equals("%")) {
            return true;
        }
        StringBuilder regex = new StringBuilder();
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            if (c == '\\' && i + 1 < pattern.length()) {
                regex.append(Pattern.quote(String.valueOf(pattern.charAt(++i))));
            } else if (c == '%') {
                regex.append(".*");
            } else if (c == '_') {
                regex.append('.');
            } else {
                regex.append(Pattern.quote(String.valueOf(c)));
            }
        }
        return Pattern.compile(regex.toString(), Pattern.DOTALL).matcher(name).matches();
    }
}
