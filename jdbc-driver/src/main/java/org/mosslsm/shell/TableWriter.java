// Results as aligned tables.
package org.mosslsm.shell;

import java.io.PrintStream;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes a result as a table. The first rows set the widths; where a later value is wider, its line is too. Numbers stand
 * right; line ends and tabs in values are shown as {@code \n} and {@code \t}.
 */
final class TableWriter {
    /** Rows that are held to set the widths: a few screens, and little memory however long the result. */
    private static final int MEASURED = 1_000;

    private final ResultSet rows;
    private final PrintStream out;
    private final int columns;
    private final String[] header;
    private final boolean[] right;
    private final int[] widths;

    TableWriter(ResultSet rows, PrintStream out) throws SQLException {
        this.rows = rows;
        this.out = out;
        ResultSetMetaData meta = rows.getMetaData();
        this.columns = meta.getColumnCount();
        this.header = new String[columns];
        this.right = new boolean[columns];
        this.widths = new int[columns];
        for (int i = 0; i < columns; i++) {
            header[i] = shown(meta.getColumnLabel(i + 1));
            right[i] = isNumber(meta.getColumnType(i + 1));
            widths[i] = width(header[i]);
        }
    }

    long write() throws SQLException {
        List<String[]> first = new ArrayList<>();
        while (first.size() < MEASURED && rows.next()) {
            String[] row = row();
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], width(row[i]));
            }
            first.add(row);
        }
        line(header, new boolean[columns]);
        rule();
        first.forEach(row -> line(row, right));
        long count = first.size();
        while (count >= MEASURED && rows.next()) {
            line(row(), right);
            count++;
        }
        out.append(count == 1 ? "(1 row)\n" : "(" + count + " rows)\n");
        return count;
    }

    private String[] row() throws SQLException {
        String[] row = new String[columns];
        for (int i = 0; i < columns; i++) {
            String value = rows.getString(i + 1);
            row[i] = value == null ? "NULL" : shown(value);
        }
        return row;
    }

    private void line(String[] cells, boolean[] alignRight) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < columns; i++) {
            line.append(i == 0 ? " " : " | ");
            String padding = " ".repeat(Math.max(0, widths[i] - width(cells[i])));
            line.append(alignRight[i] ? padding + cells[i] : cells[i] + padding);
        }
        out.append(line.toString().stripTrailing()).append('\n');
    }

    private void rule() {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < columns; i++) {
            line.append(i == 0 ? "" : "+").append("-".repeat(widths[i] + 2));
        }
        out.append(line).append('\n');
    }

    private static boolean isNumber(int type) {
        return switch (type) {
            case Types.TINYINT,
                    Types.SMALLINT,
                    Types.INTEGER,
                    Types.BIGINT,
                    Types.DECIMAL,
                    Types.NUMERIC,
                    Types.REAL,
                    Types.FLOAT,
                    Types.DOUBLE -> true;
            default -> false;
        };
    }

    private static int width(String text) {
        return text.codePointCount(0, text.length());
    }

    private static String shown(String text) {
        return text.replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t");
    }
}
