package org.mosslsm.sql.exec;

import org.mosslsm.kv.Cursor;
import org.mosslsm.kv.EntryBatch;
import org.mosslsm.kv.ScanHints;
import org.mosslsm.sql.expr.Row;
import org.mosslsm.sql.expr.ValueRow;
import org.mosslsm.sql.plan.PhysicalPlan;

/** Counts the entries of an index by whole batches of keys: no value is read, nothing is decoded. */
final class CountEntriesOperator extends Operator {
    /** Values are not needed, and one pass over all keys should not push out of the cache what others read. */
    private static final ScanHints KEYS = new ScanHints(0, true, false);

    private final KeyRanges ranges;
    private final int width;

    CountEntriesOperator(PhysicalPlan.CountEntries plan) {
        this.ranges = new KeyRanges(plan.table(), plan.index(), plan.ranges());
        this.width = plan.width();
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
            long count = 0;
            for (KeyRanges.Span span : ranges.spans(context, false)) {
                count += span.single() ? single(span) : entries(span);
            }
            delivered = true;
            Object[] values = new Object[width];
            java.util.Arrays.fill(values, count);
            return new ValueRow(values);
        }

        private long single(KeyRanges.Span span) {
            return context.transaction().get(span.range().lo()) == null ? 0 : 1;
        }

        private long entries(KeyRanges.Span span) {
            long count = 0;
            Cursor cursor = own(context.transaction().scan(span.range(), Cursor.Direction.FORWARD, KEYS));
            for (EntryBatch batch = cursor.nextBatch(); batch != null; batch = cursor.nextBatch()) {
                count += batch.size();
                context.checkCancelled();
            }
            release(cursor);
            return count;
        }
    }
}
