package org.mosslsm.sql.exec;

import java.util.Optional;
import org.mosslsm.sql.expr.ScalarExpr;
import org.mosslsm.sql.plan.PhysicalPlan;
import org.mosslsm.sql.plan.PlanColumn;
import org.mosslsm.sql.type.SqlType;

/** Turns plan nodes into operators, one for one. */
final class PlanCompiler {
    private final Optional<Profile> profile;

    PlanCompiler(Optional<Profile> profile) {
        this.profile = profile;
    }

    /** The operator of a plan, and of all below. */
    Operator compile(PhysicalPlan plan) {
        Operator operator = operator(plan);
        return profile.isPresent() ? profile.get().watch(plan, operator) : operator;
    }

    private Operator operator(PhysicalPlan plan) {
        if (plan instanceof PhysicalPlan.IndexScan s) {
            return new IndexScanOperator(s);
        }
        if (plan instanceof PhysicalPlan.IndexUnion u) {
            return new IndexUnionOperator(u);
        }
        if (plan instanceof PhysicalPlan.CountEntries c) {
            return new CountEntriesOperator(c);
        }
        if (plan instanceof PhysicalPlan.LeadingValues l) {
            return new LeadingValuesOperator(l);
        }
        if (plan instanceof PhysicalPlan.CommonScan c) {
            return new CommonScanOperator(c.query());
        }
        if (plan instanceof PhysicalPlan.Series s) {
            return new SeriesOperator(s);
        }
        if (plan instanceof PhysicalPlan.Values v) {
            return new ValuesOperator(v);
        }
        if (plan instanceof PhysicalPlan.Concat c) {
            return new ConcatOperator(c.inputs().stream().map(this::compile).toList());
        }
        // Where each node is watched each has an operator of its own.
        if (plan instanceof PhysicalPlan.Project p && profile.isEmpty() && columns(p) != null) {
            return new IndexScanOperator((PhysicalPlan.IndexScan) p.input(), columns(p));
        }
        if (plan instanceof PhysicalPlan.Aggregate a && profile.isEmpty()) {
            Optional<Operator> total = ScanTotalOperator.of(a);
            if (total.isPresent()) {
                return total.get();
            }
        }
        if (plan instanceof PhysicalPlan.Unary u) {
            return unary(u, compile(u.input()));
        }
        Operator left = compile(plan.inputs().get(0));
        Operator right = compile(plan.inputs().get(1));
        if (plan instanceof PhysicalPlan.NestedLoopJoin j) {
            return new NestedLoopJoinOperator(j, left, right);
        }
        if (plan instanceof PhysicalPlan.LookupJoin j) {
            return new LookupJoinOperator(j, left, right);
        }
        if (plan instanceof PhysicalPlan.HashJoin j) {
            return new HashJoinOperator(j, left, right);
        }
        if (plan instanceof PhysicalPlan.MergeJoin j) {
            return new MergeJoinOperator(j, left, right);
        }
        if (plan instanceof PhysicalPlan.SetOperation s) {
            return new SetOperator(s.kind(), s.all(), left, right, types(s));
        }
        throw new IllegalArgumentException("no operator for " + plan.getClass());
    }

    /** The columns a projection takes of a scan's rows as they are; null where it computes anything. */
    private static int[] columns(PhysicalPlan.Project p) {
        boolean plain = p.input() instanceof PhysicalPlan.IndexScan
                && p.expressions().stream().allMatch(ScalarExpr.ColumnRef.class::isInstance);
        return plain
                ? p.expressions().stream()
                        .mapToInt(e -> ((ScalarExpr.ColumnRef) e).index())
                        .toArray()
                : null;
    }

    private static Operator unary(PhysicalPlan.Unary plan, Operator input) {
        if (plan instanceof PhysicalPlan.Filter f) {
            return new FilterOperator(input, f.predicate());
        }
        if (plan instanceof PhysicalPlan.Project p) {
            return new ProjectOperator(input, p.expressions());
        }
        if (plan instanceof PhysicalPlan.Aggregate a) {
            return new AggregateOperator(a, input);
        }
        if (plan instanceof PhysicalPlan.Distinct d) {
            return new DistinctOperator(input, types(d), d.sorted());
        }
        if (plan instanceof PhysicalPlan.Sort s) {
            return new SortOperator(input, s.keys());
        }
        if (plan instanceof PhysicalPlan.TopN t) {
            return new TopNOperator(input, t);
        }
        if (plan instanceof PhysicalPlan.LockRows l) {
            return new LockRowsOperator(l, input);
        }
        if (plan instanceof PhysicalPlan.DistinctOn d) {
            return new DistinctOnOperator(input, d.keys());
        }
        if (plan instanceof PhysicalPlan.LimitWithTies l) {
            return new TiesOperator(input, l);
        }
        if (plan instanceof PhysicalPlan.Limit l) {
            return new LimitOperator(input, l.count(), l.offset());
        }
        throw new IllegalArgumentException("no operator for " + plan.getClass());
    }

    private static SqlType[] types(PhysicalPlan plan) {
        return plan.columns().stream().map(PlanColumn::type).toArray(SqlType[]::new);
    }
}
