package org.mosslsm.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a tool does that brings a schema up to date: a history with quoted names, a lock on it, scripts in transactions. */
@Timeout(60)
class MigrationToolTest {
    private static final String HISTORY = "\"public\".\"flyway_schema_history\"";

    private final String url = "jdbc:mosslsm:mem:" + UUID.randomUUID();
    private Connection connection;

    @BeforeEach
    void connect() throws SQLException {
        connection = DriverManager.getConnection(url);
    }

    @AfterEach
    void close() throws SQLException {
        connection.close();
    }

    private static void execute(Connection on, String... statements) throws SQLException {
        try (Statement statement = on.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private static List<String> strings(Connection on, String sql) throws SQLException {
        List<String> strings = new ArrayList<>();
        try (Statement statement = on.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                strings.add(rows.getString(1));
            }
        }
        return strings;
    }

    private void makeHistory() throws SQLException {
        execute(
                connection,
                "CREATE TABLE " + HISTORY + " (\n"
                        + "    \"installed_rank\" INT NOT NULL,\n"
                        + "    \"version\" VARCHAR(50),\n"
                        + "    \"description\" VARCHAR(200) NOT NULL,\n"
                        + "    \"type\" VARCHAR(20) NOT NULL,\n"
                        + "    \"script\" VARCHAR(1000) NOT NULL,\n"
                        + "    \"checksum\" INTEGER,\n"
                        + "    \"installed_by\" VARCHAR(100) NOT NULL,\n"
                        + "    \"installed_on\" TIMESTAMP NOT NULL DEFAULT now(),\n"
                        + "    \"execution_time\" INTEGER NOT NULL,\n"
                        + "    \"success\" BOOLEAN NOT NULL\n"
                        + ")",
                "ALTER TABLE " + HISTORY
                        + " ADD CONSTRAINT \"flyway_schema_history_pk\" PRIMARY KEY (\"installed_rank\")",
                "CREATE INDEX \"flyway_schema_history_s_idx\" ON " + HISTORY + " (\"success\")");
    }

    /** One migration as the tool runs it: waits for others, looks what is done, does it, and notes it. */
    private static boolean migrate(Connection on, int rank, String version, String... script) throws SQLException {
        on.setAutoCommit(false);
        try {
            strings(on, "SELECT \"version\" FROM " + HISTORY + " FOR UPDATE");
            if (strings(on, "SELECT \"version\" FROM " + HISTORY + " WHERE \"success\"")
                    .contains(version)) {
                on.rollback();
                return false;
            }
            execute(on, script);
            try (PreparedStatement insert = on.prepareStatement("INSERT INTO " + HISTORY
                    + " (\"installed_rank\", \"version\", \"description\", \"type\", \"script\", \"checksum\","
                    + " \"installed_by\", \"execution_time\", \"success\") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
                insert.setInt(1, rank);
                insert.setString(2, version);
                insert.setString(3, "<< a description >>");
                insert.setString(4, "SQL");
                insert.setString(5, "V" + version + "__.sql");
                insert.setNull(6, Types.INTEGER);
                insert.setString(7, on.getMetaData().getUserName());
                insert.setInt(8, 3);
                insert.setBoolean(9, true);
                assertEquals(1, insert.executeUpdate());
            }
            on.commit();
            return true;
        } catch (SQLException e) {
            on.rollback();
            throw e;
        } finally {
            on.setAutoCommit(true);
        }
    }

    @Test
    void theHistoryIsFoundOnceItIsMade() throws SQLException {
        try (ResultSet tables = connection.getMetaData().getTables(null, "public", "flyway_schema_history", null)) {
            assertFalse(tables.next());
        }
        assertEquals(
                "42P01",
                assertThrows(SQLException.class, () -> strings(connection, "SELECT 1 FROM " + HISTORY))
                        .getSQLState());
        makeHistory();
        try (ResultSet tables = connection.getMetaData().getTables(null, "public", "flyway_schema_history", null)) {
            assertTrue(tables.next());
        }
        assertTrue(migrate(connection, 1, "1", "CREATE TABLE a (id INT PRIMARY KEY)", "INSERT INTO a VALUES (1)"));
        assertFalse(migrate(connection, 2, "1", "DROP TABLE a"));
        assertEquals(List.of("1"), strings(connection, "SELECT id FROM a"));
        assertEquals(
                List.of("0"),
                strings(
                        connection,
                        "SELECT count(*) FROM " + HISTORY
                                + " WHERE \"installed_on\" IS NULL OR \"checksum\" IS NOT NULL"));
    }

    @Test
    void aScriptThatFailsLeavesNothing() throws SQLException {
        makeHistory();
        SQLException e = assertThrows(
                SQLException.class,
                () -> migrate(
                        connection,
                        1,
                        "1",
                        "CREATE SCHEMA s",
                        "CREATE TABLE s.a (id INT PRIMARY KEY)",
                        "INSERT INTO s.a VALUES (1), (2)",
                        "CREATE INDEX i ON s.a (id)",
                        "INSERT INTO s.a VALUES (1)"));
        assertEquals("23505", e.getSQLState());
        assertEquals(
                "3F000",
                assertThrows(SQLException.class, () -> connection.setSchema("s"))
                        .getSQLState());
        assertEquals(List.of("0"), strings(connection, "SELECT count(*) FROM " + HISTORY));
        assertTrue(migrate(connection, 1, "1", "CREATE SCHEMA s", "CREATE TABLE s.a (id INT PRIMARY KEY)"));
    }

    @Test
    void twoToolsAtOnceMigrateOnce() throws Exception {
        makeHistory();
        assertTrue(migrate(connection, 1, "1", "CREATE TABLE t (n INT)"));
        List<FutureTask<Integer>> tools = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            FutureTask<Integer> tool = new FutureTask<>(() -> {
                int done = 0;
                try (Connection own = DriverManager.getConnection(url)) {
                    for (int rank = 2; rank <= 6; rank++) {
                        done += migrate(own, rank, "" + rank, "INSERT INTO t VALUES (" + rank + ")") ? 1 : 0;
                    }
                }
                return done;
            });
            tools.add(tool);
            new Thread(tool, "migrates").start();
        }
        int done = 0;
        for (FutureTask<Integer> tool : tools) {
            done += tool.get(50, TimeUnit.SECONDS);
        }
        assertEquals(5, done);
        assertEquals(List.of("2", "3", "4", "5", "6"), strings(connection, "SELECT n FROM t ORDER BY n"));
    }

    @Test
    void theSearchPathIsSetAndPutBack() throws SQLException {
        execute(connection, "CREATE SCHEMA \"My App\"");
        String before = strings(connection, "SHOW search_path").get(0);
        execute(connection, "SET search_path = \"My App\", public");
        execute(connection, "CREATE TABLE here (id INT)");
        assertEquals("My App", connection.getSchema());
        assertEquals(List.of("My App"), strings(connection, "SELECT current_schema()"));
        try (PreparedStatement set = connection.prepareStatement("SELECT set_config('search_path', ?, false)")) {
            set.setString(1, before);
            set.execute();
        }
        assertEquals("public", connection.getSchema());
        assertEquals(
                "42P01",
                assertThrows(SQLException.class, () -> strings(connection, "SELECT * FROM here"))
                        .getSQLState());
        assertEquals(List.of(), strings(connection, "SELECT * FROM \"My App\".here"));
    }

    @Test
    void anotherTakesTheLockOnlyOnceItIsGivenBack() throws SQLException {
        execute(
                connection,
                "CREATE TABLE databasechangeloglock (id INTEGER NOT NULL, locked BOOLEAN NOT NULL, lockgranted TIMESTAMP"
                        + " WITHOUT TIME ZONE, lockedby VARCHAR(255), CONSTRAINT databasechangeloglock_pkey PRIMARY KEY (id))",
                "INSERT INTO databasechangeloglock (id, locked) VALUES (1, FALSE)");
        String take = "UPDATE databasechangeloglock SET locked = TRUE, lockedby = 'me', lockgranted = NOW()"
                + " WHERE id = 1 AND locked = FALSE";
        try (Connection other = DriverManager.getConnection(url);
                Statement mine = connection.createStatement();
                Statement others = other.createStatement()) {
            assertEquals(1, mine.executeUpdate(take));
            assertEquals(0, others.executeUpdate(take));
            mine.executeUpdate("UPDATE databasechangeloglock SET locked = FALSE, lockedby = NULL WHERE id = 1");
            assertEquals(1, others.executeUpdate(take));
        }
    }

    @Test
    void savepointsAreGoneBackToReleasedAndToldApart() throws SQLException {
        execute(connection, "CREATE TABLE t (n INT)");
        assertThrows(SQLException.class, connection::setSavepoint, "there is no transaction");
        connection.setAutoCommit(false);
        Savepoint unnamed = connection.setSavepoint();
        execute(connection, "INSERT INTO t VALUES (1)");
        Savepoint named = connection.setSavepoint("a \"name\"");
        execute(connection, "INSERT INTO t VALUES (2)");
        assertEquals("a \"name\"", named.getSavepointName());
        assertThrows(SQLException.class, named::getSavepointId);
        assertThrows(SQLException.class, unnamed::getSavepointName);
        assertEquals(unnamed.getSavepointId(), unnamed.getSavepointId());

        connection.rollback(named);
        assertEquals(List.of("1"), strings(connection, "SELECT n FROM t"));
        execute(connection, "INSERT INTO t VALUES (3)");
        connection.releaseSavepoint(named);
        assertThrows(SQLException.class, () -> connection.rollback(named));
        connection.rollback(unnamed);
        assertEquals(List.of(), strings(connection, "SELECT n FROM t"));
        execute(connection, "INSERT INTO t VALUES (4)");
        connection.commit();
        assertThrows(SQLException.class, () -> connection.rollback(unnamed));
        assertEquals(List.of("4"), strings(connection, "SELECT n FROM t"));
    }
}
