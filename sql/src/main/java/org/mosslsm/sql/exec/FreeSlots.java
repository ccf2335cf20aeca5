package org.mosslsm.sql.exec;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.mosslsm.sql.expr.ExprTrees;
import org.mosslsm.sql.expr.ScalarExpr;
import org.mosslsm.sql.expr.ScalarExpr.SlotRef;
import org.mosslsm.sql.expr.SlotBinding;
import org.mosslsm.sql.expr.Subquery;
import org.mosslsm.sql.plan.KeyRangeSpec;
import org.mosslsm.sql.plan.PhysicalPlan;

/**
 * Finds the slots a plan reads but does not set itself: a subquery's answer depends on them alone. A WITH query that reads
 * such slots is as much part of the plans that use it as if it stood there; one that is computed once a statement is not looked
 * into. Each is looked into once, however often it is used.
 */
final class FreeSlots {
    /** A WITH query that reads slots of a subquery it stands in. */
    record Common(PhysicalPlan query, Set<Integer> slots, boolean isVolatile) {}

    private final Set<Integer> read = new TreeSet<>();
    private final Set<Integer> set = new TreeSet<>();

    private final Map<PhysicalPlan, Common> commons;

    private boolean anyVolatile;

    /** @param commons the WITH queries that were looked into, to which those met now are added */
    private FreeSlots(Map<PhysicalPlan, Common> commons) {
        this.commons = commons;
    }

    static int[] of(PhysicalPlan plan) {
        FreeSlots f = visited(plan);
        return f.free().stream().mapToInt(Integer::intValue).toArray();
    }

    /** The WITH queries used anywhere in the plan that read slots. */
    static List<Common> commons(PhysicalPlan plan) {
        FreeSlots f = visited(plan);
        return List.copyOf(f.commons.values());
    }

    private static FreeSlots visited(PhysicalPlan plan) {
        FreeSlots f = new FreeSlots(new IdentityHashMap<>(0));
        f.visit(plan);
        return f;
    }

    private Set<Integer> free() {
        Set<Integer> free = new TreeSet<>(read);
        free.removeAll(set);
        return free;
    }

    /** Whether anything in the plan, or in the subqueries of its expressions, gives another value each time. */
    static boolean hasVolatile(PhysicalPlan plan) {
        FreeSlots f = visited(plan);
        return f.anyVolatile;
    }

    private void visit(PhysicalPlan plan) {
        if (plan instanceof PhysicalPlan.LookupJoin j) {
            j.bindings().forEach(this::binding);
        } else if (plan instanceof PhysicalPlan.CommonScan c && c.correlated()) {
            common(c.query());
        }
        PlanExpressions.forEach(plan, this::expression);
        plan.inputs().forEach(this::visit);
    }

    private void common(PhysicalPlan query) {
        Common common = commons.get(query);
        if (common == null) {
            FreeSlots its = new FreeSlots(commons);
            its.visit(query);
            common = new Common(query, its.free(), its.anyVolatile);
            commons.put(query, common);
        }
        read.addAll(common.slots());
        anyVolatile |= common.isVolatile();
    }

    private void binding(SlotBinding b) {
        set.add(b.slot());
        expression(b.outer());
    }

    private void expression(ScalarExpr root) {
        ExprTrees.walk(root, e -> {
            if (e instanceof SlotRef s) {
                read.add(s.slot());
            } else if (e instanceof ScalarExpr.Call c) {
                anyVolatile |= c.function().isVolatile();
            } else if (e instanceof Subquery q) {
                q.bindings().forEach(b -> set.add(b.slot()));
                visit((PhysicalPlan) q.plan());
            }
        });
    }

    /** The expressions a node holds itself. */
    private static final class PlanExpressions {
        private PlanExpressions() {}

        static void forEach(PhysicalPlan plan, Consumer<ScalarExpr> visit) {
            if (plan instanceof PhysicalPlan.IndexScan s) {
                s.ranges().boxes().forEach(b -> b.parts().forEach(c -> constraint(c, visit)));
                s.entryFilter().ifPresent(visit);
                s.filter().ifPresent(visit);
            } else if (plan instanceof PhysicalPlan.IndexUnion u) {
                for (PhysicalPlan.IndexUnion.Part p : u.parts()) {
                    p.ranges().boxes().forEach(b -> b.parts().forEach(c -> constraint(c, visit)));
                }
                u.filter().ifPresent(visit);
            } else if (plan instanceof PhysicalPlan.CountEntries c) {
                c.ranges().boxes().forEach(b -> b.parts().forEach(p -> constraint(p, visit)));
            } else if (plan instanceof PhysicalPlan.Values v) {
                v.rows().forEach(r -> r.forEach(visit));
            } else if (plan instanceof PhysicalPlan.Filter f) {
                visit.accept(f.predicate());
            } else if (plan instanceof PhysicalPlan.Project p) {
                p.expressions().forEach(visit);
            } else if (plan instanceof PhysicalPlan.NestedLoopJoin j) {
                j.condition().ifPresent(visit);
            } else if (plan instanceof PhysicalPlan.LookupJoin j) {
                j.condition().ifPresent(visit);
            } else if (plan instanceof PhysicalPlan.HashJoin j) {
                j.leftKeys().forEach(visit);
                j.rightKeys().forEach(visit);
                j.condition().ifPresent(visit);
            } else if (plan instanceof PhysicalPlan.MergeJoin j) {
                j.leftKeys().forEach(visit);
                j.rightKeys().forEach(visit);
                j.condition().ifPresent(visit);
            } else if (plan instanceof PhysicalPlan.Aggregate a) {
                a.keys().forEach(visit);
                a.calls().forEach(c -> c.expressions().forEach(visit));
            } else if (plan instanceof PhysicalPlan.Sort s) {
                s.keys().forEach(k -> visit.accept(k.expr()));
            } else if (plan instanceof PhysicalPlan.TopN t) {
                t.keys().forEach(k -> visit.accept(k.expr()));
                visit.accept(t.count());
                t.offset().ifPresent(visit);
            } else if (plan instanceof PhysicalPlan.Series s) {
                visit.accept(s.first());
                visit.accept(s.last());
                visit.accept(s.step());
            } else if (plan instanceof PhysicalPlan.LockRows l) {
                l.conditions().forEach(visit);
            } else if (plan instanceof PhysicalPlan.DistinctOn d) {
                d.keys().forEach(visit);
            } else if (plan instanceof PhysicalPlan.LimitWithTies l) {
                visit.accept(l.count());
                l.offset().ifPresent(visit);
            } else if (plan instanceof PhysicalPlan.Limit l) {
                l.count().ifPresent(visit);
                l.offset().ifPresent(visit);
            }
        }

        private static void constraint(KeyRangeSpec.Constraint c, Consumer<ScalarExpr> visit) {
            if (c instanceof KeyRangeSpec.Comparison k) {
                visit.accept(k.value());
            } else if (c instanceof KeyRangeSpec.OneOf o) {
                o.values().forEach(visit);
            } else if (c instanceof KeyRangeSpec.StartsWith s) {
                visit.accept(s.prefix());
            } else if (c instanceof KeyRangeSpec.AllOf a) {
                a.terms().forEach(t -> constraint(t, visit));
            } else if (c instanceof KeyRangeSpec.AnyOf a) {
                a.terms().forEach(t -> constraint(t, visit));
            }
        }
    }
}
