// Hostile statements: a result or an SQLSTATE, in linear time.
package org.mosslsm.sql.parse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;

@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HostileSqlTest {

    static Stream<Arguments> accepted() {
        return Stream.of(
                size("parentheses", SqlParser.MAX_NESTING - 1, n -> "SELECT " + around(n, "(", "1", ")")),
                size("NOTs", 10_000, n -> "SELECT " + "NOT ".repeat(n) + "TRUE"),
                size("minuses", 10_000, n -> "SELECT " + "- ".repeat(n) + "1"),
                size("ORs", 10_000, n -> "SELECT a" + " OR a = 1".repeat(n)),
                size("ANDs", 10_000, n -> "SELECT a" + " AND a = 1".repeat(n)),
                size("pluses", 900, n -> "SELECT a" + " + 1".repeat(n)),
                size("items of IN", 100_000, n -> "SELECT a IN (1" + ", 1".repeat(n) + ")"),
                size("rows", 10_000, n -> "INSERT INTO t VALUES (1, 'a')" + ", (2, 'b')".repeat(n)),
                size(
                        "rows in 8 MB",
                        300_000,
                        n -> "INSERT INTO t (a, b) VALUES (1, 2)" + ", (123456789, 123456789)".repeat(n)),
                size("branches", 10_000, n -> "SELECT CASE" + " WHEN a = 1 THEN 2".repeat(n) + " END"),
                size("columns", 5_000, n -> "CREATE TABLE t (a INT" + columns(n) + ")"),
                size("characters of a string", 10_000_000, n -> "SELECT '" + "é".repeat(n) + "'"),
                size(
                        "characters of a comment",
                        10_000_000,
                        n -> "SELECT /*" + "*/*".repeat(0) + "*".repeat(n) + "*/ 1"),
                size("nested comments", 10_000, n -> "SELECT " + around(n, "/*", "", "*/") + " 1"),
                size("subqueries", SqlParser.MAX_NESTING - 1, n -> "SELECT " + around(n, "(SELECT ", "1", ")")),
                size(
                        "derived tables",
                        SqlParser.MAX_NESTING - 1,
                        n -> "SELECT * FROM " + around(n, "(SELECT * FROM ", "t", ")")),
                size("CASEs", SqlParser.MAX_NESTING - 1, n -> "SELECT " + around(n, "CASE WHEN a THEN ", "1", " END")),
                size("calls", SqlParser.MAX_NESTING - 1, n -> "SELECT " + around(n, "f(", "1", ")")),
                size("joins", 900, n -> "SELECT * FROM t" + " JOIN u ON t.a = u.a".repeat(n)),
                size("joins without ON", 900, n -> "SELECT * FROM t" + " CROSS JOIN u NATURAL JOIN v".repeat(n / 2)),
                size(
                        "joins inside each other",
                        SqlParser.MAX_NESTING,
                        n -> "SELECT * FROM t" + " JOIN u".repeat(n) + " ON TRUE".repeat(n)),
                size("UNIONs", 900, n -> "SELECT 1" + " UNION SELECT 1".repeat(n)));
    }

    private static Arguments size(String what, int size, IntFunction<String> statement) {
        return Arguments.of(size + " " + what, statement.apply(size));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("accepted")
    void manyOfAKindParse(String what, String sql) {
        assertEquals("", stateOf(sql), what);
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                size("parentheses", 10_000, n -> "SELECT " + around(n, "(", "1", ")")),
                size("open parentheses", 100_000, n -> "SELECT " + "(".repeat(n)),
                size("pluses", 10_000, n -> "SELECT a" + " + 1".repeat(n)),
                size("concatenations", 10_000, n -> "SELECT a" + " || a".repeat(n)),
                size("casts", 10_000, n -> "SELECT a" + "::int".repeat(n)),
                size("IS NULLs", 10_000, n -> "SELECT a" + " IS NULL".repeat(n)),
                size("CASEs", 10_000, n -> "SELECT " + around(n, "CASE WHEN a THEN ", "1", " END")),
                size("joins", 10_000, n -> "SELECT * FROM t" + " JOIN u ON TRUE".repeat(n)),
                size(
                        "joins inside each other",
                        10_000,
                        n -> "SELECT * FROM t" + " LEFT JOIN u".repeat(n) + " ON TRUE".repeat(n)),
                size("UNIONs", 10_000, n -> "SELECT 1" + " UNION SELECT 1".repeat(n)),
                Arguments.of(
                        "pluses within parentheses within pluses",
                        "SELECT " + around(100, "(", "a", " + 1".repeat(20) + ")")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refused")
    void whatNestsTooDeeplyIsTooComplex(String what, String sql) {
        assertEquals(SqlState.TOO_COMPLEX, stateOf(sql), what);
    }

    @Test
    void aNumberOfAMillionDigitsIsRefusedAtOnce() {
        assertEquals(SqlState.NUMERIC_OUT_OF_RANGE, stateOf("SELECT " + "9".repeat(1_000_000)));
        assertEquals(SqlState.NUMERIC_OUT_OF_RANGE, stateOf("SELECT 1e999999999"));
    }

    /** A stack of a thread that was made small: the last line of defence is an error too. */
    @Test
    void aSmallStackIsAnErrorNotACrash() throws InterruptedException {
        String sql = "SELECT " + around(SqlParser.MAX_NESTING - 1, "(", "1", ")");
        String[] state = {null};
        Thread small = new Thread(null, () -> state[0] = stateOf(sql), "small stack", 200_000);
        small.start();
        small.join();

        assertTrue("".equals(state[0]) || SqlState.TOO_COMPLEX.equals(state[0]), state[0]);
    }

    @Test
    void randomTextFailsWithASyntaxErrorOrParses() {
        long seed = Long.getLong("fuzz.seed", System.nanoTime());
        System.out.println("HostileSqlTest: seed " + seed);
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            String sql = random.nextBoolean() ? words(random) : mutated(random);
            String state = stateOf(sql);
            assertTrue(state.isEmpty() || state.startsWith("42") || state.startsWith("22"), state + " of " + sql);
        }
    }

    private static final String[] WORDS =
            ("SELECT FROM WHERE a b t u 1 2.5 'x' \"Q\" ( ) ( ) , , . * + - = <> AND OR NOT IN IS NULL "
                            + "BETWEEN LIKE CASE WHEN THEN ELSE END CAST AS INT JOIN ON USING LEFT UNION ALL VALUES INSERT INTO "
                            + "UPDATE SET DELETE CREATE TABLE INDEX PRIMARY KEY GROUP BY ORDER LIMIT ? :: $$ $a$ ' \" -- /* */ ; "
                            + "E'\\ X'0 1e 0x \\ { } [ ] @ # é 😀 \t \n EXISTS ANY DISTINCT DEFAULT INTERVAL DATE EXTRACT TRIM")
                    .split(" ", -1);

    private static String words(Random random) {
        StringBuilder sql = new StringBuilder();
        for (int n = random.nextInt(25); n >= 0; n--) {
            sql.append(WORDS[random.nextInt(WORDS.length)]).append(random.nextInt(4) == 0 ? "" : " ");
        }
        return sql.toString();
    }

    private static final String[] SEEDS = {
        "SELECT a, COUNT(*) FROM t JOIN u ON t.i = u.i WHERE a > 1 AND b IN (1, 2) GROUP BY a ORDER BY 1 LIMIT 5",
        "INSERT INTO t (a, b) VALUES (1, 'x'), (2, NULL) ON CONFLICT (a) DO UPDATE SET b = excluded.b RETURNING *",
        "CREATE TABLE t (a INT PRIMARY KEY, b VARCHAR(10) DEFAULT 'x' NOT NULL, FOREIGN KEY (a) REFERENCES u (i))",
        "WITH c AS (SELECT 1) SELECT CASE WHEN x'00' IS NULL THEN E'\\n' ELSE $$y$$ END, - - 1::text FROM c"
    };

    private static String mutated(Random random) {
        StringBuilder sql = new StringBuilder(SEEDS[random.nextInt(SEEDS.length)]);
        for (int n = random.nextInt(4); n >= 0; n--) {
            int at = random.nextInt(sql.length());
            switch (random.nextInt(3)) {
                case 0 -> sql.deleteCharAt(at);
                case 1 -> sql.insert(at, WORDS[random.nextInt(WORDS.length)]);
                default -> sql.setCharAt(at, (char) (32 + random.nextInt(95)));
            }
        }
        return sql.toString();
    }

    private static String columns(int n) {
        StringBuilder columns = new StringBuilder();
        for (int i = 0; i < n; i++) {
            columns.append(", c").append(i).append(" VARCHAR(10) DEFAULT 'x'");
        }
        return columns.toString();
    }

    private static String around(int n, String open, String inside, String close) {
        return open.repeat(n) + inside + close.repeat(n);
    }

    /** Empty when it parses; anything but an {@link SqlException} fails the test. */
    private static String stateOf(String sql) {
        try {
            SqlParser.parseStatement(sql);
            return "";
        } catch (SqlException e) {
            return e.sqlState();
        }
    }
}
