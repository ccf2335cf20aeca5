// Rule: NOT as deep as possible.
package org.mosslsm.sql.optimize;

import java.util.List;
import java.util.function.UnaryOperator;
import org.mosslsm.sql.expr.ExprFactory;
import org.mosslsm.sql.expr.ScalarExpr;
import org.mosslsm.sql.plan.LogicalPlan;
import org.mosslsm.sql.plan.LogicalTrees;

/**
 * Moves NOT through AND and OR into comparisons, so that {@code NOT (a <= 5 OR b)} gives a range and two terms. The
 * laws of De Morgan hold with three truths, too.
 */
final class PushDownNegations implements UnaryOperator<LogicalPlan> {
    @Override
    public LogicalPlan apply(LogicalPlan plan) {
        LogicalPlan node = LogicalTrees.mapInputs(plan, this);
        boolean hasCondition = node instanceof LogicalPlan.Filter || node instanceof LogicalPlan.Join;
        return hasCondition ? LogicalTrees.mapExpressions(node, PushDownNegations::positive) : node;
    }

    /** The same condition with NOT as deep as possible. */
    static ScalarExpr positive(ScalarExpr e) {
        if (e instanceof ScalarExpr.Not n) {
            return negative(n.operand(), e);
        }
        if (e instanceof ScalarExpr.And a) {
            return ExprFactory.and(
                    a.operands().stream().map(PushDownNegations::positive).toList());
        }
        return e instanceof ScalarExpr.Or o
                ? or(o.operands().stream().map(PushDownNegations::positive).toList())
                : e;
    }

    private static ScalarExpr or(List<ScalarExpr> operands) {
        return ExprFactory.or(operands) instanceof ScalarExpr.Or o ? MergeEqualities.merge(o) : operands.get(0);
    }

    /** NOT of {@code e}; {@code negation} is what it looks like now. */
    private static ScalarExpr negative(ScalarExpr e, ScalarExpr negation) {
        if (e instanceof ScalarExpr.And a) {
            return or(a.operands().stream().map(PushDownNegations::negative).toList());
        }
        if (e instanceof ScalarExpr.Or o) {
            return ExprFactory.and(
                    o.operands().stream().map(PushDownNegations::negative).toList());
        }
        if (e instanceof ScalarExpr.Not n) {
            return positive(n.operand());
        }
        return e instanceof ScalarExpr.Compare ? ExprFactory.not(e) : negation;
    }

    private static ScalarExpr negative(ScalarExpr e) {
        return negative(e, new ScalarExpr.Not(e));
    }
}
