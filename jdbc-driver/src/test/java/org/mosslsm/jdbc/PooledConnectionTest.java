package org.mosslsm.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a pool does with a connection: asks whether it lives, lends it, cleans up after who had it, throws it away. */
@Timeout(60)
class PooledConnectionTest {
    /** The states on which a pool takes the connection for lost, class 08 besides. */
    private static final Set<String> LOST = Set.of("0A000", "57P01", "57P02", "57P03", "01002", "JZ0C0", "JZ0C1");

    private final String url = "jdbc:mosslsm:mem:" + UUID.randomUUID();
    private Connection connection;

    @BeforeEach
    void anAccount() throws SQLException {
        connection = DriverManager.getConnection(url);
        execute("CREATE TABLE account (id INT PRIMARY KEY, balance INT)");
        execute("INSERT INTO account VALUES (1, 100), (2, 200)");
        execute("CREATE SCHEMA other");
    }

    @AfterEach
    void close() throws SQLException {
        connection.close();
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static int balance(Connection of) throws SQLException {
        try (Statement statement = of.createStatement();
                ResultSet rs = statement.executeQuery("SELECT SUM(balance) FROM public.account")) {
            assertTrue(rs.next());
            return rs.getInt(1);
        }
    }

    @Test
    void askingWhetherItLivesDisturbsNoTransaction() throws SQLException {
        connection.setAutoCommit(false);
        execute("UPDATE account SET balance = 0");
        int timeout = connection.getNetworkTimeout();
        connection.setNetworkTimeout(Runnable::run, 5_000);
        assertEquals(5_000, connection.getNetworkTimeout());
        assertTrue(connection.isValid(5));
        connection.setNetworkTimeout(Runnable::run, timeout);

        assertEquals(0, balance(connection));
        connection.rollback();
        assertEquals(300, balance(connection));
        connection.close();
        assertFalse(connection.isValid(5));
    }

    /** The order is that of the pool most used. */
    @Test
    void whoHadItLeavesNothingBehindOnceItIsReset() throws SQLException {
        connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
        connection.setSchema("other");
        connection.setAutoCommit(false);
        execute("DROP TABLE IF EXISTS nothing");
        Statement left = connection.createStatement(ResultSet.TYPE_SCROLL_SENSITIVE, ResultSet.CONCUR_UPDATABLE);
        ResultSet open = left.executeQuery("SELECT * FROM public.account FOR UPDATE");
        assertTrue(open.next());
        execute("UPDATE public.account SET balance = 0");
        assertThrows(SQLException.class, () -> execute("SELECT no_such_column FROM public.account"));

        left.close();
        connection.rollback();
        connection.setReadOnly(false);
        connection.setAutoCommit(true);
        connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
        connection.setCatalog("mosslsm");
        connection.setNetworkTimeout(Runnable::run, 0);
        connection.setSchema("public");
        connection.clearWarnings();

        assertTrue(open.isClosed());
        assertNull(connection.getWarnings());
        assertEquals("public", connection.getSchema());
        assertEquals(300, balance(connection));
        try (Connection another = DriverManager.getConnection(url);
                Statement update = another.createStatement()) {
            assertEquals(2, update.executeUpdate("UPDATE account SET balance = 1"), "no lock is left");
        }
        assertEquals(2, balance(connection), "nor an old snapshot");
    }

    @Test
    void turningAutoCommitOnCommitsAndModesOfATransactionAreFixedOnceItHasBegun() throws SQLException {
        connection.setAutoCommit(false);
        connection.setReadOnly(true);
        connection.setReadOnly(false);
        execute("UPDATE account SET balance = 10");
        assertEquals(
                "25001",
                assertThrows(SQLException.class, () -> connection.setReadOnly(true))
                        .getSQLState());
        assertThrows(SQLException.class, () -> connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE));
        connection.setAutoCommit(false);
        connection.setAutoCommit(true);
        assertEquals(20, balance(connection));
        assertThrows(SQLException.class, () -> connection.setTransactionIsolation(Connection.TRANSACTION_NONE));
    }

    @Test
    void noErrorOfAStatementMakesAPoolThrowItAway() throws SQLException {
        List<String> statements = List.of(
                "SELEC 1",
                "SELECT * FROM nowhere",
                "SELECT 1 / 0",
                "INSERT INTO account VALUES (1, 1)",
                "INSERT INTO account VALUES ('x', 1)",
                "CREATE TABLE account (id INT)",
                "COMMIT AND CHAIN",
                "SELECT row_number() OVER () FROM account",
                "CREATE TRIGGER t BEFORE INSERT ON account EXECUTE FUNCTION f()");
        for (String sql : statements) {
            SQLException e = assertThrows(SQLException.class, () -> execute(sql), sql);
            assertFalse(isLost(e), () -> sql + ": " + e);
        }
        assertEquals(300, balance(connection));
    }

    /** As pools look at an exception. */
    private static boolean isLost(SQLException e) {
        return e.getSQLState().startsWith("08") || e instanceof SQLTimeoutException || LOST.contains(e.getSQLState());
    }

    @Test
    void aStatementThatIsCancelledIsNoTimeoutAndOneWhoseTimeIsUpIs() throws Exception {
        execute("CREATE TABLE n (i INT)");
        execute("INSERT INTO n VALUES " + "(1), ".repeat(2_000) + "(1)");
        String endless = "SELECT COUNT(*) FROM n a, n b, n c WHERE a.i + b.i + c.i < 0";
        try (Statement statement = connection.createStatement()) {
            FutureTask<SQLException> cancelled =
                    new FutureTask<>(() -> assertThrows(SQLException.class, () -> statement.executeQuery(endless)));
            new Thread(cancelled, "is cancelled").start();
            while (!cancelled.isDone()) {
                statement.cancel();
                Thread.onSpinWait();
            }
            SQLException e = cancelled.get(30, TimeUnit.SECONDS);
            assertEquals("57014", e.getSQLState());
            assertFalse(e instanceof SQLTimeoutException, "nobody set a timeout");

            statement.setQueryTimeout(1);
            assertInstanceOf(
                    SQLTimeoutException.class, assertThrows(SQLException.class, () -> statement.executeQuery(endless)));
        }
        assertEquals(300, balance(connection));
    }

    @Test
    void oneWhoseAbortTheExecutorRefusesIsStillThereToBeClosed() throws Exception {
        assertThrows(
                SQLException.class,
                () -> connection.abort(task -> {
                    throw new RejectedExecutionException("a test");
                }));

        assertFalse(connection.isClosed());
        assertEquals(300, balance(connection));
    }

    @Test
    void oneThatIsAbortedIsClosedAtOnceAndItsLocksAreGoneOnceTheExecutorRan() throws Exception {
        connection.setAutoCommit(false);
        execute("UPDATE account SET balance = 0");
        MossStatement running = (MossStatement) connection.createStatement();
        running.begin();
        assertFalse(running.isCancelled());
        List<Runnable> later = new ArrayList<>();
        assertThrows(SQLException.class, () -> connection.abort(null));
        connection.abort(later::add);
        connection.abort(later::add);

        assertTrue(connection.isClosed());
        assertTrue(running.isCancelled(), "what waits for its turn does not begin");
        assertFalse(connection.isValid(1));
        assertThrows(SQLException.class, connection::createStatement);
        later.forEach(Runnable::run);
        connection.close();
        connection.abort(later::add);
        try (Connection another = DriverManager.getConnection(url);
                Statement update = another.createStatement()) {
            // A database in memory goes with its last connection, so the rows are gone; it is not held either.
            update.execute("CREATE TABLE account (id INT)");
        }
    }

    @Test
    void whatIsBorrowedIsFoundThroughItsWrappers() throws SQLException {
        assertTrue(connection.isWrapperFor(Connection.class));
        assertSame(connection, connection.unwrap(Connection.class));
        assertThrows(SQLException.class, () -> connection.unwrap(String.class));
        connection.setClientInfo("ApplicationName", "pool");
        assertEquals("pool", connection.getClientInfo("ApplicationName"));
        connection.setClientInfo("ApplicationName", null);
        assertNull(connection.getClientInfo("ApplicationName"));
    }

    @Test
    void aStatementKeptOpenServesManyTransactions() throws SQLException {
        connection.setAutoCommit(false);
        try (PreparedStatement add =
                        connection.prepareStatement("UPDATE account SET balance = balance + ? WHERE id = ?");
                PreparedStatement read = connection.prepareStatement("SELECT balance FROM account WHERE id = ?")) {
            for (int i = 0; i < 4; i++) {
                add.setInt(1, 10);
                add.setInt(2, 1);
                assertEquals(1, add.executeUpdate());
                if (i % 2 == 0) {
                    connection.commit();
                } else {
                    connection.rollback();
                }
                read.setInt(1, 1);
                try (ResultSet rs = read.executeQuery()) {
                    assertTrue(rs.next());
                    assertEquals(110 + i / 2 * 10, rs.getInt(1));
                }
            }
        }
    }
}
