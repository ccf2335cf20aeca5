// Rule: compute a WITH query once only where that saves work.
package org.mosslsm.sql.optimize;

import java.util.IdentityHashMap;
import java.util.function.UnaryOperator;
import org.mosslsm.sql.expr.ExprTrees;
import org.mosslsm.sql.expr.ScalarExpr;
import org.mosslsm.sql.expr.ScalarExpr.ColumnRef;
import org.mosslsm.sql.expr.Subquery;
import org.mosslsm.sql.plan.CommonQuery;
import org.mosslsm.sql.plan.LogicalPlan;
import org.mosslsm.sql.plan.LogicalTrees;

/**
 * Puts a WITH query in the place of its use where it has one, or is no more than rows and columns of one table found by a
 * short condition, so that conditions reach its indexes. What gives other rows each time, and what says MATERIALIZED, stays
 * a query of its own.
 */
final class InlineCommon implements UnaryOperator<LogicalPlan> {
    /** Parts of a condition that may be repeated for each use. */
    private static final int SHORT = 100;

    private final IdentityHashMap<CommonQuery, Boolean> known = new IdentityHashMap<>();

    @Override
    public LogicalPlan apply(LogicalPlan plan) {
        return LogicalTrees.transform(
                plan,
                n -> n instanceof LogicalPlan.CommonScan c && isInlined(c.query())
                        ? apply(c.query().plan())
                        : n);
    }

    private boolean isInlined(CommonQuery query) {
        return known.computeIfAbsent(
                query,
                q -> !q.materialized()
                        && (q.uses() == 1 || isPartOfTable(q.plan()))
                        && !LogicalTrees.hasVolatile(q.plan()));
    }

    private static boolean isPartOfTable(LogicalPlan plan) {
        if (plan instanceof LogicalPlan.Project p) {
            return p.expressions().stream().allMatch(ColumnRef.class::isInstance) && isPartOfTable(p.input());
        }
        if (plan instanceof LogicalPlan.Filter f) {
            return isShort(f.predicate()) && isPartOfTable(f.input());
        }
        return plan instanceof LogicalPlan.TableScan;
    }

    private static boolean isShort(ScalarExpr condition) {
        int[] parts = new int[1];
        return !ExprTrees.anyMatch(condition, e -> e instanceof Subquery || ++parts[0] > SHORT);
    }
}
