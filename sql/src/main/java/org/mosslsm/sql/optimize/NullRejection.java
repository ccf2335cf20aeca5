// Which conditions refuse NULLs.
package org.mosslsm.sql.optimize;

import java.util.function.IntPredicate;
import org.mosslsm.sql.expr.ExprTrees;
import org.mosslsm.sql.expr.ScalarExpr;
import org.mosslsm.sql.expr.Subquery;

/** Tells conditions that cannot be true when certain columns are all NULL. */
final class NullRejection {
    private NullRejection() {}

    /** Whether {@code e} is not true when all columns that {@code isNull} names are NULL; false when in doubt. */
    static boolean rejects(ScalarExpr e, IntPredicate isNull) {
        if (e instanceof ScalarExpr.And a) {
            return a.operands().stream().anyMatch(o -> rejects(o, isNull));
        }
        if (e instanceof ScalarExpr.Or o) {
            return o.operands().stream().allMatch(x -> rejects(x, isNull));
        }
        if (e instanceof ScalarExpr.Not n) {
            return n.operand() instanceof ScalarExpr.IsNull i
                    ? givesNull(i.operand(), isNull)
                    : givesNull(n.operand(), isNull);
        }
        return givesNull(e, isNull);
    }

    /** Whether the value is NULL when these columns are. */
    private static boolean givesNull(ScalarExpr e, IntPredicate isNull) {
        if (e instanceof ScalarExpr.ColumnRef c) {
            return isNull.test(c.index());
        }
        boolean strict = e instanceof ScalarExpr.Compare
                || e instanceof ScalarExpr.Like
                || e instanceof ScalarExpr.Cast
                || e instanceof ScalarExpr.Not
                || (e instanceof ScalarExpr.Call c && c.function().strict());
        if (strict) {
            return !ExprTrees.anyMatch(e, Subquery.class::isInstance)
                    && e.children().stream().anyMatch(c -> givesNull(c, isNull));
        }
        return e instanceof ScalarExpr.InList i && !i.items().isEmpty() && givesNull(i.operand(), isNull);
    }
}
