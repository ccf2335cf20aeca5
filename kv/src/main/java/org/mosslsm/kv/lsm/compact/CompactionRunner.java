package org.mosslsm.kv.lsm.compact;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;
import java.util.function.LongSupplier;
import org.mosslsm.kv.lsm.entry.EntryCursor;
import org.mosslsm.kv.lsm.entry.RangeTombstone;
import org.mosslsm.kv.lsm.entry.RangeTombstones;
import org.mosslsm.kv.lsm.entry.Stripes;
import org.mosslsm.kv.lsm.iter.LevelCursor;
import org.mosslsm.kv.lsm.iter.MergingCursor;
import org.mosslsm.kv.lsm.table.TableOptions;
import org.mosslsm.kv.lsm.version.FileMeta;
import org.mosslsm.kv.lsm.version.TableCache;
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
 *         a failure or a cancel              deletes the outputs: nothing has happened
 * </pre>
 *
 * <p>Thread-safe: a run has its own state. The caller holds a reference on the version, and installs the edit.
 */
public final class CompactionRunner {
    /** How much of each input is read at once: a run is a sequential pass, and a disk's head (or a page cache) likes it so. */
    private static final int READ_AHEAD_BYTES = 256 << 10;

    /** Entries between two looks at whether to stop: a fraction of a millisecond. */
    private static final int ENTRIES_PER_LOOK = 1 << 10;

    private final Vfs vfs;
    private final TableCache tables;
    private final LongSupplier fileNumbers;
    private final IntFunction<TableOptions> options;
    private final LevelShape shape;

    /**
     * A runner of compactions in the directory of {@code vfs}.
     *
     * @param fileNumbers gives numbers no file has had
     * @param options how tables of a level are written
     */
    public CompactionRunner(
            Vfs vfs, TableCache tables, LongSupplier fileNumbers, IntFunction<TableOptions> options, LevelShape shape) {
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
     * @param bytesRead bytes of the inputs
     * @param bytesWritten bytes of the outputs
     */
    public record Result(VersionEdit edit, List<FileMeta> outputs, long bytesRead, long bytesWritten) {
        /** Copies the list. */
        public Result {
            outputs = List.copyOf(outputs);
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
        if (compaction.isMovable(version, shape) && sameForm(compaction)) {
            FileMeta file = compaction.inputs().get(0);
            VersionEdit edit =
                    new VersionEdit().remove(compaction.level(), file).add(compaction.outputLevel(), file);
            return new Result(edit, List.of(), 0, 0);
        }
        List<FileMeta> outputs = merge(compaction, version, new Stripes(snapshots), cancelled);
        VersionEdit edit = new VersionEdit();
        compaction.inputs().forEach(file -> edit.remove(compaction.level(), file));
        compaction.overlapped().forEach(file -> edit.remove(compaction.outputLevel(), file));
        outputs.forEach(file -> edit.add(compaction.outputLevel(), file));
        long written = outputs.stream().mapToLong(FileMeta::size).sum();
        return new Result(edit, outputs, compaction.inputBytes(), written);
    }

    /** Deletes the outputs of a run whose edit was refused, so that it will never be installed. */
    public void discard(Result result) {
        result.outputs().forEach(file -> OutputTables.deleteIfThere(vfs, file.name()));
    }

    /** Whether tables of both levels are written alike: else a move would keep compression away from the deep levels. */
    private boolean sameForm(Compaction compaction) {
        return options.apply(compaction.level()).equals(options.apply(compaction.outputLevel()));
    }

    private List<FileMeta> merge(Compaction compaction, Version version, Stripes stripes, BooleanSupplier cancelled) {
        RangeTombstones tombstones = rangeTombstones(compaction.allInputs(), stripes);
        EntryFilter filter = new EntryFilter(stripes, tombstones, version, compaction.outputLevel());
        OutputTables outputs = new OutputTables(
                vfs,
                fileNumbers,
                options.apply(compaction.outputLevel()),
                shape,
                TombstoneCull.carried(tombstones, stripes, version, compaction.outputLevel()),
                compaction.grandparents());
        try (EntryCursor merge = open(compaction)) {
            int entries = 0;
            for (boolean more = merge.seekFirst(); more; more = merge.next()) {
                if (++entries % ENTRIES_PER_LOOK == 0 && cancelled.getAsBoolean()) {
                    throw new CancellationException("the compaction was cancelled: " + compaction);
                }
                if (filter.keeps(merge)) {
                    outputs.add(merge, filter.firstOfKey());
                }
            }
            return outputs.finish();
        } catch (Throwable t) {
            outputs.abandon();
            throw t;
        }
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
