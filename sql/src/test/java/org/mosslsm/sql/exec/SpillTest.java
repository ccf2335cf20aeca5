package org.mosslsm.sql.exec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.mosslsm.kv.KvIoException;
import org.mosslsm.sql.exec.spill.RowFile;
import org.mosslsm.sql.exec.spill.Workspace;
import org.mosslsm.sql.expr.AggregateCall;
import org.mosslsm.sql.expr.AggregateFunction;
import org.mosslsm.sql.expr.ExprFactory;
import org.mosslsm.sql.expr.ScalarExpr;
import org.mosslsm.sql.plan.JoinKind;
import org.mosslsm.sql.plan.PhysicalPlan;
import org.mosslsm.sql.plan.SetKind;
import org.mosslsm.sql.plan.SortKey;
import org.mosslsm.sql.testkit.Scratch;
import org.mosslsm.sql.type.Interval;
import org.mosslsm.sql.type.SqlType;

/** Operators answer the same in little memory as in much, and leave no file behind. */
class SpillTest {
    /** Enough rows for several divisions of 64 kB of memory, and of 1 kB. */
    private static final int ROWS = 6_000;

    private final long seed = Long.getLong("spill.seed", System.nanoTime());
    private final Random random = new Random(seed);

    @Test
    void everyOperatorAnswersTheSameInLittleMemory() {
        PhysicalPlan few = table(ROWS, 300);
        PhysicalPlan many = table(ROWS, 2_000_000);
        for (PhysicalPlan plan : plans(few, many)) {
            List<String> expected = PlanKit.bag(run(plan, Workspace.UNLIMITED));
            for (long budget : new long[] {1_000, 64_000}) {
                Scratch scratch = new Scratch();
                List<List<Object>> rows = run(plan, scratch.workspace(budget));
                assertEquals(
                        expected,
                        PlanKit.bag(rows),
                        () -> "seed " + seed + ", budget " + budget + ": " + plan.getClass());
                assertTrue(scratch.made() > 0, () -> "nothing went to files: " + plan.getClass());
                assertEquals(0, scratch.open(), () -> "files left open: " + plan.getClass());
            }
        }
    }

    private static List<PhysicalPlan> plans(PhysicalPlan few, PhysicalPlan many) {
        List<PhysicalPlan> plans = new ArrayList<>();
        // NOT IN with a NULL on the right is over before anything goes to files.
        ScalarExpr known = new ScalarExpr.Not(new ScalarExpr.IsNull(PlanKit.column(1)));
        for (JoinKind kind : JoinKind.values()) {
            plans.add(new PhysicalPlan.HashJoin(
                    kind,
                    many,
                    kind == JoinKind.NOT_IN ? new PhysicalPlan.Filter(many, known) : many,
                    List.of(PlanKit.column(0)),
                    List.of(PlanKit.column(1)),
                    Optional.empty(),
                    PlanKit.columns(kind.leftOnly() ? 3 : 6)));
        }
        plans.add(new PhysicalPlan.MergeJoin(
                JoinKind.FULL,
                new PhysicalPlan.Sort(few, List.of(key(0, false))),
                new PhysicalPlan.Sort(few, List.of(key(0, false))),
                List.of(PlanKit.column(0)),
                List.of(PlanKit.column(0)),
                List.of(false),
                Optional.empty(),
                PlanKit.columns(6)));
        PhysicalPlan common = new PhysicalPlan.CommonScan("c", many, false, many.columns());
        plans.add(new PhysicalPlan.Concat(List.of(common, common), PlanKit.columns(3)));
        PhysicalPlan sorted = new PhysicalPlan.Sort(few, List.of(key(0, false)));
        PhysicalPlan inOrder = new PhysicalPlan.CommonScan("c", sorted, false, few.columns()); // read by two in turn
        plans.add(new PhysicalPlan.MergeJoin(
                JoinKind.INNER,
                inOrder,
                inOrder,
                List.of(PlanKit.column(0)),
                List.of(PlanKit.column(0)),
                List.of(false),
                Optional.empty(),
                PlanKit.columns(6)));
        for (SetKind kind : List.of(SetKind.INTERSECT, SetKind.EXCEPT)) {
            for (boolean all : new boolean[] {true, false}) {
                PhysicalPlan left = new PhysicalPlan.Concat(List.of(many, few, few), PlanKit.columns(3));
                PhysicalPlan right = new PhysicalPlan.Concat(List.of(few, many), PlanKit.columns(3));
                plans.add(new PhysicalPlan.SetOperation(kind, all, left, right, PlanKit.columns(3)));
            }
        }
        plans.add(
                new PhysicalPlan.Distinct(new PhysicalPlan.Concat(List.of(many, few, few), PlanKit.columns(3)), false));
        plans.add(aggregate(many, 1, false));
        plans.add(aggregate(few, 1, true));
        plans.add(aggregate(many, 0, true));
        plans.add(new PhysicalPlan.Sort(many, List.of(key(0, false))));
        plans.add(new PhysicalPlan.TopN(
                many,
                List.of(key(0, true)),
                ExprFactory.literal(5_000L, SqlType.BIGINT),
                Optional.of(ExprFactory.literal(7L, SqlType.BIGINT))));
        return plans;
    }

    static PhysicalPlan aggregate(PhysicalPlan input, int keys, boolean distinct) {
        List<AggregateCall> calls = List.of(
                new AggregateCall(
                        AggregateFunction.COUNT,
                        distinct,
                        List.of(PlanKit.column(1)),
                        List.of(),
                        Optional.empty(),
                        SqlType.BIGINT),
                new AggregateCall(
                        AggregateFunction.SUM,
                        distinct,
                        List.of(PlanKit.column(2)),
                        List.of(),
                        Optional.empty(),
                        SqlType.BIGINT));
        return new PhysicalPlan.Aggregate(
                input, keys == 0 ? List.of() : List.of(PlanKit.column(0)), calls, false, PlanKit.columns(keys + 2));
    }

    static SortKey key(int column, boolean descending) {
        return new SortKey(PlanKit.column(column), descending, descending);
    }

    @Test
    void aSortInFilesKeepsEqualRowsInTheirOrder() {
        PhysicalPlan rows = table(ROWS, 40);
        for (PhysicalPlan plan : List.of(
                new PhysicalPlan.Sort(rows, List.of(key(0, true))),
                new PhysicalPlan.TopN(
                        rows, List.of(key(0, false)), ExprFactory.literal(4_000L, SqlType.BIGINT), Optional.empty()))) {
            Scratch scratch = new Scratch();
            assertEquals(run(plan, Workspace.UNLIMITED), run(plan, scratch.workspace(2_000)), () -> "seed " + seed);
            assertTrue(scratch.spilledRows() >= 2 * 4_000, "more runs than are merged at once");
            assertEquals(0, scratch.open());
        }
    }

    @Test
    void aSortOfThousandsOfRunsHoldsFewFiles() {
        PhysicalPlan sort = new PhysicalPlan.Sort(table(ROWS, 40), List.of(key(0, false)));
        Scratch scratch = new Scratch();
        assertEquals(run(sort, Workspace.UNLIMITED), run(sort, scratch.workspace(1)), () -> "seed " + seed);
        assertTrue(scratch.spilledRows() > 2 * ROWS, "a run of each row, some merged twice before the last time");
        assertEquals(3, scratch.mostOpen(), "files at once, one for each level of runs");
        assertEquals(0, scratch.open());
    }

    @Test
    void numbersOfRunsAroundThoseMergedAtOnceAreSortedAlike() {
        for (int rows : new int[] {1, 31, 32, 33, 63, 64, 65, 96, 97, 1023, 1024, 1025, 1056, 1057, 1100}) {
            PhysicalPlan sort = new PhysicalPlan.Sort(table(rows, 40), List.of(key(0, true)));
            Scratch scratch = new Scratch();
            assertEquals(
                    run(sort, Workspace.UNLIMITED),
                    run(sort, scratch.workspace(1)),
                    () -> rows + " runs, seed " + seed);
            assertEquals(0, scratch.open());
        }
    }

    @Test
    void equalKeysThatDoNotFitAreJoinedAllTheSame() {
        PhysicalPlan same = table(400, 1);
        PhysicalPlan plan = new PhysicalPlan.HashJoin(
                JoinKind.LEFT,
                same,
                same,
                List.of(PlanKit.column(0)),
                List.of(PlanKit.column(0)),
                Optional.empty(),
                PlanKit.columns(6));
        assertEquals(
                PlanKit.bag(run(plan, Workspace.UNLIMITED)), PlanKit.bag(run(plan, new Scratch().workspace(1_000))));
    }

    @Test
    void aRunThatIsClosedEarlyOrFailsLeavesNoFile() {
        PhysicalPlan many = table(ROWS, 2_000_000);
        for (PhysicalPlan plan : plans(table(ROWS, 300), many)) {
            Scratch early = new Scratch();
            try (ExecutionContext context = PlanKit.context(early.workspace(1_000));
                    RowEnumerator e = context.plans().operator(plan).open(context)) {
                e.moveNext();
            }
            assertEquals(0, early.open(), () -> plan.getClass() + " closed early");
            Scratch full = new Scratch().failingAt(3);
            assertThrows(KvIoException.class, () -> run(plan, full.workspace(1_000)), () -> "" + plan.getClass());
            assertEquals(0, full.open(), () -> plan.getClass() + " failed");
        }
    }

    @Test
    void rowsOfEveryKindOfValueComeBackFromAFile() {
        Object[][] rows = {
            {null, true, false, 0L, -1L, Long.MIN_VALUE, Long.MAX_VALUE, 127L, 128L, -129L},
            {
                1.5,
                -0.0,
                Double.NaN,
                Double.NEGATIVE_INFINITY,
                "",
                "ascii",
                "\u00e9",
                "\u20ac\ud83d\ude00",
                "\ud800",
                "\0"
            },
            {
                new BigDecimal("-12.3400"),
                new BigDecimal("1E+400"),
                new UUID(-1, 7),
                new Interval(-1, 2, -3L),
                "x".repeat(100_000),
                BigDecimal.ZERO,
                255L,
                256L,
                65_536L,
                -32_769L
            },
        };
        Scratch scratch = new Scratch();
        try (RowFile file = new RowFile(scratch.workspace(0), 10)) {
            for (int i = 0; i < 1_000; i++) {
                file.add(rows[i % 3]);
            }
            for (int pass = 0; pass < 2; pass++) {
                RowFile.Reader reader = file.read();
                for (int i = 0; i < 1_000; i++) {
                    assertEquals(Arrays.asList(rows[i % 3]), Arrays.asList(reader.next()));
                }
                assertEquals(null, reader.next());
            }
        }
        try (RowFile file = new RowFile(scratch.workspace(0), 1)) {
            file.add(new Object[] {new byte[] {0, -1}});
            assertEquals("[0, -1]", Arrays.toString((byte[]) file.read().next()[0]));
        }
        assertEquals(0, scratch.open());
    }

    private PhysicalPlan table(int rows, int values) {
        List<List<Object>> all = new ArrayList<>();
        for (int i = 0; i < rows; i++) {
            Object[] row = new Object[3];
            for (int k = 0; k < 3; k++) {
                row[k] = random.nextInt(20) == 0 ? null : (Object) (long) random.nextInt(values);
            }
            all.add(Arrays.asList(row));
        }
        return PlanKit.values(all, 3);
    }

    private static List<List<Object>> run(PhysicalPlan plan, Workspace workspace) {
        return PlanKit.run(plan, PlanKit.context(workspace));
    }
}
