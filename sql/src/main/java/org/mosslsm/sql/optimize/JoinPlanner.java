// Order and method of joins.
package org.mosslsm.sql.optimize;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.mosslsm.sql.expr.ScalarExpr;
import org.mosslsm.sql.expr.ScalarExpr.ColumnRef;
import org.mosslsm.sql.plan.JoinKind;
import org.mosslsm.sql.plan.LogicalPlan;
import org.mosslsm.sql.plan.PhysicalPlan;
import org.mosslsm.sql.plan.PlanColumn;

/**
 * Plans joins. The relations of inner joins are put into the order that {@link JoinOrder} finds; the method of each step
 * is chosen by {@link JoinMethods}.
 */
final class JoinPlanner {
    private final PhysicalPlanner planner;
    private final AccessPaths access;
    private final Estimates estimates;
    private final JoinMethods methods;

    JoinPlanner(PhysicalPlanner planner, AccessPaths access, Estimates estimates, Slots slots) {
        this.planner = planner;
        this.access = access;
        this.estimates = estimates;
        this.methods = new JoinMethods(access, slots);
    }

    // ---- inner joins

    PhysicalPlan inner(LogicalPlan.Join join) {
        List<Leaf> leaves = new ArrayList<>();
        List<ScalarExpr> terms = new ArrayList<>();
        flatten(join, 0, leaves, terms);
        JoinGraph graph = new JoinGraph(leaves, terms, estimates);
        JoinOrder orders = new JoinOrder(graph, methods);
        int[] order = orders.find();
        Joined joined = Joined.first(graph, order[0]);
        for (int i = 1; i < order.length; i++) {
            joined = methods.join(graph, joined, order[i], orders.price(joined.leaves(), order[i]));
        }
        return inOrder(joined, join.columns());
    }

    private void flatten(LogicalPlan plan, int offset, List<Leaf> leaves, List<ScalarExpr> terms) {
        if (plan instanceof LogicalPlan.Join j && j.kind() == JoinKind.INNER) {
            flatten(j.left(), offset, leaves, terms);
            flatten(j.right(), offset + j.left().width(), leaves, terms);
            Conjuncts.split(j.condition()).forEach(t -> terms.add(Conjuncts.shift(t, offset)));
        } else {
            leaves.add(leaf(plan, offset));
        }
    }

    /** A relation to be joined, with the best way to read it alone. */
    private Leaf leaf(LogicalPlan plan, int offset) {
        LogicalPlan below = plan;
        List<ScalarExpr> own = new ArrayList<>();
        if (plan instanceof LogicalPlan.Filter f) {
            below = f.input();
            own = Conjuncts.split(f.predicate());
        }
        if (below instanceof LogicalPlan.TableScan s) {
            AccessPaths.Path path = access.choose(s, own, Wanted.NOTHING);
            return new Leaf(plan, offset, Optional.of(s), own, path.plan(), path.rows(), path.cost());
        }
        PhysicalPlan physical = planner.plan(plan, Wanted.NOTHING);
        double rows = estimates.rows(plan);
        return new Leaf(plan, offset, Optional.empty(), List.of(), physical, rows, rows * 2);
    }

    /** The joined rows with their columns in the order of the statement. */
    private static PhysicalPlan inOrder(Joined joined, List<PlanColumn> columns) {
        List<ScalarExpr> expressions = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            expressions.add(new ColumnRef(joined.positions()[i], columns.get(i).type()));
        }
        return Projections.over(joined.plan(), expressions, columns);
    }

    // ---- joins that keep the left side's place

    PhysicalPlan outer(LogicalPlan.Join join, Wanted wanted) {
        int leftWidth = join.left().width();
        boolean ofLeft = wanted.keys().stream().allMatch(k -> Conjuncts.within(k.expr(), 0, leftWidth));
        boolean keepsOrder = join.kind() != JoinKind.FULL && ofLeft;
        double limit = join.kind() == JoinKind.LEFT && keepsOrder ? wanted.limit() : Double.POSITIVE_INFINITY;
        PhysicalPlan left = planner.plan(join.left(), keepsOrder ? new Wanted(wanted.keys(), limit) : Wanted.NOTHING);
        Leaf right = leaf(join.right(), leftWidth);
        double leftRows = Math.min(estimates.rows(join.left()), limit);
        return methods.outer(join, left, leftRows, right);
    }
}
