// Statements that are large on purpose.
package org.mosslsm.sql;

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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Four times the statement is about four times the work. Work is what the thread allocates from text to last row: it does not
 * depend on the machine's load, and whatever walks over the statement once more for each of its parts shows in it.
 */
class HostileStatementsTest {
    private static final int TABLES = 64;
    private static final int TIMES = 4;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private Database database;
    private Session session;

    @BeforeEach
    void open() {
        database = Database.open("mem:" + getClass().getSimpleName() + System.nanoTime(), Map.of());
        session = database.connect();
        run("CREATE TABLE t (id INT PRIMARY KEY, x INT, s TEXT)");
        run("CREATE INDEX t_x ON t (x)");
        run("CREATE INDEX t_xs ON t (s, x)");
        run("INSERT INTO t SELECT i, i % 7, 'k' || i FROM generate_series(1, 30) AS g (i)");
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

    private static Arguments kind(String name, int n, double most, IntFunction<String> statement) {
        return Arguments.of(name, n, most, statement);
    }

    static Stream<Arguments> kinds() {
        double linear = 1.4 * TIMES;
        return Stream.of(
                kind(
                        "IN of a key",
                        3_000,
                        linear,
                        n -> "SELECT * FROM t WHERE id IN (" + list(n, ",", i -> "" + i) + ")"),
                kind(
                        "IN of strings",
                        3_000,
                        linear,
                        n -> "SELECT * FROM t WHERE s IN (" + list(n, ",", i -> "'" + i + "'") + ") AND x > 0"),
                kind(
                        "NOT IN",
                        3_000,
                        linear,
                        n -> "SELECT * FROM t WHERE x NOT IN (" + list(n, ",", i -> "" + i) + ")"),
                kind(
                        "IN of rows",
                        1_500,
                        linear,
                        n -> "SELECT * FROM t WHERE (id, x) IN (" + list(n, ",", i -> "(" + i + "," + i + ")") + ")"),
                kind("ORs of a key", 1_000, linear, n -> "SELECT * FROM t WHERE " + list(n, " OR ", i -> "id = " + i)),
                kind(
                        "ORs of two columns",
                        3_000,
                        linear,
                        n -> "SELECT * FROM t WHERE " + list(n, " OR ", i -> (i % 2 == 0 ? "id = " : "x = ") + i)),
                kind(
                        "ORs of ANDs",
                        1_500,
                        linear,
                        n -> "SELECT * FROM t WHERE " + list(n, " OR ", i -> "id > " + i + " AND x < " + i)),
                kind("ANDs", 1_000, linear, n -> "SELECT * FROM t WHERE " + list(n, " AND ", i -> "id <> " + i)),
                kind(
                        "ANDs of ranges",
                        3_000,
                        linear,
                        n -> "SELECT * FROM t WHERE " + list(n, " AND ", i -> "id >= " + -i)),
                kind(
                        "ANDs of ORs",
                        1_000,
                        linear,
                        n -> "SELECT * FROM t WHERE " + list(n, " AND ", i -> "(id > 1 OR x < " + i + ")")),
                kind(
                        "branches",
                        1_000,
                        linear,
                        n -> "SELECT CASE " + list(n, " ", i -> "WHEN id = " + i + " THEN " + i) + " END FROM t"),
                kind("columns", 500, linear, n -> "SELECT " + list(n, ", ", i -> "id + " + i) + " FROM t"),
                kind(
                        "rows of VALUES",
                        2_000,
                        linear,
                        n -> "SELECT * FROM (VALUES " + list(n, ", ", i -> "(" + i + ", 'a')") + ") v"),
                kind("UNIONs", 200, linear, n -> list(n, " UNION ALL ", i -> "SELECT id FROM t WHERE id = " + i)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("kinds")
    void theWorkGrowsWithTheStatement(String name, int n, double most, IntFunction<String> statement) {
        run(statement.apply(n)); // what is loaded and made once
        long small = work(statement.apply(n + 1)); // no text comes twice: plans are kept
        long large = work(statement.apply(TIMES * (n + 1)));
        double ratio = (double) large / small;
        assertTrue(ratio < most, () -> name + ": " + TIMES + " times the statement, " + ratio + " times the work");
    }

    @ParameterizedTest(name = "{0} tables")
    @MethodSource("joins")
    void joinsOfManyTablesArePlannedInSmallPolynomialTime(String name, String from) {
        for (int i = 0; i < TABLES; i++) {
            run("CREATE TABLE j" + i + " (a INT PRIMARY KEY, b INT)");
            run("INSERT INTO j" + i + " VALUES (1, 1), (2, 2)");
        }
        run(from);
        long bytes = work(from + " AND 1 = 1");
        assertTrue(bytes < 30_000_000, () -> name + " took " + bytes + " bytes");
    }

    static Stream<Arguments> joins() {
        String all = "SELECT j0.a FROM " + list(TABLES, ", ", i -> "j" + i) + " WHERE ";
        return Stream.of(
                Arguments.of("chain", all + list(TABLES - 1, " AND ", i -> "j" + i + ".b = j" + (i + 1) + ".a")),
                Arguments.of("star", all + list(TABLES - 1, " AND ", i -> "j0.b = j" + (i + 1) + ".a")),
                Arguments.of(
                        "equal columns", all + list(TABLES - 1, " AND ", i -> "j" + i + ".a = j" + (i + 1) + ".a")),
                Arguments.of(
                        "outer joins",
                        "SELECT j0.a FROM j0 "
                                + list(
                                        TABLES - 1,
                                        " ",
                                        i -> "LEFT JOIN j" + (i + 1) + " ON j" + (i + 1) + ".a = j" + i + ".b")
                                + " WHERE j0.a = 1"));
    }

    private long work(String sql) {
        long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
        run(sql);
        return threads.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
    }
}
