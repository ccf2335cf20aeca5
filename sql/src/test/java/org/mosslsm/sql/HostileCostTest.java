// What long statements cost.
package org.mosslsm.sql;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Nothing costs the square of its size: what a statement of twice the size costs is counted, in bytes allocated, and in looks
 * for a cancel and rows, which stand for work. That is the same on any machine. Work between two looks does not show, and
 * the sizes are so large that the square of them would: each row checks that of itself.
 */
class HostileCostTest extends HostileSession {
    /** Looks that come or go with where a piece ends. */
    private static final int FEW_LOOKS = 4;

    private static final com.sun.management.ThreadMXBean THREADS =
            (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** What a statement of twice the size may cost: a little more than twice as much, far from four times. */
    private static final double MOST_GROWTH = 2.6;

    /** What a statement costs, counted and not measured: it is the same on any machine. */
    private record Cost(long looks, long bytes) {
        Cost most() {
            return new Cost((long) (MOST_GROWTH * looks) + FEW_LOOKS, (long) (MOST_GROWTH * bytes));
        }

        /** What twice the size would cost if all that grew from this to {@code twice} were of the square of the size. */
        Cost square(Cost twice) {
            return new Cost(3 * twice.looks - 2 * looks, 3 * twice.bytes - 2 * bytes);
        }

        boolean isWithin(Cost most) {
            return looks <= most.looks && bytes <= most.bytes;
        }
    }

    /** Name, size, statement of a size. */
    static Stream<Arguments> sizes() {
        return Stream.of(
                sized("IN list", 4_000, n -> "SELECT * FROM t WHERE x IN (" + list(n, ",", i -> "" + i) + ")"),
                sized(
                        "IN list of another column",
                        4_000,
                        n -> "SELECT * FROM t WHERE x IN (" + list(n, ",", i -> "id + " + i) + ")"),
                sized("ORs", 4_000, n -> "SELECT * FROM t WHERE " + list(n, " OR ", i -> "x = " + i)),
                sized(
                        "ORs of two columns",
                        4_000,
                        n -> "SELECT * FROM t WHERE " + list(n, " OR ", i -> "x = id + " + i)),
                sized("ANDs", 4_000, n -> "SELECT * FROM t WHERE " + list(n, " AND ", i -> "x <> id + " + i)),
                sized(
                        "ranges of the key",
                        2_000,
                        n -> "SELECT * FROM t WHERE "
                                + list(n, " OR ", i -> "id BETWEEN " + 3 * i + " AND " + (3 * i + 1))),
                sized("text", 2_000_000, n -> "SELECT length('" + "x".repeat(n) + "')"),
                sized("NOTs", 2_000, n -> "SELECT " + "NOT ".repeat(2 * n) + "TRUE"),
                sized("columns", 500, n -> "CREATE TABLE w (" + list(n, ", ", i -> "c" + i + " INT") + ")"),
                sized("selected columns", 1_500, n -> "SELECT " + list(n, ", ", i -> "x + " + i) + " FROM t"),
                sized("ORDER BY", 1_500, n -> "SELECT * FROM t ORDER BY " + list(n, ", ", i -> "x + " + i)),
                sized("GROUP BY", 1_500, n -> "SELECT COUNT(*) FROM t GROUP BY " + list(n, ", ", i -> "x + " + i)),
                sized(
                        "rows of VALUES",
                        4_000,
                        n -> "SELECT COUNT(*) FROM (VALUES " + list(n, ", ", i -> "(" + i + ")") + ") AS v (a)"),
                sized("members of a UNION ALL", 200, n -> list(n, " UNION ALL ", i -> "SELECT x FROM t")),
                sized(
                        "branches of a CASE",
                        1_000,
                        n -> "SELECT CASE x " + list(n, " ", i -> "WHEN " + (100 + i) + " THEN " + i) + " END FROM t"),
                sized("comments", 400_000, n -> "SELECT " + "/* */".repeat(n) + " 1"));
    }

    private static Arguments sized(String name, int size, IntFunction<String> statement) {
        return Arguments.of(name, size, statement);
    }

    private Cost cost(String sql) {
        long[] looks = {0};
        RunOptions counting = new RunOptions(0, List.of(), () -> {
            looks[0]++;
            return false;
        });
        long before = THREADS.getCurrentThreadAllocatedBytes();
        Outcome outcome = session.prepare(sql, counting).execute(List.of(), counting);
        if (outcome.rows().isPresent()) {
            try (RowCursor cursor = outcome.rows().get()) {
                while (cursor.next()) {
                    looks[0]++; // a row is work too
                }
            }
        }
        return new Cost(looks[0], THREADS.getCurrentThreadAllocatedBytes() - before);
    }

    /** Once of the smaller size for what is made once. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("sizes")
    void costsInProportionToItsSize(String name, int size, IntFunction<String> statement) {
        session.setAutoCommit(false);
        cost(statement.apply(size + 1));
        session.rollback();
        Cost once = cost(statement.apply(size));
        session.rollback();
        Cost twice = cost(statement.apply(2 * size));
        session.rollback();
        System.out.println("HostileCostTest: " + name + " of " + size + ": " + once + ", of twice that: " + twice);

        Cost most = once.most();
        Cost square = once.square(twice);
        assertTrue(twice.isWithin(most), () -> once + ", of twice the size " + twice);
        assertTrue(square.looks > most.looks, () -> "too small to tell by looks: the square would be " + square);
        assertTrue(square.bytes > most.bytes, () -> "too small to tell by bytes: the square would be " + square);
    }
}
