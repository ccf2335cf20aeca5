// Results as CSV.
package org.mosslsm.shell;

import java.io.PrintStream;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;

/**
 * Writes a result as RFC 4180 CSV with a header line and {@code \n} line ends. NULL is the bare word {@code NULL}; a
 * string that reads NULL is quoted, so that the two can be told apart.
 */
final class CsvWriter {
    private CsvWriter() {}

    static long write(ResultSet rows, PrintStream out) throws SQLException {
        ResultSetMetaData columns = rows.getMetaData();
        int width = columns.getColumnCount();
        StringBuilder line = new StringBuilder();
        for (int i = 1; i <= width; i++) {
            line.append(i > 1 ? "," : "");
            append(line, columns.getColumnLabel(i));
        }
        out.append(line).append('\n');
        long count = 0;
        while (rows.next()) {
            line.setLength(0);
            for (int i = 1; i <= width; i++) {
                line.append(i > 1 ? "," : "");
                String value = rows.getString(i);
                if (value == null) {
                    line.append("NULL");
                } else {
                    append(line, value);
                }
            }
            out.append(line).append('\n');
            count++;
        }
        return count;
    }

    private static void append(StringBuilder line, String value) {
        boolean quote = value.equals("NULL");
        for (int i = 0; i < value.length() && !quote; i++) {
            char c = value.charAt(i);
            quote = c == ',' || c == '"' || c == '\n' || c == '\r';
        }
        if (quote) {
            line.append('"').append(value.replace("\"", "\"\"")).append('"');
        } else {
            line.append(value);
        }
    }
}
