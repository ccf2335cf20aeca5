// FETCH FIRST n ROWS WITH TIES.
package org.mosslsm.sql.exec;

import java.util.Optional;
import org.mosslsm.sql.expr.Evaluator;
import org.mosslsm.sql.expr.Row;
import org.mosslsm.sql.plan.PhysicalPlan;

/** Some rows after some others, and those that follow with the sort keys of the last. */
final class TiesOperator extends Operator {
    private final Operator input;
    private final SortOrder order;
    private final Evaluator count;
    private final Evaluator offset;

    TiesOperator(Operator input, PhysicalPlan.LimitWithTies plan) {
        this.input = input;
        this.order = new SortOrder(plan.keys());
        this.count = compile(Optional.of(plan.count()));
        this.offset = compile(plan.offset());
    }

    @Override
    public RowEnumerator open(ExecutionContext context) {
        return new Run(context);
    }

    private final class Run extends RowEnumerator {
        private final RowEnumerator rows;
        private boolean begun;
        private long left;
        private Object[] last;

        Run(ExecutionContext context) {
            super(context);
            this.rows = own(input.open(context));
        }

        @Override
        public boolean isSettled() {
            return begun && rows.isSettled();
        }

        @Override
        protected Row advance() {
            if (!begun) {
                begun = true;
                left = LimitOperator.count(count, context);
                long skip = LimitOperator.offset(offset, context);
                while (left > 0 && skip > 0 && rows.moveNext()) {
                    skip--;
                }
                if (left == 0) {
                    return null;
                }
            }
            if (!rows.moveNext()) {
                return null;
            }
            Object[] keys = order.keys(rows.current(), context);
            if (left > 0) {
                left--;
                last = keys;
                return rows.current();
            }
            return order.compare(keys, last) == 0 ? rows.current() : null;
        }
    }
}
