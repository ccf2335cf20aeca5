package org.mosslsm.sql.exec;

import java.util.Arrays;
import org.mosslsm.sql.expr.Evaluator;
import org.mosslsm.sql.expr.Row;
import org.mosslsm.sql.expr.Truth;
import org.mosslsm.sql.expr.ValueRow;

/**
 * The pair of rows a join looks at, side by side. One array is filled again and again to test the condition; only a pair
 * that passes becomes a row of its own. Not thread-safe.
 */
final class JoinedRow {
    private final int leftWidth;
    private final Object[] values;
    private final ValueRow view;
    private final Evaluator condition;

    JoinedRow(int leftWidth, int rightWidth, Evaluator condition) {
        this.leftWidth = leftWidth;
        this.values = new Object[leftWidth + rightWidth];
        this.view = new ValueRow(values);
        this.condition = condition;
    }

    void setLeft(Row row) {
        for (int i = 0; i < leftWidth; i++) {
            values[i] = row.get(i);
        }
    }

    void clearLeft() {
        Arrays.fill(values, 0, leftWidth, null);
    }

    void setRight(Row row) {
        for (int i = leftWidth; i < values.length; i++) {
            values[i] = row.get(i - leftWidth);
        }
    }

    void clearRight() {
        Arrays.fill(values, leftWidth, values.length, null);
    }

    /** Whether the condition is true of the pair. */
    boolean matches(ExecutionContext context) {
        return condition == null || condition.test(view, context) == Truth.TRUE;
    }

    /** Whether the condition is false of the pair. */
    boolean isFalse(ExecutionContext context) {
        return condition != null && condition.test(view, context) == Truth.FALSE;
    }

    /** The pair as a row of its own. */
    ValueRow pair() {
        return new ValueRow(values.clone());
    }
}
