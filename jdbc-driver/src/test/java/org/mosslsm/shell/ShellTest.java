// The shell as its users see it: arguments in; output, error output and exit code out.
package org.mosslsm.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShellTest {
    private final String database = "mem:" + UUID.randomUUID();
    private Connection keepsItOpen;

    @TempDir
    private Path folder;

    @BeforeEach
    void open() throws SQLException {
        keepsItOpen = DriverManager.getConnection("jdbc:mosslsm:" + database);
    }

    @AfterEach
    void close() throws SQLException {
        keepsItOpen.close();
    }

    private record Run(int code, String out, String err) {}

    private Run run(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        List<String> all = new java.util.ArrayList<>(List.of(database));
        all.addAll(List.of(arguments));
        int code = Main.run(
                all,
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
        return new Run(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private Run script(String text, String... options) throws IOException {
        Path script = folder.resolve("script.sql");
        Files.writeString(script, text);
        List<String> arguments = new java.util.ArrayList<>(List.of("-f", script.toString()));
        arguments.addAll(List.of(options));
        Run run = run(arguments.toArray(new String[0]));
        return new Run(run.code(), run.out(), run.err().replace(script.toString(), "script.sql"));
    }

    @Test
    void printsAnAlignedTable() {
        Run run = run("-c", "SELECT * FROM (VALUES (1, 'a', NULL), (-20, 'b\nc', 2.50)) AS t (id, name, price)");

        assertEquals("""
                 id  | name | price
                -----+------+-------
                   1 | a    |  NULL
                 -20 | b\\nc |  2.50
                (2 rows)
                """, run.out());
        assertEquals(0, run.code());
    }

    @Test
    void printsCsvThatTellsNullFromItsName() {
        Run run = run(
                "--csv",
                "-c",
                "SELECT 1 AS \"a,b\", NULL AS n, 'NULL' AS s, 'x\"y' AS q, '' AS e, TIMESTAMP '2020-01-02 03:04:05' AS t");

        assertEquals("\"a,b\",n,s,q,e,t\n1,NULL,\"NULL\",\"x\"\"y\",,2020-01-02 03:04:05\n", run.out());
    }

    @Test
    void printsJson() {
        Run run = run(
                "--json",
                "-c",
                "SELECT 1 AS a, 2.50 AS b, TRUE AS c, NULL AS d, 'q\"\n' AS e; SELECT 1 AS a WHERE FALSE");

        assertEquals("[\n {\"a\":1,\"b\":2.50,\"c\":true,\"d\":null,\"e\":\"q\\\"\\n\"}\n]\n[]\n", run.out());
    }

    @Test
    void tellsHowManyRowsATypedStatementChanged() {
        Run run = run(
                "-c", "CREATE TABLE t (a INT PRIMARY KEY); INSERT INTO t VALUES (1), (2); DELETE FROM t WHERE a = 1");

        assertEquals("ok\n2 rows\n1 row\n", run.out());
        assertEquals("", run.err());
    }

    @Test
    void skipsWhatIsPsqlsOrAboutDatabases() throws IOException {
        Run run = script("DROP DATABASE IF EXISTS x;\nCREATE DATABASE x;\n\\c x;\nCREATE TABLE t (a INT);\n");

        assertEquals(0, run.code(), run.err());
        assertTrue(run.err().contains("script.sql:1: skipped"), run.err());
        assertTrue(run.err().contains("script.sql:3: skipped, psql's: \\c x;"), run.err());
        assertTrue(run.err().contains("1 statements"), run.err());
    }

    @Test
    void anErrorHasItsPlaceInTheScriptAndEndsIt() throws IOException {
        Run run = script("CREATE TABLE t (a INT);\n\n  SELECT a,\n FROM t;\nCREATE TABLE u (a INT);");

        assertEquals(1, run.code());
        assertTrue(
                run.err()
                        .contains(
                                "script.sql:4:2: ERROR 42601: expected an expression or '*', found 'FROM'\n FROM t\n ^\n"),
                run.err());
        assertFalse(run("-c", "SELECT * FROM u").code() == 0);
    }

    @Test
    void onTheFirstLineTheColumnCountsFromTheLinesBegin() throws IOException {
        assertTrue(script("SELECT 1;   SELECT FROM t;").err().contains("script.sql:1:20: ERROR 42601"));
    }

    @Test
    void anErrorWithoutAPlaceNamesItsStatement() throws IOException {
        Run run = script(
                "CREATE TABLE t (a INT PRIMARY KEY);\nINSERT INTO t\n  VALUES (1);\nINSERT INTO t\n  VALUES (1);");

        assertEquals(1, run.code());
        assertTrue(run.err().contains("script.sql:4: ERROR 23505: "), run.err());
        assertTrue(run.err().contains("in: INSERT INTO t VALUES (1)"), run.err());
    }

    @Test
    void goesOnAfterErrorsIfToldTo() throws IOException {
        Run run = script("SELECT x;\nCREATE TABLE u (a INT);\nSELECT y;", "--keep-going");

        assertEquals(1, run.code());
        assertTrue(run.err().contains("2 errors"), run.err());
        assertEquals(0, run("-c", "SELECT * FROM u").code());
    }

    @Test
    void insertsBeforeAnErrorStay() throws IOException {
        script(
                "CREATE TABLE t (a INT PRIMARY KEY); INSERT INTO t VALUES (1); INSERT INTO t VALUES (2); INSERT INTO t VALUES (1)");

        assertEquals("n\n2\n", run("--csv", "-c", "SELECT COUNT(*) AS n FROM t").out());
    }

    @Test
    void insertsAreCommittedTogetherAndBeforeAnythingElse() throws IOException {
        Run run = script(
                "CREATE TABLE t (a INT PRIMARY KEY);" + inserts(0, 25) + "SELECT COUNT(*) AS n FROM t;"
                        + inserts(25, 30),
                "--commit-every",
                "10",
                "--csv");

        assertEquals("n\n25\n", run.out(), run.err());
        assertEquals(
                "n\n30\n", run("--csv", "-c", "SELECT COUNT(*) AS n FROM t").out());
    }

    private static String inserts(int from, int to) {
        StringBuilder inserts = new StringBuilder();
        for (int i = from; i < to; i++) {
            inserts.append("INSERT INTO t VALUES (").append(i).append(");\n");
        }
        return inserts.toString();
    }

    @Test
    void aTransactionOfTheScriptsOwnIsItsOwn() throws IOException {
        Run run = script("""
                CREATE TABLE t (a INT PRIMARY KEY);
                BEGIN;
                INSERT INTO t VALUES (1);
                SAVEPOINT s;
                INSERT INTO t VALUES (2);
                ROLLBACK TO s;
                INSERT INTO t VALUES (3);
                COMMIT;
                BEGIN;
                INSERT INTO t VALUES (4);
                """);

        assertEquals(0, run.code(), run.err());
        assertTrue(run.err().contains("COMMIT is missing"), run.err());
        assertEquals(
                "a\n1\n3\n", run("--csv", "-c", "SELECT a FROM t ORDER BY a").out());
    }

    @Test
    void listsTablesAndTheirColumns() {
        run(
                "-c",
                "CREATE TABLE p (id INT PRIMARY KEY, name VARCHAR(20) DEFAULT 'x' NOT NULL, price DECIMAL(10, 2));"
                        + "CREATE TABLE c (id INT, p_id INT, CONSTRAINT c_fk FOREIGN KEY (p_id) REFERENCES p (id));"
                        + "CREATE UNIQUE INDEX c_i ON c (id DESC, p_id)");

        assertEquals("public.c\npublic.p\n", run("-c", ".tables").out());
        String schema = run("-c", ".schema").out();
        assertTrue(schema.contains("name VARCHAR(20) NOT NULL DEFAULT 'x'"), schema);
        assertTrue(schema.contains("price DECIMAL(10,2)"), schema);
        assertTrue(schema.contains("foreign key c_fk: p_id -> p.id"), schema);
        assertTrue(schema.contains("unique index c_i (id DESC, p_id)"), schema);
        assertTrue(schema.contains("unique index p_pkey (id)"), schema);
    }

    @Test
    void wrongArgumentsAreToldWithTheUsage() {
        assertEquals(2, run("--frobnicate").code());
        assertEquals(2, run("-c").code());
        assertEquals(2, run("other").code());
        assertEquals(2, run("--commit-every", "0").code());
        assertTrue(run("--help").out().contains("--commit-every"));
    }

    @Test
    void whatCannotBeOpenedHasItsOwnCode() {
        assertEquals(3, run("-f", folder.resolve("none.sql").toString()).code());
        assertEquals(3, Main.run(List.of("jdbc:mosslsm:mem:x?foo=bar"), nowhere(), nowhere()));
    }

    private static PrintStream nowhere() {
        return new PrintStream(java.io.OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
    }
}
