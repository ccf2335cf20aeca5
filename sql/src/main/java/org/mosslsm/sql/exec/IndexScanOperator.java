package org.mosslsm.sql.exec;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.mosslsm.kv.Cursor;
import org.mosslsm.kv.EntryBatch;
import org.mosslsm.kv.ScanHints;
import org.mosslsm.kv.txn.Reads;
import org.mosslsm.sql.encode.EncodedRow;
import org.mosslsm.sql.encode.EntryShape;
import org.mosslsm.sql.encode.IndexCodec;
import org.mosslsm.sql.encode.KeyWriter;
import org.mosslsm.sql.expr.Evaluator;
import org.mosslsm.sql.expr.Row;
import org.mosslsm.sql.expr.Truth;
import org.mosslsm.sql.plan.PhysicalPlan;

/**
 * Reads a table through one of its indexes. Filters run on the encoded entry, columns are decoded when someone looks at
 * them. An index that does not hold all columns leads to rows, which are fetched many at a time:
 *
 * <pre>
 * ranges of keys            -> cursor -> entries -> entry filter -> primary keys -> getAll -> filter -> rows
 * single keys (unique index) -> getAll -> entries ...
 * </pre>
 */
final class IndexScanOperator extends Operator {
    /** Rows fetched together at first where nothing is known: a reader that stops early should not pay for many. */
    private static final int FIRST_FETCH = 16;
    /** Rows fetched together at most. */
    private static final int LARGEST_FETCH = 256;

    private final KeyRanges ranges;
    private final Cursor.Direction direction;
    private final IndexCodec codec;
    private final EntryShape entryShape;
    private final EntryShape rowShape;
    /** The rows delivered; the shape the filter reads, or one with some of its columns. */
    private final EntryShape outShape;
    /** Of the columns delivered, where they stand in the rows that the filter sees; null where these are they. */
    private final int[] columns;

    private final Evaluator entryFilter;
    private final ScanFilter filter;
    private final boolean covering;
    private final boolean readsNothing;
    private final int firstFetch;
    private final ScanHints hints;

    /** A scan that delivers its columns. */
    IndexScanOperator(PhysicalPlan.IndexScan plan) {
        this(plan, null);
    }

    /**
     * A scan that delivers some of its columns, in any order, without a projection that decodes them all.
     *
     * @param columns positions among the scan's own columns; null for all
     */
    IndexScanOperator(PhysicalPlan.IndexScan plan, int[] columns) {
        int[] ordinals = plan.ordinals().stream().mapToInt(Integer::intValue).toArray();
        int[] delivered = columns == null
                ? ordinals
                : Arrays.stream(columns).map(c -> ordinals[c]).toArray();
        this.columns = columns;
        this.ranges = new KeyRanges(plan.table(), plan.index(), plan.ranges());
        this.direction = plan.backward() ? Cursor.Direction.BACKWARD : Cursor.Direction.FORWARD;
        this.codec = new IndexCodec(plan.table(), plan.index());
        this.entryShape = EntryShape.of(plan.table(), plan.index(), ordinals);
        this.rowShape = plan.covering()
                ? entryShape
                : EntryShape.of(plan.table(), plan.table().primary(), ordinals);
        this.outShape = columns == null
                ? rowShape
                : EntryShape.of(
                        plan.table(),
                        plan.covering() ? plan.index() : plan.table().primary(),
                        delivered);
        this.entryFilter = compile(plan.entryFilter());
        this.filter = ScanFilter.of(plan.filter(), rowShape);
        this.covering = plan.covering();
        this.readsNothing = readNothing(plan.filter().stream().toList());
        // A reader that wants ten rows gets them by one fetch; where a filter drops some, more are fetched.
        boolean filtered = plan.filter().isPresent() || plan.entryFilter().isPresent();
        int expected = Math.min(plan.expected(), LARGEST_FETCH);
        this.firstFetch = expected > 0 ? (filtered ? Math.max(expected, FIRST_FETCH) : expected) : FIRST_FETCH;
        this.hints = expected > 0 && !filtered ? new ScanHints(expected, false, true) : ScanHints.NONE;
    }

    /** The column, of the rows that the filter sees, which is delivered as column {@code i}. */
    int source(int i) {
        return columns == null ? i : columns[i];
    }

    /** What the rows that the filter sees are read from. */
    EntryShape shape() {
        return rowShape;
    }

    @Override
    public RowEnumerator open(ExecutionContext context) {
        return covering && ranges.isPoint()
                ? new PointScan(this, ranges, filter, rowShape, outShape, context)
                : openRanges(context);
    }

    /** A run for ranges of any kind. */
    Run openRanges(ExecutionContext context) {
        return new Run(context);
    }

    /** A run, whose rows are had one by one or, by {@link #nextRows}, many at a time; but not in turns. */
    final class Run extends RowEnumerator {
        private final Reads reads;
        private final EncodedRow entry = entryShape.newRow();
        private final EncodedRow row = covering ? entry : rowShape.newRow();
        private final EncodedRow out = outShape == rowShape ? row : outShape.newRow();
        private KeyWriter scratch; // null until needed
        private SelectedRows selected; // null until needed
        private List<KeyRanges.Span> spans;
        private int nextSpan;
        private Cursor cursor;
        private EntryBatch batch;
        private int nextEntry;
        private int fetchSize = firstFetch;
        private List<byte[]> keys = List.of();
        private List<byte[]> values = List.of();
        private int nextFetched;

        Run(ExecutionContext context) {
            super(context);
            this.reads = context.reads();
        }

        @Override
        public boolean isSettled() {
            return readsNothing && covering && spans != null && nextSpan == spans.size();
        }

        @Override
        protected Row advance() {
            if (spans == null) {
                start();
            }
            while (true) {
                while (nextFetched < keys.size()) {
                    int i = nextFetched++;
                    byte[] value = values.get(i);
                    // Absent where a single key has no row.
                    if (value != null && accepts(keys.get(i), 0, value, 0)) {
                        return out;
                    }
                }
                if (covering) {
                    Row found = nextOfBatch();
                    if (found != null) {
                        return found;
                    }
                }
                context.checkCancelled();
                if (!more()) {
                    return null;
                }
            }
        }

        /** Moves to the next rows that pass the filter, see {@link #selected}; false at the end of all. */
        boolean nextRows() {
            if (spans == null) {
                start();
            }
            while (!selected().nextRows()) {
                if (nextFetched < keys.size()) {
                    selected.show(fetched(), 0);
                } else if (covering && batch != null && nextEntry < batch.size()) {
                    selected.show(batch, nextEntry);
                    nextEntry = batch.size();
                } else {
                    context.checkCancelled();
                    selected.show(null, 0); // a cursor fills the same batch again, perhaps with more entries
                    if (!more()) {
                        return false;
                    }
                }
            }
            return true;
        }

        /** One of the rows that {@link #nextRows} moved to, as it is delivered. */
        Row row(int place) {
            EntryBatch shown = selected.batch();
            return out.set(shown.keys(), shown.keyOffset(place), shown.valueArray(place), shown.valueOffset(place));
        }

        /** The rows that {@link #nextRows} moved to. */
        SelectedRows selected() {
            if (selected == null) {
                selected = new SelectedRows(rowShape, filter, row, context);
            }
            return selected;
        }

        /** The rows fetched, as a batch. */
        private EntryBatch fetched() {
            EntryBatch rows = new EntryBatch(keys.size() - nextFetched);
            for (; nextFetched < keys.size(); nextFetched++) {
                byte[] key = keys.get(nextFetched);
                byte[] value = values.get(nextFetched);
                // Absent where a single key has no row.
                if (value != null) {
                    rows.add(key, 0, key.length, value, 0, value.length);
                }
            }
            return rows;
        }

        /** Finds the keys to look for; the row of a single one is fetched at once. */
        private void start() {
            byte[] point = ranges.point(context, scratch());
            if (point == null) {
                spans = ranges.spans(context, direction == Cursor.Direction.BACKWARD);
                return;
            }
            spans = List.of();
            keys = Collections.singletonList(point);
            fetch();
            if (!covering) {
                byte[] value = values.get(0);
                List<byte[]> found = new ArrayList<>(1);
                if (value != null) {
                    lead(point, 0, value, 0, found);
                }
                keys = found;
                fetch();
            }
        }

        /** Whether the entry passes the filter; then {@code out} shows it. */
        private boolean accepts(byte[] key, int keyOffset, byte[] value, int valueOffset) {
            if (filter != null && !filter.accepts(row.set(key, keyOffset, value, valueOffset), context)) {
                return false;
            }
            if (filter == null || out != row) {
                out.set(key, keyOffset, value, valueOffset);
            }
            return true;
        }

        private KeyWriter scratch() {
            if (scratch == null) {
                scratch = new KeyWriter();
            }
            return scratch;
        }

        /** Makes entries or fetched rows available; false at the end of all ranges. */
        private boolean more() {
            if (!covering) {
                return fetchRows();
            }
            if (cursor == null && isSingle()) {
                fetchSingles();
                return true;
            }
            return nextBatch();
        }

        private Row nextOfBatch() {
            if (batch == null) {
                return null;
            }
            int i;
            if (filter == null) {
                i = nextEntry < batch.size() ? nextEntry++ : -1;
            } else {
                if (nextEntry == 0) {
                    selected().show(batch, 0);
                    nextEntry = batch.size();
                }
                i = selected.nextPlace();
            }
            return i < 0 ? null : out.set(batch.keys(), batch.keyOffset(i), batch.valueArray(i), batch.valueOffset(i));
        }

        /** Entries of single keys that follow each other in the ranges, in one go. */
        private void fetchSingles() {
            keys = new ArrayList<>();
            while (isSingle() && keys.size() < fetchSize) {
                keys.add(spans.get(nextSpan++).range().lo());
            }
            fetch();
        }

        private boolean isSingle() {
            return nextSpan < spans.size() && spans.get(nextSpan).single();
        }

        /** Rows that entries of this index lead to. */
        private boolean fetchRows() {
            List<byte[]> found = new ArrayList<>();
            while (found.size() < fetchSize) {
                if (batch != null && nextEntry < batch.size()) {
                    int i = nextEntry++;
                    lead(batch.keys(), batch.keyOffset(i), batch.valueArray(i), batch.valueOffset(i), found);
                } else if (cursor == null && isSingle()) {
                    fetchSingles();
                    for (int i = 0; i < keys.size(); i++) {
                        if (values.get(i) != null) {
                            lead(keys.get(i), 0, values.get(i), 0, found);
                        }
                    }
                } else if (!nextBatch()) {
                    break;
                }
            }
            keys = found;
            if (found.isEmpty()) {
                return false;
            }
            fetch();
            return true;
        }

        /** Adds the primary key that an entry leads to, if the entry passes. */
        private void lead(byte[] key, int keyOffset, byte[] value, int valueOffset, List<byte[]> found) {
            entry.set(key, keyOffset, value, valueOffset);
            if (entryFilter == null || entryFilter.test(entry, context) == Truth.TRUE) {
                found.add(codec.primaryKey(key, keyOffset, value, valueOffset, scratch()));
            }
        }

        private void fetch() {
            values = switch (keys.size()) {
                case 0 -> List.of();
                case 1 -> Collections.singletonList(reads.get(keys.get(0)));
                default -> reads.getAll(keys);
            };
            nextFetched = 0;
            fetchSize = Math.min(fetchSize * 2, LARGEST_FETCH);
        }

        /**
         * Moves to the next entries of this range, or to the next range; false at the end of all. True with no entries
         * where single keys are next.
         */
        private boolean nextBatch() {
            while (true) {
                if (cursor == null) {
                    if (nextSpan == spans.size()) {
                        batch = null;
                        return false;
                    }
                    cursor = own(reads.scan(spans.get(nextSpan++).range(), direction, hints));
                }
                batch = cursor.nextBatch();
                nextEntry = 0;
                if (batch != null) {
                    return true;
                }
                release(cursor);
                cursor = null;
                if (isSingle()) {
                    return true;
                }
            }
        }
    }
}
