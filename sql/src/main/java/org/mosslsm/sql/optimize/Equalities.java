// What follows from equalities.
package org.mosslsm.sql.optimize;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.mosslsm.sql.expr.CompareOp;
import org.mosslsm.sql.expr.ScalarExpr;
import org.mosslsm.sql.expr.ScalarExpr.ColumnRef;
import org.mosslsm.sql.expr.ScalarExpr.Compare;

/** {@code a = b AND a < 5} gives {@code b < 5} too, so that both tables of a join can be read by range. */
final class Equalities {
    /** Past this many terms the search costs more than it can save. */
    private static final int MOST_TERMS = 200;

    private Equalities() {}

    /** The terms, and what follows from them for single columns. */
    static List<ScalarExpr> extend(List<ScalarExpr> terms) {
        if (terms.size() < 2 || terms.size() > MOST_TERMS) {
            return terms;
        }
        Map<ColumnRef, ColumnRef> parents = new HashMap<>();
        for (ScalarExpr t : terms) {
            if (t instanceof Compare c
                    && c.op() == CompareOp.EQ
                    && c.left() instanceof ColumnRef a
                    && c.right() instanceof ColumnRef b
                    && a.type().equals(b.type())) {
                parents.put(root(parents, a), root(parents, b));
            }
        }
        if (parents.isEmpty()) {
            return terms;
        }
        List<ScalarExpr> extended = new ArrayList<>(terms);
        for (ScalarExpr t : terms) {
            ColumnRef column = columnAgainstConstant(t);
            if (column == null || !parents.containsKey(column) || Conjuncts.isVolatile(t)) {
                continue;
            }
            for (ColumnRef other : parents.keySet()) {
                if (!other.equals(column) && root(parents, other).equals(root(parents, column))) {
                    ScalarExpr follows = Conjuncts.renumber(t, i -> i == column.index() ? other.index() : i);
                    if (!extended.contains(follows)) {
                        extended.add(follows);
                    }
                }
            }
        }
        return extended;
    }

    private static ColumnRef root(Map<ColumnRef, ColumnRef> parents, ColumnRef c) {
        ColumnRef at = c;
        ColumnRef up = parents.computeIfAbsent(at, k -> k);
        while (!up.equals(at)) {
            at = up;
            up = parents.computeIfAbsent(at, k -> k);
        }
        return at;
    }

    /** The one column that a term limits by constants, if it is of that form. */
    private static ColumnRef columnAgainstConstant(ScalarExpr t) {
        if (t instanceof Compare c && c.op() != CompareOp.NE) {
            if (c.left() instanceof ColumnRef a && Conjuncts.readsNothing(c.right())) {
                return a;
            }
            return c.right() instanceof ColumnRef b && Conjuncts.readsNothing(c.left()) ? b : null;
        }
        return t instanceof ScalarExpr.InList i
                        && i.operand() instanceof ColumnRef a
                        && i.items().stream().allMatch(Conjuncts::readsNothing)
                ? a
                : null;
    }
}
