package org.mosslsm.sql.exec;

import org.mosslsm.kv.Cursor;
import org.mosslsm.kv.EntryBatch;
import org.mosslsm.kv.ScanHints;
import org.mosslsm.kv.txn.CountedParts;
import org.mosslsm.sql.encode.RowParts;
import org.mosslsm.sql.expr.Row;
import org.mosslsm.sql.expr.ValueRow;
import org.mosslsm.sql.plan.PhysicalPlan;

/**
 * Counts the entries of an index by whole batches of keys: no value is read, nothing is decoded. All rows of a table are
 * counted only where the transactions do not know already how many there are.
 */
final class CountEntriesOperator extends Operator {
    /** Values are not needed, and one pass over all keys should not push out of the cache what others read. */
    private static final ScanHints KEYS = new ScanHints(0, true, false);

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
                count += span.single() ? single(span) : entries(span);
            }
            return count;
        }

        private long single(KeyRanges.Span span) {
            return context.reads().get(span.range().lo()) == null ? 0 : 1;
        }

        private long entries(KeyRanges.Span span) {
            long count = 0;
            Cursor cursor = own(context.reads().scan(span.range(), Cursor.Direction.FORWARD, KEYS));
            for (EntryBatch batch = cursor.nextBatch(); batch != null; batch = cursor.nextBatch()) {
                count += batch.size();
                context.checkCancelled();
            }
            release(cursor);
            return count;
        }
    }
}
