package org.mosslsm.sql.exec;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.mosslsm.sql.expr.CompareOp;
import org.mosslsm.sql.expr.Evaluator;
import org.mosslsm.sql.expr.ExprFactory;
import org.mosslsm.sql.expr.ScalarExpr;
import org.mosslsm.sql.expr.SlotBinding;
import org.mosslsm.sql.expr.Truth;
import org.mosslsm.sql.expr.ValueRow;
import org.mosslsm.sql.plan.JoinKind;
import org.mosslsm.sql.plan.PhysicalPlan;
import org.mosslsm.sql.plan.SortKey;
import org.mosslsm.sql.type.SqlType;

/** All joins against the definition, on small random inputs with NULLs. */
class JoinsTest {
    private static final int ROUNDS = 400;

    @Test
    void joinsFollowTheirDefinition() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            List<List<Object>> left = PlanKit.rows(random, 12, 2);
            List<List<Object>> right = PlanKit.rows(random, 12, 2);
            // left.c0 = right.c0, and sometimes left.c1 < right.c1 as well.
            ScalarExpr keys = ExprFactory.compare(CompareOp.EQ, PlanKit.column(0), PlanKit.column(2));
            Optional<ScalarExpr> rest = random.nextBoolean()
                    ? Optional.empty()
                    : Optional.of(ExprFactory.compare(CompareOp.LT, PlanKit.column(1), PlanKit.column(3)));
            ScalarExpr condition =
                    rest.map(r -> ExprFactory.and(List.of(keys, r))).orElse(keys);
            for (JoinKind kind : JoinKind.values()) {
                String message = "seed " + seed + " " + kind + " " + left + " " + right + " " + condition;
                List<String> expected = PlanKit.bag(reference(kind, left, right, condition));
                PhysicalPlan l = PlanKit.values(left, 2);
                PhysicalPlan r = PlanKit.values(right, 2);
                var columns = PlanKit.columns(kind.leftOnly() ? 2 : 4);
                PhysicalPlan nested = new PhysicalPlan.NestedLoopJoin(kind, l, r, Optional.of(condition), columns);
                assertEquals(expected, PlanKit.bag(PlanKit.run(nested)), "nested loop " + message);
                if (kind == JoinKind.NOT_IN && rest.isPresent()) {
                    continue;
                }
                if (kind != JoinKind.NOT_IN) {
                    boolean descending = random.nextBoolean();
                    PhysicalPlan merge = new PhysicalPlan.MergeJoin(
                            kind,
                            sorted(l, descending, random.nextBoolean()),
                            sorted(r, descending, random.nextBoolean()),
                            List.of(PlanKit.column(0)),
                            List.of(PlanKit.column(0)),
                            List.of(descending),
                            rest,
                            columns);
                    assertEquals(expected, PlanKit.bag(PlanKit.run(merge)), "merge " + message);
                }
                PhysicalPlan hash = new PhysicalPlan.HashJoin(
                        kind, l, r, List.of(PlanKit.column(0)), List.of(PlanKit.column(0)), rest, columns);
                assertEquals(expected, PlanKit.bag(PlanKit.run(hash)), "hash " + message);
                if (!kind.keepsRight() && kind != JoinKind.NOT_IN) {
                    assertEquals(
                            expected, PlanKit.bag(PlanKit.run(lookup(kind, l, r, rest, columns))), "lookup " + message);
                }
            }
        }
    }

    private static PhysicalPlan sorted(PhysicalPlan plan, boolean descending, boolean nullsFirst) {
        return new PhysicalPlan.Sort(plan, List.of(new SortKey(PlanKit.column(0), descending, nullsFirst)));
    }

    /** The right side filtered by a slot that is set from the left row. */
    private static PhysicalPlan lookup(
            JoinKind kind,
            PhysicalPlan l,
            PhysicalPlan r,
            Optional<ScalarExpr> rest,
            List<org.mosslsm.sql.plan.PlanColumn> columns) {
        ScalarExpr slot = new ScalarExpr.SlotRef(3, SqlType.BIGINT);
        PhysicalPlan filtered = new PhysicalPlan.Filter(r, ExprFactory.compare(CompareOp.EQ, PlanKit.column(0), slot));
        return new PhysicalPlan.LookupJoin(
                kind, l, filtered, List.of(new SlotBinding(3, PlanKit.column(0))), rest, columns);
    }

    private static List<List<Object>> reference(
            JoinKind kind, List<List<Object>> left, List<List<Object>> right, ScalarExpr condition) {
        Evaluator evaluator = Evaluator.compile(condition);
        ExecutionContext context = PlanKit.context((org.mosslsm.kv.txn.Transaction) null);
        List<List<Object>> result = new ArrayList<>();
        boolean[] rightMatched = new boolean[right.size()];
        for (List<Object> l : left) {
            boolean matched = false;
            for (int i = 0; i < right.size(); i++) {
                List<Object> pair = concat(l, right.get(i));
                Truth truth = evaluator.test(new ValueRow(pair.toArray()), context);
                if (kind == JoinKind.NOT_IN ? truth != Truth.FALSE : truth == Truth.TRUE) {
                    matched = true;
                    rightMatched[i] = true;
                    if (!kind.leftOnly()) {
                        result.add(pair);
                    }
                }
            }
            if (kind == JoinKind.SEMI ? matched : kind.isAnti() && !matched) {
                result.add(l);
            }
            if (!matched && kind.keepsLeft()) {
                result.add(concat(l, nulls()));
            }
        }
        for (int i = 0; i < right.size() && kind.keepsRight(); i++) {
            if (!rightMatched[i]) {
                result.add(concat(nulls(), right.get(i)));
            }
        }
        return result;
    }

    private static List<Object> nulls() {
        return java.util.Arrays.asList(null, null);
    }

    private static List<Object> concat(List<Object> a, List<Object> b) {
        List<Object> all = new ArrayList<>(a);
        all.addAll(b);
        return all;
    }

    @Test
    void joinWithoutConditionGivesEveryPair() {
        PhysicalPlan l = PlanKit.values(List.of(List.of(1L), List.of(2L)), 1);
        PhysicalPlan r = PlanKit.values(List.of(List.of(3L), List.of(4L)), 1);
        PhysicalPlan join = new PhysicalPlan.NestedLoopJoin(JoinKind.INNER, l, r, Optional.empty(), PlanKit.columns(2));
        assertEquals(List.of(List.of(1L, 3L), List.of(1L, 4L), List.of(2L, 3L), List.of(2L, 4L)), PlanKit.run(join));
    }
}
