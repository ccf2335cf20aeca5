// What WITH queries, views and repeated operands stand for.
package org.mosslsm.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.mosslsm.sql.error.SqlException;

/**
 * A statement of a few lines that grows to more than fits into memory is refused before it does, and the session goes on;
 * what is merely long is not. Work is what the thread allocates, which does not depend on the machine's load.
 */
@Timeout(120)
class ExpansionTest {
    private static final long MOST_BYTES = 2L << 30;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private Database database;
    private Session session;

    @BeforeEach
    void open() {
        database = Database.open("mem:expansion" + System.nanoTime(), Map.of());
        session = database.connect();
        run("CREATE TABLE t (id INT PRIMARY KEY, x INT)");
        run("INSERT INTO t VALUES (1, 1), (2, 2)");
    }

    @AfterEach
    void close() {
        database.close();
    }

    private int run(String sql) {
        Outcome outcome = session.prepare(sql).execute(List.of(), RunOptions.PLAIN);
        int rows = 0;
        if (outcome.rows().isPresent()) {
            try (RowCursor cursor = outcome.rows().get()) {
                while (cursor.next()) {
                    rows++;
                }
            }
        }
        return rows;
    }

    private static String list(int n, String separator, IntFunction<String> item) {
        return IntStream.range(0, n).mapToObj(item).collect(Collectors.joining(separator));
    }

    /** Each of {@code n} uses the one before it, {@code #}. */
    private static String chain(int n, String first, String next, String use) {
        return chain("AS", n, first, next, use);
    }

    /** The same, each run for each of its uses. */
    private static String chainOfRuns(int n, String first, String next, String use) {
        return chain("AS NOT MATERIALIZED", n, first, next, use);
    }

    private static String chain(String as, int n, String first, String next, String use) {
        return "WITH c0 " + as + " (" + first + "), "
                + list(n, ", ", i -> "c" + (i + 1) + " " + as + " (" + next.replace("#", "c" + i) + ")") + " "
                + use.replace("#", "c" + n);
    }

    private static String nested(int n, String before, String innermost, String after) {
        return "SELECT " + before.repeat(n) + innermost + after.repeat(n) + " FROM t";
    }

    static Stream<Arguments> statements() {
        String one = "SELECT 1 AS a";
        return Stream.of(
                Arguments.of("joined", chainOfRuns(40, one, "SELECT x.a FROM # x, # y", "SELECT a FROM #")),
                Arguments.of(
                        "joined tables",
                        chainOfRuns(
                                40,
                                "SELECT id AS a FROM t",
                                "SELECT x.a FROM # x JOIN # y USING (a)",
                                "SELECT a FROM #")),
                Arguments.of("all columns", chain(40, one, "SELECT * FROM # x, # y", "SELECT 1 FROM #")),
                Arguments.of(
                        "united", chainOfRuns(40, one, "SELECT a FROM # UNION ALL SELECT a FROM #", "SELECT a FROM #")),
                Arguments.of(
                        "subqueries",
                        chainOfRuns(40, one, "SELECT a FROM # WHERE a IN (SELECT a FROM #)", "SELECT a FROM #")),
                Arguments.of(
                        "scalar subqueries",
                        chainOfRuns(40, one, "SELECT (SELECT a FROM #) + (SELECT a FROM #) AS a", "SELECT a FROM #")),
                Arguments.of(
                        "changes",
                        chainOfRuns(
                                40, one, "SELECT x.a FROM # x, # y", "DELETE FROM t WHERE id IN (SELECT a FROM #)")),
                Arguments.of(
                        "inner WITH",
                        "SELECT * FROM (" + chainOfRuns(40, one, "SELECT x.a FROM # x, # y", "SELECT a FROM #")
                                + ") q"),
                Arguments.of(
                        "what reads the query around it",
                        "SELECT (" + chain(40, "SELECT t.id AS a", "SELECT x.a FROM # x, # y", "SELECT a FROM #")
                                + ") FROM t"),
                Arguments.of("BETWEEN", nested(100, "(", "TRUE", " BETWEEN FALSE AND (x > 0))")),
                Arguments.of("BETWEEN SYMMETRIC", nested(100, "(", "TRUE", " BETWEEN SYMMETRIC FALSE AND (x > 0))")),
                Arguments.of("NULLIF", nested(200, "NULLIF(", "x", ", 1)")),
                Arguments.of("CASE", nested(200, "CASE ", "x", " WHEN 1 THEN 1 WHEN 2 THEN 3 END")),
                Arguments.of("rows", nested(100, "((", "TRUE", ", 1) >= (x > 0, 2))")),
                Arguments.of("rows in a list", nested(100, "((", "TRUE", ", 1) IN ((x > 0, 2), (x > 1, 3)))")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("statements")
    void whatGrowsWithoutBoundIsRefused(String name, String sql) {
        long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
        SqlException e = assertThrows(SqlException.class, () -> run(sql));
        long bytes = threads.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;

        assertEquals("54001", e.sqlState(), e.getMessage());
        assertTrue(e.getMessage().contains("statement too complex"), e.getMessage());
        assertTrue(bytes < MOST_BYTES, () -> bytes + " bytes");
        assertEquals(2, run("SELECT id FROM t"));
    }

    static Stream<Arguments> queriesThatAreComputedOnce() {
        String one = "SELECT 1 AS a";
        return Stream.of(
                Arguments.of(1, chain(40, one, "SELECT x.a FROM # x, # y", "SELECT a FROM #")),
                Arguments.of(
                        2,
                        chain(
                                40,
                                "SELECT id AS a FROM t",
                                "SELECT x.a FROM # x JOIN # y USING (a)",
                                "SELECT a FROM #")),
                Arguments.of(1, chain(40, one, "SELECT a FROM # WHERE a IN (SELECT a FROM #)", "SELECT a FROM #")),
                Arguments.of(
                        1, chain(40, one, "SELECT (SELECT a FROM #) + (SELECT a FROM #) - 1 AS a", "SELECT a FROM #")),
                Arguments.of(
                        1, "SELECT * FROM (" + chain(40, one, "SELECT x.a FROM # x, # y", "SELECT a FROM #") + ") q"),
                Arguments.of(2, ofRow("SELECT x.a FROM # x, # y")),
                Arguments.of(2, ofRow("SELECT a FROM # WHERE a IN (SELECT a FROM #)")),
                Arguments.of(2, ofRow("SELECT (SELECT a FROM #) + (SELECT a FROM #) - 1 AS a")),
                Arguments.of(2 + 4 * 40, "EXPLAIN " + chain(40, one, "SELECT x.a FROM # x, # y", "SELECT a FROM #")),
                Arguments.of(
                        1_000,
                        "WITH c AS (SELECT id FROM t WHERE x IN (" + list(50_000, ",", i -> "" + i) + ")) "
                                + list(500, " UNION ALL ", i -> "SELECT id FROM c")));
    }

    /** What draws and reads the row around it is computed once for that row. */
    private static String ofRow(String next) {
        return "SELECT ("
                + chain(40, "SELECT t.id + 0 * random() AS a", next, "SELECT a FROM # WHERE a = (SELECT a FROM #)")
                + ") FROM t";
    }

    @ParameterizedTest
    @MethodSource
    void queriesThatAreComputedOnce(int rows, String sql) {
        long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
        assertEquals(rows, run(sql));
        long bytes = threads.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
        assertTrue(bytes < MOST_BYTES / 8, () -> bytes + " bytes");
    }

    @Test
    void viewsUsedTwiceAreRefusedWhereTheyGrowWithoutBound() {
        run("CREATE VIEW v0 AS SELECT id FROM t");
        SqlException e = assertThrows(SqlException.class, () -> {
            for (int i = 0; i < 40; i++) {
                run("CREATE VIEW v" + (i + 1) + " AS SELECT x.id FROM v" + i + " x, v" + i + " y");
            }
        });

        assertEquals("54001", e.sqlState(), e.getMessage());
        assertTrue(e.getMessage().startsWith("statement too complex"), e.getMessage());
        assertEquals(2 * 2 * 2 * 2, run("SELECT id FROM v2"));
    }

    @Test
    void whatIsMerelyLongIsNot() {
        assertEquals(1, run(chain(200, "SELECT 1 AS a", "SELECT a + 1 AS a FROM #", "SELECT a FROM #")));
        assertEquals(
                1_024, run(chain(10, "SELECT 1 AS a", "SELECT a FROM # UNION ALL SELECT a FROM #", "SELECT a FROM #")));
        String values = list(50_000, ", ", i -> "(" + i + ", 'a')");
        assertEquals(50_000, run("WITH c (a, b) AS (VALUES " + values + ") SELECT x.a FROM c x JOIN c y USING (a)"));
        String branches = list(10_000, " ", i -> "WHEN " + i + " THEN " + i);
        assertEquals(2, run("SELECT CASE x " + branches + " END FROM t"));
        assertEquals(2, run("SELECT " + list(1_000, " AND ", i -> "x BETWEEN 0 AND 9") + " FROM t"));
        assertEquals(2, run(nested(8, "NULLIF(", "x", ", 9)")));
    }
}
