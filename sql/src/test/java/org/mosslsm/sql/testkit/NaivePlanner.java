// The optimiser, off.
package org.mosslsm.sql.testkit;

import java.util.List;
import java.util.Optional;
import org.mosslsm.sql.expr.ExprTrees;
import org.mosslsm.sql.expr.ScalarExpr;
import org.mosslsm.sql.expr.Subquery;
import org.mosslsm.sql.plan.KeyRangeSpec;
import org.mosslsm.sql.plan.LogicalPlan;
import org.mosslsm.sql.plan.LogicalTrees;
import org.mosslsm.sql.plan.PhysicalPlan;
import org.mosslsm.sql.plan.SetKind;

/**
 * Makes a physical plan of a logical one node by node: tables are read whole, joins compare all pairs, nothing moves. What
 * it answers is what any optimised plan must answer.
 */
public final class NaivePlanner {
    private NaivePlanner() {}

    /** The plan as it stands. */
    public static PhysicalPlan plan(LogicalPlan logical) {
        LogicalPlan plan = LogicalTrees.mapExpressions(logical, NaivePlanner::expression);
        if (plan instanceof LogicalPlan.TableScan s) {
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
        if (plan instanceof LogicalPlan.Values v) {
            return new PhysicalPlan.Values(v.rows(), v.columns());
        }
        List<PhysicalPlan> inputs =
                plan.inputs().stream().map(NaivePlanner::plan).toList();
        PhysicalPlan first = inputs.get(0);
        if (plan instanceof LogicalPlan.Filter f) {
            return new PhysicalPlan.Filter(first, f.predicate());
        }
        if (plan instanceof LogicalPlan.Project p) {
            return new PhysicalPlan.Project(first, p.expressions(), p.columns());
        }
        if (plan instanceof LogicalPlan.Join j) {
            return new PhysicalPlan.NestedLoopJoin(j.kind(), first, inputs.get(1), j.condition(), j.columns());
        }
        if (plan instanceof LogicalPlan.Aggregate a) {
            return new PhysicalPlan.Aggregate(first, a.keys(), a.calls(), false, a.columns());
        }
        if (plan instanceof LogicalPlan.Distinct) {
            return new PhysicalPlan.Distinct(first, false);
        }
        if (plan instanceof LogicalPlan.Sort s) {
            return new PhysicalPlan.Sort(first, s.keys());
        }
        if (plan instanceof LogicalPlan.Limit l) {
            return new PhysicalPlan.Limit(first, l.count(), l.offset());
        }
        LogicalPlan.SetOperation s = (LogicalPlan.SetOperation) plan;
        if (s.kind() != SetKind.UNION) {
            return new PhysicalPlan.SetOperation(s.kind(), s.all(), first, inputs.get(1), s.columns());
        }
        PhysicalPlan all = new PhysicalPlan.Concat(inputs, s.columns());
        return s.all() ? all : new PhysicalPlan.Distinct(all, false);
    }

    private static ScalarExpr expression(ScalarExpr e) {
        return ExprTrees.transform(
                e, n -> n instanceof Subquery s && s.plan() instanceof LogicalPlan p ? s.withPlan(plan(p)) : n);
    }
}
