package org.mosslsm.sql.exec;

import java.util.Comparator;
import org.mosslsm.sql.expr.CompareOp;
import org.mosslsm.sql.expr.Truth;
import org.mosslsm.sql.type.SqlType;
import org.mosslsm.sql.type.ValueOrder;

/**
 * What ANY or ALL needs to know of the values of a subquery: their least, their greatest, and whether there is a NULL. Not
 * for {@code = ANY} and {@code <> ALL}, which are IN and NOT IN.
 */
final class ValueBag {
    private final Comparator<Object> order;
    private Object least;
    private Object greatest;
    private boolean hasNull;

    ValueBag(SqlType type) {
        this.order = ValueOrder.of(type);
    }

    void add(Object value) {
        if (value == null) {
            hasNull = true;
            return;
        }
        if (least == null || order.compare(value, least) < 0) {
            least = value;
        }
        if (greatest == null || order.compare(value, greatest) > 0) {
            greatest = value;
        }
    }

    /** {@code left op ANY} or {@code ALL} of the values. */
    Truth compare(CompareOp op, boolean all, Object left) {
        // x op ALL (...) is NOT (x not-op ANY (...)), NULLs included.
        return all ? any(op.negated(), left).not() : any(op, left);
    }

    private Truth any(CompareOp op, Object left) {
        if (least == null && !hasNull) {
            return Truth.FALSE;
        }
        if (left == null) {
            return Truth.UNKNOWN;
        }
        if (least != null && anyKnown(op, left)) {
            return Truth.TRUE;
        }
        return hasNull ? Truth.UNKNOWN : Truth.FALSE;
    }

    private boolean anyKnown(CompareOp op, Object left) {
        return switch (op) {
            case EQ -> throw new IllegalArgumentException("= ANY is IN");
            case NE -> order.compare(left, least) != 0 || order.compare(left, greatest) != 0;
            case LT, LE -> op.holds(order.compare(left, greatest));
            case GT, GE -> op.holds(order.compare(left, least));
        };
    }
}
