package org.mosslsm.sql.exec;

import java.util.ArrayList;
import java.util.List;
import org.mosslsm.sql.expr.Row;
import org.mosslsm.sql.plan.SortKey;

/** Sorts all rows in memory, equal ones in the order they came. */
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
        private SortOrder.Entry[] sorted;
        private int next;
        private int comparisons;

        Run(ExecutionContext context) {
            super(context);
            this.rows = own(input.open(context));
        }

        private void sort() {
            List<SortOrder.Entry> all = new ArrayList<>();
            while (rows.moveNext()) {
                Row row = rows.current().copy();
                all.add(new SortOrder.Entry(row, order.keys(row, context), all.size()));
            }
            release(rows);
            sorted = all.toArray(SortOrder.Entry[]::new);
            java.util.Arrays.sort(sorted, (a, b) -> {
                if ((++comparisons & 0xFFF) == 0) {
                    context.checkCancelled();
                }
                return order.compare(a.keys, b.keys);
            });
        }

        @Override
        public boolean isSettled() {
            return sorted != null;
        }

        @Override
        protected Row advance() {
            if (sorted == null) {
                sort();
            }
            if (next == sorted.length) {
                return null;
            }
            Row row = sorted[next].row;
            sorted[next++] = null;
            return row;
        }
    }
}
