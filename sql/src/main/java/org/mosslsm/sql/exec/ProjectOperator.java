package org.mosslsm.sql.exec;

import java.util.List;
import org.mosslsm.sql.expr.Evaluator;
import org.mosslsm.sql.expr.Row;
import org.mosslsm.sql.expr.ScalarExpr;
import org.mosslsm.sql.expr.ValueRow;

/** Expressions over each row, evaluated once a row: the result is stored. */
final class ProjectOperator extends Operator {
    private final Operator input;
    private final Evaluator[] expressions;
    private final boolean readsNothing;

    ProjectOperator(Operator input, List<ScalarExpr> expressions) {
        this.input = input;
        this.expressions = compile(expressions);
        this.readsNothing = readNothing(expressions);
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
            if (!rows.moveNext()) {
                return null;
            }
            Row row = rows.current();
            Object[] values = new Object[expressions.length];
            for (int i = 0; i < values.length; i++) {
                values[i] = expressions[i].eval(row, context);
            }
            return new ValueRow(values);
        }
    }
}
