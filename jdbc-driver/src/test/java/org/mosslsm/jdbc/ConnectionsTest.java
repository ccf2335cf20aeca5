package org.mosslsm.jdbc;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLTimeoutException;
import java.sql.Statement;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mosslsm.sql.Database;

/** What connections share and give back, how they end, and how their statements are stopped. */
class ConnectionsTest {
    /** Enough rows, joined with themselves, that no machine is through within the test. */
    private static final int ROWS = 2_000;

    private static final String ENDLESS =
            "SELECT COUNT(*) FROM n a, n b, n c WHERE a.i + b.i + c.i < 0 AND a.i * b.i > c.i";

    @TempDir
    private Path folder;

    private static String memory() {
        return "jdbc:mosslsm:mem:" + UUID.randomUUID();
    }

    private static void numbers(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            StringBuilder insert = new StringBuilder("INSERT INTO n VALUES (0)");
            for (int i = 1; i < ROWS; i++) {
                insert.append(", (").append(i).append(')');
            }
            statement.execute("CREATE TABLE n (i INTEGER PRIMARY KEY)");
            statement.execute(insert.toString());
        }
    }

    private static long count(Connection connection, String table) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rs = statement.executeQuery("SELECT COUNT(*) FROM " + table)) {
            rs.next();
            return rs.getLong(1);
        }
    }

    // ---- settings

    @Test
    void theConnectionTellsWhatTheSessionHas() throws SQLException {
        try (Connection connection = DriverManager.getConnection(memory());
                Statement statement = connection.createStatement()) {
            connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
            connection.setReadOnly(true);
            assertTrue(connection.isReadOnly());
            statement.execute("RESET ALL");
            assertEquals(Connection.TRANSACTION_READ_COMMITTED, connection.getTransactionIsolation());
            assertFalse(connection.isReadOnly());
            statement.execute("SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
            assertEquals(Connection.TRANSACTION_REPEATABLE_READ, connection.getTransactionIsolation());
            assertTrue(connection.isReadOnly());
        }
    }

    // ---- sharing

    @Test
    void connectionsOfOneProcessShareTheDirectoryAndTheLastGivesItBack() throws Exception {
        Path data = folder.resolve("data");
        try (Connection first = DriverManager.getConnection("jdbc:mosslsm:" + data)) {
            numbers(first);
            // The same directory by another name is the same database.
            Path detour = folder.resolve("x").resolve("..").resolve("data");
            Files.createDirectories(folder.resolve("x"));
            try (Connection second = DriverManager.getConnection("jdbc:mosslsm:" + detour)) {
                assertEquals(ROWS, count(second, "n"));
            }
            assertEquals(ROWS, count(first, "n"), "closing one connection must not close the database");
        }
        Path moved = folder.resolve("moved");
        Files.move(data, moved);
        try (Connection again = DriverManager.getConnection("jdbc:mosslsm:" + moved)) {
            assertEquals(ROWS, count(again, "n"));
        }
    }

    @Test
    void aNamedMemoryDatabaseLivesAsLongAsAConnection() throws SQLException {
        String url = memory();
        try (Connection first = DriverManager.getConnection(url)) {
            numbers(first);
            try (Connection second = DriverManager.getConnection(url)) {
                assertEquals(ROWS, count(second, "n"));
            }
        }
        try (Connection later = DriverManager.getConnection(url)) {
            assertEquals(
                    "42P01",
                    assertThrows(SQLException.class, () -> count(later, "n")).getSQLState());
        }
    }

    @Test
    void aConnectionSeesWhatAnotherCommittedAndNoMore() throws SQLException {
        String url = memory();
        try (Connection writer = DriverManager.getConnection(url);
                Connection reader = DriverManager.getConnection(url)) {
            numbers(writer);
            writer.setAutoCommit(false);
            try (Statement statement = writer.createStatement()) {
                statement.execute("DELETE FROM n WHERE i < 10");
            }
            assertEquals(ROWS - 10, count(writer, "n"));
            assertEquals(ROWS, count(reader, "n"));
            writer.commit();
            assertEquals(ROWS - 10, count(reader, "n"));
        }
    }

    // ---- stopping

    @ParameterizedTest
    @ValueSource(
            strings = {
                ENDLESS,
                "SELECT a.i FROM n a, n b, n c ORDER BY a.i * b.i",
                "SELECT a.i * b.i % 100, COUNT(*) FROM n a, n b, n c GROUP BY 1",
                "SELECT COUNT(*) FROM (SELECT DISTINCT a.i % 100 AS x FROM n a, n b, n c) AS d",
                "SELECT COUNT(*) FROM (SELECT a.i % 10 AS x FROM n a, n b, n c EXCEPT SELECT i FROM n) AS d",
                "SELECT COUNT(*) FROM n a JOIN n b ON a.i % 2 = b.i % 2 JOIN n c ON a.i % 2 = c.i % 2"
                        + " WHERE a.i + c.i < b.i",
                "SELECT i FROM n WHERE NOT EXISTS (SELECT 1 FROM n b, n c WHERE b.i + c.i + n.i < 0)",
                "UPDATE n SET i = -i WHERE i = (SELECT COUNT(*) FROM n a, n b, n c WHERE a.i < b.i * c.i)",
                "INSERT INTO n SELECT a.i FROM n a, n b, n c WHERE a.i + b.i + c.i < 0"
            })
    @Timeout(60)
    void cancelStopsTheStatementFromAnotherThreadAndTheConnectionGoesOn(String endless) throws Exception {
        try (Connection connection = DriverManager.getConnection(memory());
                Statement statement = connection.createStatement()) {
            numbers(connection);
            statement.cancel(); // nothing runs: no effect
            CountDownLatch begun = new CountDownLatch(1);
            AtomicReference<Throwable> outcome = new AtomicReference<>();
            Thread runner = new Thread(() -> {
                begun.countDown();
                try {
                    statement.execute(endless);
                    outcome.set(new AssertionError("it ended by itself"));
                } catch (Throwable e) {
                    outcome.set(e);
                }
            });
            runner.start();
            begun.await();
            while (runner.isAlive()) {
                // Again and again: the first may come before the statement runs.
                statement.cancel();
                runner.join(20);
            }
            SQLException e = assertInstanceOf(SQLException.class, outcome.get());
            assertEquals("57014", e.getSQLState(), e.getMessage());
            assertEquals(ROWS, count(connection, "n"));
        }
    }

    /** One way to run what a statement was made for. */
    @FunctionalInterface
    private interface Execution {
        void run() throws SQLException;
    }

    @Test
    @Timeout(60)
    void cancelReachesACallThatIsNotYetPlannedOrWaitsForItsConnection() throws Exception {
        try (MossConnection connection = (MossConnection) DriverManager.getConnection(memory());
                Statement statement = connection.createStatement()) {
            numbers(connection);
            PreparedStatement prepared = connection.prepareStatement("INSERT INTO n VALUES (?)");
            prepared.setInt(1, ROWS);

            assertCancelledBeforeItRuns(connection, statement, () -> statement.execute("DELETE FROM n"));
            assertCancelledBeforeItRuns(connection, statement, () -> {
                statement.addBatch("DELETE FROM n");
                statement.executeBatch();
            });
            assertCancelledBeforeItRuns(connection, prepared, prepared::execute);
            assertCancelledBeforeItRuns(connection, prepared, () -> {
                prepared.addBatch();
                prepared.executeBatch();
            });

            assertEquals(ROWS, count(connection, "n"));
            assertEquals(1, prepared.executeUpdate(), "the next call is another one");
            assertEquals(ROWS + 1, statement.executeUpdate("DELETE FROM n"));
        }
    }

    private static void assertCancelledBeforeItRuns(MossConnection connection, Statement statement, Execution execution)
            throws Exception {
        AtomicReference<Throwable> outcome = new AtomicReference<>();
        Thread runner = new Thread(() -> {
            try {
                execution.run();
                outcome.set(new AssertionError("it ended by itself"));
            } catch (Throwable e) {
                outcome.set(e);
            }
        });
        connection.lock();
        try {
            runner.start();
            while (runner.getState() != Thread.State.TIMED_WAITING) {
                assertTrue(runner.isAlive(), () -> "it did not wait: " + outcome.get());
                Thread.onSpinWait();
            }
            statement.cancel();
            runner.join(); // it does not wait for the other statement to end
        } finally {
            connection.unlock();
        }
        SQLException e = assertInstanceOf(SQLException.class, outcome.get());
        assertEquals("57014", e.getSQLState(), e.getMessage());
    }

    @Test
    void cancelReachesTheRowsOfItsOwnStatementAndNoOthers() throws SQLException {
        try (Connection connection = DriverManager.getConnection(memory());
                Statement first = connection.createStatement();
                Statement second = connection.createStatement()) {
            numbers(connection);
            String all = "SELECT a.i FROM n AS a CROSS JOIN n AS b";
            try (ResultSet cancelled = first.executeQuery(all);
                    ResultSet other = second.executeQuery(all)) {
                assertTrue(cancelled.next() && other.next());
                first.cancel();
                SQLException e = assertThrows(SQLException.class, () -> {
                    while (cancelled.next()) {
                        assertTrue(cancelled.getInt(1) >= 0);
                    }
                });
                assertEquals("57014", e.getSQLState(), e.getMessage());
                for (int i = 0; i < 1_000; i++) {
                    assertTrue(other.next());
                }
                second.cancel();
                assertThrows(SQLException.class, () -> {
                    while (other.next()) {
                        assertTrue(other.getInt(1) >= 0);
                    }
                });
            }
            assertEquals(ROWS, count(connection, "n"));
        }
    }

    @Test
    @Timeout(60)
    void aStatementBeyondItsTimeoutIsStopped() throws SQLException {
        try (Connection connection = DriverManager.getConnection(memory());
                Statement statement = connection.createStatement()) {
            numbers(connection);
            statement.setQueryTimeout(1);
            long start = System.nanoTime();

            SQLException e = assertThrows(SQLTimeoutException.class, () -> {
                try (ResultSet rs = statement.executeQuery(ENDLESS)) {
                    rs.next();
                }
            });

            assertEquals("57014", e.getSQLState());
            assertTrue(System.nanoTime() - start >= TimeUnit.MILLISECONDS.toNanos(900));
            assertEquals(ROWS, count(connection, "n"));
        }
    }

    @Test
    void closingWithAnOpenResultEndsBoth() throws SQLException {
        Connection connection = DriverManager.getConnection(memory());
        numbers(connection);
        Statement statement = connection.createStatement();
        ResultSet rs = statement.executeQuery("SELECT * FROM n");
        assertTrue(rs.next());

        connection.close();
        connection.close();

        assertAll(
                () -> assertTrue(connection.isClosed()),
                () -> assertFalse(connection.isValid(1)),
                () -> assertTrue(statement.isClosed()),
                () -> assertTrue(rs.isClosed()),
                () -> assertEquals("08003", stateOf(() -> connection.createStatement())),
                () -> assertNotEquals("08003", stateOf(rs::next)));
    }

    // ---- results

    @Test
    void aResultStreamsSoThatItsFirstRowsCostLittle() throws SQLException {
        try (Connection connection = DriverManager.getConnection(memory());
                Statement statement = connection.createStatement()) {
            numbers(connection);
            statement.setMaxRows(3);
            // Eight billion rows, three asked for.
            try (ResultSet rs = statement.executeQuery("SELECT a.i FROM n a, n b, n c")) {
                int rows = 0;
                while (rs.next()) {
                    rows++;
                }
                assertEquals(3, rows);
            }
        }
    }

    @Test
    void aResultIsOfItsTimeWhateverIsChangedMeanwhile() throws SQLException {
        try (Connection connection = DriverManager.getConnection(memory());
                Statement reading = connection.createStatement();
                Statement writing = connection.createStatement()) {
            numbers(connection);
            connection.setAutoCommit(false);
            try (ResultSet rs = reading.executeQuery("SELECT i FROM n ORDER BY i")) {
                int rows = 0;
                while (rs.next()) {
                    if (rows++ == 0) {
                        writing.execute("DELETE FROM n WHERE i >= 1000");
                    }
                }
                assertEquals(ROWS, rows);
            }
            connection.rollback();
        }
    }

    @Test
    void warningsTellWhatWasNotDone() throws SQLException {
        try (Connection connection = DriverManager.getConnection(memory());
                Statement statement = connection.createStatement()) {
            statement.execute("DROP TABLE IF EXISTS nothing");
            assertTrue(statement.getWarnings().getMessage().contains("nothing"));
            statement.execute("SELECT 1");
            assertEquals(null, statement.getWarnings());

            connection.createStatement(ResultSet.TYPE_FORWARD_ONLY, ResultSet.CONCUR_UPDATABLE);
            assertEquals("01S02", connection.getWarnings().getSQLState());
        }
    }

    // ---- settings

    @Test
    void aReadOnlyConnectionRefusesWrites() throws SQLException {
        String url = memory();
        try (Connection writer = DriverManager.getConnection(url);
                Connection reader = DriverManager.getConnection(url + "?readOnly=true");
                Statement statement = reader.createStatement()) {
            numbers(writer);
            assertTrue(reader.isReadOnly());
            assertEquals(ROWS, count(reader, "n"));
            assertEquals("25006", stateOf(() -> statement.execute("DELETE FROM n")));
            assertEquals("25006", stateOf(() -> statement.execute("CREATE TABLE m (i INT)")));
        }
    }

    @Test
    void theIsolationLevelIsKeptAndWhatIsNotOneRefused() throws SQLException {
        try (Connection connection = DriverManager.getConnection(memory())) {
            assertEquals(Connection.TRANSACTION_READ_COMMITTED, connection.getTransactionIsolation());
            connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
            assertEquals(Connection.TRANSACTION_SERIALIZABLE, connection.getTransactionIsolation());
            assertEquals("22023", stateOf(() -> connection.setTransactionIsolation(3)));
        }
    }

    @Test
    void theSchemaOfTheUrlIsTheCurrentOne() throws SQLException {
        String url = memory();
        try (Connection first = DriverManager.getConnection(url);
                Statement statement = first.createStatement()) {
            assertEquals("public", first.getSchema());
            statement.execute("CREATE SCHEMA s");
            statement.execute("CREATE TABLE s.t (i INT)");
            try (Connection second = DriverManager.getConnection(url + "?schema=s")) {
                assertEquals("s", second.getSchema());
                assertEquals(0, count(second, "t"));
            }
            assertEquals("3F000", stateOf(() -> DriverManager.getConnection(url + "?schema=none")));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "schema=none, 3F000",
        "statementTimeout=soon, 08001",
        "statementTimeout=-1, 08001",
        "readOnly=perhaps, 08001",
        "readOnly=true&schema=none, 3F000"
    })
    void aConnectionWhoseOptionsAreRefusedLeavesNothingOpen(String options, String state) throws Exception {
        Path data = folder.resolve("data");
        String url = "jdbc:mosslsm:" + data;
        OpenDatabases.Shared shared = OpenDatabases.acquire(MossUrl.parse(url, new Properties()));
        try {
            assertEquals(state, stateOf(() -> DriverManager.getConnection(url + "?" + options)));
            assertEquals(0, shared.database().sessions());
        } finally {
            OpenDatabases.release(shared);
        }

        assertEquals(state, stateOf(() -> DriverManager.getConnection(url + "?" + options)));
        Database.open(data.toString(), Map.of()).close(); // past those the driver shares, so the directory is free
    }

    @Test
    void commitAndRollbackBelongToTransactions() throws SQLException {
        try (Connection connection = DriverManager.getConnection(memory())) {
            assertEquals("2D000", stateOf(connection::commit));
            assertEquals("2D000", stateOf(connection::rollback));
            numbers(connection);
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.execute("DELETE FROM n");
            }
            connection.setAutoCommit(true); // commits
            assertEquals(0, count(connection, "n"));
        }
    }

    @Test
    void whatIsNotSupportedSaysSoInTheClassToolsLookFor() throws SQLException {
        try (Connection connection = DriverManager.getConnection(memory())) {
            SQLException e = assertThrows(
                    SQLFeatureNotSupportedException.class, () -> connection.createArrayOf("INT", new Object[0]));
            assertEquals("0A001", e.getSQLState());
        }
    }

    private interface Call {
        void run() throws SQLException;
    }

    private static String stateOf(Call call) {
        return assertThrows(SQLException.class, call::run).getSQLState();
    }
}
