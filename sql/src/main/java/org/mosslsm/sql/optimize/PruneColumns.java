// Rule: carry no column that nobody reads.
package org.mosslsm.sql.optimize;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.mosslsm.sql.expr.AggregateCall;
import org.mosslsm.sql.expr.ScalarExpr;
import org.mosslsm.sql.plan.LogicalPlan;
import org.mosslsm.sql.plan.LogicalTrees;
import org.mosslsm.sql.plan.PlanColumn;

/**
 * Removes columns that nothing above reads, so that scans decode less and indexes can cover more. What is volatile stays:
 * whoever counts the rows of {@code SELECT nextval('s') ...} moves the sequence.
 */
final class PruneColumns implements UnaryOperator<LogicalPlan> {
    /** A plan with fewer columns, and where the old ones went: position or -1. */
    @SuppressWarnings("ArrayRecordComponent") // Never compared, never changed once made.
    private record Pruned(LogicalPlan plan, int[] to) {
        ScalarExpr move(ScalarExpr e) {
            return Conjuncts.renumber(e, c -> to[c]);
        }
    }

    @Override
    public LogicalPlan apply(LogicalPlan plan) {
        BitSet all = new BitSet();
        all.set(0, plan.width());
        return exactly(prune(plan, all), all, plan.columns());
    }

    /** The pruned plan with exactly the needed columns, in their order. */
    private static LogicalPlan exactly(Pruned p, BitSet needed, List<PlanColumn> columns) {
        List<ScalarExpr> expressions = new ArrayList<>();
        List<PlanColumn> kept = new ArrayList<>();
        boolean same = p.plan().width() == needed.cardinality();
        for (int i = needed.nextSetBit(0); i >= 0; i = needed.nextSetBit(i + 1)) {
            same &= p.to()[i] == expressions.size();
            expressions.add(new ScalarExpr.ColumnRef(p.to()[i], columns.get(i).type()));
            kept.add(columns.get(i));
        }
        return same ? p.plan() : new LogicalPlan.Project(p.plan(), expressions, kept);
    }

    private Pruned prune(LogicalPlan plan, BitSet needed) {
        boolean computes = plan instanceof LogicalPlan.Project
                || plan instanceof LogicalPlan.Values
                || plan instanceof LogicalPlan.Aggregate;
        return pruned(plan, computes ? kept(plan, needed) : needed);
    }

    /** The columns that are needed, and those whose expressions do more than give a value. */
    private static BitSet kept(LogicalPlan plan, BitSet needed) {
        BitSet kept = (BitSet) needed.clone();
        for (int i = needed.nextClearBit(0); i < plan.width(); i = needed.nextClearBit(i + 1)) {
            if (isVolatile(plan, i)) {
                kept.set(i);
            }
        }
        return kept;
    }

    private static boolean isVolatile(LogicalPlan plan, int column) {
        if (plan instanceof LogicalPlan.Project p) {
            return LogicalTrees.hasVolatile(p.expressions().get(column));
        }
        if (plan instanceof LogicalPlan.Values v) {
            return v.rows().stream().anyMatch(r -> LogicalTrees.hasVolatile(r.get(column)));
        }
        return plan instanceof LogicalPlan.Aggregate a
                && column >= a.keys().size()
                && a.calls().get(column - a.keys().size()).expressions().stream()
                        .anyMatch(LogicalTrees::hasVolatile);
    }

    private Pruned pruned(LogicalPlan plan, BitSet needed) {
        if (plan instanceof LogicalPlan.TableScan s) {
            return new Pruned(
                    new LogicalPlan.TableScan(
                            s.table(), s.alias(), keep(s.ordinals(), needed), keep(s.columns(), needed)),
                    positions(needed, s.width()));
        }
        if (plan instanceof LogicalPlan.Series || plan instanceof LogicalPlan.CommonScan) {
            return new Pruned(plan, IntStream.range(0, plan.width()).toArray());
        }
        if (plan instanceof LogicalPlan.Values v) {
            List<List<ScalarExpr>> rows =
                    v.rows().stream().map(r -> keep(r, needed)).toList();
            return new Pruned(new LogicalPlan.Values(rows, keep(v.columns(), needed)), positions(needed, v.width()));
        }
        if (plan instanceof LogicalPlan.Project p) {
            List<ScalarExpr> kept = keep(p.expressions(), needed);
            Pruned input = prune(p.input(), columns(kept));
            List<ScalarExpr> moved = new ArrayList<>(kept.size());
            for (ScalarExpr e : kept) {
                moved.add(input.move(e));
            }
            return new Pruned(
                    new LogicalPlan.Project(input.plan(), moved, keep(p.columns(), needed)),
                    positions(needed, p.width()));
        }
        if (plan instanceof LogicalPlan.Join j) {
            return join(j, needed);
        }
        if (plan instanceof LogicalPlan.Aggregate a) {
            return aggregate(a, needed);
        }
        if (plan instanceof LogicalPlan.Distinct || plan instanceof LogicalPlan.SetOperation) {
            return whole(plan, needed);
        }
        // Filter, Sort, Limit: what they read is needed besides.
        BitSet below = (BitSet) needed.clone();
        LogicalTrees.expressions(plan).forEach(e -> below.or(Conjuncts.columns(e)));
        if (plan instanceof LogicalPlan.Limit) {
            below.clear();
            below.or(needed);
        }
        Pruned input = prune(plan.inputs().get(0), below);
        LogicalPlan moved = plan instanceof LogicalPlan.Limit ? plan : LogicalTrees.mapExpressions(plan, input::move);
        return new Pruned(moved.withInputs(List.of(input.plan())), input.to());
    }

    /** Every column counts for DISTINCT and set operations; only a UNION ALL can do without. */
    private Pruned whole(LogicalPlan plan, BitSet needed) {
        boolean unionAll =
                plan instanceof LogicalPlan.SetOperation s && s.all() && s.kind() == org.mosslsm.sql.plan.SetKind.UNION;
        BitSet wanted = new BitSet();
        wanted.set(0, plan.width());
        if (unionAll) {
            wanted.and(needed);
        }
        List<LogicalPlan> inputs = plan.inputs().stream()
                .map(in -> exactly(prune(in, wanted), wanted, in.columns()))
                .toList();
        if (!unionAll) {
            return new Pruned(plan.withInputs(inputs), positions(wanted, plan.width()));
        }
        LogicalPlan.SetOperation s = (LogicalPlan.SetOperation) plan;
        LogicalPlan pruned =
                new LogicalPlan.SetOperation(s.kind(), true, inputs.get(0), inputs.get(1), keep(s.columns(), wanted));
        return new Pruned(pruned, positions(wanted, plan.width()));
    }

    private Pruned join(LogicalPlan.Join j, BitSet needed) {
        int leftWidth = j.left().width();
        BitSet used = (BitSet) needed.clone();
        j.condition().ifPresent(c -> used.or(Conjuncts.columns(c)));
        Pruned left = prune(j.left(), used.get(0, leftWidth));
        Pruned right =
                prune(j.right(), used.get(leftWidth, leftWidth + j.right().width()));
        int[] to = new int[leftWidth + j.right().width()];
        for (int i = 0; i < to.length; i++) {
            int at = i < leftWidth ? left.to()[i] : right.to()[i - leftWidth];
            to[i] = at < 0 || i < leftWidth ? at : at + left.plan().width();
        }
        LogicalPlan pruned = new LogicalPlan.Join(
                j.kind(), left.plan(), right.plan(), j.condition().map(c -> Conjuncts.renumber(c, i -> to[i])));
        return new Pruned(pruned, to);
    }

    private Pruned aggregate(LogicalPlan.Aggregate a, BitSet needed) {
        BitSet kept = (BitSet) needed.clone();
        kept.set(0, a.keys().size());
        List<AggregateCall> calls = keep(
                a.calls(),
                kept.get(a.keys().size(), Math.max(kept.length(), a.keys().size())));
        BitSet used = columns(a.keys());
        for (AggregateCall c : calls) {
            used.or(columns(c.expressions()));
        }
        Pruned input = prune(a.input(), used);
        LogicalPlan pruned = new LogicalPlan.Aggregate(
                input.plan(),
                a.keys().stream().map(input::move).toList(),
                calls.stream().map(c -> c.map(input::move)).toList(),
                keep(a.columns(), kept));
        return new Pruned(pruned, positions(kept, a.width()));
    }

    private static BitSet columns(List<ScalarExpr> expressions) {
        BitSet columns = new BitSet();
        for (ScalarExpr e : expressions) {
            Conjuncts.addColumns(e, columns);
        }
        return columns;
    }

    private static <T> List<T> keep(List<T> list, BitSet needed) {
        if (needed.nextClearBit(0) >= list.size()) {
            return list;
        }
        List<T> kept = new ArrayList<>(needed.cardinality());
        for (int i = 0; i < list.size(); i++) {
            if (needed.get(i)) {
                kept.add(list.get(i));
            }
        }
        return kept;
    }

    private static int[] positions(BitSet needed, int width) {
        int[] to = new int[width];
        int next = 0;
        for (int i = 0; i < width; i++) {
            to[i] = needed.get(i) ? next++ : -1;
        }
        return to;
    }
}
