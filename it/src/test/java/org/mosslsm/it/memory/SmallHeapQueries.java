package org.mosslsm.it.memory;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.stream.Stream;

/** The child of {@link SmallHeapTest}: loads {@code rows} rows and asks what cannot be held in its heap. */
final class SmallHeapQueries {
    private final Connection connection;
    private final long rows;

    private SmallHeapQueries(Connection connection, long rows) {
        this.connection = connection;
        this.rows = rows;
    }

    /** The directory, and the number of rows, a prime so that {@code i * 7919 % rows} meets each number once. */
    public static void main(String[] args) throws Exception {
        Path directory = Path.of(args[0]);
        long rows = Long.parseLong(args[1]);
        try (Connection c = DriverManager.getConnection("jdbc:mosslsm:" + directory + "?durability=none")) {
            new SmallHeapQueries(c, rows).run();
        }
        try (Stream<Path> left = Files.list(directory.resolve("tmp"))) {
            System.out.println("files left: " + left.count());
        }
    }

    private void run() throws SQLException {
        load();
        sort();
        check(
                "group",
                "SELECT COUNT(*), SUM(n), MIN(g), MAX(g) FROM (SELECT g, COUNT(*) n FROM t GROUP BY g) x",
                rows + "|" + rows + "|0|" + (rows - 1));
        check("distinct", "SELECT COUNT(*) FROM (SELECT DISTINCT g, s FROM t) x", "" + rows);
        check("count distinct", "SELECT COUNT(DISTINCT g), SUM(DISTINCT g) FROM t", rows + "|" + rows * (rows - 1) / 2);
        check(
                "hash join",
                "SELECT COUNT(*), SUM(a.id) FROM t a JOIN t b ON a.g + 0 = b.g + 0",
                rows + "|" + rows * (rows - 1) / 2);
        check("except", "SELECT COUNT(*) FROM (SELECT g FROM t EXCEPT SELECT g FROM t WHERE g >= 10) x", "10");
        check("top", "SELECT COUNT(*) FROM (SELECT s FROM t ORDER BY g LIMIT " + rows / 2 + ") x", "" + rows / 2);
        write();
    }

    /** What writes all rows at once: past the transaction, or refused without harm. */
    private void write() throws SQLException {
        update("index", "CREATE UNIQUE INDEX t_g ON t (g, s)", 0);
        check("index read", "SELECT COUNT(*), SUM(g) FROM t WHERE g < 10", "10|45");
        update("copy", "CREATE TABLE u AS SELECT a.g, a.s, a.id FROM t a JOIN t b ON a.g = b.id", 0);
        check("copy read", "SELECT COUNT(*), SUM(g) FROM u", rows + "|" + rows * (rows - 1) / 2);
        update("key", "ALTER TABLE u ADD PRIMARY KEY (g)", 0);
        check("key read", "SELECT s FROM u WHERE g = 7919", "a string of some length 1");
        update("update", "UPDATE t SET s = s || '!'", rows);
        check("updated", "SELECT COUNT(*), MAX(g) FROM t WHERE s LIKE '%!'", rows + "|" + (rows - 1));
        update("insert", "INSERT INTO u SELECT id + " + rows + ", s, g FROM t", rows);
        check("inserted", "SELECT COUNT(*), MAX(g) FROM u", 2 * rows + "|" + (2 * rows - 1));
        undone();
        check("unchanged", "SELECT COUNT(*), MAX(g) FROM u WHERE s NOT LIKE '%?'", 2 * rows + "|" + (2 * rows - 1));
        update("delete rows", "DELETE FROM u WHERE s LIKE '%!'", rows);
        check("deleted rows", "SELECT COUNT(*), MAX(g) FROM u", rows + "|" + (rows - 1));
        update("delete", "DELETE FROM u", rows);
        check("deleted", "SELECT COUNT(*) FROM u", "0");
    }

    private void update(String what, String sql, long expected) throws SQLException {
        try (Statement s = connection.createStatement()) {
            long found = s.executeLargeUpdate(sql);
            System.out.println(found == expected || expected == 0 ? what + " ok" : what + ": " + found + " rows");
        }
    }

    /** Many changes in one transaction, of which a part and then all are rolled back. */
    private void undone() throws SQLException {
        connection.setAutoCommit(false);
        try (Statement s = connection.createStatement()) {
            s.execute("UPDATE u SET s = 'a?'");
            Savepoint savepoint = connection.setSavepoint();
            s.execute("UPDATE u SET s = 'b?' WHERE g >= " + rows);
            check("own", "SELECT COUNT(*) FROM u WHERE s = 'b?'", "" + rows);
            connection.rollback(savepoint);
            check("own again", "SELECT COUNT(*) FROM u WHERE s = 'a?'", "" + 2 * rows);
        }
        connection.rollback();
        connection.setAutoCommit(true);
    }

    private void load() throws SQLException {
        try (Statement s = connection.createStatement()) {
            s.execute("CREATE TABLE t (id BIGINT PRIMARY KEY, g BIGINT, s VARCHAR(40))");
        }
        connection.setAutoCommit(false);
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO t VALUES (?, ?, ?)")) {
            for (long i = 0; i < rows; i++) {
                insert.setLong(1, i);
                insert.setLong(2, i * 7919 % rows);
                insert.setString(3, "a string of some length " + i);
                insert.addBatch();
                if (i % 1_000 == 999 || i == rows - 1) {
                    insert.executeBatch();
                    connection.commit();
                }
            }
        }
        connection.setAutoCommit(true);
        System.out.println("loaded " + rows);
    }

    private void sort() throws SQLException {
        long expected = 0;
        try (Statement s = connection.createStatement();
                ResultSet rs = s.executeQuery("SELECT g, id, s FROM t ORDER BY g")) {
            while (rs.next()) {
                if (rs.getLong(1) != expected || !rs.getString(3).endsWith(" " + rs.getLong(2))) {
                    throw new AssertionError("row " + expected + " is " + rs.getLong(1) + ", " + rs.getString(3));
                }
                expected++;
            }
        }
        System.out.println(expected == rows ? "sort ok" : "sort: " + expected + " rows");
    }

    private void check(String what, String sql, String expected) throws SQLException {
        try (Statement s = connection.createStatement();
                ResultSet rs = s.executeQuery(sql)) {
            rs.next();
            StringBuilder found = new StringBuilder();
            for (int i = 1; i <= rs.getMetaData().getColumnCount(); i++) {
                found.append(i == 1 ? "" : "|").append(rs.getString(i));
            }
            System.out.println(
                    found.toString().equals(expected) ? what + " ok" : what + ": " + found + ", not " + expected);
        }
    }
}
