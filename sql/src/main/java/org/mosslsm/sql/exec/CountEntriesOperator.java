package org.mosslsm.sql.exec;

import org.mosslsm.kv.txn.CountedParts;
import org.mosslsm.sql.encode.RowParts;
import org.mosslsm.sql.expr.Row;
import org.mosslsm.sql.expr.ValueRow;
import org.mosslsm.sql.plan.PhysicalPlan;

/**
 * Counts the entries of ranges of an index, which the store does for the most part without reading them. All rows of a table
 * are counted only where the transactions do not know already how many there are.
 */
final class CountEntriesOperator extends Operator {
    private final KeyRanges ranges;
    private final int width;

    /** The part whose entries are counted as they come and go, where all of a table are wanted; else negative. */
    private final long part;

    CountEntriesOperator(PhysicalPlan.CountEntries plan) {
        this.ranges = new KeyRanges(plan.table(), plan.index(), plan.ranges());
        this.width = plan.width();
        boolean all = plan.ranges().isAll() && !plan.index().isPartial();
        this.part = all ? RowParts.of(plan.table()) : CountedParts.NO_PART;
    }

    @Override
    public RowEnumerator open(ExecutionContext context) {
        return new Run(context);
    }

    private final class Run extends RowEnumerator {
        private boolean delivered;

        Run(ExecutionContext context) {
            super(context);
        }

        @Override
        public boolean isSettled() {
            return delivered;
        }

        @Override
        protected Row advance() {
            if (delivered) {
                return null;
            }
            long count = part >= 0 ? context.reads().count(part, this::walk) : walk();
            delivered = true;
            Object[] values = new Object[width];
            java.util.Arrays.fill(values, count);
            return new ValueRow(values);
        }

        private long walk() {
            long count = 0;
            for (KeyRanges.Span span : ranges.spans(context, false)) {
                count += span.single() ? single(span) : context.reads().count(span.range(), context::checkCancelled);
            }
            return count;
        }

        private long single(KeyRanges.Span span) {
            return context.reads().get(span.range().lo()) == null ? 0 : 1;
        }
    }
}
