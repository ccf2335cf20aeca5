// Whether an expression can be NULL.
package org.mosslsm.sql.plan;

import java.util.List;
import java.util.Set;
import org.mosslsm.sql.expr.ScalarExpr;
import org.mosslsm.sql.expr.Subquery;

/** Tells which expressions never give NULL. */
public final class Nullability {
    /** Operators that give NULL for NULL only; of other functions we do not know. */
    private static final Set<String> ARITHMETIC =
            Set.of("+", "-", "*", "/", "%", "||", "abs", "lower", "upper", "length");

    private Nullability() {}

    /** Whether {@code e} over rows of {@code input} may be NULL; true when in doubt. */
    public static boolean mayBeNull(ScalarExpr e, List<PlanColumn> input) {
        if (e instanceof ScalarExpr.ColumnRef c) {
            return c.index() >= input.size() || input.get(c.index()).nullable();
        }
        if (e instanceof ScalarExpr.Literal l) {
            return l.value() == null;
        }
        if (e instanceof ScalarExpr.IsNull
                || e instanceof ScalarExpr.IsTruth
                || e instanceof ScalarExpr.DistinctFrom
                || e instanceof Subquery.Exists) {
            return false;
        }
        if (e instanceof ScalarExpr.Cast c) {
            return mayBeNull(c.operand(), input);
        }
        if (e instanceof ScalarExpr.Coalesce c) {
            return c.operands().stream().allMatch(o -> mayBeNull(o, input));
        }
        if (e instanceof ScalarExpr.Case c) {
            return mayBeNull(c.otherwise(), input) || c.branches().stream().anyMatch(w -> mayBeNull(w.result(), input));
        }
        boolean known = e instanceof ScalarExpr.Call c
                ? c.function().strict() && ARITHMETIC.contains(c.function().name())
                : e instanceof ScalarExpr.Predicate && !(e instanceof Subquery);
        if (!known) {
            return true;
        }
        // Chains of operators nest thousands deep on the left: follow them without recursion.
        ScalarExpr node = e;
        while (node instanceof ScalarExpr.Call c
                && ARITHMETIC.contains(c.function().name())
                && c.function().strict()) {
            List<ScalarExpr> arguments = c.arguments();
            for (int i = 1; i < arguments.size(); i++) {
                if (mayBeNull(arguments.get(i), input)) {
                    return true;
                }
            }
            node = arguments.get(0);
        }
        return node != e ? mayBeNull(node, input) : node.children().stream().anyMatch(c -> mayBeNull(c, input));
    }
}
