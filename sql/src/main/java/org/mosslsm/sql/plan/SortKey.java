// A key of an order.
package org.mosslsm.sql.plan;

import org.mosslsm.sql.expr.ScalarExpr;

/** One key of an order over the input row. */
public record SortKey(ScalarExpr expr, boolean descending, boolean nullsFirst) {
    /** The key with its direction turned round, NULLs included: what a backward scan gives. */
    public SortKey reversed() {
        return new SortKey(expr, !descending, !nullsFirst);
    }

    /** The same direction over another expression. */
    public SortKey over(ScalarExpr other) {
        return new SortKey(other, descending, nullsFirst);
    }
}
