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

/**
 * Gives the values of the first columns of an index, each combination once, in the order of the index or backward. Reads on
 * where they change soon, and seeks behind all keys of a combination where many have it.
 */
final class LeadingValuesOperator extends Operator {
    private static final ScanHints KEYS = new ScanHints(0, true, true);

    /** Of so many keys that begin alike the next are not read: a seek costs less than as many entries more. */
    private static final int LONG_RUN = 32;

    private final byte[] prefix;
    private final KeyCodec[] columns;
    private final boolean backward;

    LeadingValuesOperator(PhysicalPlan.LeadingValues plan) {
        IndexCodec codec = new IndexCodec(plan.table(), plan.index());
        this.prefix = codec.prefix();
        this.columns = new KeyCodec[plan.width()];
        Arrays.setAll(columns, codec::keyCodec);
        this.backward = plan.backward();
    }

    @Override
    public RowEnumerator open(ExecutionContext context) {
        return new Run(context);
    }

    private final class Run extends RowEnumerator {
        private final Cursor cursor;
        private EntryBatch batch;
        private int at;

        /** What the keys of the row given last begin with; null before the first. */
        private byte[] current;

        /** Keys read that begin so, since the last seek. */
        private int run;

        Run(ExecutionContext context) {
            super(context);
            Cursor.Direction direction = backward ? Cursor.Direction.BACKWARD : Cursor.Direction.FORWARD;
            this.cursor = own(context.reads().scan(KeyRange.prefix(prefix), direction, KEYS));
        }

        @Override
        protected Row advance() {
            while (true) {
                if (batch == null || at == batch.size()) {
                    if (run >= LONG_RUN) {
                        cursor.seek(
                                backward
                                        ? current
                                        : KeyRange.prefix(current).hi().orElseThrow());
                        run = 0;
                    }
                    batch = cursor.nextBatch();
                    at = 0;
                    if (batch == null) {
                        return null;
                    }
                }
                int rest = batch.size() - at;
                if (current != null && isOfRun(batch.size() - 1)) {
                    run += rest;
                    at = batch.size();
                    continue;
                }
                while (current != null && isOfRun(at)) {
                    at++;
                }
                return row(at++);
            }
        }

        private boolean isOfRun(int i) {
            int length = current.length;
            int offset = batch.keyOffset(i);
            return batch.keyLength(i) >= length
                    && Arrays.equals(batch.keys(), offset, offset + length, current, 0, length);
        }

        private Row row(int i) {
            byte[] keys = batch.keys();
            int start = batch.keyOffset(i);
            int end = start + prefix.length;
            Object[] values = new Object[columns.length];
            for (int c = 0; c < columns.length; c++) {
                values[c] = columns[c].isNull(keys, end) ? null : columns[c].decode(keys, end);
                end = columns[c].end(keys, end);
            }
            current = Arrays.copyOfRange(keys, start, end);
            run = 1;
            return new ValueRow(values);
        }
    }
}
