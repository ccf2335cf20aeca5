// How many rows each node of a plan is expected to give.
package org.mosslsm.sql.optimize;

import java.util.IdentityHashMap;
import org.mosslsm.sql.expr.ScalarExpr;
import org.mosslsm.sql.plan.JoinKind;
import org.mosslsm.sql.plan.PhysicalPlan;

/** The expectations of {@link Estimates}, read off a physical plan: for EXPLAIN. */
final class ExpectedRows {
    private final Estimates estimates;
    private final IdentityHashMap<PhysicalPlan, Double> commonQueries = new IdentityHashMap<>();

    ExpectedRows(Estimates estimates) {
        this.estimates = estimates;
    }

    double of(PhysicalPlan plan) {
        if (plan instanceof PhysicalPlan.IndexScan s) {
            double rows = estimates.entries(s.table(), s.index(), s.ranges());
            rows *= estimates.selectivity(Conjuncts.split(s.entryFilter()), s.table(), s.ordinals());
            return rows * estimates.selectivity(Conjuncts.split(s.filter()), s.table(), s.ordinals());
        }
        if (plan instanceof PhysicalPlan.IndexUnion u) {
            return estimates.rows(u.table())
                    * estimates.selectivity(Conjuncts.split(u.filter()), u.table(), u.ordinals());
        }
        if (plan instanceof PhysicalPlan.CountEntries) {
            return 1;
        }
        if (plan instanceof PhysicalPlan.LeadingValues l) {
            return estimates.leadingValues(l.table(), l.index(), l.width());
        }
        if (plan instanceof PhysicalPlan.CommonScan c) {
            Double known = commonQueries.get(c.query());
            if (known == null) {
                known = of(c.query());
                commonQueries.put(c.query(), known);
            }
            return known;
        }
        if (plan instanceof PhysicalPlan.Values v) {
            return v.rows().size();
        }
        if (plan instanceof PhysicalPlan.Filter f) {
            return of(f.input()) * Estimates.selectivity(Conjuncts.split(f.predicate()));
        }
        if (plan instanceof PhysicalPlan.LookupJoin j) {
            return join(j.kind(), of(j.left()), of(j.left()) * of(j.right()));
        }
        if (plan instanceof PhysicalPlan.HashJoin j) {
            double left = of(j.left());
            double right = of(j.right());
            return join(j.kind(), left, left * right / Math.max(1, Math.max(left, right)));
        }
        if (plan instanceof PhysicalPlan.MergeJoin j) {
            double left = of(j.left());
            double right = of(j.right());
            return join(j.kind(), left, left * right / Math.max(1, Math.max(left, right)));
        }
        if (plan instanceof PhysicalPlan.NestedLoopJoin j) {
            double pairs = of(j.left()) * of(j.right()) * Estimates.selectivity(Conjuncts.split(j.condition()));
            return join(j.kind(), of(j.left()), pairs);
        }
        if (plan instanceof PhysicalPlan.Aggregate a) {
            return a.keys().isEmpty() ? 1 : Math.pow(of(a.input()), Estimates.DISTINCT_EXPONENT);
        }
        if (plan instanceof PhysicalPlan.TopN t) {
            return Math.min(of(t.input()), count(t.count()));
        }
        if (plan instanceof PhysicalPlan.Limit l) {
            return Math.min(of(l.input()), l.count().map(ExpectedRows::count).orElse(Double.POSITIVE_INFINITY));
        }
        double rows = 0;
        for (PhysicalPlan input : plan.inputs()) {
            rows += of(input);
        }
        return rows;
    }

    private static double join(JoinKind kind, double left, double pairs) {
        if (kind.leftOnly()) {
            return left / 2;
        }
        return kind.keepsLeft() ? Math.max(left, pairs) : pairs;
    }

    private static double count(ScalarExpr e) {
        return e instanceof ScalarExpr.Literal l && l.value() instanceof Long n ? (double) n : Wanted.A_FEW;
    }
}
