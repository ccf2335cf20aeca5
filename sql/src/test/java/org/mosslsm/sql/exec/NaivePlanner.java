package org.mosslsm.sql.exec;

import java.util.List;
import java.util.Optional;
import org.mosslsm.sql.expr.AggregateCall;
import org.mosslsm.sql.expr.ExprTrees;
import org.mosslsm.sql.expr.ScalarExpr;
import org.mosslsm.sql.expr.Subquery;
import org.mosslsm.sql.plan.KeyRangeSpec;
import org.mosslsm.sql.plan.LogicalPlan;
import org.mosslsm.sql.plan.PhysicalPlan;
import org.mosslsm.sql.plan.SetKind;
import org.mosslsm.sql.plan.SortKey;

/** Plans node by node without any thought: full scans, nested loops, no rewriting. What the optimiser is held against. */
final class NaivePlanner {
    private NaivePlanner() {}

    static PhysicalPlan plan(LogicalPlan p) {
        if (p instanceof LogicalPlan.TableScan s) {
            return new PhysicalPlan.IndexScan(
                    s.table(),
                    s.table().primary(),
                    s.alias(),
                    s.ordinals(),
                    s.columns(),
                    KeyRangeSpec.ALL,
                    false,
                    Optional.empty(),
                    Optional.empty(),
                    true);
        }
        if (p instanceof LogicalPlan.Values v) {
            return new PhysicalPlan.Values(
                    v.rows().stream().map(NaivePlanner::all).toList(), v.columns());
        }
        if (p instanceof LogicalPlan.Join j) {
            return new PhysicalPlan.NestedLoopJoin(
                    j.kind(),
                    plan(j.left()),
                    plan(j.right()),
                    j.condition().map(NaivePlanner::expression),
                    j.columns());
        }
        if (p instanceof LogicalPlan.SetOperation s) {
            return set(s, plan(s.left()), plan(s.right()));
        }
        PhysicalPlan input = plan(p.inputs().get(0));
        if (p instanceof LogicalPlan.Filter f) {
            return new PhysicalPlan.Filter(input, expression(f.predicate()));
        }
        if (p instanceof LogicalPlan.Project e) {
            return new PhysicalPlan.Project(input, all(e.expressions()), e.columns());
        }
        if (p instanceof LogicalPlan.Aggregate a) {
            List<AggregateCall> calls =
                    a.calls().stream().map(NaivePlanner::call).toList();
            return new PhysicalPlan.Aggregate(input, all(a.keys()), calls, false, a.columns());
        }
        if (p instanceof LogicalPlan.Distinct) {
            return new PhysicalPlan.Distinct(input, false);
        }
        if (p instanceof LogicalPlan.Sort s) {
            List<SortKey> keys =
                    s.keys().stream().map(k -> k.over(expression(k.expr()))).toList();
            return new PhysicalPlan.Sort(input, keys);
        }
        if (p instanceof LogicalPlan.Limit l) {
            return new PhysicalPlan.Limit(
                    input, l.count().map(NaivePlanner::expression), l.offset().map(NaivePlanner::expression));
        }
        throw new IllegalArgumentException("unknown node " + p.getClass());
    }

    private static PhysicalPlan set(LogicalPlan.SetOperation s, PhysicalPlan left, PhysicalPlan right) {
        if (s.kind() != SetKind.UNION) {
            return new PhysicalPlan.SetOperation(s.kind(), s.all(), left, right, s.columns());
        }
        PhysicalPlan both = new PhysicalPlan.Concat(List.of(left, right), s.columns());
        return s.all() ? both : new PhysicalPlan.Distinct(both, false);
    }

    private static AggregateCall call(AggregateCall c) {
        return c.map(NaivePlanner::expression);
    }

    private static List<ScalarExpr> all(List<ScalarExpr> list) {
        return list.stream().map(NaivePlanner::expression).toList();
    }

    private static ScalarExpr expression(ScalarExpr e) {
        return ExprTrees.transform(e, x -> x instanceof Subquery q ? q.withPlan(plan((LogicalPlan) q.plan())) : x);
    }
}
