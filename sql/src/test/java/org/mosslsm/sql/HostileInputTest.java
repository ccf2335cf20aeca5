// What no program means to send.
package org.mosslsm.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.mosslsm.sql.error.SqlException;

/**
 * A hostile statement gives a result or an SQLSTATE of class 22, 42 or 54, soon, and the session goes on. The time allowed is
 * that of a slow machine: what is meant is that nothing takes the square of its size, or worse.
 */
class HostileInputTest extends HostileSession {
    /** Empty where there is a result. */
    private String state(String sql, List<Object> parameters) {
        try {
            run(sql, parameters);
            return "";
        } catch (SqlException e) {
            return e.sqlState();
        }
    }

    private static Arguments of(String name, String states, String sql, Object... parameters) {
        return Arguments.of(name, states, sql, List.of(parameters));
    }

    /** Name, the states it may end with, statement, parameters. */
    static Stream<Arguments> statements() {
        String nested = "SELECT " + "(".repeat(10_000) + "1" + ")".repeat(10_000);
        return Stream.of(
                of("parentheses", "54001", nested),
                of("NOTs", " ", "SELECT " + "NOT ".repeat(10_000) + "TRUE"),
                of("CASEs", "54001", "SELECT " + "CASE WHEN TRUE THEN ".repeat(10_000) + "1" + " END".repeat(10_000)),
                of("IN list", " ", "SELECT * FROM t WHERE x IN (" + list(100_000, ",", i -> "" + i) + ")"),
                of("ORs", " ", "SELECT * FROM t WHERE " + list(100_000, " OR ", i -> "x = " + i)),
                of("ORs of two columns", " ", "SELECT * FROM t WHERE " + list(50_000, " OR ", i -> "x = id + " + i)),
                of("statement of 10 MB", " ", "SELECT length('" + "x".repeat(10_000_000) + "')"),
                of("columns", " |54011", "CREATE TABLE wide (" + list(5_000, ", ", i -> "c" + i + " INT") + ")"),
                of("selected columns", " |54011", "SELECT " + list(5_000, ", ", i -> "x + " + i) + " FROM t"),
                of("LIKE", " ", "SELECT * FROM t WHERE s LIKE '" + "%a".repeat(60) + "%b'"),
                of("SIMILAR TO", " ", "SELECT '" + "a".repeat(60) + "' SIMILAR TO '((a|aa)*)*b'"),
                of("alternatives", " ", "SELECT regexp_replace('" + "a".repeat(60) + "', '(a|a)*b', 'x')"),
                of("back reference", "54001", "SELECT '" + "a".repeat(60) + "' ~ '((a|aa)*)*b\\1'"),
                of(
                        "groups of a pattern",
                        "54001|2201B",
                        "SELECT s ~ ? FROM t",
                        "(".repeat(30_000) + ")".repeat(30_000)),
                of("repeated repeats", "2201B|54001| ", "SELECT s ~ 'a{1000}{1000}{1000}' FROM t"),
                of("count of a pattern", "2201B|54001| ", "SELECT s ~ '(a{0,2000000000}){2000000000}' FROM t"),
                of("NUL", " |22021", "SELECT length(?)", "a\0b"),
                of("NUL in the text", "42601|22021", "SELECT \0 1"),
                of("lone surrogates", " |22021", "SELECT length(?), upper(?)", "\uD800", "\uDC00\uD800"),
                of("digits", "22003", "SELECT " + "9".repeat(1_000_000)),
                of("digits of a string", "22003", "SELECT CAST(? AS DECIMAL)", "9".repeat(1_000_000)),
                of("digits of a double", "22003", "SELECT CAST(? AS DOUBLE PRECISION)", "9".repeat(1_000_000)),
                of("digits of a fraction", "22003| ", "SELECT CAST(? AS DECIMAL)", "0." + "9".repeat(1_000_000)),
                of("digits of an integer", "22003", "SELECT CAST(? AS INTEGER)", "9".repeat(1_000_000)),
                of("exponent", "22003", "SELECT 1e1000000000"),
                of("year", "22007|22008", "SELECT DATE '1000000000000-01-01'"),
                of("year of a parameter", "22007|22008", "SELECT CAST(? AS TIMESTAMP)", "1000000000000-01-01 00:00:00"),
                of("days", "22008", "SELECT DATE '2024-01-01' + 2000000000"),
                of("years", "22008|22015", "SELECT DATE '2024-01-01' + INTERVAL '2000000000 years'"),
                of("to_char of numbers", " |22023|54000|54001", "SELECT to_char(1, repeat('9', 1000000))"),
                of(
                        "to_char of dates",
                        " |22023|54000|54001",
                        "SELECT length(to_char(DATE '2024-01-01', repeat('Q', 1000000)))"),
                of("format", " |22023|54000|54001", "SELECT length(format(repeat('%%', 1000000)))"),
                of("width of a format", "22023|54000", "SELECT format('%2000000000s', 1)"),
                of("power of decimals", "22003", "SELECT power(CAST('10' AS DECIMAL), 1000000000)"),
                of("factor", "22003| ", "SELECT CAST(repeat('9', 900) AS DECIMAL) * CAST(repeat('9', 900) AS DECIMAL)"),
                of(
                        "common tables",
                        " |54001",
                        "WITH c0 AS (SELECT 1 AS a), "
                                + list(999, ", ", i -> "c" + (i + 1) + " AS (SELECT a + 1 AS a FROM c" + i + ")")
                                + " SELECT a FROM c999"),
                of("common tables twice", " ", commonTablesTwice("AS")),
                of("common tables run twice", "54001", commonTablesTwice("AS NOT MATERIALIZED")),
                of(
                        "joined tables",
                        " |54001",
                        "SELECT COUNT(*) FROM " + list(300, ", ", i -> "t AS t" + i) + " WHERE "
                                + list(299, " AND ", i -> "t" + i + ".id = t" + (i + 1) + ".id")),
                of(
                        "joins",
                        " |54001",
                        "SELECT COUNT(*) FROM t AS t0 " + list(999, " ", i -> "JOIN t AS t" + (i + 1) + " USING (id)")),
                of("ORDER BY", " |54011", "SELECT * FROM t ORDER BY " + list(5_000, ", ", i -> "x + " + i)),
                of("GROUP BY", " |54011", "SELECT COUNT(*) FROM t GROUP BY " + list(5_000, ", ", i -> "x + " + i)),
                of("assignments", "42701", "UPDATE t SET " + list(5_000, ", ", i -> "x = " + i)),
                of("comments", "42601| ", "SELECT " + "/*".repeat(100_000)),
                of("quotes", "42601", "SELECT " + "'".repeat(1_000_001)),
                of("dollar quotes", "42601|42622", "SELECT " + "$a".repeat(100_000)),
                of("semicolons", "42601| ", ";".repeat(100_000)));
    }

    private static String commonTablesTwice(String as) {
        return "WITH c0 " + as + " (SELECT 1 AS a), "
                + list(40, ", ", i -> "c" + (i + 1) + " " + as + " (SELECT x.a FROM c" + i + " x, c" + i + " y)")
                + " SELECT a FROM c40";
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("statements")
    void givesAResultOrAnError(String name, String states, String sql, List<Object> parameters) {
        String state = state(sql, parameters);

        assertTrue(List.of(states.split("\\|")).contains(state.isEmpty() ? " " : state), () -> "ended with " + state);
        assertEquals(10, run("SELECT * FROM t", List.of()));
    }

    @Test
    void twoThousandParametersAreTaken() {
        String sql = "SELECT * FROM t WHERE id IN (" + list(2_000, ", ", i -> "?") + ")";
        List<Object> values =
                IntStream.range(0, 2_000).<Object>mapToObj(i -> (long) i).toList();

        assertEquals(10, run(sql, values));
        assertEquals(
                "",
                state("SELECT " + list(2_000, " || ", i -> "'a'") + " || ?", List.of("x"))
                        .replace("54001", ""));
        assertEquals(10, run("SELECT * FROM t", Collections.emptyList()));
    }

    @Test
    void viewsOnViewsEndInAResultOrAnError() {
        run("CREATE VIEW v0 AS SELECT id, x FROM t", List.of());
        String state = "";
        int made = 0;
        while (state.isEmpty() && made < 1_000) {
            state = state("CREATE VIEW v" + (made + 1) + " AS SELECT id, x FROM v" + made + " WHERE id > 0", List.of());
            made += state.isEmpty() ? 1 : 0;
        }
        assertTrue(state.isEmpty() || state.equals("54001"), state);
        String read = state("SELECT * FROM v" + made, List.of());
        assertTrue(read.isEmpty() || read.equals("54001"), read);
        assertTrue(made > 100, made + " views");
        assertEquals(10, run("SELECT * FROM v50", List.of()));
    }
}
