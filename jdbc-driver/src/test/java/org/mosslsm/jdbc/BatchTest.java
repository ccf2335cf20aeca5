package org.mosslsm.jdbc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A batch does what its statements do one by one: counts, keys, errors, and what is left behind. */
class BatchTest {
    private static final List<String> TABLES = List.of(
            "CREATE TABLE t (id BIGINT PRIMARY KEY, a INTEGER NOT NULL, b VARCHAR(3))",
            "CREATE TABLE t (id BIGINT, a INTEGER UNIQUE, b VARCHAR(3) CHECK (b <> 'x'))",
            "CREATE TABLE t (id BIGINT, a INTEGER, b VARCHAR(3), UNIQUE (a, b)); CREATE INDEX i ON t (b)",
            "CREATE TABLE p (a INTEGER PRIMARY KEY); INSERT INTO p VALUES (1), (2), (3), (4), (5), (6), (7), (8);"
                    + "CREATE TABLE t (id BIGINT UNIQUE, a INTEGER REFERENCES p, b VARCHAR(3))",
            "CREATE TABLE t (id BIGINT, a INTEGER, b VARCHAR(3), n BIGINT GENERATED ALWAYS AS IDENTITY,"
                    + " PRIMARY KEY (id, a))");

    private static final List<String> CHANGES = List.of(
            "INSERT INTO t (id, a, b) VALUES (?, ?, ?)",
            "INSERT INTO t (id, a, b) VALUES (?, ?, ?)",
            "INSERT INTO t (id, a, b) VALUES (? + 1, ?, upper(?))",
            "INSERT INTO t (id, a, b) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
            "INSERT INTO t (id, a, b) SELECT x, y, z FROM (VALUES (CAST(? AS BIGINT), CAST(? AS INTEGER),"
                    + " CAST(? AS VARCHAR(9)))) AS v (x, y, z) WHERE y > 2",
            "UPDATE t SET id = id + ? WHERE a = ? OR b = ?");

    /** What a batch came to, in words. */
    private static List<String> run(Connection c, String change, Object[][] rows, boolean batch) throws SQLException {
        List<String> story = new ArrayList<>();
        try (PreparedStatement statement = c.prepareStatement(change, Statement.RETURN_GENERATED_KEYS)) {
            int done = 0;
            try {
                for (Object[] row : rows) {
                    for (int i = 0; i < row.length; i++) {
                        statement.setObject(i + 1, row[i]);
                    }
                    if (batch) {
                        statement.addBatch();
                    } else {
                        story.add("" + statement.executeUpdate());
                        done++;
                        keys(statement, story);
                    }
                }
                if (batch) {
                    Arrays.stream(statement.executeBatch()).forEach(n -> story.add("" + n));
                }
            } catch (BatchUpdateException e) {
                Arrays.stream(e.getUpdateCounts()).forEach(n -> story.add("" + n));
                SQLException cause = e.getNextException();
                story.add(cause.getSQLState() + " " + cause.getMessage());
            } catch (SQLException e) {
                assertEquals(
                        done, story.stream().filter(s -> !s.startsWith("key")).count());
                story.add(e.getSQLState() + " " + e.getMessage());
            }
            if (batch) {
                keys(statement, story);
            }
        }
        return story.stream().sorted().toList();
    }

    private static void keys(Statement statement, List<String> story) throws SQLException {
        try (ResultSet rs = statement.getGeneratedKeys()) {
            while (rs.next()) {
                story.add("key " + rs.getObject(1));
            }
        }
    }

    private static List<String> content(Connection c) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Statement statement = c.createStatement();
                ResultSet rs = statement.executeQuery("SELECT * FROM t ORDER BY id, a, b")) {
            while (rs.next()) {
                rows.add(rs.getString(1) + " " + rs.getString(2) + " " + rs.getString(3));
            }
            try (ResultSet findings = c.createStatement().executeQuery("CHECK DATABASE")) {
                while (findings.next()) {
                    rows.add("FINDING " + findings.getString(3) + findings.getString(4));
                }
            }
        }
        return rows;
    }

    private static Object[][] rows(Random random, int count) {
        int range = random.nextBoolean() ? 8 : 100_000;
        Object[][] rows = new Object[count][];
        for (int i = 0; i < count; i++) {
            Integer a = random.nextInt(60) == 0 ? null : 1 + random.nextInt(range);
            String b = random.nextInt(400) == 0 ? "long" : random.nextInt(100) == 0 ? "x" : "b" + random.nextInt(9);
            rows[i] = new Object[] {range == 8 ? (long) random.nextInt(300) : i, a, b};
        }
        return rows;
    }

    @Test
    void isNoOtherThanItsStatementsOneByOne() throws SQLException {
        long seed = Long.getLong("batch.seed", System.nanoTime());
        System.out.println("BatchTest -Dbatch.seed=" + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 60; round++) {
            String name = "seed " + seed + " round " + round;
            String table = TABLES.get(random.nextInt(TABLES.size()));
            boolean autoCommit = random.nextInt(4) == 0;
            int level =
                    random.nextBoolean() ? Connection.TRANSACTION_READ_COMMITTED : Connection.TRANSACTION_SERIALIZABLE;
            try (Connection one = DriverManager.getConnection("jdbc:mosslsm:mem:");
                    Connection many = DriverManager.getConnection("jdbc:mosslsm:mem:")) {
                for (Connection c : List.of(one, many)) {
                    for (String sql : table.split(";", -1)) {
                        c.createStatement().execute(sql);
                    }
                    c.setTransactionIsolation(level);
                    c.setAutoCommit(autoCommit);
                }
                for (int batch = 0; batch < 4; batch++) {
                    String change = CHANGES.get(random.nextInt(CHANGES.size()));
                    Object[][] rows = rows(random, random.nextInt(random.nextBoolean() ? 6 : 400));
                    assertEquals(run(one, change, rows, false), run(many, change, rows, true), name + " " + change);
                    assertEquals(content(one), content(many), name + " " + change);
                    if (!autoCommit && random.nextInt(3) == 0) {
                        one.rollback();
                        many.rollback();
                        assertEquals(content(one), content(many), name + " rolled back");
                    }
                }
            }
        }
    }

    @Test
    void goesOnWithATableThatWasAlteredByOthers() throws SQLException {
        String url = "jdbc:mosslsm:mem:altered";
        try (Connection c = DriverManager.getConnection(url);
                Connection other = DriverManager.getConnection(url)) {
            c.createStatement().execute("CREATE TABLE p (a INTEGER PRIMARY KEY)");
            c.createStatement().execute("CREATE TABLE t (id BIGINT, a INTEGER, b VARCHAR(3))");
            c.setAutoCommit(false);
            PreparedStatement insert = c.prepareStatement("INSERT INTO t (id, a) VALUES (?, ?)");
            other.createStatement().execute("ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES p");
            other.createStatement().execute("INSERT INTO p VALUES (1)");
            for (Integer a : Arrays.asList(1, null, 1, 2, 1)) {
                insert.setLong(1, 7);
                insert.setObject(2, a);
                insert.addBatch();
            }
            BatchUpdateException e = assertThrows(BatchUpdateException.class, insert::executeBatch);
            assertEquals("23503", e.getSQLState());
            assertArrayEquals(new int[] {1, 1, 1}, e.getUpdateCounts());
            c.commit();
            assertEquals(3, content(c).size());
        }
    }

    @Test
    void withoutParametersItIsAsManyExecutions() throws SQLException {
        try (Connection c = DriverManager.getConnection("jdbc:mosslsm:mem:")) {
            c.createStatement().execute("CREATE TABLE t (id BIGINT, a INTEGER, b VARCHAR(3))");
            c.setAutoCommit(false);
            PreparedStatement insert = c.prepareStatement("INSERT INTO t VALUES (1, 2, 'x')");
            insert.addBatch();
            insert.addBatch();
            insert.addBatch();
            assertArrayEquals(new int[] {1, 1, 1}, insert.executeBatch());
            assertEquals(List.of("1 2 x", "1 2 x", "1 2 x"), content(c));
        }
    }

    @Test
    void thatLostItsTransactionSaysSo() throws SQLException {
        String url = "jdbc:mosslsm:mem:lost";
        try (Connection c = DriverManager.getConnection(url);
                Connection other = DriverManager.getConnection(url)) {
            c.createStatement().execute("CREATE TABLE t (id BIGINT PRIMARY KEY, a INTEGER)");
            c.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            c.setAutoCommit(false);
            c.createStatement().executeQuery("SELECT * FROM t").close();
            other.createStatement().execute("INSERT INTO t VALUES (2, 2)");
            PreparedStatement insert = c.prepareStatement("INSERT INTO t VALUES (?, 1)");
            for (long id = 1; id < 4; id++) {
                insert.setLong(1, id);
                insert.addBatch();
            }
            BatchUpdateException e = assertThrows(BatchUpdateException.class, insert::executeBatch);
            assertEquals("40001", e.getSQLState());
            assertThrows(SQLException.class, () -> c.createStatement().execute("INSERT INTO t VALUES (9, 9)"));
            c.rollback();
            assertEquals(List.of("2 2"), pairs(c));
        }
    }

    private static List<String> pairs(Connection c) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (ResultSet rs = c.createStatement().executeQuery("SELECT id, a FROM t ORDER BY id")) {
            while (rs.next()) {
                rows.add(rs.getString(1) + " " + rs.getString(2));
            }
        }
        return rows;
    }
}
