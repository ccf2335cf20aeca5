// Dumps of PostgreSQL, COPY, and the shell's .import and .export.
package org.mosslsm.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mosslsm.csv.CsvException;
import org.mosslsm.csv.TableImport;

class CopyTest {
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
        List<String> all = new ArrayList<>(List.of(database));
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
        List<String> arguments = new ArrayList<>(List.of("--csv", "-f", script.toString()));
        arguments.addAll(List.of(options));
        Run run = run(arguments.toArray(new String[0]));
        return new Run(run.code(), run.out(), run.err().replace(script.toString(), "script.sql"));
    }

    @Test
    void aDumpOfPostgresLoads() throws IOException {
        String dump;
        try (InputStream in = CopyTest.class.getResourceAsStream("pg_dump_15.sql")) {
            dump = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        Run loaded = script(dump);
        assertEquals(0, loaded.code(), loaded.err());
        assertTrue(loaded.err().contains("10 rows changed"), loaded.err());
        assertEquals(
                """
                id,meta,credit,seen_utc,code,ticket
                1,"tab\there
                newline\\backslash",10.50,2024-01-01 08:00:00,ab,100
                2,,0.00,NULL,NULL,105
                """,
                run(
                                "--csv",
                                "-c",
                                "SELECT id, meta, credit, seen AT TIME ZONE 'UTC' AS seen_utc, trim(code) AS code, ticket"
                                        + " FROM customer ORDER BY id")
                        .out());
        assertEquals(
                "id,name,n,total\n1,Ann,2,34.98\n",
                run("--csv", "-c", "SELECT * FROM big_spender").out());
        assertEquals(
                "id,ticket\n3,110\n",
                run("--csv", "-c", "INSERT INTO customer (email, name) VALUES ('c@x', 'Cid') RETURNING id, ticket")
                        .out());
        assertEquals(
                "id\n3\n",
                run("--csv", "-c", "INSERT INTO inv.product (sku, price) VALUES ('S3', 1) RETURNING id")
                        .out());
        assertTrue(run("-c", "UPDATE orders SET status = 'lost'").err().contains("23514"));
        assertTrue(run("-c", "DELETE FROM inv.product").err().contains("23503"));
        assertEquals(
                "table_schema,table_name,object,finding\n",
                run("--csv", "-c", "CHECK DATABASE").out());
    }

    @Test
    void copyReadsTheLinesBelowIt() throws IOException {
        Run run = script("""
                CREATE TABLE a (id INT PRIMARY KEY, t TEXT);
                COPY a FROM stdin;
                1\tone\\ttab\\\\ \\x41\\101
                2\t\\N
                3\t
                \\.
                COPY public.a (t, id) FROM STDIN WITH (FORMAT csv, HEADER, DELIMITER ';', NULL 'nil');
                t;id
                nil;4
                "a;""b""
                c";5

                \\.
                COPY "a" TO STDOUT;
                COPY (SELECT id, t FROM a WHERE id >= 3 ORDER BY id) TO STDOUT CSV HEADER;
                COPY a (t) TO STDOUT WITH CSV NULL 'x';
                """);
        assertEquals(0, run.code(), run.err());
        assertEquals("""
                1\tone\\ttab\\\\ AA
                2\t\\N
                3\t
                4\t\\N
                5\ta;"b"\\nc
                id,t
                3,""
                4,
                5,"a;""b""
                c"
                one\ttab\\ AA
                x
                ""
                x
                "a;""b""
                c"
                """, run.out());
    }

    @Test
    void anErrorNamesTheLineAndTheScriptGoesOnAfterTheData() throws IOException {
        Run run = script("""
                CREATE TABLE a (id INT PRIMARY KEY);
                COPY a FROM stdin;
                6
                6
                7
                \\.
                COPY a FROM stdin;
                1\t2
                \\.
                COPY a FROM stdin;
                x
                SELECT 'this is data';
                \\.
                COPY a FROM stdin WITH (FORMAT binary);
                x
                \\.
                COPY (SELECT 1) FROM stdin;
                x
                \\.
                COPY a FROM stdin CSV;
                "1
                \\.
                SELECT count(*) FROM a;
                """, "--keep-going");
        assertEquals("count\n0\n", run.out());
        List<String> errors = run.err().lines().filter(l -> l.contains("ERROR")).toList();
        assertEquals(
                List.of(
                        "script.sql:2: ERROR 23505: line 2 of the data: duplicate key value violates unique constraint"
                                + " \"a_pkey\" of table \"a\": key (id)=(6) already exists",
                        "script.sql:7: ERROR 22P04: line 1 of the data: 2 values for 1 column",
                        "script.sql:10: ERROR 22P02: line 1 of the data: invalid input for type INTEGER: \"x\"",
                        "script.sql:14: ERROR 42601: COPY knows the formats text and csv, and delimiters of one"
                                + " character",
                        "script.sql:17: ERROR 42601: COPY ... FROM stdin needs a table",
                        "script.sql:20: ERROR 22P04: line 1 of the data: a quoted value has no end: \" is missing"),
                errors);
    }

    @Test
    void everyTypeSurvivesExportAndImport() throws IOException {
        Path file = folder.resolve("every type.csv");
        Run run = script("""
                CREATE TABLE a (b BOOLEAN, i SMALLINT, j INTEGER, k BIGINT, d DECIMAL(10, 3), n NUMERIC, r REAL,
                    f DOUBLE PRECISION, c CHAR(4), v VARCHAR(10), t TEXT, y BINARY(2), z BYTEA, da DATE, ti TIME,
                    ts TIMESTAMP, tz TIMESTAMP WITH TIME ZONE, u UUID);
                INSERT INTO a VALUES
                    (TRUE, -1, 2147483647, -9223372036854775808, 1.5, 0.00010, 0.1, 1e300, 'ab', 'x,y', 'q"q', X'0001',
                        X'', DATE '0001-01-01', TIME '23:59:59.999999', TIMESTAMP '9999-12-31 23:59:59.5',
                        TIMESTAMP WITH TIME ZONE '2024-06-01 12:00:00+05:30', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'),
                    (FALSE, 0, 0, 0, 0, 0, 'NaN', '-Infinity', '', '', '', X'0000', X'5C78', NULL, NULL, NULL, NULL, NULL),
                    (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, E'\\r\\nNULL', NULL, NULL, NULL, NULL,
                        NULL, NULL, NULL);
                .export '%1$s' a
                CREATE TABLE b AS SELECT * FROM a WITH NO DATA;
                .import '%1$s' b
                SELECT count(*) FROM (SELECT * FROM a INTERSECT SELECT * FROM b) x;
                SELECT count(*) FROM b;
                .export '%1$s' SELECT t FROM a WHERE FALSE
                .import '%1$s' b
                .import '%1$s.not' b
                """.formatted(file));
        assertEquals("count\n3\ncount\n3\n", run.out(), run.err());
        assertTrue(run.err().contains("3 rows written to"), run.err());
        assertTrue(run.err().contains("0 rows read from"), run.err());
        assertTrue(run.err().contains("ERROR 58030: cannot read"), run.err());
    }

    @Test
    void aFileComesInAsAWholeOrNotAtAll() throws IOException {
        StringBuilder csv = new StringBuilder("ID,\"n x\"\n");
        for (int i = 0; i < 25_000; i++) {
            csv.append(i).append(",\n");
        }
        Path file = folder.resolve("many.csv");
        Files.writeString(file, csv + "7,again\n");
        run("-c", "CREATE TABLE m (id INT PRIMARY KEY, \"n x\" TEXT)");
        Run run = run("--csv", "-c", ".import " + file + " m\nSELECT count(*) FROM m");
        assertTrue(run.err().contains("line 25002 of the data: duplicate key"), run.err());
        assertEquals("count\n0\n", run("--csv", "-c", "SELECT count(*) FROM m").out());
    }

    @Test
    void anImportInPiecesKeepsThoseBeforeAFailure() throws Exception {
        keepsItOpen.createStatement().execute("CREATE TABLE pieces (a INT PRIMARY KEY)");
        StringBuilder file = new StringBuilder("a\n");
        for (int i = 1; i <= 250; i++) {
            file.append(i).append('\n');
        }
        TableImport rows = new TableImport(keepsItOpen, "pieces").commitEvery(100);
        CsvException e = assertThrows(CsvException.class, () -> rows.run(new StringReader(file + "1\n")));
        assertTrue(e.getMessage().contains("after 200 rows that were committed"), e.getMessage());
        try (ResultSet count = keepsItOpen.createStatement().executeQuery("SELECT count(*) FROM pieces")) {
            count.next();
            assertEquals(200, count.getInt(1));
        }
    }

    @Test
    void anImportThatFailsInATransactionLeavesNothing() throws Exception {
        keepsItOpen.createStatement().execute("CREATE TABLE whole (a INT PRIMARY KEY)");
        keepsItOpen.setAutoCommit(false);
        keepsItOpen.createStatement().execute("INSERT INTO whole VALUES (500)");
        StringBuilder file = new StringBuilder("a\n");
        for (int i = 1; i <= 100; i++) {
            file.append(i).append('\n');
        }
        TableImport rows = new TableImport(keepsItOpen, "whole");

        assertThrows(CsvException.class, () -> rows.run(new StringReader(file + "1\n")));
        assertEquals(100, rows.run(new StringReader(file.toString())));
        assertThrows(CsvException.class, () -> rows.run(new StringReader("a\n101\n102,x\n")));
        keepsItOpen.commit();

        try (ResultSet count = keepsItOpen.createStatement().executeQuery("SELECT count(*), max(a) FROM whole")) {
            count.next();
            assertEquals("101 500", count.getInt(1) + " " + count.getInt(2));
        }
    }
}
