package org.mosslsm.sql.exec;

import java.util.List;
import org.mosslsm.sql.expr.Row;

/** The rows of several inputs, one after the other; each is opened when it is its turn. */
final class ConcatOperator extends Operator {
    private final List<Operator> inputs;

    ConcatOperator(List<Operator> inputs) {
        this.inputs = inputs;
    }

    @Override
    public RowEnumerator open(ExecutionContext context) {
        return new Run(context);
    }

    private final class Run extends RowEnumerator {
        private int next;
        private RowEnumerator rows;

        Run(ExecutionContext context) {
            super(context);
        }

        @Override
        protected Row advance() {
            while (true) {
                if (rows != null) {
                    if (rows.moveNext()) {
                        return rows.current();
                    }
                    release(rows);
                    rows = null;
                }
                if (next == inputs.size()) {
                    return null;
                }
                rows = own(inputs.get(next++).open(context));
            }
        }
    }
}
