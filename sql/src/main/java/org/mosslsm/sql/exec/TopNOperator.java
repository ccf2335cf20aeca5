package org.mosslsm.sql.exec;

import java.util.Comparator;
import java.util.PriorityQueue;
import org.mosslsm.sql.exec.spill.HeapSize;
import org.mosslsm.sql.expr.Evaluator;
import org.mosslsm.sql.expr.Row;
import org.mosslsm.sql.plan.PhysicalPlan;

/**
 * The first rows of an order: keeps no more than are asked for, the last of them on top of a heap. Where even these outgrow
 * the memory, sorts all that comes.
 */
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
        private RowSorter sorter;
        private long next;
        private long end;

        Run(ExecutionContext context) {
            super(context);
            this.rows = own(input.open(context));
        }

        private void collect() {
            long skip = LimitOperator.offset(offset, context);
            long wanted = LimitOperator.count(count, context);
            long kept = wanted > Long.MAX_VALUE - skip ? Long.MAX_VALUE : wanted + skip;
            long budget = context.workspace().budgetBytes();
            Comparator<SortOrder.Entry> lastFirst = (a, b) -> order.compare(b, a);
            PriorityQueue<SortOrder.Entry> heap = new PriorityQueue<>(lastFirst);
            long bytes = 0;
            long number = 0;
            while (wanted > 0 && rows.moveNext()) {
                Row row = rows.current();
                if (sorter != null) {
                    sorter.add(row);
                    continue;
                }
                Object[] keys = order.keys(row, context);
                if (heap.size() < kept || order.compare(keys, heap.peek().keys) < 0) {
                    SortOrder.Entry entry = new SortOrder.Entry(row.copy(), keys, number);
                    bytes += size(entry);
                    if (heap.size() == kept) {
                        bytes -= size(heap.poll());
                    }
                    heap.add(entry);
                    if (bytes > budget) {
                        sortAll(heap);
                    }
                }
                number++;
            }
            release(rows);
            next = skip;
            end = kept;
            if (sorter != null) {
                sorter.sort();
                for (long i = 0; i < skip && sorter.next() != null; i++) {
                    // skipped
                }
                return;
            }
            sorted = heap.toArray(SortOrder.Entry[]::new);
            java.util.Arrays.sort(sorted, order::compare);
        }

        private static long size(SortOrder.Entry entry) {
            return 48 + HeapSize.of(entry.row.values()) + 4L * entry.keys.length;
        }

        /** Hands what is kept, and all that comes, to a sort; what was dropped so far comes behind these. */
        private void sortAll(PriorityQueue<SortOrder.Entry> heap) {
            sorter = own(new RowSorter(order, context));
            SortOrder.Entry[] asTheyCame = heap.toArray(SortOrder.Entry[]::new);
            java.util.Arrays.sort(asTheyCame, Comparator.comparingLong(e -> e.number));
            for (SortOrder.Entry e : asTheyCame) {
                sorter.add(e.row, e.keys);
            }
            heap.clear();
        }

        @Override
        public boolean isSettled() {
            return sorted != null || (sorter != null && end > 0);
        }

        @Override
        protected Row advance() {
            if (sorted == null && end == 0) {
                collect();
            }
            if (sorter != null) {
                return next++ < end ? sorter.next() : null;
            }
            return next >= sorted.length ? null : sorted[(int) next++].row;
        }
    }
}
