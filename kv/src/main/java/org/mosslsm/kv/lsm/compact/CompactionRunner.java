package org.mosslsm.kv.lsm.compact;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.function.LongSupplier;
import org.mosslsm.kv.lsm.entry.EntryCursor;
import org.mosslsm.kv.lsm.entry.EntryOrder;
import org.mosslsm.kv.lsm.entry.RangeTombstone;
import org.mosslsm.kv.lsm.entry.RangeTombstones;
import org.mosslsm.kv.lsm.entry.Stripes;
import org.mosslsm.kv.lsm.entry.Trailer;
import org.mosslsm.kv.lsm.iter.LevelCursor;
import org.mosslsm.kv.lsm.iter.MergingCursor;
import org.mosslsm.kv.lsm.table.TableBuilder;
import org.mosslsm.kv.lsm.table.TableOptions;
import org.mosslsm.kv.lsm.table.TableReader;
import org.mosslsm.kv.lsm.values.ValueOptions;
import org.mosslsm.kv.lsm.values.ValueSeparator;
import org.mosslsm.kv.lsm.version.FileMeta;
import org.mosslsm.kv.lsm.version.FileNames;
import org.mosslsm.kv.lsm.version.TableCache;
import org.mosslsm.kv.lsm.version.ValueFileMeta;
import org.mosslsm.kv.lsm.version.ValueFiles;
import org.mosslsm.kv.lsm.version.Version;
import org.mosslsm.kv.lsm.version.VersionEdit;
import org.mosslsm.kv.vfs.Vfs;

/**
 * Runs compactions.
 *
 * <pre>
 * run   the one input can move as it is:     an edit, and no bytes
 *       else
 *         range tombstones of all inputs     what nobody needs is dropped, the rest goes to the outputs
 *         merge of all inputs, in order      {@link EntryFilter} says what stays, {@link OutputTables} writes it
 *           a large one in parts, by key     side by side; their outputs follow each other
 *         a failure or a cancel              deletes the outputs: nothing has happened
 * </pre>
 *
 * <p>Thread-safe: a run has its own state. The caller holds a reference on the version, and installs the edit.
 */
public final class CompactionRunner {
    /** How much of each input is read at once: a run is a sequential pass, and a disk's head (or a page cache) likes it so. */
    private static final int READ_AHEAD_BYTES = 256 << 10;

    /** What is merged between two looks at whether to stop, each entry counted as so many bytes more: about a millisecond. */
    private static final int BYTES_PER_LOOK = 256 << 10;

    private static final int BYTES_PER_ENTRY = 256;

    private static final byte[] FIRST_KEY = {};

    private final Vfs vfs;
    private final TableCache tables;
    private final LongSupplier fileNumbers;
    private final IntFunction<TableOptions> options;
    private final LevelShape shape;
    private final int maxParts;
    private final RateLimit rate;
    private final ValueFiles values;
    private final ValueOptions valueOptions;

    /** Entries after which a table is ended, so that it has a filter; a test wants fewer. */
    long tableEntries = TableBuilder.MOST_FILTER_KEYS;

    /** Starts the thread of a part; a test lets it fail. */
    Consumer<Thread> starter = Thread::start;

    /**
     * A runner of compactions in the directory of {@code vfs}.
     *
     * @param fileNumbers gives numbers no file has had
     * @param options how tables of a level are written
     * @param maxParts into how many parts, by key, a large compaction is split to run them side by side; 1 is not to
     * @param rate asked before outputs are written
     * @param values reads values that are moved
     * @param valueOptions how large values are written
     */
    public CompactionRunner(
            Vfs vfs,
            TableCache tables,
            LongSupplier fileNumbers,
            IntFunction<TableOptions> options,
            LevelShape shape,
            int maxParts,
            RateLimit rate,
            ValueFiles values,
            ValueOptions valueOptions) {
        this.values = values;
        this.valueOptions = valueOptions;
        this.maxParts = maxParts;
        this.rate = rate;
        this.vfs = vfs;
        this.tables = tables;
        this.fileNumbers = fileNumbers;
        this.options = options;
        this.shape = shape;
    }

    /**
     * What a run has made.
     *
     * @param edit puts the outputs in the place of the inputs
     * @param outputs tables written; none where a table only changes its level
     * @param values value files written
     * @param bytesRead bytes of the inputs, and of values copied
     * @param bytesWritten bytes of the outputs, value files included
     */
    public record Result(
            VersionEdit edit, List<FileMeta> outputs, List<ValueFileMeta> values, long bytesRead, long bytesWritten) {
        /** Copies the lists. */
        public Result {
            outputs = List.copyOf(outputs);
            values = List.copyOf(values);
        }
    }

    /**
     * Merges.
     *
     * @param version the version the compaction was picked from
     * @param snapshots versions that must stay readable, ascending; the newest need not be among them
     * @param cancelled asked now and then; true ends the run
     * @throws CancellationException when {@code cancelled} said so; nothing has happened
     * @throws org.mosslsm.kv.KvIoException when the disk refuses; nothing has happened
     * @throws org.mosslsm.kv.CorruptionException when an input is damaged; nothing has happened
     */
    public Result run(Compaction compaction, Version version, long[] snapshots, BooleanSupplier cancelled) {
        if (compaction.isMovable(version, shape) && hasFormOf(compaction)) {
            FileMeta file = compaction.inputs().get(0);
            VersionEdit edit =
                    new VersionEdit().remove(compaction.level(), file).add(compaction.outputLevel(), file);
            return new Result(edit, List.of(), List.of(), 0, 0);
        }
        List<Part> parts = merge(compaction, version, new Stripes(snapshots), cancelled);
        List<FileMeta> outputs =
                parts.stream().flatMap(part -> part.written.stream()).toList();
        List<ValueFileMeta> valueFiles =
                parts.stream().flatMap(part -> part.outputs.values().stream()).toList();
        VersionEdit edit = new VersionEdit();
        compaction.inputs().forEach(file -> edit.remove(compaction.level(), file));
        compaction.overlapped().forEach(file -> edit.remove(compaction.outputLevel(), file));
        outputs.forEach(file -> edit.add(compaction.outputLevel(), file));
        valueFiles.forEach(edit::add);
        long written = outputs.stream().mapToLong(FileMeta::size).sum()
                + valueFiles.stream().mapToLong(ValueFileMeta::size).sum();
        long copied =
                parts.stream().mapToLong(part -> part.outputs.valueBytesRead()).sum();
        return new Result(edit, outputs, valueFiles, compaction.inputBytes() + copied, written);
    }

    /** Deletes the outputs of a run whose edit was refused, so that it will never be installed. */
    public void discard(Result result) {
        result.outputs().forEach(file -> OutputTables.deleteIfThere(vfs, file.name()));
        result.values().forEach(file -> OutputTables.deleteIfThere(vfs, file.name()));
    }

    /**
     * Whether the one input is compressed as its new level is, else a move would keep compression away from the depths; and
     * whether it has its filter, which a merge writes anew.
     */
    private boolean hasFormOf(Compaction compaction) {
        TableReader input = tables.reader(compaction.inputs().get(0));
        return input.filterDamage() == null
                && input.properties().compression()
                        == options.apply(compaction.outputLevel()).compression();
    }

    private List<Part> merge(Compaction compaction, Version version, Stripes stripes, BooleanSupplier cancelled) {
        RangeTombstones tombstones = rangeTombstones(compaction.allInputs(), stripes);
        RangeTombstones carried = TombstoneCull.carried(tombstones, stripes, version, compaction.floor());
        List<Part> parts = new ArrayList<>();
        byte[] lo = FIRST_KEY;
        for (byte[] cut : cuts(compaction)) {
            parts.add(new Part(compaction, version, stripes, tombstones, carried, lo, cut));
            lo = cut;
        }
        parts.add(new Part(compaction, version, stripes, tombstones, carried, lo, null));
        if (parts.size() == 1) {
            parts.get(0).run(cancelled);
        } else {
            inParallel(parts, cancelled);
        }
        return parts;
    }

    /** Keys at which a large compaction is cut, so that the parts have similarly many tables to read. */
    private List<byte[]> cuts(Compaction compaction) {
        if (compaction.outputLevel() == 0) {
            return List.of();
        }
        int wanted = (int) Math.min(maxParts, compaction.inputBytes() / Math.max(1, shape.tableBytes()));
        List<byte[]> starts = compaction.allInputs().stream()
                .map(FileMeta::smallest)
                .sorted(Arrays::compareUnsigned)
                .toList();
        List<byte[]> cuts = new ArrayList<>();
        for (int i = 1; i < wanted; i++) {
            byte[] cut = starts.get((int) ((long) starts.size() * i / wanted));
            byte[] before = cuts.isEmpty() ? starts.get(0) : cuts.get(cuts.size() - 1);
            if (Arrays.compareUnsigned(before, cut) < 0) {
                cuts.add(cut);
            }
        }
        return cuts;
    }

    /**
     * Runs all parts, the first in this thread; when one fails the others are called off, and nothing is left over: no thread
     * either, on return.
     */
    private void inParallel(List<Part> parts, BooleanSupplier cancelled) {
        AtomicBoolean failed = new AtomicBoolean();
        BooleanSupplier stop = () -> failed.get() || cancelled.getAsBoolean();
        List<Part> here = new ArrayList<>(parts.size());
        List<Thread> threads = new ArrayList<>(parts.size()); // with room for all: nothing fails while some run
        here.add(parts.get(0));
        for (int i = 1; i < parts.size(); i++) {
            Part part = parts.get(i);
            try {
                Thread thread = new Thread(
                        () -> part.tryToRun(stop, failed),
                        Thread.currentThread().getName() + "-part-" + i);
                thread.setDaemon(true);
                starter.accept(thread);
                threads.add(thread);
            } catch (OutOfMemoryError e) { // the system has no more threads: no reason to break off those that run
                here.add(part);
            }
        }
        here.forEach(part -> part.tryToRun(stop, failed));
        awaitEnd(threads);
        Throwable failure = null;
        for (Part part : parts) {
            // What broke first is worth telling, and not that the others were called off for it.
            boolean calledOff = failure instanceof CancellationException && part.failure != null;
            failure = failure == null || calledOff ? part.failure : failure;
        }
        if (failure != null) {
            parts.forEach(Part::abandon);
            throw failure instanceof RuntimeException r ? r : new IllegalStateException("a compaction failed", failure);
        }
    }

    private static void awaitEnd(List<Thread> threads) {
        boolean interrupted = false;
        for (Thread thread : threads) {
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    interrupted = true; // the part goes on; only cancelling ends it
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** The merge of the keys {@code [lo, hi)}. One thread at a time. */
    private final class Part {
        private final Compaction compaction;
        private final EntryFilter filter;
        private final OutputTables outputs;
        private final byte[] lo;
        private final byte[] hi;
        private List<FileMeta> written = List.of();
        private Throwable failure; // null for none

        Part(
                Compaction compaction,
                Version version,
                Stripes stripes,
                RangeTombstones tombstones,
                RangeTombstones carried,
                byte[] lo,
                byte[] hi) {
            this.compaction = compaction;
            this.lo = lo;
            this.hi = hi;
            this.filter = new EntryFilter(stripes, tombstones, version, compaction.floor());
            this.outputs = new OutputTables(
                    vfs,
                    fileNumbers,
                    options.apply(compaction.outputLevel()),
                    // A run of level 0 stays one table: it would else look like as many runs of similar size.
                    compaction.outputLevel() == 0
                            ? Long.MAX_VALUE / LevelShape.MAX_GRANDPARENT_OVERLAP
                            : shape.tableBytes(),
                    compaction.outputLevel() == 0 ? Long.MAX_VALUE : tableEntries,
                    carried,
                    compaction.grandparents(),
                    rate,
                    new ValueSeparator(
                            vfs,
                            valueOptions,
                            fileNumbers,
                            FileNames::values,
                            number -> ValueGarbage.isWorthCopying(version, number, valueOptions.fileBytes()),
                            values::reader),
                    lo,
                    hi);
        }

        /** As {@link #run}, one of several: what it throws is kept, and all are told. */
        void tryToRun(BooleanSupplier stop, AtomicBoolean failed) {
            try {
                run(stop);
            } catch (Throwable t) {
                failure = t;
                failed.set(true);
            }
        }

        void run(BooleanSupplier cancelled) {
            try (EntryCursor merge = open(compaction)) {
                long entries = 0;
                long bytes = 0;
                long look = BYTES_PER_LOOK;
                long inputEntries = compaction.allInputs().stream()
                        .mapToLong(FileMeta::entries)
                        .sum();
                boolean more = lo.length == 0 ? merge.seekFirst() : merge.seek(lo, 0, lo.length, Trailer.FIRST);
                while (more && (hi == null || isBefore(merge, hi))) {
                    entries++;
                    bytes += BYTES_PER_ENTRY + merge.valueLength();
                    if (bytes + outputs.valueBytesRead() >= look) {
                        look = bytes + outputs.valueBytesRead() + BYTES_PER_LOOK;
                        if (cancelled.getAsBoolean()) {
                            throw new CancellationException("the compaction was cancelled: " + compaction);
                        }
                        outputs.pay();
                        if (lo.length == 0 && hi == null) {
                            outputs.passed(entries, inputEntries);
                        }
                    }
                    if (filter.keeps(merge)) {
                        outputs.add(merge, filter.firstOfKey());
                    }
                    more = merge.next();
                }
                written = outputs.finish();
            } catch (Throwable t) {
                outputs.abandon();
                throw t;
            }
        }

        void abandon() {
            outputs.abandon();
        }
    }

    private static boolean isBefore(EntryCursor merge, byte[] hi) {
        return EntryOrder.compareKeys(merge.keyArray(), merge.keyOffset(), merge.keyLength(), hi, 0, hi.length) < 0;
    }

    private RangeTombstones rangeTombstones(List<FileMeta> inputs, Stripes stripes) {
        List<RangeTombstone> all = new ArrayList<>();
        for (FileMeta file : inputs) {
            if (file.rangeDeletes() > 0) {
                all.addAll(tables.reader(file).rangeTombstones().fragments());
            }
        }
        return RangeTombstones.of(all, stripes);
    }

    /** Tables that may overlap each for itself; those of one level in turn, so that one at a time takes its memory. */
    private MergingCursor open(Compaction compaction) {
        List<EntryCursor> children = new ArrayList<>();
        if (compaction.level() == 0) {
            compaction.inputs().forEach(file -> children.add(inTurn(List.of(file))));
        } else {
            children.add(inTurn(compaction.inputs()));
        }
        if (!compaction.overlapped().isEmpty()) {
            children.add(inTurn(compaction.overlapped()));
        }
        return new MergingCursor(children.toArray(EntryCursor[]::new));
    }

    private EntryCursor inTurn(List<FileMeta> files) {
        return LevelCursor.sequential(tables, files.toArray(FileMeta[]::new), READ_AHEAD_BYTES);
    }
}
