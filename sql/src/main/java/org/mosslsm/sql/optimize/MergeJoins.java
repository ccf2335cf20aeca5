// Joins of inputs that are sorted by their keys already.
package org.mosslsm.sql.optimize;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.mosslsm.sql.expr.CompareOp;
import org.mosslsm.sql.expr.ScalarExpr;
import org.mosslsm.sql.expr.ScalarExpr.ColumnRef;
import org.mosslsm.sql.plan.JoinKind;
import org.mosslsm.sql.plan.PhysicalPlan;
import org.mosslsm.sql.plan.PlanColumn;
import org.mosslsm.sql.plan.SortKey;

/**
 * Finds out whether the order of the left input is one of join keys, and whether the right one has or can be read in the
 * same. Nothing is sorted for it: a hash table costs less than a sort.
 */
final class MergeJoins {
    /** Moving to the next row of a side and comparing its key. */
    static final double STEP = 0.5;

    private MergeJoins() {}

    /** An equality between the sides; the right expression counts columns in the right row. */
    record Pair(ScalarExpr left, ScalarExpr right) {}

    /** A join, and what reading its right input costs. */
    record Merge(PhysicalPlan plan, double rightCost) {}

    static Optional<Merge> plan(
            JoinKind kind,
            PhysicalPlan left,
            Leaf right,
            List<Pair> pairs,
            List<ScalarExpr> others,
            AccessPaths access,
            List<PlanColumn> columns) {
        List<Pair> keys = new ArrayList<>();
        List<Boolean> descending = new ArrayList<>();
        for (SortKey k : Orders.of(left).keys()) {
            Optional<Pair> pair = pairs.stream()
                    .filter(p -> p.left().equals(k.expr())
                            && p.right() instanceof ColumnRef
                            && p.left().type().equals(p.right().type()))
                    .findFirst();
            if (pair.isEmpty()) {
                break;
            }
            keys.add(pair.get());
            descending.add(k.descending());
        }
        Merge best = null;
        for (int n = keys.size(); n > 0 && best == null; n--) {
            best = sorted(right, keys.subList(0, n), descending, access)
                    .map(r -> new Merge(r.plan(), r.rightCost()))
                    .orElse(null);
            if (best != null) {
                PhysicalPlan join = join(
                        kind, left, best.plan(), keys.subList(0, n), descending.subList(0, n), pairs, others, columns);
                best = new Merge(join, best.rightCost());
            }
        }
        return Optional.ofNullable(best);
    }

    /** The way to read {@code first} that comes in the order of join keys which {@code right} has; empty where none does. */
    static Optional<AccessPaths.Path> inOrderOf(Leaf right, Leaf first, List<Pair> pairs, AccessPaths access) {
        List<SortKey> wanted = new ArrayList<>();
        for (SortKey k : Orders.of(right.alone()).keys()) {
            Optional<Pair> pair = pairs.stream()
                    .filter(p -> p.right().equals(k.expr()) && p.left() instanceof ColumnRef)
                    .findFirst();
            if (pair.isEmpty()) {
                break;
            }
            wanted.add(new SortKey(pair.get().left(), k.descending(), k.descending()));
        }
        if (wanted.isEmpty() || first.scan().isEmpty()) {
            return Optional.empty();
        }
        AccessPaths.Path path =
                access.choose(first.scan().get(), first.own(), new Wanted(wanted, Double.POSITIVE_INFINITY));
        return Orders.of(path.plan()).keys().isEmpty() ? Optional.empty() : Optional.of(path);
    }

    /** The right input in the order of the keys; where NULLs stand does not matter. */
    private static Optional<Merge> sorted(Leaf right, List<Pair> keys, List<Boolean> descending, AccessPaths access) {
        if (isSorted(right.alone(), keys, descending)) {
            return Optional.of(new Merge(right.alone(), right.cost()));
        }
        if (right.scan().isEmpty()) {
            return Optional.empty();
        }
        List<SortKey> wanted = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            wanted.add(new SortKey(keys.get(i).right(), descending.get(i), descending.get(i)));
        }
        AccessPaths.Path path =
                access.choose(right.scan().get(), right.own(), new Wanted(wanted, Double.POSITIVE_INFINITY));
        return isSorted(path.plan(), keys, descending)
                ? Optional.of(new Merge(path.plan(), path.cost()))
                : Optional.empty();
    }

    private static boolean isSorted(PhysicalPlan plan, List<Pair> keys, List<Boolean> descending) {
        List<SortKey> order = Orders.of(plan).keys();
        if (order.size() < keys.size()) {
            return false;
        }
        for (int i = 0; i < keys.size(); i++) {
            boolean same = order.get(i).expr().equals(keys.get(i).right())
                    && order.get(i).descending() == descending.get(i);
            if (!same) {
                return false;
            }
        }
        return true;
    }

    private static PhysicalPlan join(
            JoinKind kind,
            PhysicalPlan left,
            PhysicalPlan right,
            List<Pair> keys,
            List<Boolean> descending,
            List<Pair> pairs,
            List<ScalarExpr> others,
            List<PlanColumn> columns) {
        List<ScalarExpr> condition = new ArrayList<>();
        for (Pair p : pairs) {
            if (!keys.contains(p)) {
                ScalarExpr r = Conjuncts.shift(p.right(), left.width());
                condition.add(new ScalarExpr.Compare(CompareOp.EQ, p.left(), r));
            }
        }
        condition.addAll(others);
        return new PhysicalPlan.MergeJoin(
                kind,
                left,
                right,
                keys.stream().map(Pair::left).toList(),
                keys.stream().map(Pair::right).toList(),
                descending,
                Conjuncts.join(condition),
                columns);
    }
}
