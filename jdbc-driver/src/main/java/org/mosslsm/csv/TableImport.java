// From a file into a table.
package org.mosslsm.csv;

import java.io.IOException;
import java.io.Reader;
import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Reads rows of text into a table, values in the form in which SQL writes them as strings. Immutable but for its settings;
 * one thread at a time.
 *
 * <pre>
 * long rows = new TableImport(connection, "orders").format(CsvFormat.CSV).run(reader);
 * </pre>
 *
 * With autocommit on, rows are committed 10,000 at a time (see {@link #commitEvery}): a failure leaves those committed
 * before, and says how many. Inside a transaction nothing is committed here.
 */
public final class TableImport {
    private static final int BATCH = 1_000;

    private final Connection connection;
    private final String table;
    private CsvFormat format = CsvFormat.CSV;
    private Optional<List<String>> columns = Optional.empty();
    private int commitEvery = 10_000;

    /**
     * An import into one table.
     *
     * @param table its name as SQL writes it: with its schema where needed, in quotes where needed
     */
    public TableImport(Connection connection, String table) {
        this.connection = connection;
        this.table = table;
    }

    /** How the file is written; by default {@link CsvFormat#CSV}. */
    public TableImport format(CsvFormat newFormat) {
        this.format = newFormat;
        return this;
    }

    /** The columns of the file's values, as SQL writes them; by default those of the header, or all of the table. */
    public TableImport columns(List<String> names) {
        this.columns = Optional.of(List.copyOf(names));
        return this;
    }

    /** Rows of a transaction where autocommit is on, at least 1; by default 10,000. */
    public TableImport commitEvery(int rows) {
        this.commitEvery = Math.max(1, rows);
        return this;
    }

    /**
     * Reads the file to its end.
     *
     * @return rows read
     * @throws CsvException when a line is wrong or the table refuses its values; it names the line
     */
    public long run(Reader file) throws SQLException, IOException {
        RecordReader records = new RecordReader(file, format);
        List<String> names = columns.orElse(List.of());
        if (format.header()) {
            List<String> header = records.next();
            if (header == null) {
                return 0;
            }
            if (columns.isEmpty()) {
                names = header.stream().map(TableImport::columnOf).toList();
            }
        }
        if (names.isEmpty()) {
            names = allColumns();
        }
        if (names.size() == 1) {
            records.oneValue();
        }
        boolean own = connection.getAutoCommit();
        if (own) {
            connection.setAutoCommit(false);
        }
        try {
            return run(records, names, own);
        } finally {
            if (own) {
                connection.rollback();
                connection.setAutoCommit(true);
            }
        }
    }

    private long run(RecordReader records, List<String> names, boolean own) throws SQLException, IOException {
        String sql = "INSERT INTO " + table + " (" + String.join(", ", names) + ") OVERRIDING SYSTEM VALUE VALUES ("
                + names.stream().map(n -> "?").collect(Collectors.joining(", ")) + ")";
        long rows = 0;
        long committed = 0;
        List<Long> lines = new ArrayList<>(BATCH);
        try (PreparedStatement insert = connection.prepareStatement(sql)) {
            for (List<String> record = records.next(); record != null; record = records.next()) {
                if (record.size() != names.size()) {
                    throw new CsvException(
                            records.line(),
                            record.size() + (record.size() == 1 ? " value" : " values") + " for " + names.size()
                                    + (names.size() == 1 ? " column" : " columns"));
                }
                lines.add(records.line());
                bind(insert, record, records.line(), committed);
                insert.addBatch();
                rows++;
                if (lines.size() == BATCH) {
                    execute(insert, lines, committed);
                }
                if (own && rows - committed >= commitEvery) {
                    execute(insert, lines, committed);
                    connection.commit();
                    committed = rows;
                }
            }
            execute(insert, lines, committed);
            if (own) {
                connection.commit();
            }
        }
        return rows;
    }

    private static void bind(PreparedStatement insert, List<String> record, long line, long committed)
            throws SQLException {
        try {
            for (int i = 0; i < record.size(); i++) {
                insert.setString(i + 1, record.get(i));
            }
        } catch (SQLException e) {
            throw new CsvException(line, e, committed);
        }
    }

    private static void execute(PreparedStatement insert, List<Long> lines, long committed) throws SQLException {
        if (lines.isEmpty()) {
            return;
        }
        try {
            insert.executeBatch();
        } catch (BatchUpdateException e) {
            int done = e.getUpdateCounts().length;
            SQLException cause = e.getCause() instanceof SQLException s ? s : e;
            throw new CsvException(lines.get(Math.min(done, lines.size() - 1)), cause, committed);
        }
        lines.clear();
    }

    /** A name of the header, in quotes unless it is a plain one: {@code Id} means {@code id}, {@code "Order No"} itself. */
    private static String columnOf(String name) {
        String stripped = name == null ? "" : name.strip();
        return stripped.matches("[A-Za-z_][A-Za-z0-9_]*") ? stripped : '"' + stripped.replace("\"", "\"\"") + '"';
    }

    private List<String> allColumns() throws SQLException {
        List<String> names = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement("SELECT * FROM " + table + " WHERE FALSE");
                ResultSet rows = select.executeQuery()) {
            for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                names.add('"' + rows.getMetaData().getColumnName(i).replace("\"", "\"\"") + '"');
            }
        }
        return names;
    }
}
