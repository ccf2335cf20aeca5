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
 * add      kept with its keys; memory full: sort what is kept, write it as a run of level 0, begin anew
 *          a level that has FAN_IN runs when another comes: these are merged into one of the level above
 * sort     no runs: sort what is kept          runs: write the last one, merge the lower levels upwards until FAN_LAST are
 *                                              left, merge these while they are read
 * </pre>
 *
 * The merge is Knuth's (The Art of Computer Programming 3, 5.4.1): runs of a level are of about one length, and all of a level
 * are older than those of the levels below; merged in their order, which keeps the sort stable. A level has one file, so that
 * few are open at once however many runs there are. A run's rows are its keys and then the row. Thread safety: none.
 */
final class RowSorter implements AutoCloseable {
    /** Runs merged at once; each costs a buffer, and with so many a second pass is rare. */
    private static final int FAN_IN = 32;

    /** Runs merged while they are read: two full levels, so that what is left in the lower one needs no pass of its own. */
    private static final int FAN_LAST = 2 * FAN_IN;

    /** An entry, its keys' array, its place in the list. */
    private static final int ENTRY_BYTES = 48;

    private final SortOrder order;
    private final ExecutionContext context;
    private final long budget;
    private List<SortOrder.Entry> kept = new ArrayList<>();
    private final List<Level> levels = new ArrayList<>();
    private long keptBytes;
    private long added;
    private long spilledBytes;
    private int keyCount;
    private int width;
    private int comparisons;
    private SortOrder.Entry[] sorted;
    private int next;
    private PriorityQueue<Head> heads;

    /** Runs of about one length, the oldest first. */
    private record Level(RowFile file, List<RowFile.Run> runs) {
        RowFile.Run endRun() {
            RowFile.Run run = file.endRun();
            runs.add(run);
            return run;
        }
    }

    /** The first row of a run that is not read yet. */
    private final class Head {
        private final RowFile.Reader reader;
        private final int run;
        private SortOrder.Entry entry;

        Head(RowFile.Reader reader, int run) {
            this.reader = reader;
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
        width = row.size();
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
        SortOrder.Entry[] entries = sortKept();
        Level level = levelWithRoom(0);
        for (SortOrder.Entry entry : entries) {
            level.file.add(joined(entry));
        }
        RowFile.Run run = level.endRun();
        spilledBytes += run.to() - run.from();
    }

    /** The level, for one more run. */
    private Level levelWithRoom(int number) {
        if (number == levels.size()) {
            levels.add(emptyLevel());
        }
        if (levels.get(number).runs.size() == FAN_IN) {
            mergeUp(number);
        }
        return levels.get(number);
    }

    private Level emptyLevel() {
        return new Level(new RowFile(context.workspace(), keyCount + width), new ArrayList<>());
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
        if (levels.isEmpty()) {
            sorted = sortKept();
            return;
        }
        if (!kept.isEmpty()) {
            spill();
        }
        for (int lowest = 0; runCount() > FAN_LAST; lowest++) {
            mergeUp(lowest);
        }
        List<RowFile.Reader> oldestFirst = new ArrayList<>();
        for (int i = levels.size() - 1; i >= 0; i--) {
            oldestFirst.addAll(readers(levels.get(i)));
        }
        heads = heads(oldestFirst);
    }

    private int runCount() {
        return levels.stream().mapToInt(level -> level.runs.size()).sum();
    }

    /** Merges the runs of a level into one of the level above, and deletes them. */
    private void mergeUp(int number) {
        Level from = levels.get(number);
        Level to = levelWithRoom(number + 1);
        PriorityQueue<Head> merge = heads(readers(from));
        for (SortOrder.Entry e = poll(merge); e != null; e = poll(merge)) {
            checkSometimes();
            to.file.add(joined(e));
        }
        to.endRun();
        from.file.close();
        levels.set(number, emptyLevel());
    }

    private static List<RowFile.Reader> readers(Level level) {
        return level.runs.stream().map(level.file::read).toList();
    }

    private PriorityQueue<Head> heads(List<RowFile.Reader> readers) {
        PriorityQueue<Head> all = new PriorityQueue<>(
                Math.max(1, readers.size()), (a, b) -> order.compare(a.entry, b.entry)); // the number is the run's
        for (int i = 0; i < readers.size(); i++) {
            Head head = new Head(readers.get(i), i);
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
        levels.forEach(level -> level.file.close());
        kept = new ArrayList<>();
        sorted = new SortOrder.Entry[0];
        heads = null;
        next = 0;
    }
}
