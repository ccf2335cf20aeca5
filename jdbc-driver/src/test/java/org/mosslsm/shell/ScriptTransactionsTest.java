// Transactions of scripts: whose a COPY or an import is, and what a script leaves open.
package org.mosslsm.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.Reader;
import java.io.StringReader;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mosslsm.csv.CsvException;
import org.mosslsm.csv.TableImport;

class ScriptTransactionsTest {
    private static final String MISSING = "COMMIT is missing";

    private final String database = "mem:" + UUID.randomUUID();
    private Connection connection;

    @TempDir
    private Path folder;

    @BeforeEach
    void open() throws SQLException {
        connection = DriverManager.getConnection("jdbc:mosslsm:" + database);
        execute("CREATE TABLE t (a INT PRIMARY KEY)");
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

    private List<Integer> rows() throws SQLException {
        List<Integer> rows = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rs = statement.executeQuery("SELECT a FROM t ORDER BY a")) {
            while (rs.next()) {
                rows.add(rs.getInt(1));
            }
        }
        return rows;
    }

    /** What a script prints to the error output. */
    private String script(String text, String... options) throws IOException {
        Path script = folder.resolve("script.sql");
        Files.writeString(script, text);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        List<String> arguments = new ArrayList<>(List.of(database, "-f", script.toString()));
        arguments.addAll(List.of(options));
        Main.run(
                arguments,
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
        return err.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aCopyIsPartOfTheTransaction() throws Exception {
        String err = script("""
                BEGIN;
                INSERT INTO t VALUES (1);
                COPY t FROM stdin;
                2
                3
                \\.
                INSERT INTO t VALUES (4);
                ROLLBACK;
                """);
        assertFalse(err.contains("ERROR"), err);
        assertEquals(List.of(), rows());

        err = script("""
                BEGIN;
                COPY t FROM stdin;
                2
                \\.
                SAVEPOINT s;
                COPY t FROM stdin;
                3
                \\.
                ROLLBACK TO s;
                COMMIT;
                """);
        assertFalse(err.contains("ERROR"), err);
        assertEquals(List.of(2), rows());
    }

    @Test
    void whatFollowsAGroupWhoseCommitFailedIsNoPartOfIt() throws Exception {
        boolean[] failed = new boolean[1];
        Connection failing = (Connection) Proxy.newProxyInstance(
                Connection.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, args) -> {
                    if (method.getName().equals("setAutoCommit") && args[0].equals(true) && !failed[0]) {
                        failed[0] = true;
                        throw new SQLException("the commit failed", "40001");
                    }
                    try {
                        return method.invoke(connection, args);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream err = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        Arguments arguments = Arguments.parse(List.of(database, "-f", "script", "--keep-going"))
                .orElseThrow();
        StatementRunner runner = new StatementRunner(failing, arguments, err, err);
        Reader script =
                new StringReader("INSERT INTO t VALUES (1);\nCREATE TABLE u (a INT);\nINSERT INTO t VALUES (2);\n");

        assertFalse(new ScriptRunner(runner, arguments, err).run(script, "script", 0));

        String said = bytes.toString(StandardCharsets.UTF_8);
        assertTrue(said.contains("ERROR 40001"), said);
        assertFalse(said.contains("COMMIT is missing"), said);
        assertTrue(connection.getAutoCommit());
        assertEquals(List.of(2), rows());
    }

    @Test
    void aCopyThatFailsLeavesTheTransactionWithoutIt() throws Exception {
        String err = script("""
                BEGIN;
                INSERT INTO t VALUES (1);
                COPY t FROM stdin;
                2
                x
                \\.
                COMMIT;
                """, "--keep-going");
        assertTrue(err.contains("ERROR 22P02: line 2 of the data"), err);
        assertEquals(List.of(1), rows());
    }

    @Test
    void anImportIsPartOfTheTransaction() throws Exception {
        Path file = folder.resolve("t.csv");
        Files.writeString(file, "a\n7\n8\n");
        script("""
                BEGIN;
                INSERT INTO t VALUES (1);
                .import '%s' t
                ROLLBACK;
                """.formatted(file));
        assertEquals(List.of(), rows());
    }

    @Test
    void anImportInJavaIsPartOfATransactionThatSqlBegan() throws Exception {
        TableImport rows = new TableImport(connection, "t").commitEvery(1);
        execute("BEGIN");
        execute("INSERT INTO t VALUES (1)");

        assertEquals(2, rows.run(new StringReader("a\n2\n3\n")));
        assertThrows(CsvException.class, () -> rows.run(new StringReader("a\n4\n4\n")));
        assertTrue(connection.getAutoCommit());
        execute("SAVEPOINT s");
        execute("INSERT INTO t VALUES (5)");
        execute("ROLLBACK TO s");
        assertEquals(List.of(1, 2, 3), rows());
        execute("ROLLBACK");

        assertEquals(List.of(), rows());
        assertEquals(1, rows.run(new StringReader("a\n9\n")));
        assertEquals(List.of(9), rows());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "COMMIT AND CHAIN",
                "ROLLBACK AND CHAIN",
                "END AND CHAIN",
                "ABORT AND CHAIN",
                "/* now */ COMMIT AND CHAIN"
            })
    void whatFollowsAChainIsOpen(String chain) throws Exception {
        String err = script("BEGIN; INSERT INTO t VALUES (1); " + chain + ";\nINSERT INTO t VALUES (2);\n");

        assertFalse(err.contains("ERROR"), err);
        assertTrue(err.contains(MISSING), err);
        assertEquals(chain.contains("COMMIT") || chain.contains("END") ? List.of(1) : List.of(), rows());
    }

    @ParameterizedTest
    @ValueSource(strings = {"COMMIT", "END", "COMMIT WORK", "COMMIT AND NO CHAIN", "/* at last */ COMMIT"})
    void whatFollowsTheEndIsNot(String end) throws Exception {
        String err = script("BEGIN; INSERT INTO t VALUES (1); " + end + ";\nINSERT INTO t VALUES (2);\n");

        assertFalse(err.contains("ERROR") || err.contains(MISSING), err);
        assertEquals(List.of(1, 2), rows());
    }

    @ParameterizedTest
    @ValueSource(strings = {"ABORT", "ROLLBACK", "ROLLBACK WORK"})
    void whatFollowsARollbackIsKept(String end) throws Exception {
        String err = script("BEGIN; INSERT INTO t VALUES (1); " + end + ";\nINSERT INTO t VALUES (2);\n");

        assertFalse(err.contains("ERROR") || err.contains(MISSING), err);
        assertEquals(List.of(2), rows());
    }

    @ParameterizedTest
    @ValueSource(strings = {"BEGIN", "START TRANSACTION", "/* here */ BEGIN", "-- here\nBEGIN"})
    void aBeginIsKnownHoweverItIsWritten(String begin) throws Exception {
        String err = script(begin + ";\nINSERT INTO t VALUES (1);\nINSERT INTO t VALUES (2);\nROLLBACK;\n");

        assertFalse(err.contains("ERROR") || err.contains(MISSING), err);
        assertEquals(List.of(), rows());
    }

    @Test
    void aBeginThatFailsBeginsNothing() throws Exception {
        String err = script("BEGIN NONSENSE;\nINSERT INTO t VALUES (1);\n", "--keep-going");

        assertFalse(err.contains(MISSING), err);
        assertEquals(List.of(1), rows());
    }

    @Test
    void aSavepointLeavesItOpen() throws Exception {
        String err = script("""
                BEGIN;
                SAVEPOINT s;
                INSERT INTO t VALUES (1);
                ROLLBACK TO SAVEPOINT s;
                INSERT INTO t VALUES (2);
                """);

        assertTrue(err.contains(MISSING), err);
        assertEquals(List.of(), rows());
    }
}
