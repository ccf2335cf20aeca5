// Conditions as lists of terms that must all hold.
package org.mosslsm.sql.optimize;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.function.IntUnaryOperator;
import org.mosslsm.sql.expr.ExprFactory;
import org.mosslsm.sql.expr.ExprTrees;
import org.mosslsm.sql.expr.ScalarExpr;
import org.mosslsm.sql.expr.ScalarExpr.ColumnRef;
import org.mosslsm.sql.expr.Subquery;
import org.mosslsm.sql.plan.LogicalPlan;
import org.mosslsm.sql.plan.LogicalTrees;

/** Splits and joins conditions, and tells what they depend on. */
final class Conjuncts {
    private Conjuncts() {}

    /** The terms of a condition; TRUE has none. */
    static List<ScalarExpr> split(ScalarExpr condition) {
        List<ScalarExpr> terms = new ArrayList<>();
        split(condition, terms);
        return terms;
    }

    static List<ScalarExpr> split(Optional<ScalarExpr> condition) {
        return condition.map(Conjuncts::split).orElseGet(ArrayList::new);
    }

    private static void split(ScalarExpr e, List<ScalarExpr> terms) {
        if (e instanceof ScalarExpr.And a) {
            for (ScalarExpr o : a.operands()) {
                split(o, terms);
            }
        } else if (!e.equals(ScalarExpr.Literal.TRUE)) {
            terms.add(e);
        }
    }

    /**
     * All terms as one condition; empty where there is none. They keep their order, by which people guard one with
     * another, but subqueries come last.
     */
    static Optional<ScalarExpr> join(List<ScalarExpr> terms) {
        if (terms.isEmpty()) {
            return Optional.empty();
        }
        if (terms.size() == 1) {
            return Optional.of(ExprFactory.and(terms));
        }
        List<ScalarExpr> ordered = new ArrayList<>();
        List<ScalarExpr> costly = new ArrayList<>();
        terms.forEach(t -> (hasSubquery(t) ? costly : ordered).add(t));
        ordered.addAll(costly);
        return Optional.of(ExprFactory.and(ordered));
    }

    /** The columns an expression reads. */
    static BitSet columns(ScalarExpr e) {
        BitSet columns = new BitSet();
        addColumns(e, columns);
        return columns;
    }

    /** Adds the columns an expression reads. */
    static void addColumns(ScalarExpr e, BitSet columns) {
        ExprTrees.walk(e, n -> {
            if (n instanceof ColumnRef c) {
                columns.set(c.index());
            }
        });
    }

    /** Whether all columns it reads lie in {@code [from, to)}. */
    static boolean within(ScalarExpr e, int from, int to) {
        return !ExprTrees.anyMatch(e, n -> n instanceof ColumnRef c && (c.index() < from || c.index() >= to));
    }

    static boolean readsNothing(ScalarExpr e) {
        return !ExprTrees.anyMatch(e, ColumnRef.class::isInstance);
    }

    static boolean hasSubquery(ScalarExpr e) {
        return ExprTrees.anyMatch(e, Subquery.class::isInstance);
    }

    /**
     * Whether it gives another value each time: such a term stays where it was written. A subquery that reads nothing of
     * the row does not, whatever is in it: it runs once, for all places where it stands.
     */
    static boolean isVolatile(ScalarExpr e) {
        return ExprTrees.anyMatch(
                e,
                n -> isVolatileCall(n)
                        || (n instanceof Subquery s && !s.bindings().isEmpty() && isVolatile(s)));
    }

    private static boolean isVolatileCall(ScalarExpr e) {
        return e instanceof ScalarExpr.Call c && c.function().isVolatile();
    }

    private static boolean isVolatile(Subquery s) {
        return s.plan() instanceof LogicalPlan plan && LogicalTrees.hasVolatile(plan);
    }

    /** Whether computing it may do more than give a value, as far as one sees who does not look into subqueries. */
    static boolean mayAct(ScalarExpr e) {
        return ExprTrees.anyMatch(e, n -> isVolatileCall(n) || n instanceof Subquery);
    }

    /** The expression with its columns renumbered. */
    static ScalarExpr renumber(ScalarExpr e, IntUnaryOperator position) {
        return ExprTrees.transform(e, n -> {
            if (!(n instanceof ColumnRef c)) {
                return n;
            }
            int to = position.applyAsInt(c.index());
            return to == c.index() ? n : new ColumnRef(to, c.type());
        });
    }

    static ScalarExpr shift(ScalarExpr e, int by) {
        return by == 0 ? e : renumber(e, i -> i + by);
    }

    /** The expression with each column replaced by an expression. */
    static ScalarExpr substitute(ScalarExpr e, List<ScalarExpr> columns) {
        return ExprTrees.transform(e, n -> n instanceof ColumnRef c ? columns.get(c.index()) : n);
    }
}
