// Logical to physical, node by node.
package org.mosslsm.sql.optimize;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.mosslsm.sql.error.Cancellation;
import org.mosslsm.sql.expr.AggregateCall;
import org.mosslsm.sql.expr.AggregateFunction;
import org.mosslsm.sql.expr.ScalarExpr;
import org.mosslsm.sql.expr.ScalarExpr.ColumnRef;
import org.mosslsm.sql.plan.CommonQuery;
import org.mosslsm.sql.plan.JoinKind;
import org.mosslsm.sql.plan.LogicalPlan;
import org.mosslsm.sql.plan.LogicalTrees;
import org.mosslsm.sql.plan.PhysicalPlan;
import org.mosslsm.sql.plan.PlanColumn;
import org.mosslsm.sql.plan.SetKind;
import org.mosslsm.sql.plan.SortKey;

/** Chooses an operator for each node; scans and joins are left to {@link AccessPaths} and {@link JoinPlanner}. */
final class PhysicalPlanner {
    /** More aggregates than this are computed together. */
    private static final int MOST_APART = 8;

    private final AccessPaths access;
    private final JoinPlanner joins;
    private final DistinctScans distincts;
    private final Function<CommonQuery, PhysicalPlan> commonQueries;

    /**
     * A planner.
     *
     * @param commonQueries gives the one plan of a WITH query
     */
    PhysicalPlanner(Estimates estimates, Slots slots, Function<CommonQuery, PhysicalPlan> commonQueries) {
        this.commonQueries = commonQueries;
        this.access = new AccessPaths(estimates, slots);
        this.joins = new JoinPlanner(this, access, estimates, slots);
        this.distincts = new DistinctScans(estimates);
    }

    /** The plan; where {@code wanted} was granted, {@link Orders} tells. */
    PhysicalPlan plan(LogicalPlan plan, Wanted wanted) {
        Cancellation.ask();
        if (plan instanceof LogicalPlan.TableScan s) {
            return access.choose(s, List.of(), wanted).plan();
        }
        if (plan instanceof LogicalPlan.Filter f) {
            return filter(f, wanted);
        }
        if (plan instanceof LogicalPlan.Project p) {
            return project(p, wanted);
        }
        if (plan instanceof LogicalPlan.Join j) {
            return j.kind() == JoinKind.INNER ? joins.inner(j) : joins.outer(j, wanted);
        }
        if (plan instanceof LogicalPlan.Sort s) {
            return sort(s, wanted);
        }
        if (plan instanceof LogicalPlan.Limit l) {
            return limit(l, wanted);
        }
        if (plan instanceof LogicalPlan.Aggregate a) {
            return aggregate(a);
        }
        if (plan instanceof LogicalPlan.Distinct d) {
            return distinct(d, wanted);
        }
        if (plan instanceof LogicalPlan.SetOperation s) {
            return setOperation(s);
        }
        if (plan instanceof LogicalPlan.LockRows l) {
            return new PhysicalPlan.LockRows(
                    plan(l.input(), wanted), l.tables(), l.conditions(), l.exclusive(), l.whenLocked());
        }
        if (plan instanceof LogicalPlan.DistinctOn d) {
            return new PhysicalPlan.DistinctOn(
                    plan(d.input(), new Wanted(wanted.keys(), Double.POSITIVE_INFINITY)), d.keys());
        }
        if (plan instanceof LogicalPlan.LimitWithTies l) {
            return new PhysicalPlan.LimitWithTies(plan(l.input(), Wanted.NOTHING), l.keys(), l.count(), l.offset());
        }
        if (plan instanceof LogicalPlan.CommonScan c) {
            return new PhysicalPlan.CommonScan(
                    c.query().name(), commonQueries.apply(c.query()), c.query().correlated(), c.columns());
        }
        if (plan instanceof LogicalPlan.Series s) {
            return new PhysicalPlan.Series(s.first(), s.last(), s.step(), s.columns());
        }
        LogicalPlan.Values v = (LogicalPlan.Values) plan;
        return new PhysicalPlan.Values(v.rows(), v.columns());
    }

    private PhysicalPlan filter(LogicalPlan.Filter f, Wanted wanted) {
        List<ScalarExpr> terms = Conjuncts.split(f.predicate());
        if (f.input() instanceof LogicalPlan.TableScan s) {
            return access.choose(s, terms, wanted).plan();
        }
        if (terms.stream().anyMatch(t -> t instanceof ScalarExpr.Literal)) {
            return new PhysicalPlan.Values(List.of(), f.columns());
        }
        return new PhysicalPlan.Filter(
                plan(f.input(), new Wanted(wanted.keys(), Double.POSITIVE_INFINITY)), f.predicate());
    }

    private PhysicalPlan project(LogicalPlan.Project p, Wanted wanted) {
        List<SortKey> keys = new ArrayList<>();
        boolean mapped = true;
        for (SortKey k : wanted.keys()) {
            boolean column = k.expr() instanceof ColumnRef c && p.expressions().get(c.index()) instanceof ColumnRef;
            mapped &= column;
            if (column) {
                keys.add(k.over(p.expressions().get(((ColumnRef) k.expr()).index())));
            }
        }
        Wanted below = mapped ? new Wanted(keys, wanted.limit()) : Wanted.NOTHING;
        return Projections.over(plan(p.input(), below), p.expressions(), p.columns());
    }

    // ---- order and limits

    private PhysicalPlan sort(LogicalPlan.Sort s, Wanted wanted) {
        PhysicalPlan input = plan(s.input(), new Wanted(s.keys(), wanted.limit()));
        return Orders.of(input).satisfies(s.keys(), input.columns()) ? input : new PhysicalPlan.Sort(input, s.keys());
    }

    private PhysicalPlan limit(LogicalPlan.Limit l, Wanted wanted) {
        double most = constant(l.count(), Double.POSITIVE_INFINITY) + constant(l.offset(), 0);
        double limit = l.count().isPresent() && Double.isInfinite(most) ? Wanted.A_FEW : most;
        PhysicalPlan input = plan(l.input(), new Wanted(wanted.keys(), Math.min(limit, wanted.limit())));
        if (input instanceof PhysicalPlan.Sort s && l.count().isPresent()) {
            return new PhysicalPlan.TopN(s.input(), s.keys(), l.count().get(), l.offset());
        }
        // What is computed after the sort is computed of the rows that stay; of those skipped too, if it matters.
        if (input instanceof PhysicalPlan.Project p
                && p.input() instanceof PhysicalPlan.Sort s
                && l.count().isPresent()
                && (l.offset().isEmpty() || p.expressions().stream().noneMatch(Conjuncts::mayAct))) {
            return new PhysicalPlan.Project(
                    new PhysicalPlan.TopN(s.input(), s.keys(), l.count().get(), l.offset()),
                    p.expressions(),
                    p.columns());
        }
        return new PhysicalPlan.Limit(input, l.count(), l.offset());
    }

    private static double constant(Optional<ScalarExpr> e, double otherwise) {
        return e.isPresent() && e.get() instanceof ScalarExpr.Literal n && n.value() instanceof Long v
                ? Math.max(0.0, (double) v)
                : otherwise;
    }

    // ---- groups

    private PhysicalPlan aggregate(LogicalPlan.Aggregate a) {
        Optional<PhysicalPlan> quick = oneSeek(a).or(() -> apart(a));
        if (quick.isPresent()) {
            return quick.get();
        }
        List<SortKey> keys = new ArrayList<>();
        if (a.keys().stream().allMatch(ColumnRef.class::isInstance)) {
            a.keys().forEach(k -> keys.add(new SortKey(k, false, false)));
        }
        PhysicalPlan input = countsValuesOnce(a) && a.input() instanceof LogicalPlan.TableScan s
                ? distincts.of(s, List.of()).orElseGet(() -> plan(s, Wanted.NOTHING))
                : plan(a.input(), Wanted.NOTHING);
        if (countsEntries(a, input)) {
            return countEntries(a, (PhysicalPlan.IndexScan) input);
        }
        boolean sorted = !keys.isEmpty() && Orders.of(input).groups(a.keys());
        return new PhysicalPlan.Aggregate(input, a.keys(), a.calls(), sorted, a.columns());
    }

    /** Whether rows that are alike in all columns of the input may as well be one. */
    private static boolean countsValuesOnce(LogicalPlan.Aggregate a) {
        return a.keys().stream().allMatch(ColumnRef.class::isInstance)
                && a.calls().stream()
                        .allMatch(c -> (c.distinct() || isExtreme(c))
                                && c.arguments().stream().allMatch(ColumnRef.class::isInstance)
                                && c.filter().isEmpty());
    }

    /** Several aggregates, of which each is a seek or a count of entries: apart, since together they read all rows. */
    private Optional<PhysicalPlan> apart(LogicalPlan.Aggregate a) {
        boolean may = a.keys().isEmpty()
                && a.calls().size() >= 2
                && a.calls().size() <= MOST_APART
                && a.calls().stream().allMatch(c -> isExtreme(c) || isCount(c))
                && a.calls().stream().anyMatch(PhysicalPlanner::isExtreme)
                && !LogicalTrees.hasVolatile(a.input());
        if (!may) {
            return Optional.empty();
        }
        List<Integer> counts = new ArrayList<>();
        List<List<Integer>> parts = new ArrayList<>();
        for (int i = 0; i < a.calls().size(); i++) {
            if (isExtreme(a.calls().get(i))) {
                parts.add(List.of(i));
            } else {
                counts.add(i);
            }
        }
        if (!counts.isEmpty()) {
            parts.add(counts); // all of them by one look
        }
        PhysicalPlan all = null;
        List<PlanColumn> columns = new ArrayList<>();
        ScalarExpr[] results = new ScalarExpr[a.calls().size()];
        for (List<Integer> part : parts) {
            for (int call : part) {
                results[call] =
                        new ColumnRef(columns.size(), a.columns().get(call).type());
                columns.add(a.columns().get(call));
            }
            LogicalPlan.Aggregate one = new LogicalPlan.Aggregate(
                    a.input(),
                    a.keys(),
                    part.stream().map(a.calls()::get).toList(),
                    part.stream().map(a.columns()::get).toList());
            Optional<PhysicalPlan> plan = isExtreme(one.calls().get(0)) ? oneSeek(one) : counted(one);
            if (plan.isEmpty() || !readsRangesOnly(plan.get())) {
                return Optional.empty();
            }
            all = all == null
                    ? plan.get()
                    : new PhysicalPlan.NestedLoopJoin(
                            JoinKind.INNER, all, plan.get(), Optional.empty(), List.copyOf(columns));
        }
        return Optional.of(Projections.over(all, List.of(results), a.columns()));
    }

    private static boolean readsRangesOnly(PhysicalPlan plan) {
        return plan instanceof PhysicalPlan.IndexScan s
                ? s.filter().isEmpty() && s.entryFilter().isEmpty()
                : plan instanceof PhysicalPlan.CountEntries
                        || (plan.inputs().size() == 1
                                && readsRangesOnly(plan.inputs().get(0)));
    }

    private static boolean isExtreme(AggregateCall call) {
        return call.function() == AggregateFunction.MIN || call.function() == AggregateFunction.MAX;
    }

    private static boolean isCount(AggregateCall call) {
        return call.function() == AggregateFunction.COUNT_STAR || call.function() == AggregateFunction.COUNT;
    }

    /** Whether all that is asked is how many rows there are, and ranges of an index alone decide which. */
    private static boolean countsEntries(LogicalPlan.Aggregate a, PhysicalPlan input) {
        return a.keys().isEmpty()
                && !a.calls().isEmpty()
                && a.calls().stream().allMatch(c -> countsRows(c, input))
                && input instanceof PhysicalPlan.IndexScan scan
                && scan.filter().isEmpty()
                && scan.entryFilter().isEmpty();
    }

    private Optional<PhysicalPlan> counted(LogicalPlan.Aggregate a) {
        PhysicalPlan input = plan(a.input(), Wanted.NOTHING);
        return countsEntries(a, input)
                ? Optional.of(countEntries(a, (PhysicalPlan.IndexScan) input))
                : Optional.empty();
    }

    private static PhysicalPlan countEntries(LogicalPlan.Aggregate a, PhysicalPlan.IndexScan scan) {
        return new PhysicalPlan.CountEntries(scan.table(), scan.index(), scan.alias(), scan.ranges(), a.columns());
    }

    private static boolean countsRows(AggregateCall call, PhysicalPlan input) {
        if (call.filter().isPresent() || call.distinct()) {
            return false;
        }
        return call.function() == AggregateFunction.COUNT_STAR
                || (call.function() == AggregateFunction.COUNT
                        && call.arguments().get(0) instanceof ColumnRef c
                        && !input.columns().get(c.index()).nullable());
    }

    /** MIN or MAX of a column alone is the first row in its order: one seek where an index gives that order. */
    private Optional<PhysicalPlan> oneSeek(LogicalPlan.Aggregate a) {
        if (!a.keys().isEmpty() || a.calls().size() != 1) {
            return Optional.empty();
        }
        AggregateCall call = a.calls().get(0);
        // What is volatile is computed for all rows, though the first would do.
        if (!isExtreme(call)
                || call.filter().isPresent()
                || !(call.arguments().get(0) instanceof ColumnRef c)
                || LogicalTrees.hasVolatile(a.input())) {
            return Optional.empty();
        }
        ScalarExpr known = new ScalarExpr.Not(new ScalarExpr.IsNull(c));
        LogicalPlan input = a.input().columns().get(c.index()).nullable()
                ? new PushDownFilters().apply(new LogicalPlan.Filter(a.input(), known))
                : a.input();
        boolean descending = call.function() == AggregateFunction.MAX;
        Wanted wanted = new Wanted(List.of(new SortKey(c, descending, descending)), 1);
        PhysicalPlan plan = plan(input, wanted);
        if (!Orders.of(plan).satisfies(wanted.keys(), plan.columns())) {
            return Optional.empty();
        }
        ScalarExpr one = new ScalarExpr.Literal(1L, org.mosslsm.sql.type.SqlType.BIGINT);
        PhysicalPlan first = new PhysicalPlan.Limit(plan, Optional.of(one), Optional.empty());
        return Optional.of(new PhysicalPlan.Aggregate(first, a.keys(), a.calls(), true, a.columns()));
    }

    // ---- distinct rows

    private PhysicalPlan distinct(LogicalPlan.Distinct d, Wanted wanted) {
        if (d.input() instanceof LogicalPlan.TableScan s) {
            Optional<PhysicalPlan> leading = distincts.of(s, wanted.keys());
            if (leading.isPresent()) {
                return leading.get();
            }
        }
        if (d.input() instanceof LogicalPlan.Project p
                && p.input() instanceof LogicalPlan.TableScan s
                && keepsAll(p)
                && distincts.of(s, List.of()).isPresent()) {
            return project(new LogicalPlan.Project(new LogicalPlan.Distinct(s), p.expressions(), p.columns()), wanted);
        }
        return distinct(plan(d.input(), new Wanted(wanted.keys(), Double.POSITIVE_INFINITY)));
    }

    /** Whether rows differ behind the projection wherever they differ before it, and are computed by nothing. */
    private static boolean keepsAll(LogicalPlan.Project p) {
        BitSet kept = new BitSet();
        for (ScalarExpr e : p.expressions()) {
            if (!(e instanceof ColumnRef c)) {
                return false;
            }
            kept.set(c.index());
        }
        return kept.cardinality() == p.input().width();
    }

    private static PhysicalPlan distinct(PhysicalPlan input) {
        List<ScalarExpr> all = new ArrayList<>();
        for (int i = 0; i < input.width(); i++) {
            all.add(new ColumnRef(i, input.columns().get(i).type()));
        }
        return new PhysicalPlan.Distinct(input, Orders.of(input).groups(all));
    }

    // ---- set operations

    private PhysicalPlan setOperation(LogicalPlan.SetOperation s) {
        if (s.kind() != SetKind.UNION) {
            return new PhysicalPlan.SetOperation(
                    s.kind(), s.all(), plan(s.left(), Wanted.NOTHING), plan(s.right(), Wanted.NOTHING), s.columns());
        }
        List<PhysicalPlan> inputs = new ArrayList<>();
        unions(s, s.all(), inputs);
        PhysicalPlan all = new PhysicalPlan.Concat(inputs, s.columns());
        return s.all() ? all : new PhysicalPlan.Distinct(all, false);
    }

    /** The operands of a chain of unions; under a UNION it does not matter whether the inner ones keep duplicates. */
    private void unions(LogicalPlan plan, boolean all, List<PhysicalPlan> inputs) {
        if (plan instanceof LogicalPlan.SetOperation s && s.kind() == SetKind.UNION && (!all || s.all())) {
            unions(s.left(), all, inputs);
            unions(s.right(), all, inputs);
        } else {
            inputs.add(plan(plan, Wanted.NOTHING));
        }
    }
}
