package org.mosslsm.sql.exec;

import java.util.List;
import org.mosslsm.sql.expr.Evaluator;
import org.mosslsm.sql.expr.Row;
import org.mosslsm.sql.expr.ScalarExpr;
import org.mosslsm.sql.expr.Truth;

/** The rows of which a condition is true. */
final class FilterOperator extends Operator {
    private final Operator input;
    private final Evaluator predicate;
    private final boolean readsNothing;

    FilterOperator(Operator input, ScalarExpr predicate) {
        this.input = input;
        this.predicate = Evaluator.compile(predicate);
        this.readsNothing = readNothing(List.of(predicate));
    }

    @Override
    public RowEnumerator open(ExecutionContext context) {
        return new Run(context);
    }

    private final class Run extends RowEnumerator {
        private final RowEnumerator rows;

        Run(ExecutionContext context) {
            super(context);
            this.rows = own(input.open(context));
        }

        @Override
        public boolean isSettled() {
            return readsNothing && rows.isSettled();
        }

        @Override
        protected Row advance() {
            while (rows.moveNext()) {
                Row row = rows.current();
                if (predicate.test(row, context) == Truth.TRUE) {
                    return row;
                }
            }
            return null;
        }
    }
}
