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

/**
 * Writes what a query answers, each value as the string that {@link TableImport} reads back as itself. Immutable but for its
 * format; one thread at a time, but for {@link #cancel}.
 */
public final class TableExport {
    private final Connection connection;
    private final String query;
    private CsvFormat format = CsvFormat.CSV;
    private final Cancelling cancelling = new Cancelling("the export");

    /**
     * An export of a query's rows.
     *
     * @param query a query, or {@code TABLE name}
     */
    public TableExport(Connection connection, String query) {
        this.connection = connection;
        this.query = query;
    }

    /** How the file is written; by default {@link CsvFormat#CSV}. */
    public TableExport format(CsvFormat newFormat) {
        this.format = newFormat;
        return this;
    }

    /**
     * Runs a query and writes its rows; flushes the writer and leaves it open.
     *
     * @param query a query, or {@code TABLE name}
     * @return rows written
     */
    public static long run(Connection connection, String query, CsvFormat format, Writer file)
            throws SQLException, IOException {
        return new TableExport(connection, query).format(format).run(file);
    }

    /**
     * Runs the query and writes its rows; flushes the writer and leaves it open.
     *
     * @return rows written
     * @throws SQLException 57014 after {@link #cancel}; what was written before stays
     */
    public long run(Writer file) throws SQLException, IOException {
        try (Statement statement = connection.createStatement()) {
            cancelling.at(statement);
            return run(statement, file);
        } finally {
            cancelling.end();
        }
    }

    /**
     * Ends the export that runs, or if none does the next one, with 57014 and within a moment. Any thread may call it. Nothing
     * happens where it is waiting for its writer.
     */
    public void cancel() {
        cancelling.cancel();
    }

    private long run(Statement statement, Writer file) throws SQLException, IOException {
        try (ResultSet rows = statement.executeQuery(query)) {
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
                cancelling.check();
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
