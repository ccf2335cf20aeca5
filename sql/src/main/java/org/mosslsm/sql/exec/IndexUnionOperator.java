// Reads a table through several of its indexes at once.
package org.mosslsm.sql.exec;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.mosslsm.kv.Cursor;
import org.mosslsm.kv.EntryBatch;
import org.mosslsm.kv.ScanHints;
import org.mosslsm.kv.txn.Reads;
import org.mosslsm.sql.encode.EncodedRow;
import org.mosslsm.sql.encode.EntryShape;
import org.mosslsm.sql.encode.IndexCodec;
import org.mosslsm.sql.encode.KeyWriter;
import org.mosslsm.sql.exec.spill.EntrySorter;
import org.mosslsm.sql.expr.Evaluator;
import org.mosslsm.sql.expr.Row;
import org.mosslsm.sql.expr.Truth;
import org.mosslsm.sql.plan.PhysicalPlan;

/**
 * Fetches each row once that one of several ranges of indexes leads to:
 *
 * <pre>
 * ranges of each index -> entries -> primary keys -> sorted, each once -> getAll -> filter -> rows
 * </pre>
 *
 * The keys are all there before the first row; beyond the memory of an operator they are sorted in files.
 */
final class IndexUnionOperator extends Operator {
    /** Rows fetched together at first, and at most: see {@link IndexScanOperator}. */
    private static final int FIRST_FETCH = 16;

    private static final int LARGEST_FETCH = 256;
    /** Keys that are sorted as a list: a sorter for files is not worth making for fewer. */
    private static final int MOST_LISTED = 1_000;

    private static final byte[] NOTHING = {};

    private record Part(KeyRanges ranges, IndexCodec codec) {}

    private final List<Part> parts = new ArrayList<>();
    private final EntryShape shape;
    private final Evaluator filter;

    IndexUnionOperator(PhysicalPlan.IndexUnion plan) {
        for (PhysicalPlan.IndexUnion.Part p : plan.parts()) {
            parts.add(new Part(
                    new KeyRanges(plan.table(), p.index(), p.ranges()), new IndexCodec(plan.table(), p.index())));
        }
        this.shape = EntryShape.of(
                plan.table(),
                plan.table().primary(),
                plan.ordinals().stream().mapToInt(Integer::intValue).toArray());
        this.filter = compile(plan.filter());
    }

    @Override
    public RowEnumerator open(ExecutionContext context) {
        return new Run(context);
    }

    private final class Run extends RowEnumerator {
        private final Reads reads;
        private final EncodedRow row = shape.newRow();
        private final KeyWriter scratch = new KeyWriter();
        private List<byte[]> listed = new ArrayList<>();
        private EntrySorter sorter;
        /** The keys in their order, once all are there; one of the two. */
        private Iterator<byte[]> sortedList;

        private EntrySorter.Entries sortedEntries;
        private byte[] last;
        private int fetchSize = FIRST_FETCH;
        private List<byte[]> keys = List.of();
        private List<byte[]> values = List.of();
        private int next;

        Run(ExecutionContext context) {
            super(context);
            this.reads = context.reads();
        }

        @Override
        protected Row advance() {
            if (listed != null) {
                collect();
            }
            while (true) {
                while (next < keys.size()) {
                    int i = next++;
                    byte[] value = values.get(i);
                    // Absent where a single key has no row.
                    if (value != null
                            && (filter == null
                                    || filter.test(row.set(keys.get(i), 0, value, 0), context) == Truth.TRUE)) {
                        return filter == null ? row.set(keys.get(i), 0, value, 0) : row;
                    }
                }
                context.checkCancelled();
                if (!fetch()) {
                    return null;
                }
            }
        }

        // ---- keys

        private void collect() {
            for (Part part : parts) {
                List<byte[]> single = new ArrayList<>();
                for (KeyRanges.Span span : part.ranges().spans(context, false)) {
                    if (span.single()) {
                        single.add(span.range().lo());
                    } else {
                        entries(part, span);
                    }
                }
                singles(part, single);
            }
            if (sorter == null) {
                listed.sort(Arrays::compareUnsigned);
                sortedList = listed.iterator();
            } else {
                sortedEntries = sorter.sorted();
            }
            listed = null;
        }

        private void entries(Part part, KeyRanges.Span span) {
            Cursor cursor = own(reads.scan(span.range(), Cursor.Direction.FORWARD, ScanHints.NONE));
            for (EntryBatch batch = cursor.nextBatch(); batch != null; batch = cursor.nextBatch()) {
                context.checkCancelled();
                for (int i = 0; i < batch.size(); i++) {
                    add(primaryKey(part, batch, i));
                }
            }
            release(cursor);
        }

        private byte[] primaryKey(Part part, EntryBatch batch, int i) {
            return part.codec().isPrimary()
                    ? batch.copyKey(i)
                    : part.codec()
                            .primaryKey(
                                    batch.keys(),
                                    batch.keyOffset(i),
                                    batch.valueArray(i),
                                    batch.valueOffset(i),
                                    scratch);
        }

        /** Keys that name one entry each; those of the primary index are what is looked for. */
        private void singles(Part part, List<byte[]> single) {
            if (part.codec().isPrimary()) {
                single.forEach(this::add);
                return;
            }
            for (int from = 0; from < single.size(); from += LARGEST_FETCH) {
                context.checkCancelled();
                List<byte[]> some = single.subList(from, Math.min(single.size(), from + LARGEST_FETCH));
                List<byte[]> found = reads.getAll(some);
                for (int i = 0; i < some.size(); i++) {
                    if (found.get(i) != null) {
                        add(part.codec().primaryKey(some.get(i), 0, found.get(i), 0, scratch));
                    }
                }
            }
        }

        private void add(byte[] key) {
            if (sorter == null) {
                listed.add(key);
                if (listed.size() > MOST_LISTED) {
                    sorter = own(new EntrySorter(context.workspace(), 0, context::checkCancelled));
                    listed.forEach(k -> sorter.add(k, NOTHING));
                    listed = new ArrayList<>();
                }
            } else {
                sorter.add(key, NOTHING);
            }
        }

        /** The next key that was not given before; null at the end. */
        private byte[] nextKey() {
            while (true) {
                byte[] key;
                if (sortedEntries == null) {
                    key = sortedList.hasNext() ? sortedList.next() : null;
                } else if (!sortedEntries.next()) {
                    key = null;
                } else if (last != null && sortedEntries.hasKey(last)) {
                    continue;
                } else {
                    key = sortedEntries.copyKey();
                }
                if (key == null || !Arrays.equals(key, last)) {
                    last = key;
                    return key;
                }
            }
        }

        // ---- rows

        private boolean fetch() {
            keys = new ArrayList<>();
            for (byte[] key = nextKey(); key != null; key = nextKey()) {
                keys.add(key);
                if (keys.size() == fetchSize) {
                    break;
                }
            }
            if (keys.isEmpty()) {
                return false;
            }
            values = reads.getAll(keys);
            next = 0;
            fetchSize = Math.min(2 * fetchSize, LARGEST_FETCH);
            return true;
        }
    }
}
