package org.mosslsm.sql.exec;

import java.util.List;
import org.mosslsm.sql.expr.Row;
import org.mosslsm.sql.plan.SortKey;

/** Sorts all rows, equal ones in the order they came; what does not fit into memory goes to files. */
final class SortOperator extends Operator {
    private final Operator input;
    private final SortOrder order;

    SortOperator(Operator input, List<SortKey> keys) {
        this.input = input;
        this.order = new SortOrder(keys);
    }

    @Override
    public RowEnumerator open(ExecutionContext context) {
        return new Run(context);
    }

    private final class Run extends RowEnumerator {
        private final RowEnumerator rows;
        private RowSorter sorter;

        Run(ExecutionContext context) {
            super(context);
            this.rows = own(input.open(context));
        }

        private void sort() {
            sorter = own(new RowSorter(order, context));
            while (rows.moveNext()) {
                sorter.add(rows.current());
            }
            release(rows);
            sorter.sort();
        }

        @Override
        public boolean isSettled() {
            return sorter != null;
        }

        @Override
        protected Row advance() {
            if (sorter == null) {
                sort();
            }
            return sorter.next();
        }
    }
}
