// Which whole numbers have 64 bits because someone said so.
package org.mosslsm.sql.bind;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.mosslsm.sql.error.Cancellation;
import org.mosslsm.sql.expr.AggregateCall;
import org.mosslsm.sql.expr.AggregateFunction;
import org.mosslsm.sql.expr.ScalarExpr;
import org.mosslsm.sql.expr.Subquery;
import org.mosslsm.sql.plan.LogicalPlan;
import org.mosslsm.sql.type.SqlType.Family;
import org.mosslsm.sql.type.SqlType.Kind;

/**
 * Tells a BIGINT of its own accord (a column, a literal beyond 32 bits, a cast, COUNT) from arithmetic on INTEGER, which
 * is BIGINT only because it is computed in 64 bits. The sum of the first is a DECIMAL, that of the second a BIGINT, as
 * PostgreSQL has it, where that arithmetic stays INTEGER. A column of a derived table or view is followed to what it is
 * made of.
 */
final class WideNumbers {
    /** Operations whose result is as wide as their operands. */
    private static final Set<String> ARITHMETIC = Set.of(
            "+",
            "-",
            "*",
            "/",
            "%",
            "&",
            "|",
            "#",
            "<<",
            ">>",
            "~",
            "abs",
            "sign",
            "mod",
            "div",
            "gcd",
            "lcm",
            "greatest",
            "least");

    private WideNumbers() {}

    /** An expression over the rows of a plan: these very ones, or the same column of the plan. */
    private record Over(ScalarExpr expr, LogicalPlan rows) {
        @Override
        public boolean equals(Object other) {
            return other instanceof Over o
                    && rows == o.rows
                    && (expr == o.expr || (column() >= 0 && column() == o.column()));
        }

        @Override
        public int hashCode() {
            return 31 * System.identityHashCode(rows) + (column() >= 0 ? column() : System.identityHashCode(expr));
        }

        private int column() {
            return expr instanceof ScalarExpr.ColumnRef c ? c.index() : -1;
        }
    }

    /** Whether {@code e}, over the rows of {@code input}, is a BIGINT of its own accord. */
    static boolean isWide(ScalarExpr e, LogicalPlan input) {
        Deque<Over> pending = new ArrayDeque<>();
        Set<Over> seen = new HashSet<>();
        pending.push(new Over(e, input));
        while (!pending.isEmpty()) {
            Over next = pending.pop();
            if (next.expr().type().kind() != Kind.BIGINT || !seen.add(next)) {
                continue;
            }
            if ((seen.size() & Cancellation.MASK) == 0) {
                Cancellation.ask();
            }
            if (isWide(next, pending)) {
                return true;
            }
        }
        return false;
    }

    /** Whether it is for certain; where its operands decide, they are added to {@code pending}. */
    private static boolean isWide(Over over, Deque<Over> pending) {
        ScalarExpr e = over.expr();
        LogicalPlan rows = over.rows();
        if (e instanceof ScalarExpr.ColumnRef c) {
            return isWideColumn(c.index(), rows, pending);
        }
        if (e instanceof Subquery.Scalar s) {
            return isWideColumn(s.column(), (LogicalPlan) s.plan(), pending);
        }
        if (e instanceof ScalarExpr.Call c && ARITHMETIC.contains(c.function().name())) {
            c.arguments().stream()
                    .filter(a -> a.type().family() == Family.INTEGER)
                    .forEach(a -> pending.push(new Over(a, rows)));
            return false;
        }
        if (e instanceof ScalarExpr.Case c) {
            c.branches().forEach(b -> pending.push(new Over(b.result(), rows)));
            pending.push(new Over(c.otherwise(), rows));
            return false;
        }
        if (e instanceof ScalarExpr.Coalesce c) {
            c.operands().forEach(o -> pending.push(new Over(o, rows)));
            return false;
        }
        // A parameter has the type of its place, which an INTEGER may have given.
        boolean typedByPlace =
                e instanceof ScalarExpr.Parameter || (e instanceof ScalarExpr.Literal l && l.value() == null);
        return !typedByPlace;
    }

    private static boolean isWideColumn(int column, LogicalPlan rows, Deque<Over> pending) {
        int index = column;
        LogicalPlan plan = rows;
        while (plan instanceof LogicalPlan.Join || isTransparent(plan)) {
            if (plan instanceof LogicalPlan.Join j) {
                boolean left = index < j.left().width();
                index = left ? index : index - j.left().width();
                plan = left ? j.left() : j.right();
            } else {
                plan = ((LogicalPlan.Unary) plan).input();
            }
        }
        if (plan instanceof LogicalPlan.Project p) {
            pending.push(new Over(p.expressions().get(index), p.input()));
            return false;
        }
        if (plan instanceof LogicalPlan.Aggregate a) {
            return isWideInGroup(index, a, pending);
        }
        if (plan instanceof LogicalPlan.SetOperation s) {
            for (LogicalPlan side : s.inputs()) {
                pending.push(new Over(Plans.column(side, index), side));
            }
            return false;
        }
        if (plan instanceof LogicalPlan.Values v) {
            for (List<ScalarExpr> row : v.rows()) {
                pending.push(new Over(row.get(index), v));
            }
            return false;
        }
        if (plan instanceof LogicalPlan.CommonScan c) {
            pending.push(
                    new Over(Plans.column(c.query().plan(), index), c.query().plan()));
            return false;
        }
        if (plan instanceof LogicalPlan.Series s) {
            pending.push(new Over(s.first(), s));
            pending.push(new Over(s.last(), s));
            return false;
        }
        return true;
    }

    /** Whether its rows are rows of its input. */
    private static boolean isTransparent(LogicalPlan plan) {
        return plan instanceof LogicalPlan.Unary
                && !(plan instanceof LogicalPlan.Project)
                && !(plan instanceof LogicalPlan.Aggregate);
    }

    private static boolean isWideInGroup(int index, LogicalPlan.Aggregate a, Deque<Over> pending) {
        int keys = a.keys().size();
        if (index < keys) {
            pending.push(new Over(a.keys().get(index), a.input()));
            return false;
        }
        AggregateCall call = a.calls().get(index - keys);
        if (call.function() == AggregateFunction.SUM || call.function().isCount()) {
            return true;
        }
        pending.push(new Over(call.arguments().get(0), a.input()));
        return false;
    }
}
