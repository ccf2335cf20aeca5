// Walking and rewriting logical plans.
package org.mosslsm.sql.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.mosslsm.sql.expr.AggregateCall;
import org.mosslsm.sql.expr.ExprTrees;
import org.mosslsm.sql.expr.ScalarExpr;
import org.mosslsm.sql.expr.Subquery;

/** Functions over whole trees of plans and over the expressions of one node. */
public final class LogicalTrees {
    private LogicalTrees() {}

    /** The expressions that stand in this node itself. */
    public static List<ScalarExpr> expressions(LogicalPlan node) {
        List<ScalarExpr> all = new ArrayList<>();
        mapExpressions(node, e -> {
            all.add(e);
            return e;
        });
        return all;
    }

    /** The node with each of its own expressions replaced; the node itself when none changed. */
    public static LogicalPlan mapExpressions(LogicalPlan node, UnaryOperator<ScalarExpr> f) {
        if (node instanceof LogicalPlan.Filter n) {
            ScalarExpr predicate = f.apply(n.predicate());
            return predicate == n.predicate() ? n : new LogicalPlan.Filter(n.input(), predicate);
        }
        if (node instanceof LogicalPlan.Project n) {
            List<ScalarExpr> expressions = mapAll(n.expressions(), f);
            return expressions == n.expressions() ? n : new LogicalPlan.Project(n.input(), expressions, n.columns());
        }
        if (node instanceof LogicalPlan.Values n) {
            List<List<ScalarExpr>> rows = new ArrayList<>();
            boolean changed = false;
            for (List<ScalarExpr> row : n.rows()) {
                List<ScalarExpr> mapped = mapAll(row, f);
                changed |= mapped != row;
                rows.add(mapped);
            }
            return changed ? new LogicalPlan.Values(rows, n.columns()) : n;
        }
        if (node instanceof LogicalPlan.Join n) {
            return n.condition().isEmpty()
                    ? n
                    : new LogicalPlan.Join(
                            n.kind(), n.left(), n.right(), n.condition().map(f));
        }
        if (node instanceof LogicalPlan.Aggregate n) {
            List<AggregateCall> calls = new ArrayList<>();
            n.calls().forEach(c -> calls.add(c.map(f)));
            return new LogicalPlan.Aggregate(n.input(), mapAll(n.keys(), f), calls, n.columns());
        }
        if (node instanceof LogicalPlan.Sort n) {
            return new LogicalPlan.Sort(
                    n.input(),
                    n.keys().stream().map(k -> k.over(f.apply(k.expr()))).toList());
        }
        if (node instanceof LogicalPlan.Series n) {
            return new LogicalPlan.Series(f.apply(n.first()), f.apply(n.last()), f.apply(n.step()), n.columns());
        }
        if (node instanceof LogicalPlan.LockRows n) {
            return new LogicalPlan.LockRows(
                    n.input(),
                    n.tables().stream()
                            .map(t -> new LogicalPlan.LockedTable(t.table(), mapAll(t.row(), f)))
                            .toList(),
                    mapAll(n.conditions(), f),
                    n.exclusive(),
                    n.whenLocked());
        }
        if (node instanceof LogicalPlan.DistinctOn n) {
            return new LogicalPlan.DistinctOn(n.input(), mapAll(n.keys(), f));
        }
        if (node instanceof LogicalPlan.LimitWithTies n) {
            return new LogicalPlan.LimitWithTies(
                    n.input(),
                    n.keys().stream().map(k -> k.over(f.apply(k.expr()))).toList(),
                    f.apply(n.count()),
                    n.offset().map(f));
        }
        if (node instanceof LogicalPlan.Limit n) {
            return new LogicalPlan.Limit(n.input(), n.count().map(f), n.offset().map(f));
        }
        return node;
    }

    private static List<ScalarExpr> mapAll(List<ScalarExpr> list, UnaryOperator<ScalarExpr> f) {
        List<ScalarExpr> mapped = new ArrayList<>(list.size());
        boolean changed = false;
        for (ScalarExpr e : list) {
            ScalarExpr m = f.apply(e);
            changed |= m != e;
            mapped.add(m);
        }
        return changed ? mapped : list;
    }

    /** The node over other inputs; the node itself where none changed. */
    public static LogicalPlan mapInputs(LogicalPlan node, UnaryOperator<LogicalPlan> f) {
        List<LogicalPlan> inputs = new ArrayList<>(2);
        boolean changed = false;
        for (LogicalPlan in : node.inputs()) {
            LogicalPlan mapped = f.apply(in);
            changed |= mapped != in;
            inputs.add(mapped);
        }
        return changed ? node.withInputs(inputs) : node;
    }

    /** Rewrites from the leaves up, inside subqueries of expressions too. */
    public static LogicalPlan transform(LogicalPlan root, UnaryOperator<LogicalPlan> rewrite) {
        LogicalPlan node = mapInputs(root, in -> transform(in, rewrite));
        return rewrite.apply(mapExpressions(node, e -> transformSubqueries(e, rewrite)));
    }

    /** The expression with the plans of its subqueries rewritten by {@link #transform}. */
    public static ScalarExpr transformSubqueries(ScalarExpr e, UnaryOperator<LogicalPlan> rewrite) {
        return ExprTrees.transform(e, n -> {
            if (n instanceof Subquery s && s.plan() instanceof LogicalPlan plan) {
                LogicalPlan done = transform(plan, rewrite);
                return done == plan ? n : s.withPlan(done);
            }
            return n;
        });
    }

    /** Shows every node of every expression of the tree, those of subqueries included. */
    public static void walkExpressions(LogicalPlan root, Consumer<ScalarExpr> visit) {
        root.inputs().forEach(in -> walkExpressions(in, visit));
        expressions(root).forEach(e -> walkExpression(e, visit));
    }

    /** Shows every node of an expression, those in the plans of its subqueries included. */
    public static void walkExpression(ScalarExpr e, Consumer<ScalarExpr> visit) {
        ExprTrees.walk(e, n -> {
            visit.accept(n);
            if (n instanceof Subquery s && s.plan() instanceof LogicalPlan plan) {
                walkExpressions(plan, visit);
            }
        });
    }
}
