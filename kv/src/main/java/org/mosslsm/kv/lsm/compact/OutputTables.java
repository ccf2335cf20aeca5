package org.mosslsm.kv.lsm.compact;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongSupplier;
import org.mosslsm.kv.lsm.entry.EntryCursor;
import org.mosslsm.kv.lsm.entry.RangeTombstones;
import org.mosslsm.kv.lsm.table.TableBuilder;
import org.mosslsm.kv.lsm.table.TableOptions;
import org.mosslsm.kv.lsm.table.TableProperties;
import org.mosslsm.kv.lsm.values.ValueSeparator;
import org.mosslsm.kv.lsm.version.FileMeta;
import org.mosslsm.kv.lsm.version.FileNames;
import org.mosslsm.kv.lsm.version.ValueFileMeta;
import org.mosslsm.kv.vfs.Vfs;

/**
 * Writes the outputs of a compaction, one after the other. Each stands for a span of keys, and the spans follow each other
 * without gaps, so that range tombstones, cut to them, stay whole together.
 *
 * <pre>
 * entries     a a b c | d d e | h      an output ends before the first entry of a key, never within one
 * spans     [..      d)[     h)[   ..
 * </pre>
 *
 * <p>Invariants: (1) at most one builder is open. (2) {@code names} has the file of every builder ever opened. Thread
 * safety: none.
 */
final class OutputTables implements AutoCloseable {
    /** What is left makes no table of its own if it is small: one in so many bytes of a usual table. */
    private static final int SMALL_REST = 4;

    private final Vfs vfs;
    private final LongSupplier numbers;
    private final TableOptions options;
    private final long tableBytes;
    private final long tableEntries;
    private final RangeTombstones tombstones;
    private final List<FileMeta> grandparents;
    private final RateLimit rate;
    private final ValueSeparator large;
    private final byte[] lastEnd;
    private final List<String> names = new ArrayList<>();
    private final List<FileMeta> finished = new ArrayList<>();
    private List<ValueFileMeta> values = List.of();

    private TableBuilder builder;
    private long number;
    private byte[] spanStart;

    /** The grandparent that the merge stands in or before, and what the current output has passed over of them. */
    private int grandparent;

    private long overlappedBytes;

    /** Entries of all inputs, and those passed so far; 0 where that is not known. */
    private long inputEntries;

    private long passedEntries;

    private long finishedBytes;

    /** Bytes of the current output that the rate limit knows of. */
    private long paidBytes;

    private long paidValueBytes;

    /**
     * For the keys {@code [lo, hi)}.
     *
     * @param tableBytes size from which on an output is ended
     * @param tableEntries number of entries from which on an output is ended
     * @param hi null for no end
     * @param tombstones what the outputs must carry between them
     * @param rate asked before bytes are written
     * @param large takes large values; owned from now on
     */
    OutputTables(
            Vfs vfs,
            LongSupplier numbers,
            TableOptions options,
            long tableBytes,
            long tableEntries,
            RangeTombstones tombstones,
            List<FileMeta> grandparents,
            RateLimit rate,
            ValueSeparator large,
            byte[] lo,
            byte[] hi) {
        this.vfs = vfs;
        this.numbers = numbers;
        this.options = options;
        this.tableBytes = tableBytes;
        this.tableEntries = tableEntries;
        this.tombstones = tombstones;
        this.grandparents = grandparents;
        this.rate = rate;
        this.large = large;
        this.spanStart = lo;
        this.lastEnd = hi;
        while (grandparent < grandparents.size()
                && grandparents.get(grandparent).endsBefore(lo, 0, lo.length)) {
            grandparent++;
        }
    }

    /** Says how far the merge is: so many entries of so many were passed, all of them between {@code lo} and {@code hi}. */
    void passed(long entries, long of) {
        passedEntries = entries;
        inputEntries = of;
    }

    /** Adds the entry the merge stands on; {@code firstOfKey} when none of its key has been added. */
    void add(EntryCursor merge, boolean firstOfKey) {
        if (firstOfKey && endsBefore(merge)) {
            endBefore(merge);
        }
        if (builder == null) {
            open();
        }
        builder.add(
                merge.keyArray(),
                merge.keyOffset(),
                merge.keyLength(),
                merge.trailer(),
                merge.valueArray(),
                merge.valueOffset(),
                merge.valueLength());
    }

    /** Ends the current output before the entry the merge stands on, which must be the first of its key to be added. */
    void endBefore(EntryCursor merge) {
        finishSpan(Arrays.copyOfRange(merge.keyArray(), merge.keyOffset(), merge.keyOffset() + merge.keyLength()));
    }

    /** Size of the current output so far, in bytes, roughly; 0 where there is none. */
    long currentBytes() {
        return builder == null ? 0 : builder.estimatedBytes();
    }

    /** Whether the current output is large enough, in itself or in what it overlaps below, to end before this entry. */
    private boolean endsBefore(EntryCursor merge) {
        while (grandparent < grandparents.size()
                && grandparents.get(grandparent).endsBefore(merge.keyArray(), merge.keyOffset(), merge.keyLength())) {
            overlappedBytes += grandparents.get(grandparent).size();
            grandparent++;
        }
        return builder != null
                && (isFull(builder.estimatedBytes())
                        || builder.indexBytes() >= tableBytes
                        || builder.entries() >= tableEntries
                        || overlappedBytes > LevelShape.MAX_GRANDPARENT_OVERLAP * tableBytes);
    }

    /** Whether an output of so many bytes is large enough. It takes the rest too, where that would be a small table. */
    private boolean isFull(long bytes) {
        if (bytes < tableBytes || passedEntries == 0) {
            return bytes >= tableBytes;
        }
        double rest = (finishedBytes + bytes) * (double) (inputEntries - passedEntries) / passedEntries;
        return rest >= tableBytes / (double) SMALL_REST || bytes >= tableBytes + tableBytes / 2;
    }

    /** Writes what is left; returns all outputs, in key order, synced but for their directory entries. */
    List<FileMeta> finish() {
        finishSpan(lastEnd);
        values = large.finish().stream().map(ValueFileMeta::of).toList();
        return finished;
    }

    /** The value files written, after {@link #finish}. */
    List<ValueFileMeta> values() {
        return values;
    }

    /** Bytes of values read to be copied. */
    long valueBytesRead() {
        return large.bytesRead();
    }

    /** Waits as the rate limit says, for what was added since the last call. */
    void pay() {
        long values = large.bytesWritten();
        rate.acquire(values - paidValueBytes);
        paidValueBytes = values;
        if (builder != null) {
            long bytes = builder.estimatedBytes();
            rate.acquire(bytes - paidBytes);
            paidBytes = bytes;
        }
    }

    /** Ends the current output before {@code end}; null is behind all keys. */
    private void finishSpan(byte[] end) {
        RangeTombstones within = tombstones.within(spanStart, end);
        if (builder == null && !within.isEmpty()) {
            open();
        }
        if (builder != null) {
            builder.setRangeTombstones(within);
            TableProperties properties = builder.finish();
            finished.add(FileMeta.of(number, builder.fileSize(), properties));
            finishedBytes += builder.fileSize();
            builder.close();
            builder = null;
        }
        spanStart = end;
        overlappedBytes = 0;
    }

    private void open() {
        number = numbers.getAsLong();
        String name = FileNames.table(number);
        paidBytes = 0;
        names.add(name); // first: also a create that fails may leave a file
        builder = new TableBuilder(vfs, name, number, options, large);
    }

    /** Deletes everything written; what cannot be deleted the next open of the store sweeps up. */
    void abandon() {
        close();
        names.forEach(name -> deleteIfThere(vfs, name));
        large.begun().forEach(values -> deleteIfThere(vfs, FileNames.values(values)));
    }

    static void deleteIfThere(Vfs vfs, String name) {
        try {
            if (vfs.exists(name)) {
                vfs.delete(name);
            }
        } catch (IOException e) {
            // Nobody names the file: it costs room until the next open, nothing else.
            return;
        }
    }

    @Override
    public void close() {
        if (builder != null) {
            builder.close();
        }
        large.close();
    }
}
