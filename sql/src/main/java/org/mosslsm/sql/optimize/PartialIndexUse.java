// When a partial index answers a query.
package org.mosslsm.sql.optimize;

import java.util.List;
import java.util.Optional;
import org.mosslsm.sql.catalog.Index;
import org.mosslsm.sql.expr.CompareOp;
import org.mosslsm.sql.expr.ExprTrees;
import org.mosslsm.sql.expr.Folding;
import org.mosslsm.sql.expr.ScalarExpr;
import org.mosslsm.sql.expr.ScalarExpr.ColumnRef;
import org.mosslsm.sql.expr.ScalarExpr.Compare;
import org.mosslsm.sql.expr.ScalarExpr.Literal;
import org.mosslsm.sql.plan.LogicalPlan;
import org.mosslsm.sql.type.ValueOrder;

/**
 * A partial index has the rows a query asks for when the query's conditions imply the index's: each term of it is a term
 * of the query, or {@code x IS NOT NULL} where the query refuses NULLs, or a comparison with a constant that a tighter one
 * implies. Anything else is not seen, and costs the use of the index, never a row.
 */
final class PartialIndexUse {
    private final Estimates estimates;

    PartialIndexUse(Estimates estimates) {
        this.estimates = estimates;
    }

    /** The share of the table's rows that the index has, where it has all that the terms ask for; else 0. */
    double share(LogicalPlan.TableScan scan, Index index, List<ScalarExpr> terms) {
        Optional<ScalarExpr> condition = estimates.condition(scan.table(), index);
        if (condition.isEmpty()) {
            return 0;
        }
        ScalarExpr normal = PushDownNegations.positive(Folding.fold(condition.get()));
        double share = 1;
        for (ScalarExpr term : normal instanceof ScalarExpr.And and ? and.operands() : List.of(normal)) {
            Optional<ScalarExpr> asked = overScan(term, scan.ordinals());
            if (asked.isEmpty() || terms.stream().noneMatch(t -> implies(t, asked.get()))) {
                return 0;
            }
            share *= Estimates.selectivity(asked.get());
        }
        return share;
    }

    /** The term over the scan's row; empty where the scan does not deliver a column, and so has no condition on it. */
    private static Optional<ScalarExpr> overScan(ScalarExpr term, List<Integer> ordinals) {
        boolean there = !ExprTrees.anyMatch(term, e -> e instanceof ColumnRef c && !ordinals.contains(c.index()));
        return there
                ? Optional.of(ExprTrees.transform(
                        term, e -> e instanceof ColumnRef c ? new ColumnRef(ordinals.indexOf(c.index()), c.type()) : e))
                : Optional.empty();
    }

    private static boolean implies(ScalarExpr said, ScalarExpr asked) {
        if (said.equals(asked)) {
            return true;
        }
        if (asked instanceof ScalarExpr.Not n
                && n.operand() instanceof ScalarExpr.IsNull i
                && i.operand() instanceof ColumnRef c) {
            return NullRejection.rejects(said, column -> column == c.index());
        }
        return said instanceof Compare s && asked instanceof Compare a && implies(s, a);
    }

    /** {@code x > 5} implies {@code x > 3}, {@code x >= 3} and {@code x <> 5}. */
    private static boolean implies(Compare said, Compare asked) {
        boolean comparable = said.left().equals(asked.left())
                && said.right() instanceof Literal s
                && asked.right() instanceof Literal a
                && s.value() != null
                && a.value() != null
                && s.type().family() == a.type().family()
                && s.type().kind() == a.type().kind();
        if (!comparable) {
            return false;
        }
        Literal s = (Literal) said.right();
        int c = ValueOrder.of(s.type()).compare(s.value(), ((Literal) asked.right()).value());
        CompareOp op = said.op();
        return switch (asked.op()) {
            case GT -> (c >= 0 && op == CompareOp.GT) || (c > 0 && (op == CompareOp.GE || op == CompareOp.EQ));
            case GE -> c >= 0 && (op == CompareOp.GT || op == CompareOp.GE || op == CompareOp.EQ);
            case LT -> (c <= 0 && op == CompareOp.LT) || (c < 0 && (op == CompareOp.LE || op == CompareOp.EQ));
            case LE -> c <= 0 && (op == CompareOp.LT || op == CompareOp.LE || op == CompareOp.EQ);
            case NE ->
                switch (op) {
                    case EQ -> c != 0;
                    case GT -> c >= 0;
                    case GE -> c > 0;
                    case LT -> c <= 0;
                    case LE -> c < 0;
                    case NE -> c == 0;
                };
            case EQ -> op == CompareOp.EQ && c == 0;
        };
    }
}
