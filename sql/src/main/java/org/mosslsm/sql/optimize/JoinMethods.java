// How two inputs are joined.
package org.mosslsm.sql.optimize;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.mosslsm.sql.expr.ExprTrees;
import org.mosslsm.sql.expr.ScalarExpr;
import org.mosslsm.sql.expr.ScalarExpr.ColumnRef;
import org.mosslsm.sql.expr.SlotBinding;
import org.mosslsm.sql.plan.JoinKind;
import org.mosslsm.sql.plan.LogicalPlan;
import org.mosslsm.sql.plan.PhysicalPlan;
import org.mosslsm.sql.plan.PlanColumn;

/**
 * Chooses between looking rows up in an index for each outer row, a hash table, walking over two inputs in the order of
 * their keys, and comparing all pairs; costs are in the unit of {@link AccessPaths}.
 */
final class JoinMethods {
    private static final double BUILD = 1.5;
    private static final double PROBE = 0.7;
    private static final double PAIR = 0.3;
    /** Handing a joined row on. */
    static final double GIVEN = 0.1;
    /** Opening a scan again. */
    private static final double OPEN = 1;

    private final AccessPaths access;
    private final Slots slots;

    JoinMethods(AccessPaths access, Slots slots) {
        this.access = access;
        this.slots = slots;
    }

    /** A way to join. */
    private record Way(PhysicalPlan plan, double cost, boolean exchanged) {}

    /** The terms of a join, over the left row followed by the right row, sorted by what they are good for. */
    private static final class Terms {
        final List<ScalarExpr> all;
        final List<ScalarExpr> leftKeys = new ArrayList<>();
        final List<ScalarExpr> rightKeys = new ArrayList<>();
        final List<ScalarExpr> others = new ArrayList<>();
        final int leftWidth;

        Terms(List<ScalarExpr> all, int leftWidth) {
            this.all = all;
            this.leftWidth = leftWidth;
            for (ScalarExpr t : all) {
                if (!key(t)) {
                    others.add(t);
                }
            }
        }

        List<MergeJoins.Pair> keyPairs() {
            List<MergeJoins.Pair> pairs = new ArrayList<>();
            for (int i = 0; i < leftKeys.size(); i++) {
                pairs.add(new MergeJoins.Pair(leftKeys.get(i), rightKeys.get(i)));
            }
            return pairs;
        }

        private boolean key(ScalarExpr t) {
            if (!JoinGraph.isEquality(t) || Conjuncts.hasSubquery(t) || Conjuncts.isVolatile(t)) {
                return false;
            }
            ScalarExpr.Compare c = (ScalarExpr.Compare) t;
            return key(c.left(), c.right()) || key(c.right(), c.left());
        }

        private boolean key(ScalarExpr l, ScalarExpr r) {
            boolean sides = !Conjuncts.readsNothing(l)
                    && !Conjuncts.readsNothing(r)
                    && Conjuncts.within(l, 0, leftWidth)
                    && Conjuncts.within(r, leftWidth, Integer.MAX_VALUE);
            if (sides) {
                leftKeys.add(l);
                rightKeys.add(Conjuncts.shift(r, -leftWidth));
            }
            return sides;
        }
    }

    // ---- inner joins

    /**
     * What it costs to join one relation to others, whatever these are.
     *
     * @param keys whether an equality can be hashed
     * @param lookup of the relation for one row of the others; infinite where there is no such way
     */
    record Price(boolean keys, double lookup) {
        double cost(double leftRows, Leaf right) {
            double whole = keys
                    ? Math.min(right.rows() * BUILD + leftRows * PROBE, leftRows * BUILD + right.rows() * PROBE)
                    : leftRows * right.rows() * PAIR;
            // Without a lookup it is infinite, and of no left rows not even a number.
            return lookup == Double.POSITIVE_INFINITY
                    ? right.cost() + whole
                    : Math.min(right.cost() + whole, leftRows * (lookup + OPEN));
        }
    }

    /** What it costs to add a relation by these terms. */
    Price price(JoinGraph graph, int next, List<Integer> applicable) {
        Leaf leaf = graph.leaf(next);
        // The relation's columns last, as in a join with it; where the others stand does not matter.
        int width = graph.columns();
        List<ScalarExpr> over = new ArrayList<>();
        for (int t : applicable) {
            over.add(Conjuncts.renumber(
                    graph.term(t), c -> c >= leaf.offset() && c < leaf.end() ? width + c - leaf.offset() : c));
        }
        Terms terms = new Terms(over, width);
        List<ScalarExpr> onRight = new ArrayList<>(leaf.own());
        double lookup = leaf.scan().isPresent()
                        && onRight(terms, new TreeMap<>(), new Slots(0), onRight, new ArrayList<>())
                ? access.choose(leaf.scan().get(), onRight, Wanted.NOTHING).cost()
                : Double.POSITIVE_INFINITY;
        return new Price(!terms.leftKeys.isEmpty(), lookup);
    }

    /** Adds a relation to those joined already; {@code known}: what {@link #price} said of it. */
    Joined join(JoinGraph graph, Joined current, int next, Optional<Price> known) {
        Leaf leaf = graph.leaf(next);
        List<Integer> applicable = graph.applicable(current.leaves(), next);
        double rows = graph.rows(current.rows(), next, applicable);
        int leftWidth = current.plan().width();
        int[] positions = current.positions().clone();
        for (int i = 0; i < leaf.width(); i++) {
            positions[leaf.offset() + i] = leftWidth + i;
        }
        List<ScalarExpr> over = new ArrayList<>();
        for (int t : applicable) {
            over.add(Conjuncts.renumber(graph.term(t), c -> positions[c]));
        }
        Terms terms = new Terms(over, leftWidth);
        OptionalDouble lookup =
                known.isPresent() ? OptionalDouble.of(known.get().lookup()) : OptionalDouble.empty();
        Way way = cheapest(JoinKind.INNER, current.plan(), current.rows(), leaf, terms, lookup);
        if (current.leaves().cardinality() == 1) {
            Leaf first = graph.leaf(current.leaves().nextSetBit(0));
            way = inOrderOf(leaf, first, terms, way.cost()).orElse(way);
        }
        if (way.exchanged()) {
            for (int c = 0; c < positions.length; c++) {
                if (positions[c] >= 0) {
                    positions[c] += positions[c] < leftWidth ? leaf.width() : -leftWidth;
                }
            }
        }
        BitSet leaves = (BitSet) current.leaves().clone();
        leaves.set(next);
        return new Joined(way.plan(), leaves, positions, rows);
    }

    /** A merge for which the first relation is read in the order of the second, where that costs less than {@code most}. */
    private Optional<Way> inOrderOf(Leaf right, Leaf first, Terms terms, double most) {
        List<PlanColumn> columns = LogicalPlan.joinColumns(
                JoinKind.INNER, first.alone().columns(), right.alone().columns());
        Optional<AccessPaths.Path> left = MergeJoins.inOrderOf(right, first, terms.keyPairs(), access);
        if (left.isEmpty()) {
            return Optional.empty();
        }
        return MergeJoins.plan(
                        JoinKind.INNER, left.get().plan(), right, terms.keyPairs(), terms.others, access, columns)
                .map(m -> new Way(
                        m.plan(),
                        m.rightCost()
                                + left.get().cost()
                                - first.cost()
                                + (first.rows() + right.rows()) * MergeJoins.STEP,
                        false))
                .filter(w -> w.cost() < most);
    }

    // ---- outer, semi and anti joins

    PhysicalPlan outer(LogicalPlan.Join join, PhysicalPlan left, double leftRows, Leaf right) {
        Terms terms = new Terms(Conjuncts.split(join.condition()), join.left().width());
        return cheapest(join.kind(), left, leftRows, right, terms, OptionalDouble.empty())
                .plan();
    }

    /** {@code lookup}: what the right side costs to look up for one row, where that is known. */
    private Way cheapest(
            JoinKind kind, PhysicalPlan left, double leftRows, Leaf right, Terms terms, OptionalDouble lookup) {
        List<PlanColumn> columns =
                LogicalPlan.joinColumns(kind, left.columns(), right.alone().columns());
        boolean hashes = !terms.leftKeys.isEmpty();
        double whole = right.cost() + (hashes ? hashCost(kind, leftRows, right) : leftRows * right.rows() * PAIR);
        Optional<Way> best = Optional.empty();
        if (kind != JoinKind.NOT_IN && hashes) {
            best = MergeJoins.plan(kind, left, right, terms.keyPairs(), terms.others, access, columns)
                    .map(m -> new Way(m.plan(), m.rightCost() + (leftRows + right.rows()) * MergeJoins.STEP, false))
                    .filter(m -> m.cost() < whole);
        }
        double least = best.isPresent() ? best.get().cost() : whole;
        boolean mayLookUp =
                kind != JoinKind.FULL && kind != JoinKind.NOT_IN && right.scan().isPresent();
        if (mayLookUp && leftRows * (lookup.orElse(0) + OPEN) < least) {
            Optional<Way> way = lookup(kind, left, leftRows, right, terms, columns);
            if (way.isPresent() && way.get().cost() < least) {
                return way.get();
            }
        }
        return best.orElseGet(() -> hashes
                ? hash(kind, left, leftRows, right, terms, columns, whole)
                : pairs(kind, left, right, terms, columns, whole));
    }

    private static Way pairs(
            JoinKind kind, PhysicalPlan left, Leaf right, Terms terms, List<PlanColumn> columns, double cost) {
        PhysicalPlan plan =
                new PhysicalPlan.NestedLoopJoin(kind, left, right.alone(), Conjuncts.join(terms.all), columns);
        return new Way(plan, cost, false);
    }

    private static double asIs(double leftRows, Leaf right) {
        return right.rows() * BUILD + leftRows * PROBE;
    }

    private static double turned(double leftRows, Leaf right) {
        return leftRows * BUILD + right.rows() * PROBE;
    }

    private static double hashCost(JoinKind kind, double leftRows, Leaf right) {
        double asIs = asIs(leftRows, right);
        return kind == JoinKind.INNER ? Math.min(asIs, turned(leftRows, right)) : asIs;
    }

    private static Way hash(
            JoinKind kind,
            PhysicalPlan left,
            double leftRows,
            Leaf right,
            Terms terms,
            List<PlanColumn> columns,
            double cost) {
        if (kind == JoinKind.INNER && turned(leftRows, right) < asIs(leftRows, right)) {
            int leftWidth = terms.leftWidth;
            int rightWidth = right.width();
            List<ScalarExpr> others = terms.others.stream()
                    .map(t -> Conjuncts.renumber(t, c -> c < leftWidth ? c + rightWidth : c - leftWidth))
                    .toList();
            PhysicalPlan plan = new PhysicalPlan.HashJoin(
                    kind,
                    right.alone(),
                    left,
                    terms.rightKeys,
                    terms.leftKeys,
                    Conjuncts.join(others),
                    LogicalPlan.joinColumns(kind, right.alone().columns(), left.columns()));
            return new Way(plan, cost, true);
        }
        PhysicalPlan plan = new PhysicalPlan.HashJoin(
                kind, left, right.alone(), terms.leftKeys, terms.rightKeys, Conjuncts.join(terms.others), columns);
        return new Way(plan, cost, false);
    }

    /** For each left row a scan of the right table, whose ranges and filters see the left row through slots. */
    private Optional<Way> lookup(
            JoinKind kind, PhysicalPlan left, double leftRows, Leaf right, Terms terms, List<PlanColumn> columns) {
        Map<Integer, SlotBinding> bindings = new TreeMap<>();
        List<ScalarExpr> onRight = new ArrayList<>(right.own());
        List<ScalarExpr> condition = new ArrayList<>();
        if (!onRight(terms, bindings, slots, onRight, condition)) {
            return Optional.empty();
        }
        AccessPaths.Path path = access.choose(right.scan().get(), onRight, Wanted.NOTHING);
        double cost = leftRows * (path.cost() + OPEN);
        PhysicalPlan plan = new PhysicalPlan.LookupJoin(
                kind, left, path.plan(), List.copyOf(bindings.values()), Conjuncts.join(condition), columns);
        return Optional.of(new Way(plan, cost, false));
    }

    /** Sorts the terms of a join into those that a scan of the right can test, and others; false where none can. */
    private static boolean onRight(
            Terms terms,
            Map<Integer, SlotBinding> bindings,
            Slots slots,
            List<ScalarExpr> onRight,
            List<ScalarExpr> condition) {
        for (ScalarExpr t : terms.all) {
            if (Conjuncts.readsNothing(t) || Conjuncts.isVolatile(t)) {
                condition.add(t);
            } else {
                onRight.add(ExprTrees.transform(
                        t, n -> n instanceof ColumnRef c ? seenFromRight(c, terms, bindings, slots) : n));
            }
        }
        return !bindings.isEmpty();
    }

    private static ScalarExpr seenFromRight(ColumnRef c, Terms terms, Map<Integer, SlotBinding> bindings, Slots slots) {
        if (c.index() >= terms.leftWidth) {
            return new ColumnRef(c.index() - terms.leftWidth, c.type());
        }
        SlotBinding binding =
                bindings.computeIfAbsent(c.index(), i -> new SlotBinding(slots.take(), new ColumnRef(i, c.type())));
        return new ScalarExpr.SlotRef(binding.slot(), c.type());
    }
}
