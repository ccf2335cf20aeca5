// generate_series.
package org.mosslsm.sql.exec;

import java.util.Comparator;
import java.util.List;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;
import org.mosslsm.sql.expr.Evaluator;
import org.mosslsm.sql.expr.ExprFactory;
import org.mosslsm.sql.expr.Row;
import org.mosslsm.sql.expr.ScalarExpr;
import org.mosslsm.sql.expr.ValueRow;
import org.mosslsm.sql.plan.PhysicalPlan;
import org.mosslsm.sql.type.Interval;
import org.mosslsm.sql.type.SqlType;
import org.mosslsm.sql.type.ValueOrder;

/** Values from a first to a last, each a step further; computed as they are asked for. */
final class SeriesOperator extends Operator {
    private static final Interval NO_TIME = new Interval(0, 0, 0);

    private final Evaluator first;
    private final Evaluator last;
    private final Evaluator step;
    /** A value and a step later, over a row of the value. */
    private final Evaluator next;

    private final Comparator<Object> order;

    SeriesOperator(PhysicalPlan.Series plan) {
        SqlType type = plan.columns().get(0).type();
        this.first = Evaluator.compile(plan.first());
        this.last = Evaluator.compile(plan.last());
        this.step = Evaluator.compile(plan.step());
        this.next = Evaluator.compile(ExprFactory.call("+", List.of(new ScalarExpr.ColumnRef(0, type), plan.step())));
        this.order = ValueOrder.of(type);
    }

    @Override
    public RowEnumerator open(ExecutionContext context) {
        return new Run(context);
    }

    private static int sign(Object step) {
        int sign = step instanceof Interval i ? Interval.ORDER.compare(i, NO_TIME) : Long.signum((Long) step);
        if (sign == 0) {
            throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "the step of generate_series must not be zero");
        }
        return sign;
    }

    private final class Run extends RowEnumerator {
        private Object value; // null before the first, and after the last
        private Object end;
        private Object width;
        private int sign;
        private boolean begun;

        Run(ExecutionContext context) {
            super(context);
        }

        @Override
        public boolean isSettled() {
            return begun;
        }

        @Override
        protected Row advance() {
            if (!begun) {
                begun = true;
                value = first.eval(ValueRow.EMPTY, context);
                end = last.eval(ValueRow.EMPTY, context);
                width = step.eval(ValueRow.EMPTY, context);
                if (value == null || end == null || width == null) {
                    return null;
                }
                sign = sign(width);
            } else {
                value = following();
            }
            return value == null || order.compare(value, end) * sign > 0 ? null : new ValueRow(value);
        }

        /** Null where there is no such number any more: then the last was passed too. */
        private Object following() {
            if (width instanceof Long w) {
                long n = (Long) value;
                long sum = n + w;
                return (sum > n) == (sign > 0) ? (Object) sum : null;
            }
            return next.eval(new ValueRow(value), context);
        }
    }
}
