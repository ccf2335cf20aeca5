package org.mosslsm.sql.exec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.plan.PhysicalPlan;
import org.mosslsm.sql.plan.StatementPlan;
import org.mosslsm.sql.testkit.SqlWorld;

/** Aggregates of arithmetic over a whole scan, against the same in groups, which are computed row by row. */
class LaneNumbersTest {
    private static final List<String> LEAVES =
            List.of("a", "b", "c", "d", "e", "added", "id", "3", "-1", "0.5", "100.00", "9223372036854775807", "NULL");

    private final Random random;
    private int failures;
    private int answers;

    LaneNumbersTest() {
        long seed = Long.getLong("mosslsm.seed", new Random().nextLong());
        System.out.println("LaneNumbersTest -Dmosslsm.seed=" + seed);
        random = new Random(seed);
    }

    @Test
    void arithmeticOfManyRowsAnswersAsThatOfOne() {
        SqlWorld world = new SqlWorld()
                .run("CREATE TABLE t (id INT PRIMARY KEY, a SMALLINT, b BIGINT, c DECIMAL(10,2), d DECIMAL(18,6),"
                        + " e NUMERIC, added INT)");
        int inLanes = 0;
        insert(world, 0, "id, a, b, c, d, e", 0);
        insert(world, 1000, "id, a, b, c, d, e, added", 1);
        for (int i = 0; i < 150; i++) {
            String e = expression(3);
            String calls = "sum(%1$s), avg(%1$s), min(%1$s), max(%1$s), count(%1$s), sum(a)".formatted(e);
            String where = random.nextBoolean() ? "" : " WHERE id % " + (2 + random.nextInt(5)) + " = 1";
            String query = "SELECT " + calls + " FROM t" + where;
            inLanes += isInLanes(world, query) ? 1 : 0;
            String together = answer(world, query);
            String oneByOne = answer(world, "SELECT " + calls + " FROM t" + where + " GROUP BY id * 0");
            assertEquals(oneByOne, together, () -> e + where);
        }
        assertTrue(failures > 0 && answers > failures, failures + " failed, " + answers + " answered");
        assertTrue(inLanes > 20, inLanes + " of them many rows at a time");
    }

    @Test
    void columnsAreMultipliedAndAddedManyRowsAtATime() {
        SqlWorld world =
                new SqlWorld().run("CREATE TABLE t (a INT, b BIGINT, c DECIMAL(10,2), e NUMERIC, f DOUBLE, d DATE)");
        assertTrue(isInLanes(world, "SELECT sum(a * c), avg(c * (1 - c)), max(b - a), count(a + b), count(*) FROM t"));
        assertTrue(isInLanes(world, "SELECT min(d), sum(f), count(f), sum(c + 0.001) FROM t WHERE a > 5"));
        assertFalse(isInLanes(world, "SELECT sum(a * e) FROM t"));
        assertFalse(isInLanes(world, "SELECT sum(a / b) FROM t"));
        assertFalse(isInLanes(world, "SELECT sum(a + 1), sum(f * 2) FROM t"));
    }

    private static boolean isInLanes(SqlWorld world, String query) {
        PhysicalPlan plan;
        try {
            plan = ((StatementPlan.Query<PhysicalPlan>) world.plan(query).statement()).plan();
        } catch (SqlException e) {
            return false; // what is constant fails before it is run
        }
        while (!(plan instanceof PhysicalPlan.Aggregate) && plan.inputs().size() == 1) {
            plan = plan.inputs().get(0);
        }
        return plan instanceof PhysicalPlan.Aggregate a
                && ScanTotalOperator.of(a).isPresent();
    }

    private String answer(SqlWorld world, String query) {
        String answer = world.texts(query).toString();
        boolean failed = answer.startsWith("[error ");
        failures += failed ? 1 : 0;
        answers += failed ? 0 : 1;
        return failed ? answer.substring(0, "[error 22003".length()) : answer;
    }

    private void insert(SqlWorld world, int from, String columns, int added) {
        StringBuilder rows = new StringBuilder();
        for (int i = from; i < from + 300; i++) {
            rows.append(i == from ? "" : ", ").append('(').append(i);
            number(rows, random.nextInt(1 << 16) - (1 << 15), 0);
            number(rows, random.nextInt(8) == 0 ? random.nextLong() : random.nextInt(), 0);
            number(rows, random.nextInt(1_000_000_000), 2);
            number(rows, random.nextLong() % 1_000_000_000_000_000_000L, 6);
            number(rows, random.nextInt(), random.nextInt(5));
            if (added > 0) {
                number(rows, random.nextInt(), 0);
            }
            rows.append(')');
        }
        world.run("INSERT INTO t (" + columns + ") VALUES " + rows);
    }

    private void number(StringBuilder to, long value, int scale) {
        to.append(", ");
        if (random.nextInt(10) == 0) {
            to.append("NULL");
        } else {
            to.append(BigDecimal.valueOf(value, scale).toPlainString());
        }
    }

    private String expression(int depth) {
        if (depth == 0 || random.nextInt(4) == 0) {
            return LEAVES.get(random.nextInt(LEAVES.size()));
        }
        String op = List.of("+", "-", "*").get(random.nextInt(3));
        return "(" + expression(depth - 1) + " " + op + " " + expression(depth - 1) + ")";
    }
}
