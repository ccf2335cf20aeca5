// The way of one query block through the rules.
package org.mosslsm.sql.optimize;

import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import org.mosslsm.sql.expr.ExprTrees;
import org.mosslsm.sql.expr.ScalarExpr;
import org.mosslsm.sql.expr.Subquery;
import org.mosslsm.sql.plan.CommonQuery;
import org.mosslsm.sql.plan.LogicalPlan;
import org.mosslsm.sql.plan.LogicalTrees;
import org.mosslsm.sql.plan.PhysicalPlan;

/** Applies the rules in their order, then plans; subqueries that remain in expressions are planned on their own. */
final class QueryOptimizer {
    private final Estimates estimates;
    private final Slots slots;
    private final InlineCommon inlineCommon = new InlineCommon();
    private final IdentityHashMap<CommonQuery, PhysicalPlan> commonQueries = new IdentityHashMap<>();
    private final IdentityHashMap<LogicalPlan, PhysicalPlan> planned = new IdentityHashMap<>();
    private final Map<Integer, PhysicalPlan> rows = new HashMap<>();

    QueryOptimizer(Estimates estimates, Slots slots) {
        this.estimates = estimates;
        this.slots = slots;
    }

    PhysicalPlan optimize(LogicalPlan plan) {
        LogicalPlan folded = new FoldConstants().apply(inlineCommon.apply(plan));
        LogicalPlan positive = new PushDownNegations().apply(folded);
        LogicalPlan unnested = new UnnestSubqueries().apply(new UnnestScalars().apply(positive));
        LogicalPlan filtered = new PushDownFilters().apply(unnested);
        LogicalPlan pruned = new PruneColumns().apply(filtered);
        return new PhysicalPlanner(estimates, slots, this::commonQuery)
                .plan(withPhysicalSubqueries(pruned), Wanted.NOTHING);
    }

    /** The one plan of a WITH query, for all its uses. */
    private PhysicalPlan commonQuery(CommonQuery query) {
        PhysicalPlan known = commonQueries.get(query);
        if (known == null) {
            known = optimize(query.plan());
            commonQueries.put(query, known);
        }
        return known;
    }

    private LogicalPlan withPhysicalSubqueries(LogicalPlan plan) {
        LogicalPlan node = LogicalTrees.mapInputs(plan, this::withPhysicalSubqueries);
        return LogicalTrees.mapExpressions(node, this::expression);
    }

    /** The expression with the plans of its subqueries made physical. */
    ScalarExpr expression(ScalarExpr e) {
        return ExprTrees.transform(
                e, n -> n instanceof Subquery s && s.plan() instanceof LogicalPlan p ? s.withPlan(physical(s, p)) : n);
    }

    /** One plan for all places of a subquery, and for all items of its row: what was run for one is known in the others. */
    private PhysicalPlan physical(Subquery subquery, LogicalPlan plan) {
        Optional<Integer> row =
                subquery instanceof Subquery.Scalar s ? s.item().map(Subquery.Item::query) : Optional.empty();
        PhysicalPlan known = row.isPresent() ? rows.get(row.get()) : planned.get(plan);
        if (known != null) {
            return known;
        }
        PhysicalPlan made = optimize(plan);
        planned.put(plan, made);
        row.ifPresent(r -> rows.put(r, made));
        return made;
    }
}
