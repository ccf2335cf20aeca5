// Subqueries as the standard defines them, in much and in little memory.
package org.mosslsm.sql.exec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.expr.CompareOp;
import org.mosslsm.sql.expr.Evaluator;
import org.mosslsm.sql.expr.ExprFactory;
import org.mosslsm.sql.expr.ScalarExpr;
import org.mosslsm.sql.expr.SlotBinding;
import org.mosslsm.sql.expr.Subquery;
import org.mosslsm.sql.expr.Truth;
import org.mosslsm.sql.expr.ValueRow;
import org.mosslsm.sql.plan.PhysicalPlan;
import org.mosslsm.sql.testkit.Scratch;
import org.mosslsm.sql.type.SqlType;

class SubqueriesTest {
    private static Object eval(ScalarExpr e, ExecutionContext context, Object... row) {
        return Evaluator.compile(e).eval(new ValueRow(row), context);
    }

    private static Truth test(ScalarExpr e, Object... row) {
        Truth truth =
                Evaluator.compile(e).test(new ValueRow(row), PlanKit.context((org.mosslsm.kv.txn.Transaction) null));
        Scratch scratch = new Scratch();
        try (ExecutionContext context = PlanKit.context(scratch.workspace(100))) {
            assertEquals(truth, Evaluator.compile(e).test(new ValueRow(row), context), "in little memory");
        }
        assertEquals(0, scratch.open(), "files left open");
        return truth;
    }

    private static Truth equal(Object a, Object b) {
        return a == null || b == null ? Truth.UNKNOWN : Truth.of(a.equals(b));
    }

    @Test
    void inAndQuantifiedFollowTheDefinition() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < 2000; round++) {
            List<List<Object>> rows = PlanKit.rows(random, 5, 2);
            List<Object> left = random.nextInt(6) == 0
                    ? java.util.Arrays.asList(null, 1L)
                    : java.util.Arrays.asList((Object) (long) random.nextInt(5), random.nextInt(4) == 0 ? null : 2L);
            Truth one = Truth.FALSE;
            Truth both = Truth.FALSE;
            for (List<Object> r : rows) {
                one = one.or(equal(left.get(0), r.get(0)));
                both = both.or(equal(left.get(0), r.get(0)).and(equal(left.get(1), r.get(1))));
            }
            String message = "seed " + seed + " " + left + " in " + rows;
            PhysicalPlan two = PlanKit.values(rows, 2);
            PhysicalPlan first = new PhysicalPlan.Project(two, List.of(PlanKit.column(0)), PlanKit.columns(1));
            Object[] row = left.toArray();
            assertEquals(one, test(new Subquery.In(List.of(PlanKit.column(0)), first, List.of()), row), message);
            assertEquals(
                    both,
                    test(new Subquery.In(List.of(PlanKit.column(0), PlanKit.column(1)), two, List.of()), row),
                    message);
            for (CompareOp op : CompareOp.values()) {
                Truth any = Truth.FALSE;
                Truth all = Truth.TRUE;
                for (List<Object> r : rows) {
                    Truth t = left.get(0) == null || r.get(0) == null
                            ? Truth.UNKNOWN
                            : Truth.of(op.holds(Long.compare((Long) left.get(0), (Long) r.get(0))));
                    any = any.or(t);
                    all = all.and(t);
                }
                if (op != CompareOp.EQ) {
                    assertEquals(
                            any,
                            test(new Subquery.Quantified(op, false, PlanKit.column(0), first, List.of()), row),
                            op + " ANY " + message);
                }
                if (op != CompareOp.NE) {
                    assertEquals(
                            all,
                            test(new Subquery.Quantified(op, true, PlanKit.column(0), first, List.of()), row),
                            op + " ALL " + message);
                }
            }
            assertEquals(Truth.of(!rows.isEmpty()), test(new Subquery.Exists(two, List.of()), row));
        }
    }

    @Test
    void scalarSubqueryHasOneRowOrNone() {
        PhysicalPlan none = PlanKit.values(List.of(), 1);
        PhysicalPlan two = PlanKit.values(List.of(List.of(1L), List.of(2L)), 1);
        ExecutionContext context = PlanKit.context((org.mosslsm.kv.txn.Transaction) null);
        assertNull(eval(new Subquery.Scalar(none, List.of(), SqlType.BIGINT), context));
        ScalarExpr bad = new Subquery.Scalar(two, List.of(), SqlType.BIGINT);
        assertEquals(
                "21000",
                assertThrows(SqlException.class, () -> eval(bad, context)).sqlState());
    }

    @Test
    void uncorrelatedRunsOnceAndCorrelatedOnceAValue() {
        // A volatile value shows whether the subquery ran again.
        ScalarExpr random = ExprFactory.call("random", List.of());
        PhysicalPlan plan = new PhysicalPlan.Values(List.of(List.of(random)), PlanKit.columns(1));
        Subquery.Scalar once = new Subquery.Scalar(plan, List.of(), SqlType.DOUBLE);
        ExecutionContext context = PlanKit.context((org.mosslsm.kv.txn.Transaction) null);
        assertEquals(eval(once, context, 1L), eval(once, context, 2L));

        // A number so large is an object of its own each time it is computed.
        ScalarExpr slot = new ScalarExpr.SlotRef(0, SqlType.BIGINT);
        ScalarExpr sum = ExprFactory.call("+", List.of(slot, ExprFactory.literal(1_000_000L, SqlType.BIGINT)));
        PhysicalPlan correlated = new PhysicalPlan.Values(List.of(List.of(sum)), PlanKit.columns(1));
        Subquery.Scalar perValue =
                new Subquery.Scalar(correlated, List.of(new SlotBinding(0, PlanKit.column(0))), SqlType.BIGINT);
        List<Object> seen = new ArrayList<>();
        for (long v : new long[] {1, 2, 1, 2}) {
            seen.add(eval(perValue, context, v));
        }
        assertEquals(List.of(1_000_001L, 1_000_002L, 1_000_001L, 1_000_002L), seen);
        assertSame(seen.get(0), seen.get(2));
        assertSame(seen.get(1), seen.get(3));
    }

    @Test
    void correlatedAndVolatileRunsForEachRowOnceForAllItsItems() {
        ScalarExpr random = ExprFactory.call("random", List.of());
        ScalarExpr slot = new ScalarExpr.SlotRef(0, SqlType.BIGINT);
        ScalarExpr drawn = ExprFactory.call("+", List.of(slot, random));
        PhysicalPlan row = new PhysicalPlan.Project(
                new PhysicalPlan.Values(List.of(List.of(drawn)), PlanKit.columns(1)),
                List.of(new ScalarExpr.ColumnRef(0, SqlType.DOUBLE), new ScalarExpr.ColumnRef(0, SqlType.DOUBLE)),
                PlanKit.columns(2));
        List<SlotBinding> bindings = List.of(new SlotBinding(0, PlanKit.column(0)));
        ScalarExpr first =
                new Subquery.Scalar(row, bindings, Optional.of(new Subquery.Item(1, 0, true)), SqlType.DOUBLE);
        ScalarExpr second =
                new Subquery.Scalar(row, bindings, Optional.of(new Subquery.Item(1, 1, false)), SqlType.DOUBLE);
        ExecutionContext context = PlanKit.context((org.mosslsm.kv.txn.Transaction) null);
        Set<Object> seen = new HashSet<>();
        for (int i = 0; i < 5; i++) {
            Object value = eval(first, context, 1L);
            assertEquals(value, eval(second, context, 1L));
            seen.add(value);
        }
        assertEquals(5, seen.size());
    }

    @Test
    void innermostSubqueryMaySeeTheOutermostRow() {
        // SELECT (SELECT (SELECT outer.c0)): the slot is bound two levels up, where the innermost does not say so.
        ScalarExpr slot = new ScalarExpr.SlotRef(0, SqlType.BIGINT);
        PhysicalPlan innermost = new PhysicalPlan.Values(List.of(List.of(slot)), PlanKit.columns(1));
        ScalarExpr inner = new Subquery.Scalar(innermost, List.of(), SqlType.BIGINT);
        PhysicalPlan middle = new PhysicalPlan.Values(List.of(List.of(inner)), PlanKit.columns(1));
        ScalarExpr outer = new Subquery.Scalar(middle, List.of(new SlotBinding(0, PlanKit.column(0))), SqlType.BIGINT);
        ExecutionContext context = PlanKit.context((org.mosslsm.kv.txn.Transaction) null);
        assertEquals(5L, eval(outer, context, 5L));
        assertEquals(6L, eval(outer, context, 6L));
        assertEquals(5L, eval(outer, context, 5L));
    }
}
