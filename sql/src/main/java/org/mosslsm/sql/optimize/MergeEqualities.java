// Many equalities of one column, as a list.
package org.mosslsm.sql.optimize;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.mosslsm.sql.expr.CompareOp;
import org.mosslsm.sql.expr.ExprFactory;
import org.mosslsm.sql.expr.ScalarExpr;
import org.mosslsm.sql.expr.ScalarExpr.ColumnRef;
import org.mosslsm.sql.expr.ScalarExpr.Literal;
import org.mosslsm.sql.type.Casts;

/**
 * {@code a = 1 OR a = 2 OR ...} as {@code a IN (1, 2, ...)}, which looks a value up where the other compares it with each.
 * Neither raises errors, so that their order does not matter. Short ORs stay as they were written.
 */
final class MergeEqualities {
    /** Below this, comparing is as quick, and EXPLAIN shows what was written. */
    private static final int LEAST = 8;

    private MergeEqualities() {}

    static ScalarExpr merge(ScalarExpr.Or or) {
        if (or.operands().size() < LEAST) {
            return or;
        }
        Map<ScalarExpr, List<ScalarExpr>> values = new LinkedHashMap<>();
        for (ScalarExpr e : or.operands()) {
            ScalarExpr operand = operand(e);
            if (operand != null) {
                values.computeIfAbsent(operand, o -> new ArrayList<>()).addAll(items(e));
            }
        }
        if (values.values().stream().noneMatch(v -> v.size() >= LEAST)) {
            return or;
        }
        List<ScalarExpr> merged = new ArrayList<>();
        for (ScalarExpr e : or.operands()) {
            ScalarExpr operand = operand(e);
            List<ScalarExpr> all = operand == null ? null : values.get(operand);
            if (all == null || (all.size() < LEAST && !all.isEmpty())) {
                merged.add(e);
            } else if (!all.isEmpty()) {
                merged.add(new ScalarExpr.InList(operand, all));
                values.put(operand, List.of()); // the others are in it
            }
        }
        return ExprFactory.or(merged);
    }

    /** The column that a term compares, as it is, with constants; null where it is no such term. */
    private static ScalarExpr operand(ScalarExpr e) {
        if (e instanceof ScalarExpr.InList i) {
            boolean plain = isColumn(i.operand()) && i.items().stream().allMatch(Literal.class::isInstance);
            return plain ? i.operand() : null;
        }
        if (!(e instanceof ScalarExpr.Compare c) || c.op() != CompareOp.EQ) {
            return null;
        }
        boolean turned = c.left() instanceof Literal;
        ScalarExpr column = turned ? c.right() : c.left();
        ScalarExpr constant = turned ? c.left() : c.right();
        return isColumn(column) && constant instanceof Literal && Casts.isFree(column.type(), constant.type())
                ? column
                : null;
    }

    private static List<ScalarExpr> items(ScalarExpr e) {
        if (e instanceof ScalarExpr.InList i) {
            return i.items();
        }
        ScalarExpr.Compare c = (ScalarExpr.Compare) e;
        return List.of(c.left() instanceof Literal ? c.left() : c.right());
    }

    private static boolean isColumn(ScalarExpr e) {
        return e instanceof ColumnRef;
    }
}
