package org.mosslsm.sql.exec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.exec.spill.Workspace;
import org.mosslsm.sql.expr.CompareOp;
import org.mosslsm.sql.expr.ExprFactory;
import org.mosslsm.sql.expr.ScalarExpr;
import org.mosslsm.sql.plan.JoinKind;
import org.mosslsm.sql.plan.PhysicalPlan;
import org.mosslsm.sql.testkit.Scratch;

/**
 * A statement looks often enough whether it was cancelled, whatever it is doing. Looks are counted, not time: one for
 * each few hundred rows. How long the stretches between them are {@code CancelledStatementsTest} prints.
 */
class CancelTest {
    /** Rows of work for which there must be a look at the least. */
    private static final int ROWS_A_LOOK = 260;

    private final long seed = Long.getLong("cancel.seed", System.nanoTime());
    private final Random random = new Random(seed);

    /** A plan, and over how many rows or pairs of rows it must go. */
    private record Work(String name, PhysicalPlan plan, long rows) {}

    private List<Work> works() {
        PhysicalPlan.Values few = rows(2_000, 40);
        PhysicalPlan.Values many = rows(2_000, 1_000_000);
        ScalarExpr never = ExprFactory.compare(
                CompareOp.GT,
                PlanKit.column(0),
                ExprFactory.literal(-1L, PlanKit.column(0).type()));
        ScalarExpr none = new ScalarExpr.And(List.of(
                never,
                ExprFactory.compare(
                        CompareOp.LT,
                        PlanKit.column(0),
                        ExprFactory.literal(-1L, PlanKit.column(0).type()))));
        ScalarExpr same = ExprFactory.compare(CompareOp.LT, PlanKit.column(0), PlanKit.column(3));
        ScalarExpr noPair = new ScalarExpr.And(List.of(same, ExprFactory.not(same)));
        List<ScalarExpr> key = List.of(PlanKit.column(0));
        List<Work> works = new ArrayList<>();
        works.add(new Work("filter without rows", new PhysicalPlan.Filter(many, none), 2_000));
        works.add(new Work("sort", new PhysicalPlan.Sort(many, List.of(SpillTest.key(0, false))), 2_000));
        works.add(new Work("distinct", new PhysicalPlan.Distinct(many, false), 2_000));
        works.add(new Work("groups", SpillTest.aggregate(many, 1, true), 2_000));
        works.add(new Work(
                "pairs without a match",
                new PhysicalPlan.NestedLoopJoin(
                        JoinKind.INNER, rows(5, 5), many, Optional.of(noPair), PlanKit.columns(6)),
                10_000));
        works.add(new Work(
                "hash join of few keys",
                new PhysicalPlan.HashJoin(JoinKind.INNER, few, few, key, key, Optional.of(noPair), PlanKit.columns(6)),
                90_000));
        works.add(new Work(
                "hash join",
                new PhysicalPlan.HashJoin(JoinKind.FULL, many, many, key, key, Optional.empty(), PlanKit.columns(6)),
                4_000));
        works.add(new Work(
                "merge join of few keys",
                new PhysicalPlan.MergeJoin(
                        JoinKind.INNER,
                        new PhysicalPlan.Sort(few, List.of(SpillTest.key(0, false))),
                        new PhysicalPlan.Sort(few, List.of(SpillTest.key(0, false))),
                        key,
                        key,
                        List.of(false),
                        Optional.of(noPair),
                        PlanKit.columns(6)),
                90_000));
        return works;
    }

    private PhysicalPlan.Values rows(int rows, int values) {
        List<List<Object>> all = new ArrayList<>();
        for (int i = 0; i < rows; i++) {
            Object[] row = new Object[3];
            Arrays.setAll(row, k -> (long) random.nextInt(values));
            all.add(Arrays.asList(row));
        }
        return PlanKit.values(all, 3);
    }

    @Test
    void everyOperatorLooksOftenAndStopsWhereverItIsToldTo() {
        for (Work work : works()) {
            for (long budget : new long[] {Long.MAX_VALUE, 20_000}) {
                Scratch scratch = new Scratch();
                String message = "seed " + seed + ": " + work.name() + ", budget " + budget;
                long[] looks = {0};
                run(work.plan(), scratch.workspace(budget), () -> looks[0]++);
                assertTrue(looks[0] * ROWS_A_LOOK >= work.rows(), () -> message + ": " + looks[0] + " looks");
                for (int i = 0; i < 6; i++) {
                    long[] left = {1 + random.nextInt((int) looks[0])};
                    Runnable check = () -> {
                        if (--left[0] == 0) {
                            throw SqlException.canceled("cancelled");
                        }
                    };
                    SqlException e = assertThrows(
                            SqlException.class, () -> run(work.plan(), scratch.workspace(budget), check), message);
                    assertEquals("57014", e.sqlState(), message);
                    assertEquals(0, scratch.open(), () -> message + ": files left open");
                }
            }
        }
    }

    private static void run(PhysicalPlan plan, Workspace workspace, Runnable check) {
        PlanKit.run(plan, PlanKit.context(workspace, check));
    }
}
