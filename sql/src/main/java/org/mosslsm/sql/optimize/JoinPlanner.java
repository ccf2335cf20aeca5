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
 * Plans joins. Inner joins of any number of relations are ordered greedily: begin with one relation, then always add the
 * one that keeps the intermediate result smallest, connected ones first; with few relations every beginning is tried and
 * the cheapest plan kept. The method is chosen for each step by {@link JoinMethods}.
 */
final class JoinPlanner {
    /** Up to this many relations every one is tried as the first. */
    private static final int TRY_ALL = 8;

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
        Joined best = null;
        if (leaves.size() <= TRY_ALL) {
            for (int first = 0; first < leaves.size(); first++) {
                Joined tried = greedy(graph, first);
                if (best == null || tried.cost() < best.cost()) {
                    best = tried;
                }
            }
        } else {
            best = greedy(graph, graph.smallest());
        }
        return inOrder(best, join.columns());
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

    private Joined greedy(JoinGraph graph, int first) {
        Joined current = Joined.first(graph, first);
        while (current.leaves().cardinality() < graph.size()) {
            int next = graph.next(current);
            current = methods.join(graph, current, next);
        }
        return current;
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
