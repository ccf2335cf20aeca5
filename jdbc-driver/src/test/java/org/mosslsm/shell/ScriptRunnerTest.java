// Scripts whose commits fail.
package org.mosslsm.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringReader;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ScriptRunnerTest {
    private static final String SCRIPT = """
            INSERT INTO t VALUES (1);
            INSERT INTO t VALUES (2);
            CREATE TABLE u (id INT);
            INSERT INTO t VALUES (3);
            """;

    private final ByteArrayOutputStream told = new ByteArrayOutputStream();
    private Connection connection;
    private int commits;
    private boolean rollbackFails;

    @BeforeEach
    void open() throws SQLException {
        connection = DriverManager.getConnection("jdbc:mosslsm:mem:" + UUID.randomUUID());
        execute("CREATE TABLE t (id INT PRIMARY KEY)");
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

    private List<Integer> ids() throws SQLException {
        List<Integer> ids = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rs = statement.executeQuery("SELECT id FROM t ORDER BY id")) {
            while (rs.next()) {
                ids.add(rs.getInt(1));
            }
        }
        return ids;
    }

    /** The connection, of which the first commit fails. */
    private Connection failing() {
        return (Connection) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("setAutoCommit") && (Boolean) arguments[0] && commits++ == 0) {
                        throw new SQLException("no room", "53100");
                    }
                    if (method.getName().equals("rollback") && rollbackFails) {
                        connection.rollback();
                        throw new SQLException("no room either", "53100");
                    }
                    try {
                        return method.invoke(connection, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private boolean run(String... options) throws IOException, Arguments.UsageException {
        return runScript(SCRIPT, options);
    }

    private boolean runScript(String script, String... options) throws IOException, Arguments.UsageException {
        List<String> all = new ArrayList<>(List.of("mem:x"));
        all.addAll(List.of(options));
        Arguments arguments = Arguments.parse(all).orElseThrow();
        PrintStream err = new PrintStream(told, true, StandardCharsets.UTF_8);
        StatementRunner runner = new StatementRunner(failing(), arguments, err, err);
        return new ScriptRunner(runner, arguments, err).run(new StringReader(script), "s.sql", 0);
    }

    @Test
    void aCommitThatFailsEndsTheScriptAtItsFirstInsert() throws Exception {
        assertFalse(run());

        String text = told.toString(StandardCharsets.UTF_8);
        assertTrue(text.startsWith("s.sql:1: ERROR 53100: no room\n  in: the commit of 2 INSERTs"), text);
        assertTrue(text.contains(" 0 rows changed, 1 error,"), text);
        assertEquals(List.of(), ids());
        execute("CREATE TABLE u (id INT)");
    }

    @Test
    void whereItGoesOnTheStatementAfterItRuns() throws Exception {
        assertFalse(run("--keep-going"));

        String text = told.toString(StandardCharsets.UTF_8);
        assertTrue(text.contains(": 4 statements, 1 rows changed, 1 error,"), text);
        assertEquals(List.of(3), ids());
        execute("INSERT INTO u VALUES (1)");
    }

    @Test
    void aCommitThatFailsForAFullGroupIsToldOnce() throws Exception {
        assertFalse(run("--keep-going", "--commit-every", "2"));

        String text = told.toString(StandardCharsets.UTF_8);
        assertTrue(text.contains(": 4 statements, 1 rows changed, 1 error,"), text);
        assertEquals(List.of(3), ids());
    }

    @Test
    void whatFollowsIsNoPartOfTheGroupEvenWhereNothingRollsItBack() throws Exception {
        rollbackFails = true;

        assertFalse(runScript("INSERT INTO t VALUES (1); SELECT 1;", "--keep-going"));
        assertTrue(connection.getAutoCommit());
        assertEquals(List.of(), ids());
    }
}
