// Rule: filter as early as possible.
package org.mosslsm.sql.optimize;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.mosslsm.sql.error.Cancellation;
import org.mosslsm.sql.expr.ScalarExpr;
import org.mosslsm.sql.plan.JoinKind;
import org.mosslsm.sql.plan.LogicalPlan;
import org.mosslsm.sql.plan.LogicalTrees;
import org.mosslsm.sql.plan.PlanColumn;

/**
 * Moves the terms of filters down to the tables, as far as the meaning allows: through projections, groups, unions, and
 * to the sides of joins. On the way an outer join whose padded rows would be filtered away becomes an inner one, and a
 * RIGHT join a LEFT one with its sides exchanged.
 */
final class PushDownFilters implements UnaryOperator<LogicalPlan> {
    @Override
    public LogicalPlan apply(LogicalPlan plan) {
        return push(plan, List.of());
    }

    private LogicalPlan push(LogicalPlan plan, List<ScalarExpr> terms) {
        Cancellation.ask();
        if (plan instanceof LogicalPlan.Filter f) {
            List<ScalarExpr> all = new ArrayList<>(Conjuncts.split(f.predicate()));
            all.addAll(terms);
            return push(f.input(), all);
        }
        if (plan instanceof LogicalPlan.Project p) {
            return project(p, terms);
        }
        if (plan instanceof LogicalPlan.Join j) {
            return join(j, terms);
        }
        if (plan instanceof LogicalPlan.Aggregate a) {
            return aggregate(a, terms);
        }
        if (plan instanceof LogicalPlan.Distinct d) {
            return split(
                    terms, t -> !Conjuncts.isVolatile(t), d, (n, down) -> n.withInputs(List.of(push(d.input(), down))));
        }
        if (plan instanceof LogicalPlan.Sort s) {
            return s.withInputs(List.of(push(s.input(), terms)));
        }
        if (plan instanceof LogicalPlan.SetOperation s) {
            return split(
                    terms,
                    t -> !Conjuncts.isVolatile(t),
                    s,
                    (n, down) -> n.withInputs(List.of(push(s.left(), down), push(s.right(), down))));
        }
        LogicalPlan below = LogicalTrees.mapInputs(plan, i -> push(i, List.of()));
        return filter(below, terms);
    }

    private interface Below {
        LogicalPlan make(LogicalPlan node, List<ScalarExpr> down);
    }

    private interface May {
        boolean sink(ScalarExpr term);
    }

    /** Sends down the terms that may go; the others stay above. */
    private static LogicalPlan split(List<ScalarExpr> terms, May may, LogicalPlan node, Below below) {
        List<ScalarExpr> down = new ArrayList<>();
        List<ScalarExpr> stay = new ArrayList<>();
        terms.forEach(t -> (may.sink(t) ? down : stay).add(t));
        return filter(below.make(node, down), stay);
    }

    static LogicalPlan filter(LogicalPlan plan, List<ScalarExpr> terms) {
        Optional<ScalarExpr> condition = Conjuncts.join(terms);
        return condition.isEmpty() ? plan : new LogicalPlan.Filter(plan, condition.get());
    }

    private LogicalPlan project(LogicalPlan.Project p, List<ScalarExpr> terms) {
        if (terms.isEmpty()) {
            return LogicalTrees.mapInputs(p, this);
        }
        // A term over a subquery or a random number would compute it twice, or another one.
        List<Boolean> cheap = p.expressions().stream()
                .map(e -> !Conjuncts.hasSubquery(e) && !Conjuncts.isVolatile(e))
                .toList();
        return split(
                terms,
                t -> !Conjuncts.isVolatile(t) && Conjuncts.columns(t).stream().allMatch(cheap::get),
                p,
                (n, down) -> {
                    List<ScalarExpr> below = down.stream()
                            .map(t -> Conjuncts.substitute(t, p.expressions()))
                            .toList();
                    return n.withInputs(List.of(push(p.input(), below)));
                });
    }

    /** A condition on keys alone decides over whole groups. Without keys there is a group even for no rows. */
    private LogicalPlan aggregate(LogicalPlan.Aggregate a, List<ScalarExpr> terms) {
        if (terms.isEmpty()) {
            return LogicalTrees.mapInputs(a, this);
        }
        int keys = a.keys().size();
        return split(
                terms,
                t -> keys > 0
                        && !Conjuncts.readsNothing(t)
                        && Conjuncts.within(t, 0, keys)
                        && !Conjuncts.isVolatile(t)
                        && Conjuncts.columns(t).stream()
                                .mapToObj(a.keys()::get)
                                .noneMatch(k -> Conjuncts.hasSubquery(k) || Conjuncts.isVolatile(k)),
                a,
                (n, down) -> {
                    List<ScalarExpr> below = down.stream()
                            .map(t -> Conjuncts.substitute(t, a.keys()))
                            .toList();
                    return n.withInputs(List.of(push(a.input(), below)));
                });
    }

    // ---- joins

    private LogicalPlan join(LogicalPlan.Join j, List<ScalarExpr> terms) {
        int leftWidth = j.left().width();
        JoinKind kind = simplify(j, terms, leftWidth);
        if (kind == JoinKind.RIGHT) {
            return push(mirror(new LogicalPlan.Join(kind, j.left(), j.right(), j.condition())), terms);
        }
        List<ScalarExpr> on = Conjuncts.split(j.condition());
        List<ScalarExpr> above = new ArrayList<>();
        List<ScalarExpr> left = new ArrayList<>();
        List<ScalarExpr> right = new ArrayList<>();
        List<ScalarExpr> both = new ArrayList<>();
        if (kind == JoinKind.INNER) {
            on.addAll(terms);
            on = Equalities.extend(on);
        } else {
            for (ScalarExpr t : terms) {
                boolean down = kind != JoinKind.FULL && Conjuncts.within(t, 0, leftWidth) && !Conjuncts.isVolatile(t);
                (down ? left : above).add(t);
            }
        }
        for (ScalarExpr t : on) {
            boolean fixed = kind == JoinKind.FULL || Conjuncts.isVolatile(t);
            boolean leftMayFilter = kind == JoinKind.INNER || kind == JoinKind.SEMI;
            if (fixed) {
                both.add(t);
            } else if (leftMayFilter && Conjuncts.within(t, 0, leftWidth)) {
                left.add(t);
            } else if (!Conjuncts.readsNothing(t) && Conjuncts.within(t, leftWidth, Integer.MAX_VALUE)) {
                right.add(Conjuncts.shift(t, -leftWidth));
            } else {
                both.add(t);
            }
        }
        LogicalPlan joined =
                new LogicalPlan.Join(kind, push(j.left(), left), push(j.right(), right), Conjuncts.join(both));
        return filter(joined, above);
    }

    /** The kind after those rows are gone that {@code terms} refuse because their columns are NULL. */
    private static JoinKind simplify(LogicalPlan.Join j, List<ScalarExpr> terms, int leftWidth) {
        boolean dropsRightNulls = false;
        boolean dropsLeftNulls = false;
        if (!j.kind().keepsLeft() && !j.kind().keepsRight()) {
            return j.kind();
        }
        for (ScalarExpr t : terms) {
            dropsLeftNulls |= NullRejection.rejects(t, c -> c < leftWidth);
            dropsRightNulls |= NullRejection.rejects(t, c -> c >= leftWidth);
        }
        boolean keepsLeft = j.kind().keepsLeft() && !dropsRightNulls;
        boolean keepsRight = j.kind().keepsRight() && !dropsLeftNulls;
        if (keepsLeft) {
            return keepsRight ? JoinKind.FULL : JoinKind.LEFT;
        }
        return keepsRight ? JoinKind.RIGHT : JoinKind.INNER;
    }

    /** {@code a RIGHT JOIN b} as {@code b LEFT JOIN a}, its columns put back into their order. */
    private static LogicalPlan mirror(LogicalPlan.Join j) {
        int leftWidth = j.left().width();
        int rightWidth = j.right().width();
        Optional<ScalarExpr> condition =
                j.condition().map(c -> Conjuncts.renumber(c, i -> i < leftWidth ? i + rightWidth : i - leftWidth));
        LogicalPlan mirrored =
                new LogicalPlan.Join(JoinKind.LEFT, /* left= */ j.right(), /* right= */ j.left(), condition);
        List<ScalarExpr> columns = new ArrayList<>();
        List<PlanColumn> names = j.columns();
        for (int i = 0; i < leftWidth + rightWidth; i++) {
            int at = i < leftWidth ? i + rightWidth : i - leftWidth;
            columns.add(new ScalarExpr.ColumnRef(at, names.get(i).type()));
        }
        return new LogicalPlan.Project(mirrored, columns, names);
    }
}
