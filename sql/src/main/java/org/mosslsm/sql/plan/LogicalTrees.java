// Walking and rewriting logical plans.
package org.mosslsm.sql.plan;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.mosslsm.sql.expr.AggregateCall;
import org.mosslsm.sql.expr.ExprTrees;
import org.mosslsm.sql.expr.ScalarExpr;
import org.mosslsm.sql.expr.ScalarFunction;
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
            List<ScalarExpr> expressions = replaced(n.expressions(), f);
            return expressions == n.expressions() ? n : new LogicalPlan.Project(n.input(), expressions, n.columns());
        }
        if (node instanceof LogicalPlan.Values n) {
            List<List<ScalarExpr>> rows = new ArrayList<>();
            boolean changed = false;
            for (List<ScalarExpr> row : n.rows()) {
                List<ScalarExpr> mapped = replaced(row, f);
                changed |= mapped != row;
                rows.add(mapped);
            }
            return changed ? new LogicalPlan.Values(rows, n.columns()) : n;
        }
        if (node instanceof LogicalPlan.Join n) {
            Optional<ScalarExpr> condition = map(n.condition(), f);
            return isSame(condition, n.condition())
                    ? n
                    : new LogicalPlan.Join(n.kind(), n.left(), n.right(), condition);
        }
        if (node instanceof LogicalPlan.Aggregate n) {
            List<AggregateCall> calls = replaced(n.calls(), c -> c.map(f));
            List<ScalarExpr> keys = replaced(n.keys(), f);
            return calls == n.calls() && keys == n.keys()
                    ? n
                    : new LogicalPlan.Aggregate(n.input(), keys, calls, n.columns());
        }
        if (node instanceof LogicalPlan.Sort n) {
            List<SortKey> keys = sortKeys(n.keys(), f);
            return keys == n.keys() ? n : new LogicalPlan.Sort(n.input(), keys);
        }
        if (node instanceof LogicalPlan.Series n) {
            ScalarExpr first = f.apply(n.first());
            ScalarExpr last = f.apply(n.last());
            ScalarExpr step = f.apply(n.step());
            return first == n.first() && last == n.last() && step == n.step()
                    ? n
                    : new LogicalPlan.Series(first, last, step, n.columns());
        }
        if (node instanceof LogicalPlan.LockRows n) {
            List<LogicalPlan.LockedTable> tables = replaced(n.tables(), t -> {
                List<ScalarExpr> row = replaced(t.row(), f);
                return row == t.row() ? t : new LogicalPlan.LockedTable(t.table(), row);
            });
            List<ScalarExpr> conditions = replaced(n.conditions(), f);
            return tables == n.tables() && conditions == n.conditions()
                    ? n
                    : new LogicalPlan.LockRows(n.input(), tables, conditions, n.exclusive(), n.whenLocked());
        }
        if (node instanceof LogicalPlan.DistinctOn n) {
            List<ScalarExpr> keys = replaced(n.keys(), f);
            return keys == n.keys() ? n : new LogicalPlan.DistinctOn(n.input(), keys);
        }
        if (node instanceof LogicalPlan.LimitWithTies n) {
            List<SortKey> keys = sortKeys(n.keys(), f);
            ScalarExpr count = f.apply(n.count());
            Optional<ScalarExpr> offset = map(n.offset(), f);
            return keys == n.keys() && count == n.count() && isSame(offset, n.offset())
                    ? n
                    : new LogicalPlan.LimitWithTies(n.input(), keys, count, offset);
        }
        if (node instanceof LogicalPlan.Limit n) {
            Optional<ScalarExpr> count = map(n.count(), f);
            Optional<ScalarExpr> offset = map(n.offset(), f);
            return isSame(count, n.count()) && isSame(offset, n.offset())
                    ? n
                    : new LogicalPlan.Limit(n.input(), count, offset);
        }
        return node;
    }

    private static List<SortKey> sortKeys(List<SortKey> keys, UnaryOperator<ScalarExpr> f) {
        return replaced(keys, k -> {
            ScalarExpr e = f.apply(k.expr());
            return e == k.expr() ? k : k.over(e);
        });
    }

    private static Optional<ScalarExpr> map(Optional<ScalarExpr> e, UnaryOperator<ScalarExpr> f) {
        if (e.isEmpty()) {
            return e;
        }
        ScalarExpr mapped = f.apply(e.get());
        return mapped == e.get() ? e : Optional.of(mapped);
    }

    /** By identity: {@link #map} gives back what it did not change. */
    private static boolean isSame(Object a, Object b) {
        return a == b;
    }

    /** The list with each element replaced; the list itself when none changed. */
    private static <T> List<T> replaced(List<T> list, UnaryOperator<T> f) {
        List<T> changed = list;
        for (int i = 0; i < list.size(); i++) {
            T before = list.get(i);
            T after = f.apply(before);
            if (after != before) {
                changed = changed == list ? new ArrayList<>(list) : changed;
                changed.set(i, after);
            }
        }
        return changed;
    }

    /** The node over other inputs; the node itself where none changed. */
    public static LogicalPlan mapInputs(LogicalPlan node, UnaryOperator<LogicalPlan> f) {
        if (node instanceof LogicalPlan.Leaf) {
            return node;
        }
        if (node instanceof LogicalPlan.Unary u) {
            LogicalPlan mapped = f.apply(u.input());
            return mapped == u.input() ? node : node.withInputs(List.of(mapped));
        }
        List<LogicalPlan> inputs = node.inputs();
        List<LogicalPlan> mapped = replaced(inputs, f);
        return mapped == inputs ? node : node.withInputs(mapped);
    }

    /**
     * Rewrites from the leaves up, inside subqueries of expressions too. A subquery that stands in several places, as the
     * operand of a BETWEEN does, is one afterwards too.
     */
    public static LogicalPlan transform(LogicalPlan root, UnaryOperator<LogicalPlan> rewrite) {
        return transform(root, rewrite, new IdentityHashMap<>(4));
    }

    private static LogicalPlan transform(
            LogicalPlan root, UnaryOperator<LogicalPlan> rewrite, Map<LogicalPlan, LogicalPlan> subqueries) {
        LogicalPlan node = mapInputs(root, in -> transform(in, rewrite, subqueries));
        return rewrite.apply(mapExpressions(node, e -> transformSubqueries(e, rewrite, subqueries)));
    }

    /** The expression with the plans of its subqueries rewritten by {@link #transform}. */
    public static ScalarExpr transformSubqueries(ScalarExpr e, UnaryOperator<LogicalPlan> rewrite) {
        return transformSubqueries(e, rewrite, new IdentityHashMap<>(4));
    }

    private static ScalarExpr transformSubqueries(
            ScalarExpr e, UnaryOperator<LogicalPlan> rewrite, Map<LogicalPlan, LogicalPlan> subqueries) {
        return ExprTrees.transform(e, n -> {
            if (n instanceof Subquery s && s.plan() instanceof LogicalPlan plan) {
                LogicalPlan done = subqueries.get(plan);
                if (done == null) {
                    done = transform(plan, rewrite, subqueries);
                    subqueries.put(plan, done);
                }
                return done == plan ? n : s.withPlan(done);
            }
            return n;
        });
    }

    /**
     * A function of the tree that gives another value each time; empty where there is none. WITH queries that are computed once
     * a statement are not looked into.
     */
    public static Optional<ScalarFunction> volatileFunction(LogicalPlan root) {
        List<ScalarFunction> found = new ArrayList<>();
        walkExpressions(root, e -> {
            if (e instanceof ScalarExpr.Call c && c.function().isVolatile()) {
                found.add(c.function());
            }
        });
        return found.stream().findFirst();
    }

    /**
     * Shows every node of every expression of the tree, those of subqueries included; those of WITH queries only where these
     * read a row around them, and then once, however often they are used.
     */
    public static void walkExpressions(LogicalPlan root, Consumer<ScalarExpr> visit) {
        walkExpressions(root, visit, new ArrayList<>(0));
    }

    private static void walkExpressions(LogicalPlan root, Consumer<ScalarExpr> visit, List<CommonQuery> seen) {
        if (root instanceof LogicalPlan.CommonScan c) {
            if (c.query().correlated() && !seen.contains(c.query())) {
                seen.add(c.query());
                walkExpressions(c.query().plan(), visit, seen);
            }
        } else if (root instanceof LogicalPlan.Unary u) {
            walkExpressions(u.input(), visit, seen);
        } else {
            root.inputs().forEach(in -> walkExpressions(in, visit, seen));
        }
        expressions(root).forEach(e -> walkExpression(e, visit, seen));
    }

    /** Whether anything in the plan, or in the subqueries of its expressions, gives another value each time. */
    public static boolean hasVolatile(LogicalPlan root) {
        return volatileFunction(root).isPresent();
    }

    /** Whether computing it may do more than give a value: anything in it, or in its subqueries, is volatile. */
    public static boolean hasVolatile(ScalarExpr root) {
        boolean[] found = {false};
        walkExpression(
                root,
                e -> found[0] |= e instanceof ScalarExpr.Call c && c.function().isVolatile());
        return found[0];
    }

    /** Shows every node of an expression, those in the plans of its subqueries included, as {@link #walkExpressions}. */
    public static void walkExpression(ScalarExpr e, Consumer<ScalarExpr> visit) {
        walkExpression(e, visit, new ArrayList<>(0));
    }

    private static void walkExpression(ScalarExpr e, Consumer<ScalarExpr> visit, List<CommonQuery> seen) {
        ExprTrees.walk(e, n -> {
            visit.accept(n);
            if (n instanceof Subquery s && s.plan() instanceof LogicalPlan plan) {
                walkExpressions(plan, visit, seen);
            }
        });
    }
}
