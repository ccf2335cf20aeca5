package org.mosslsm.sql.optimize;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.mosslsm.sql.catalog.ColumnStatistics;
import org.mosslsm.sql.catalog.Table;
import org.mosslsm.sql.catalog.TableStatistics;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.plan.LogicalPlan;
import org.mosslsm.sql.plan.PlannedStatement;
import org.mosslsm.sql.plan.StatementPlan;
import org.mosslsm.sql.testkit.NaivePlanner;
import org.mosslsm.sql.testkit.RandomQueries;
import org.mosslsm.sql.testkit.SqlWorld;

/** Random queries answer the same with the optimiser and without it: key ranges, joins, subqueries, order. */
class OptimiserOnAndOffTest {
    private static final int ROUNDS = Integer.getInteger("rounds", 400);

    private final long seed = Long.getLong("seed", new Random().nextLong());
    private final RandomQueries random = new RandomQueries(new Random(seed));

    @Test
    void rangesOfOneTableFindWhatAFilterFinds() {
        SqlWorld world = world();
        int found = 0;
        for (int i = 0; i < ROUNDS; i++) {
            found += compare(world, random.oneTable());
        }
        assertTrue(found > ROUNDS, "the queries found next to nothing: " + found + " rows");
    }

    @Test
    void joinsSubqueriesAndGroupsAnswerTheSame() {
        SqlWorld world = world();
        int found = 0;
        for (int i = 0; i < ROUNDS; i++) {
            found += compare(world, random.manyTables());
        }
        assertTrue(found > ROUNDS, "the queries found next to nothing: " + found + " rows");
    }

    private SqlWorld world() {
        SqlWorld world = new SqlWorld();
        random.setup().forEach(world::run);
        return world;
    }

    /** Compares the answers; returns the number of rows. */
    private int compare(SqlWorld world, String sql) {
        List<String> naive;
        try {
            PlannedStatement<LogicalPlan> bound = world.bind(sql);
            LogicalPlan plan = ((StatementPlan.Query<LogicalPlan>) bound.statement()).plan();
            naive = texts(world.rows(NaivePlanner.plan(plan), bound.slots()));
        } catch (SqlException e) {
            throw new AssertionError("seed " + seed + ": " + sql, e);
        }
        // Whatever the optimiser is told of sizes, only the way may change, never the answer.
        long[] sizes = {1, 60, 10_000, 10_000_000};
        world.statistics(told(sql.length(), sizes));
        List<String> optimised;
        try {
            optimised = texts(sql.length() % 2 == 0 ? world.rows(sql) : world.rowsInLittleMemory(sql));
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError("seed " + seed + ": " + sql + "\n" + String.join("\n", world.explain(sql)), e);
        }
        if (!sql.contains("ORDER BY")) {
            Collections.sort(naive);
            Collections.sort(optimised);
        }
        assertEquals(
                String.join("\n", naive),
                String.join("\n", optimised),
                () -> "seed " + seed + ": " + sql + "\n" + String.join("\n", world.explain(sql)));
        return naive.size();
    }

    /** Sizes, and now and then statistics that say each column has next to no values: then scans skip. */
    private static Statistics told(int number, long[] sizes) {
        return new Statistics() {
            @Override
            public long rows(Table table) {
                return sizes[(number + table.id()) % sizes.length];
            }

            @Override
            public Optional<TableStatistics> of(Table table) {
                if (number % 3 == 0) {
                    return Optional.empty();
                }
                Map<Integer, ColumnStatistics> columns = new HashMap<>();
                double distinct = number % 3 == 1 ? 2 : 500;
                table.columns()
                        .forEach(c -> columns.put(
                                c.id(),
                                new ColumnStatistics(c.type(), 0.2, distinct, List.of(), List.of(), List.of())));
                return Optional.of(new TableStatistics(rows(table), 1, columns));
            }
        };
    }

    private static List<String> texts(List<Object[]> rows) {
        List<String> texts = new ArrayList<>();
        rows.forEach(r -> texts.add(Arrays.deepToString(r)));
        return texts;
    }
}
