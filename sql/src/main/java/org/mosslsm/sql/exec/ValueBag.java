package org.mosslsm.sql.exec;

import java.util.Comparator;
import java.util.HashSet;
import java.util.Set;
import org.mosslsm.sql.expr.CompareOp;
import org.mosslsm.sql.expr.Truth;
import org.mosslsm.sql.type.SqlType;
import org.mosslsm.sql.type.ValueKeys;
import org.mosslsm.sql.type.ValueOrder;

/** The values of a subquery that ANY or ALL compares with: their set, their least, their greatest, and whether NULL. */
final class ValueBag {
    private final SqlType type;
    private final Comparator<Object> order;
    private final Set<Object> keys = new HashSet<>();
    private Object least;
    private Object greatest;
    private boolean hasNull;

    ValueBag(SqlType type) {
        this.type = type;
        this.order = ValueOrder.of(type);
    }

    void add(Object value) {
        if (value == null) {
            hasNull = true;
            return;
        }
        keys.add(ValueKeys.key(value, type));
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
        if (keys.isEmpty() && !hasNull) {
            return Truth.FALSE;
        }
        if (left == null) {
            return Truth.UNKNOWN;
        }
        if (!keys.isEmpty() && anyKnown(op, left)) {
            return Truth.TRUE;
        }
        return hasNull ? Truth.UNKNOWN : Truth.FALSE;
    }

    private boolean anyKnown(CompareOp op, Object left) {
        return switch (op) {
            case EQ -> keys.contains(ValueKeys.key(left, type));
            case NE -> keys.size() > 1 || !keys.contains(ValueKeys.key(left, type));
            case LT, LE -> op.holds(order.compare(left, greatest));
            case GT, GE -> op.holds(order.compare(left, least));
        };
    }
}
