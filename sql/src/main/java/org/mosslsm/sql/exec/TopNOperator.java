package org.mosslsm.sql.exec;

import java.util.Comparator;
import java.util.PriorityQueue;
import org.mosslsm.sql.expr.Evaluator;
import org.mosslsm.sql.expr.Row;
import org.mosslsm.sql.plan.PhysicalPlan;

/** The first rows of an order: keeps no more than are asked for, the last of them on top of a heap. */
final class TopNOperator extends Operator {
    private final Operator input;
    private final SortOrder order;
    private final Evaluator count;
    private final Evaluator offset;

    TopNOperator(Operator input, PhysicalPlan.TopN plan) {
        this.input = input;
        this.order = new SortOrder(plan.keys());
        this.count = Evaluator.compile(plan.count());
        this.offset = compile(plan.offset());
    }

    @Override
    public RowEnumerator open(ExecutionContext context) {
        return new Run(context);
    }

    private final class Run extends RowEnumerator {
        private final RowEnumerator rows;
        private SortOrder.Entry[] sorted;
        private int next;

        Run(ExecutionContext context) {
            super(context);
            this.rows = own(input.open(context));
        }

        private void collect() {
            long skip = LimitOperator.offset(offset, context);
            long wanted = LimitOperator.count(count, context);
            long kept = wanted > Long.MAX_VALUE - skip ? Long.MAX_VALUE : wanted + skip;
            Comparator<SortOrder.Entry> lastFirst = (a, b) -> order.compare(b, a);
            PriorityQueue<SortOrder.Entry> heap = new PriorityQueue<>(lastFirst);
            long number = 0;
            while (wanted > 0 && rows.moveNext()) {
                Row row = rows.current();
                Object[] keys = order.keys(row, context);
                if (heap.size() < kept) {
                    heap.add(new SortOrder.Entry(row.copy(), keys, number));
                } else if (order.compare(keys, heap.peek().keys) < 0) {
                    heap.poll();
                    heap.add(new SortOrder.Entry(row.copy(), keys, number));
                }
                number++;
            }
            release(rows);
            sorted = heap.toArray(SortOrder.Entry[]::new);
            java.util.Arrays.sort(sorted, order::compare);
            next = (int) Math.min(skip, sorted.length);
        }

        @Override
        public boolean isSettled() {
            return sorted != null;
        }

        @Override
        protected Row advance() {
            if (sorted == null) {
                collect();
            }
            return next == sorted.length ? null : sorted[next++].row;
        }
    }
}
