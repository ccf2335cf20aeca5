package org.mosslsm.it.slt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The runner itself, on a database that is not ours: it passes what is right and, above all, reports what is wrong. */
class SltRunnerTest {
    @Test
    void rightResultsPassAndWrongOnesAreReportedWithTheirLine() throws Exception {
        SltRunner.Outcome outcome = run("""
                # a comment
                hash-threshold 8

                statement ok
                CREATE TABLE t(a INTEGER, b REAL, c VARCHAR(10))

                statement ok
                INSERT INTO t VALUES(1, 1.5, 'x'), (NULL, NULL, ''), (3, 2.25, 'z')

                query IRT rowsort
                SELECT a, b, c FROM t
                ----
                1
                1.500
                x
                3
                2.250
                z
                NULL
                NULL
                (empty)

                query I nosort
                SELECT a FROM t WHERE a = 1
                ----
                2

                statement error
                SELECT nothing FROM nowhere

                statement error
                SELECT 1

                statement ok
                SELECT nothing FROM nowhere

                query II nosort
                SELECT 1
                ----
                1
                """);
        assertEquals(4, outcome.passed());
        assertEquals(
                List.of(23, 31, 34, 37),
                outcome.failures().stream().map(SltRunner.Failure::line).toList());
    }

    @Test
    void recordsOfOtherEnginesAreSkippedAndHaltEnds() throws Exception {
        SltRunner.Outcome outcome = run("""
                onlyif sqlite # not ours
                statement ok
                NONSENSE

                skipif mosslsm
                statement ok
                NONSENSE

                skipif mysql # not MySQL
                onlyif mosslsm
                statement ok
                SELECT 1

                onlyif mssql
                halt

                halt

                statement ok
                NONSENSE
                """);
        assertEquals(new SltRunner.Outcome(1, 3, 0, List.of()), outcome);
    }

    @Test
    void hashesLabelsAndSortsAreChecked() throws Exception {
        SltRunner.Outcome outcome = run("""
                query I valuesort same
                SELECT 2 UNION ALL SELECT 10 UNION ALL SELECT 1
                ----
                3 values hashing to 0b3e4f8ea8eb2a1b5b4a8b3e0e0b0a55

                query II rowsort pair
                SELECT 2, 1 UNION ALL SELECT 1, 2
                ----
                1
                2
                2
                1

                query II rowsort pair
                SELECT 5, 5
                ----
                5
                5

                query II valuesort
                SELECT 2, 1 UNION ALL SELECT 1, 2
                ----
                1
                1
                2
                2
                """);
        assertEquals(2, outcome.passed());
        assertTrue(outcome.failures().get(0).problem().contains("3 values hashing to"), outcome.toString());
        assertTrue(outcome.failures().get(1).problem().contains("label pair"), outcome.toString());
    }

    @Test
    void valuesAreWrittenAsSqlitesRunnerDoes() {
        assertEquals("NULL", SltResult.text(null, 'I'));
        assertEquals("174", SltResult.text(new BigDecimal("174.87"), 'I'));
        assertEquals("-1", SltResult.text(-1.9, 'I'));
        assertEquals("1", SltResult.text(true, 'I'));
        assertEquals("0", SltResult.text("abc", 'I'));
        assertEquals("12", SltResult.text("12abc", 'I'));
        assertEquals("1.000", SltResult.text(1, 'R'));
        assertEquals("-0.334", SltResult.text(-0.3336, 'R'));
        assertEquals("(empty)", SltResult.text("", 'T'));
        assertEquals("a@b@@", SltResult.text("a\nb\u00e9", 'T'));
        assertEquals(
                "3 values hashing to " + "b1946ac92492d2347c6235b4d2611184".length(),
                SltResult.hashLine(List.of("a", "b", "c")).replaceFirst("[0-9a-f]{32}$", "32"));
        assertEquals("1 values hashing to b1946ac92492d2347c6235b4d2611184", SltResult.hashLine(List.of("hello")));
    }

    @Test
    void brokenFilesAreRefusedWithTheirLine() {
        for (String broken : List.of("nonsense", "statement maybe\nSELECT 1", "query X\nSELECT 1", "onlyif mosslsm")) {
            IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> run(broken));
            assertTrue(e.getMessage().startsWith("line 1"), e.getMessage());
        }
    }

    private static SltRunner.Outcome run(String script) throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:h2:mem:")) {
            return SltRunner.run(script.lines().toList(), connection);
        }
    }

    @Test
    void exceptionsExcuseARefusalByItsStateAndAWrongAnswerOnlyAtItsPlace() {
        SltExceptions exceptions = SltExceptions.parse(List.of(
                "# a comment",
                "refused 22012 (?is).*/.* : division by zero",
                "differs random/a.test:7 SELECT.* : another type"));
        Path file = Path.of("/somewhere/random/a.test");
        SltRunner.Failure refused = new SltRunner.Failure(1, "SELECT 1 / 0", "SQLSTATE 22012: division by zero");
        SltRunner.Failure wrong = new SltRunner.Failure(7, "SELECT 1 / 0", "wrong result: expected [1], found [2]");
        SltRunner.Failure elsewhere = new SltRunner.Failure(8, "SELECT 1 / 0", "wrong result: expected [1], found [2]");
        SltRunner.Failure other = new SltRunner.Failure(1, "SELECT 1 / 0", "SQLSTATE XX000: a bug");
        assertEquals("division by zero", exceptions.reason(file, refused));
        assertEquals("another type", exceptions.reason(file, wrong));
        assertNull(exceptions.reason(file, elsewhere));
        assertNull(exceptions.reason(file, other));
        assertNull(exceptions.reason(Path.of("/somewhere/b.test"), wrong));
        SltRunner.Outcome outcome =
                new SltRunner.Outcome(5, 0, 0, List.of(refused, wrong, elsewhere, other)).excusing(file, exceptions);
        assertEquals(2, outcome.excused());
        assertEquals(List.of(elsewhere, other), outcome.failures());
    }

    @Test
    void everyLineOfTheExceptionsReads() {
        assertNotNull(SltExceptions.load());
        assertThrows(IllegalArgumentException.class, () -> SltExceptions.parse(List.of("nonsense")));
    }
}
