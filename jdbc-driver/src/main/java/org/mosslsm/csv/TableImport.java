// From a file into a table.
package org.mosslsm.csv;

import java.io.FilterReader;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.Reader;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Reads rows of text into a table, values in the form in which SQL writes them as strings. Immutable but for its settings;
 * one thread at a time, but for {@link #cancel}.
 *
 * <pre>
 * long rows = new TableImport(connection, "orders").format(CsvFormat.CSV).run(reader);
 * </pre>
 *
 * The file comes in as a whole or not at all, whatever its size: with autocommit on in a transaction of its own (or in
 * pieces, see {@link #commitEvery}); inside a transaction, also one that BEGIN opened in SQL, nothing is committed here, and
 * a failure undoes the import alone.
 */
public final class TableImport {
    /** Rows of a statement: as many more cost no less each. */
    private static final int BLOCK = 64;

    /** A savepoint; one of the caller's of that name is only hidden meanwhile. */
    private static final String BEFORE = "before_the_import";

    private final Connection connection;
    private final String table;
    private CsvFormat format = CsvFormat.CSV;
    private Optional<List<String>> columns = Optional.empty();
    private int commitEvery = Integer.MAX_VALUE;
    private final Cancelling cancelling = new Cancelling("the import");

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

    /**
     * Commits every so many rows, at least 1, where autocommit is on and no transaction is open: others see them meanwhile,
     * and a failure leaves those committed before, and says how many. By default the whole file is one transaction.
     */
    public TableImport commitEvery(int rows) {
        this.commitEvery = Math.max(1, rows);
        return this;
    }

    /**
     * Reads the file to its end.
     *
     * @return rows read
     * @throws CsvException when a line is wrong or the table refuses its values; it names the line
     * @throws SQLException 57014 after {@link #cancel}; what no line is to blame for, such as a table that is not there
     */
    public long run(Reader file) throws SQLException, IOException {
        try {
            cancelling.check();
            return runWatched(new Watched(file));
        } catch (InterruptedIOException e) {
            if (cancelling.isCancelled()) {
                throw cancelling.exception(e);
            }
            throw e;
        } finally {
            cancelling.end();
        }
    }

    /**
     * Ends the import that runs, or if none does the next one, with 57014 and within a moment: it is undone like one that
     * fails, but for what {@link #commitEvery} has committed. Any thread may call it. Nothing happens where it is waiting for
     * its reader, or where its last commit has begun.
     */
    public void cancel() {
        cancelling.cancel();
    }

    /** The file, of which no more is read once the import is cancelled: a value of it may be long. */
    private final class Watched extends FilterReader {
        Watched(Reader file) {
            super(file);
        }

        @Override
        public int read(char[] buffer, int offset, int length) throws IOException {
            if (cancelling.isCancelled()) {
                throw new InterruptedIOException("the import was cancelled");
            }
            return super.read(buffer, offset, length);
        }
    }

    private long runWatched(Reader file) throws SQLException, IOException {
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
        if (!connection.getAutoCommit() || isInTransaction(connection)) {
            return runInside(records, names);
        }
        connection.setAutoCommit(false);
        try {
            return run(records, names, true);
        } finally {
            connection.rollback();
            connection.setAutoCommit(true);
        }
    }

    /**
     * Whether the session of a connection is in a transaction, however it came to be: of one that BEGIN opened in SQL
     * autocommit does not tell, and turning autocommit off would commit it.
     *
     * @throws SQLException of the connection, as any statement's
     */
    public static boolean isInTransaction(Connection connection) throws SQLException {
        try (Statement show = connection.createStatement();
                ResultSet rs = show.executeQuery("SHOW in_transaction")) {
            return rs.next() && rs.getString(1).equals("on");
        }
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** In the caller's transaction it is one statement: all rows or none. */
    private long runInside(RecordReader records, List<String> names) throws SQLException, IOException {
        execute("SAVEPOINT " + BEFORE); // that of JDBC is not to be had with autocommit on
        try {
            long rows = run(records, names, false);
            execute("RELEASE SAVEPOINT " + BEFORE);
            return rows;
        } catch (SQLException | IOException | RuntimeException | Error e) {
            try {
                execute("ROLLBACK TO SAVEPOINT " + BEFORE);
                execute("RELEASE SAVEPOINT " + BEFORE);
            } catch (SQLException rolledBackAlready) {
                e.addSuppressed(rolledBackAlready);
            }
            throw e;
        }
    }

    private long run(RecordReader records, List<String> names, boolean own) throws SQLException, IOException {
        long rows = 0;
        try (Block block = new Block(names)) {
            for (List<String> record = records.next(); record != null; record = records.next()) {
                if (record.size() != names.size()) {
                    throw new CsvException(
                            records.line(),
                            record.size() + (record.size() == 1 ? " value" : " values") + " for " + names.size()
                                    + (names.size() == 1 ? " column" : " columns"));
                }
                cancelling.check();
                block.add(record, records.line());
                rows++;
                if (own && rows - block.committed >= commitEvery) {
                    block.write();
                    connection.commit();
                    block.committed = rows;
                }
            }
            block.write();
            cancelling.check();
            if (own) {
                connection.commit();
            }
        }
        return rows;
    }

    /** Rows on their way: written many in a statement, and one by one where that fails, to find the row it is about. */
    private final class Block implements AutoCloseable {
        private final List<List<String>> records = new ArrayList<>(BLOCK);
        private final List<Long> lines = new ArrayList<>(BLOCK);
        private final PreparedStatement one;
        private final PreparedStatement many;
        private long committed;

        Block(List<String> names) throws SQLException {
            String row = names.stream().map(n -> "?").collect(Collectors.joining(", ", "(", ")"));
            String sql = "INSERT INTO " + table + " (" + String.join(", ", names) + ") OVERRIDING SYSTEM VALUE VALUES ";
            one = connection.prepareStatement(sql + row);
            many = connection.prepareStatement(sql + String.join(", ", Collections.nCopies(BLOCK, row)));
        }

        void add(List<String> record, long line) throws SQLException {
            records.add(record);
            lines.add(line);
            if (records.size() == BLOCK) {
                write();
            }
        }

        /** Writes what is there. */
        void write() throws SQLException {
            if (records.size() < BLOCK || !writeTogether()) {
                for (int i = 0; i < records.size(); i++) {
                    try {
                        bind(one, records.get(i), 0);
                        execute(one);
                    } catch (SQLException e) {
                        throw isAboutRow(e) ? new CsvException(lines.get(i), e, committed) : e;
                    }
                }
            }
            records.clear();
            lines.clear();
        }

        private boolean writeTogether() throws SQLException {
            try {
                for (int i = 0; i < BLOCK; i++) {
                    bind(many, records.get(i), i * records.get(i).size());
                }
                execute(many);
                return true;
            } catch (SQLException e) {
                if (isAboutRow(e)) {
                    return false; // the statement undid itself: one row of it will say what is wrong, and where
                }
                throw e;
            }
        }

        /** Whether it says what is wrong with a row: a value, a constraint, a size. Else no line of the file is to blame. */
        private static boolean isAboutRow(SQLException e) {
            String state = String.valueOf(e.getSQLState());
            return state.startsWith("22") || state.startsWith("23") || state.startsWith("54");
        }

        private void execute(PreparedStatement insert) throws SQLException {
            try {
                cancelling.at(insert);
                insert.executeUpdate();
            } finally {
                cancelling.pastStatement();
            }
        }

        private static void bind(PreparedStatement insert, List<String> record, int before) throws SQLException {
            for (int i = 0; i < record.size(); i++) {
                insert.setString(before + i + 1, record.get(i));
            }
        }

        @Override
        public void close() throws SQLException {
            one.close();
            many.close();
        }
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
