package org.mosslsm.sql.exec;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.PriorityQueue;
import org.mosslsm.sql.exec.spill.HeapSize;
import org.mosslsm.sql.exec.spill.RowFile;
import org.mosslsm.sql.expr.Row;
import org.mosslsm.sql.expr.ValueRow;

/**
 * Sorts rows, equal ones in the order they came, in bounded memory: an external merge sort.
 *
 * <pre>
 * add      kept with its keys; memory full: sort what is kept, write it as a run, begin anew
 * sort     no runs: sort what is kept          runs: write the last one, merge down to FAN_IN, merge these while they are read
 * </pre>
 *
 * The merge is Knuth's (The Art of Computer Programming 3, 5.4.1): runs are of equal length but for the last, merged in
 * their order, which keeps the sort stable. A run's rows are its keys and then the row. Thread safety: none.
 */
final class RowSorter implements AutoCloseable {
    /** Runs merged at once; each costs a buffer, and with so many a second pass is rare. */
    private static final int FAN_IN = 32;

    /** An entry, its keys' array, its place in the list. */
    private static final int ENTRY_BYTES = 48;

    private final SortOrder order;
    private final ExecutionContext context;
    private final long budget;
    private List<SortOrder.Entry> kept = new ArrayList<>();
    private List<RowFile> runs = new ArrayList<>();
    private long keptBytes;
    private long added;
    private long spilledBytes;
    private int keyCount;
    private int comparisons;
    private SortOrder.Entry[] sorted;
    private int next;
    private PriorityQueue<Head> heads;

    /** The first row of a run that is not read yet. */
    private final class Head {
        private final RowFile.Reader reader;
        private final int run;
        private SortOrder.Entry entry;

        Head(RowFile file, int run) {
            this.reader = file.read();
            this.run = run;
        }

        boolean advance() {
            Object[] values = reader.next();
            if (values == null) {
                return false;
            }
            Object[] keys = Arrays.copyOf(values, keyCount);
            entry = new SortOrder.Entry(new ValueRow(Arrays.copyOfRange(values, keyCount, values.length)), keys, run);
            return true;
        }
    }

    RowSorter(SortOrder order, ExecutionContext context) {
        this.order = order;
        this.context = context;
        this.budget = context.workspace().budgetBytes();
    }

    /** Adds a row, which is copied. */
    void add(Row row) {
        add(row.copy(), order.keys(row, context));
    }

    /** Adds a row that stays as it is, with its keys. */
    void add(ValueRow row, Object[] keys) {
        kept.add(new SortOrder.Entry(row, keys, added++));
        keyCount = keys.length;
        if (budget != Long.MAX_VALUE) {
            // The keys are mostly values of the row.
            keptBytes += ENTRY_BYTES + HeapSize.of(row.values()) + 4L * keys.length;
            context.workspace().watch().holds(keptBytes);
            if (keptBytes > budget) {
                spill();
            }
        }
    }

    private void spill() {
        SortOrder.Entry[] run = sortKept();
        RowFile file = newRun(run[0]);
        for (SortOrder.Entry entry : run) {
            file.add(joined(entry));
        }
        file.finish();
        spilledBytes += file.bytes();
    }

    private RowFile newRun(SortOrder.Entry like) {
        RowFile file = new RowFile(context.workspace(), like.keys.length + like.row.size());
        runs.add(file);
        return file;
    }

    private static Object[] joined(SortOrder.Entry entry) {
        Object[] values = Arrays.copyOf(entry.keys, entry.keys.length + entry.row.size());
        for (int i = entry.keys.length; i < values.length; i++) {
            values[i] = entry.row.get(i - entry.keys.length);
        }
        return values;
    }

    private SortOrder.Entry[] sortKept() {
        SortOrder.Entry[] entries = kept.toArray(SortOrder.Entry[]::new);
        kept = new ArrayList<>();
        keptBytes = 0;
        Arrays.sort(entries, (a, b) -> {
            checkSometimes();
            return order.compare(a.keys, b.keys);
        });
        return entries;
    }

    private void checkSometimes() {
        if ((++comparisons & 0xFFF) == 0) {
            context.checkCancelled();
        }
    }

    /** Ends the adding; the rows then come from {@link #next}. */
    void sort() {
        if (runs.isEmpty()) {
            sorted = sortKept();
            return;
        }
        if (!kept.isEmpty()) {
            spill();
        }
        while (runs.size() > FAN_IN) {
            mergeOnce();
        }
        heads = heads(runs);
    }

    /** Merges neighbouring runs, so that their order stays that of the rows. */
    private void mergeOnce() {
        List<RowFile> before = runs;
        runs = new ArrayList<>();
        try {
            for (int from = 0; from < before.size(); from += FAN_IN) {
                List<RowFile> some = before.subList(from, Math.min(before.size(), from + FAN_IN));
                PriorityQueue<Head> merge = heads(some);
                RowFile out = newRun(merge.peek().entry);
                for (SortOrder.Entry e = poll(merge); e != null; e = poll(merge)) {
                    checkSometimes();
                    out.add(joined(e));
                }
                out.finish();
                some.forEach(RowFile::close);
            }
        } finally {
            before.forEach(RowFile::close);
        }
    }

    private PriorityQueue<Head> heads(List<RowFile> files) {
        PriorityQueue<Head> all = new PriorityQueue<>(
                Math.max(1, files.size()), (a, b) -> order.compare(a.entry, b.entry)); // the number is the run's
        for (int i = 0; i < files.size(); i++) {
            Head head = new Head(files.get(i), i);
            if (head.advance()) {
                all.add(head);
            }
        }
        return all;
    }

    private SortOrder.Entry poll(PriorityQueue<Head> merge) {
        Head head = merge.poll();
        if (head == null) {
            return null;
        }
        SortOrder.Entry entry = head.entry;
        if (head.advance()) {
            merge.add(head);
        }
        return entry;
    }

    /** The next row; null at the end. */
    ValueRow next() {
        if (heads != null) {
            checkSometimes();
            SortOrder.Entry entry = poll(heads);
            return entry == null ? null : entry.row;
        }
        if (next == sorted.length) {
            return null;
        }
        ValueRow row = sorted[next].row;
        sorted[next++] = null;
        return row;
    }

    /** Bytes written to files; 0 when all fitted into memory. */
    long spilledBytes() {
        return spilledBytes;
    }

    /** Deletes the runs; harmless when repeated. */
    @Override
    public void close() {
        runs.forEach(RowFile::close);
        kept = new ArrayList<>();
        sorted = new SortOrder.Entry[0];
        heads = null;
        next = 0;
    }
}
