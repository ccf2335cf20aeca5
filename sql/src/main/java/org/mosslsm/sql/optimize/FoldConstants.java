// Rule: compute what is constant.
package org.mosslsm.sql.optimize;

import java.util.function.UnaryOperator;
import org.mosslsm.sql.expr.Folding;
import org.mosslsm.sql.plan.LogicalPlan;
import org.mosslsm.sql.plan.LogicalTrees;

/** Folds the constants of every expression; subqueries are folded when they are planned themselves. */
final class FoldConstants implements UnaryOperator<LogicalPlan> {
    @Override
    public LogicalPlan apply(LogicalPlan plan) {
        LogicalPlan node = LogicalTrees.mapInputs(plan, this);
        return LogicalTrees.mapExpressions(node, Folding::fold);
    }
}
