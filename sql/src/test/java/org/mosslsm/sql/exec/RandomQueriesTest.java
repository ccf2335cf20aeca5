package org.mosslsm.sql.exec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.mosslsm.sql.plan.LogicalPlan;
import org.mosslsm.sql.plan.PhysicalPlan;
import org.mosslsm.sql.plan.PlannedStatement;
import org.mosslsm.sql.plan.StatementPlan;
import org.mosslsm.sql.testkit.NaivePlanner;
import org.mosslsm.sql.testkit.SqlWorld;

/** Random queries answer the same whether the optimiser thinks about them or not. */
class RandomQueriesTest {
    private static final int WORLDS = Integer.getInteger("mosslsm.random.worlds", 12);
    private static final int QUERIES = 250;
    private static final Set<String> EXPECTED = Set.of(
            "HashJoin",
            "NestedLoopJoin",
            "LookupJoin",
            "IndexUnion",
            "MergeJoin",
            "Aggregate",
            "TopN",
            "primary range",
            "covering range",
            "fetching range");

    @Test
    void theOptimiserChangesNoAnswer() {
        long seed = Long.getLong("mosslsm.random.seed", new Random().nextLong());
        Random random = new Random(seed);
        int rows = 0;
        Set<String> met = new TreeSet<>();
        // Some kinds of plans are rare: more worlds until all were met.
        for (int w = 0; w < WORLDS || (w < 4 * WORLDS && !met.containsAll(EXPECTED)); w++) {
            SqlWorld world = world(random);
            RandomQueries queries = new RandomQueries(random);
            for (int q = 0; q < QUERIES; q++) {
                String sql = queries.query();
                String message = "seed " + seed + " (-Dmosslsm.random.seed)\n" + sql;
                List<String> expected = naive(world, sql, message);
                List<String> actual;
                try {
                    actual = lines(q % 2 == 0 ? world.rows(sql) : world.rowsInLittleMemory(sql));
                } catch (RuntimeException | StackOverflowError e) {
                    throw new AssertionError(message, e);
                }
                if (!sql.contains(" ORDER BY ")) {
                    expected = expected.stream().sorted().toList();
                    actual = actual.stream().sorted().toList();
                }
                List<String> answer = actual;
                assertEquals(expected, answer, () -> message + "\n" + String.join("\n", world.explain(sql)));
                rows += actual.size();
                met(((StatementPlan.Query<PhysicalPlan>) world.plan(sql).statement()).plan(), met);
            }
        }
        assertTrue(rows > 10 * QUERIES, rows + " rows in all");
        assertTrue(met.containsAll(EXPECTED), () -> "only met " + met);
    }

    /** Names of the nodes, and what kinds of index scans there are. */
    private static void met(PhysicalPlan plan, Set<String> met) {
        met.add(plan.getClass().getSimpleName());
        if (plan instanceof PhysicalPlan.IndexScan s) {
            boolean primary = s.index().id() == s.table().primary().id();
            met.add((primary ? "primary" : s.covering() ? "covering" : "fetching")
                    + (s.ranges().isAll() ? "" : " range"));
        }
        plan.inputs().forEach(p -> met(p, met));
    }

    private static List<String> naive(SqlWorld world, String sql, String message) {
        try {
            PlannedStatement<LogicalPlan> bound = world.bind(sql);
            LogicalPlan plan = ((StatementPlan.Query<LogicalPlan>) bound.statement()).plan();
            return lines(world.rows(NaivePlanner.plan(plan), bound.slots()));
        } catch (RuntimeException | StackOverflowError e) {
            throw new AssertionError(message, e);
        }
    }

    private static List<String> lines(List<Object[]> rows) {
        return rows.stream().map(Arrays::toString).toList();
    }

    /** Two small tables with random keys and indexes. */
    private static SqlWorld world(Random random) {
        SqlWorld world = new SqlWorld();
        for (String table : List.of("t1", "t2")) {
            String key = List.of("", ", PRIMARY KEY (k)", ", PRIMARY KEY (a, k)", ", PRIMARY KEY (c2, b2, k)")
                    .get(random.nextInt(4));
            world.run(
                    "CREATE TABLE " + table + " (a BIGINT, b INTEGER, c VARCHAR(5), d DECIMAL(6,2), e DOUBLE PRECISION,"
                            + " k INTEGER NOT NULL, b2 SMALLINT, c2 VARCHAR(5)" + key + ")");
            int indexes = random.nextInt(4);
            for (int i = 0; i < indexes; i++) {
                List<String> columns =
                        List.of("a", "b", "c", "d", "e", "a, b", "b DESC, a", "c, a DESC", "d DESC, c", "b, k", "e, b");
                String unique = random.nextInt(4) == 0 ? ", k" : "";
                world.run("CREATE " + (unique.isEmpty() ? "" : "UNIQUE ") + "INDEX " + table + "_i" + i + " ON " + table
                        + " (" + columns.get(random.nextInt(columns.size() - 2)) + unique + ")");
            }
            int rows = random.nextInt(25);
            for (int i = 0; i < rows; i++) {
                // The key columns are never NULL; a is one of them now and then.
                world.run("INSERT INTO " + table + " VALUES (" + random.nextInt(6) + ", "
                        + orNull(random, "" + random.nextInt(6))
                        + ", "
                        + orNull(random, "'" + List.of("", "a", "ab", "b").get(random.nextInt(4)) + "'") + ", "
                        + orNull(random, (random.nextInt(500) - 150) / 100.0 + "") + ", "
                        + orNull(random, (random.nextInt(9) - 3) / 4.0 + "") + ", " + i + ", " + random.nextInt(4)
                        + ", '"
                        + List.of("", "a", "b").get(random.nextInt(3)) + "')");
            }
        }
        return world;
    }

    private static String orNull(Random random, String value) {
        return random.nextInt(5) == 0 ? "NULL" : value;
    }
}
