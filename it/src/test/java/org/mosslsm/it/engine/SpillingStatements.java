package org.mosslsm.it.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The child of {@link DescriptorLimitTest} that sorts, joins and groups in files, more of them than it may have descriptors. */
final class SpillingStatements {
    private static final int ROWS = 20_000;

    /** Joins of this kind that are begun and wait, at most; each has dozens of files. */
    private static final int MOST_BEGUN = 8;

    private SpillingStatements() {}

    /** The directory of the database. */
    public static void main(String[] arguments) throws SQLException, IOException {
        String url = "jdbc:mosslsm:" + arguments[0] + "?durability=none&memtableBytes=256k";
        try (Connection connection = DriverManager.getConnection(url);
                Connection other = DriverManager.getConnection(url);
                Statement statement = connection.createStatement();
                Statement writer = other.createStatement()) {
            statement.execute("CREATE TABLE t (id INT PRIMARY KEY, g INT, s VARCHAR(400))");
            writer.execute("CREATE TABLE u (id INT PRIMARY KEY, s VARCHAR(400))");
            statement.execute("INSERT INTO t SELECT i, i * 7919 % " + ROWS
                    + ", REPEAT('some text ', 30) FROM GENERATE_SERIES(1, " + ROWS + ") AS x(i)");
            statement.execute("SET work_mem = '64kB'");
            sort(statement, writer);
            List<ResultSet> begun = begin(connection, Path.of(arguments[0], "tmp"));
            join(statement, writer);
            for (ResultSet rows : begun) {
                finish(rows);
            }
        }
        System.out.println("sorted, joined, flushed");
    }

    private static void sort(Statement statement, Statement writer) throws SQLException {
        long before = -1;
        int n = 0;
        try (ResultSet rows = statement.executeQuery("SELECT g, s FROM t ORDER BY g + 0, s")) {
            while (rows.next()) {
                if (rows.getInt(1) <= before) {
                    throw new AssertionError(rows.getInt(1) + " behind " + before);
                }
                before = rows.getInt(1);
                write(writer, ++n);
            }
        }
        check(ROWS, n);
    }

    private static void join(Statement statement, Statement writer) throws SQLException {
        int n = 0;
        try (ResultSet rows = statement.executeQuery(
                "SELECT a.g, COUNT(*), MIN(a.s || b.s || c.s) FROM t a JOIN t b ON a.g + 0 = b.id + 0"
                        + " JOIN t c ON b.g + 0 = c.id + 0 GROUP BY a.g")) {
            while (rows.next()) {
                check(1, rows.getInt(2));
                write(writer, ROWS + ++n);
            }
        }
        check(ROWS - 1, n); // 0 is no id
    }

    /** Begins joins, until they have more files than the process may have descriptors. */
    private static List<ResultSet> begin(Connection connection, Path directory) throws SQLException, IOException {
        List<ResultSet> begun = new ArrayList<>();
        while (files(directory) <= DescriptorLimitTest.DESCRIPTORS) {
            if (begun.size() == MOST_BEGUN) {
                throw new AssertionError(files(directory) + " files of " + MOST_BEGUN + " joins");
            }
            Statement statement = connection.createStatement();
            statement.closeOnCompletion();
            ResultSet rows = statement.executeQuery("SELECT a.g, b.id, b.s FROM t a JOIN t b ON a.g + 0 = b.id + 0");
            rows.next();
            begun.add(rows);
        }
        return begun;
    }

    private static long files(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.count();
        }
    }

    private static void finish(ResultSet rows) throws SQLException {
        try (rows) {
            int n = 0;
            do {
                check(rows.getInt(1), rows.getInt(2));
                n++;
            } while (rows.next());
            check(ROWS - 1, n); // 0 is no id
        }
    }

    /** Some rows, so that memtables are flushed beside the statement. */
    private static void write(Statement writer, int n) throws SQLException {
        if (n % 10 == 0) {
            writer.execute("INSERT INTO u VALUES (" + n + ", REPEAT('other text ', 30))");
        }
    }

    private static void check(long expected, long found) {
        if (expected != found) {
            throw new AssertionError(found + ", expected " + expected);
        }
    }
}
