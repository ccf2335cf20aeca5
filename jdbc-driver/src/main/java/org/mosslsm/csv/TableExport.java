// From a query into a file.
package org.mosslsm.csv;

import java.io.IOException;
import java.io.Writer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import org.mosslsm.csv.CsvFormat.Style;

/** Writes what a query answers, each value as the string that {@link TableImport} reads back as itself. Stateless. */
public final class TableExport {
    private TableExport() {}

    /**
     * Runs a query and writes its rows; flushes the writer and leaves it open.
     *
     * @param query a query, or {@code TABLE name}
     * @return rows written
     */
    public static long run(Connection connection, String query, CsvFormat format, Writer file)
            throws SQLException, IOException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            ResultSetMetaData meta = rows.getMetaData();
            int columns = meta.getColumnCount();
            StringBuilder line = new StringBuilder();
            if (format.header()) {
                for (int i = 1; i <= columns; i++) {
                    value(line, i, meta.getColumnLabel(i), format);
                }
                file.append(line).append('\n');
            }
            long count = 0;
            while (rows.next()) {
                line.setLength(0);
                for (int i = 1; i <= columns; i++) {
                    value(line, i, rows.getString(i), format);
                }
                file.append(line).append('\n');
                count++;
            }
            file.flush();
            return count;
        }
    }

    private static void value(StringBuilder line, int i, String value, CsvFormat format) {
        if (i > 1) {
            line.append(format.delimiter());
        }
        if (value == null) {
            line.append(format.nullText());
        } else if (format.style() == Style.QUOTED) {
            quoted(line, value, format);
        } else {
            escaped(line, value, format);
        }
    }

    private static void quoted(StringBuilder line, String value, CsvFormat format) {
        boolean plain = !value.equals(format.nullText()) && !value.isEmpty();
        for (int k = 0; k < value.length() && plain; k++) {
            char c = value.charAt(k);
            plain = c != '"' && c != '\n' && c != '\r' && c != format.delimiter() && c != '\uFEFF';
        }
        if (plain) {
            line.append(value);
        } else {
            line.append('"').append(value.replace("\"", "\"\"")).append('"');
        }
    }

    private static void escaped(StringBuilder line, String value, CsvFormat format) {
        for (int k = 0; k < value.length(); k++) {
            char c = value.charAt(k);
            switch (c) {
                case '\\' -> line.append("\\\\");
                case '\n' -> line.append("\\n");
                case '\r' -> line.append("\\r");
                case '\t' -> line.append("\\t");
                default -> {
                    if (c == format.delimiter()) {
                        line.append('\\');
                    }
                    line.append(c);
                }
            }
        }
    }
}
