package org.mosslsm.sql.exec;

import java.util.Arrays;
import org.mosslsm.kv.Cursor;
import org.mosslsm.kv.EntryBatch;
import org.mosslsm.kv.KeyRange;
import org.mosslsm.kv.ScanHints;
import org.mosslsm.sql.encode.IndexCodec;
import org.mosslsm.sql.encode.KeyCodec;
import org.mosslsm.sql.expr.Row;
import org.mosslsm.sql.expr.ValueRow;
import org.mosslsm.sql.plan.PhysicalPlan;

/** Gives each value of the first column of an index once, in the order of the index: a seek behind all keys of a value. */
final class LeadingValuesOperator extends Operator {
    private static final ScanHints ONE_KEY = new ScanHints(1, true, true);

    private final byte[] prefix;
    private final KeyCodec column;

    LeadingValuesOperator(PhysicalPlan.LeadingValues plan) {
        IndexCodec codec = new IndexCodec(plan.table(), plan.index());
        this.prefix = codec.prefix();
        this.column = codec.keyCodec(0);
    }

    @Override
    public RowEnumerator open(ExecutionContext context) {
        return new Run(context);
    }

    private final class Run extends RowEnumerator {
        private final Cursor cursor;
        private byte[] behind;

        Run(ExecutionContext context) {
            super(context);
            this.cursor = own(context.reads().scan(KeyRange.prefix(prefix), Cursor.Direction.FORWARD, ONE_KEY));
        }

        @Override
        protected Row advance() {
            if (behind != null) {
                cursor.seek(behind);
            }
            EntryBatch batch = cursor.nextBatch();
            if (batch == null) {
                return null;
            }
            byte[] key = batch.copyKey(0);
            int end = column.end(key, prefix.length);
            behind = KeyRange.prefix(Arrays.copyOf(key, end)).hi().orElseThrow();
            Object value = column.isNull(key, prefix.length) ? null : column.decode(key, prefix.length);
            return new ValueRow(value);
        }
    }
}
