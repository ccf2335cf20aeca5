package org.mosslsm.sql.exec;

import org.mosslsm.kv.EntryBatch;
import org.mosslsm.sql.encode.EncodedRow;
import org.mosslsm.sql.encode.EntryRows;
import org.mosslsm.sql.encode.EntryShape;

/**
 * The rows of one batch of entries after another that a filter lets pass. Rows are named by their places in the batch; the
 * filter's tests are made of all rows that are laid out alike before the first of them is looked at. Thread safety: none.
 */
final class SelectedRows {
    private final ScanFilter filter;
    private final ExecutionContext context;
    private final EntryRows entries;
    private final EncodedRow row;
    private final Lanes lanes = new Lanes();
    private final ColumnTest test;
    private EntryBatch batch;
    private int next;
    private int[] places = {};
    private int count;
    private int taken;

    /** Whether rows selected still have to pass the filter itself. */
    private boolean isOpen;

    /**
     * Of a run that begins.
     *
     * @param filter null for none
     * @param row what the filter looks at, where it looks at rows one by one
     */
    SelectedRows(EntryShape shape, ScanFilter filter, EncodedRow row, ExecutionContext context) {
        this.filter = filter;
        this.context = context;
        this.row = row;
        this.entries = new EntryRows(shape);
        this.test = filter == null ? null : filter.bind(context);
    }

    /** Turns to the entries of a batch from {@code from} on; those before are done with. Null: to none. */
    void show(EntryBatch newBatch, int from) {
        batch = newBatch;
        next = from;
        count = 0;
        taken = 0;
    }

    /** The batch shown. */
    EntryBatch batch() {
        return batch;
    }

    /** The place of the next row that passes; -1 where the batch holds no more. */
    int nextPlace() {
        while (true) {
            while (taken < count) {
                int i = places[taken++];
                if (!isOpen || accepts(i)) {
                    return i;
                }
            }
            if (batch == null || next == batch.size()) {
                return -1;
            }
            select();
        }
    }

    /** Moves to the next rows that pass and are laid out alike, at least one; false where the batch holds no more. */
    boolean nextRows() {
        while (batch != null && next < batch.size()) {
            select();
            taken = count;
            if (isOpen) {
                int passed = 0;
                for (int j = 0; j < count; j++) {
                    if (accepts(places[j])) {
                        places[passed++] = places[j];
                    }
                }
                count = passed;
            }
            if (count > 0) {
                return true;
            }
        }
        return false;
    }

    /** The rows of {@link #nextRows}, to be read many at a time. */
    EntryRows entries() {
        return entries;
    }

    /** Their places, {@link #count} of them, ascending. */
    int[] places() {
        return places;
    }

    int count() {
        return count;
    }

    /** Room to read columns into. */
    Lanes lanes() {
        return lanes;
    }

    /** Shows one of the rows. */
    EncodedRow row(int place) {
        return row.set(batch.keys(), batch.keyOffset(place), batch.valueArray(place), batch.valueOffset(place));
    }

    private boolean accepts(int place) {
        return filter.accepts(row(place), context);
    }

    private void select() {
        int end = entries.set(batch, next);
        count = end - next;
        taken = 0;
        if (places.length < count) {
            places = new int[count];
        }
        for (int j = 0; j < count; j++) {
            places[j] = next + j;
        }
        next = end;
        isOpen = filter != null;
        if (test != null && test.reads(entries)) {
            isOpen = !filter.isAllTested();
            count = test.keep(entries, lanes, places, count, isOpen);
        }
    }
}
