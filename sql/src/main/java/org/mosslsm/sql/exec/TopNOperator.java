package org.mosslsm.sql.exec;

import java.util.Arrays;
import java.util.Comparator;
import java.util.PriorityQueue;
import org.mosslsm.sql.exec.spill.HeapSize;
import org.mosslsm.sql.expr.Evaluator;
import org.mosslsm.sql.expr.Row;
import org.mosslsm.sql.plan.PhysicalPlan;

/**
 * The first rows of an order: keeps no more than are asked for, the last of them on top of a heap. Where even these outgrow
 * the memory, sorts all that comes. Of a scan, whose rows come many at a time, only those are looked at that {@link
 * LeadingKey} does not see to come too late.
 */
final class TopNOperator extends Operator {
    private final Operator input;
    private final SortOrder order;
    private final Evaluator count;
    private final Evaluator offset;
    /** Null unless the input is a scan whose first key can be read many at a time. */
    private final LeadingKey leading;

    TopNOperator(Operator input, PhysicalPlan.TopN plan) {
        this.input = input;
        this.order = new SortOrder(plan.keys());
        this.count = Evaluator.compile(plan.count());
        this.offset = compile(plan.offset());
        this.leading = input instanceof IndexScanOperator scan ? LeadingKey.of(plan.keys(), scan) : null;
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
            Heap heap = new Heap(kept, budget);
            if (wanted > 0) {
                if (leading != null && rows instanceof IndexScanOperator.Run scanned) {
                    collectMany(heap, scanned);
                } else {
                    while (rows.moveNext()) {
                        heap.add(rows.current());
                    }
                }
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
            sorted = heap.entries.toArray(SortOrder.Entry[]::new);
            Arrays.sort(sorted, order::compare);
        }

        private void collectMany(Heap heap, IndexScanOperator.Run scanned) {
            int[] early = {};
            while (scanned.nextRows()) {
                SelectedRows some = scanned.selected();
                int count = some.count();
                if (sorter != null || !some.entries().reads(leading.column())) {
                    for (int j = 0; j < count; j++) {
                        heap.add(scanned.row(some.places()[j]));
                    }
                    continue;
                }
                early = early.length >= count ? early : new int[count];
                int left = leading.early(some, heap.lastKept(), early);
                long before = heap.number;
                for (int j = 0; j < left; j++) {
                    heap.number = before + early[j];
                    heap.add(scanned.row(some.places()[early[j]]));
                }
                heap.number = before + count;
            }
        }

        /** What is kept, the last of it on top. */
        private final class Heap {
            private final PriorityQueue<SortOrder.Entry> entries = new PriorityQueue<>((a, b) -> order.compare(b, a));
            private final long kept;
            private final long budget;
            private long bytes;
            /** Of the row that comes next, counted from the first. */
            private long number;

            Heap(long kept, long budget) {
                this.kept = kept;
                this.budget = budget;
            }

            /** The last of what is kept; null as long as every row is. */
            SortOrder.Entry lastKept() {
                return entries.size() < kept ? null : entries.peek();
            }

            void add(Row row) {
                if (sorter != null) {
                    sorter.add(row);
                    return;
                }
                Object[] keys = order.keys(row, context);
                if (entries.size() < kept || order.compare(keys, entries.peek().keys) < 0) {
                    SortOrder.Entry entry = new SortOrder.Entry(row.copy(), keys, number);
                    bytes += size(entry);
                    if (entries.size() == kept) {
                        bytes -= size(entries.poll());
                    }
                    entries.add(entry);
                    if (bytes > budget) {
                        sortAll();
                    }
                }
                number++;
            }

            private long size(SortOrder.Entry entry) {
                return 48 + HeapSize.of(entry.row.values()) + 4L * entry.keys.length;
            }

            /** Hands what is kept, and all that comes, to a sort; what was dropped so far comes behind these. */
            private void sortAll() {
                sorter = own(new RowSorter(order, context));
                SortOrder.Entry[] asTheyCame = entries.toArray(SortOrder.Entry[]::new);
                Arrays.sort(asTheyCame, Comparator.comparingLong(e -> e.number));
                for (SortOrder.Entry e : asTheyCame) {
                    sorter.add(e.row, e.keys);
                }
                entries.clear();
            }
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
