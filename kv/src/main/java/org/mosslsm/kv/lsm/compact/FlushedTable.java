package org.mosslsm.kv.lsm.compact;

import java.util.List;
import java.util.function.LongSupplier;
import org.mosslsm.kv.lsm.entry.EntryCursor;
import org.mosslsm.kv.lsm.entry.RangeTombstones;
import org.mosslsm.kv.lsm.entry.Stripes;
import org.mosslsm.kv.lsm.table.TableOptions;
import org.mosslsm.kv.lsm.values.ValueOptions;
import org.mosslsm.kv.lsm.values.ValueSeparator;
import org.mosslsm.kv.lsm.version.FileMeta;
import org.mosslsm.kv.lsm.version.FileNames;
import org.mosslsm.kv.lsm.version.ValueFileMeta;
import org.mosslsm.kv.lsm.version.Version;
import org.mosslsm.kv.lsm.version.VersionEdit;
import org.mosslsm.kv.vfs.Vfs;

/**
 * Writes a full memtable to tables of level 0, without what nobody can see any more: versions overwritten within one stripe,
 * and deletes with nothing below them. So a key that came and went between two flushes leaves no trace.
 *
 * <p>The tables are cut as {@link FlushCuts} says.
 */
public final class FlushedTable {
    private static final byte[] FIRST_KEY = {};

    /**
     * What a flush has written.
     *
     * @param tables in key order; empty where nothing was left to write
     * @param values the value files they point to
     */
    public record Flushed(List<FileMeta> tables, List<ValueFileMeta> values) {
        /** Copies the lists. */
        public Flushed {
            tables = List.copyOf(tables);
            values = List.copyOf(values);
        }

        /** Adds the files to an edit, the tables to level 0. */
        public void addTo(VersionEdit edit) {
            tables.forEach(file -> edit.add(0, file));
            values.forEach(edit::add);
        }

        /** Bytes of all files. */
        public long bytes() {
            return tables.stream().mapToLong(FileMeta::size).sum()
                    + values.stream().mapToLong(ValueFileMeta::size).sum();
        }
    }

    /**
     * What is flushed.
     *
     * @param points the memtable's entries
     * @param count how many they are
     * @param tombstones its range tombstones, cut for the stripes
     */
    public record Source(EntryCursor points, long count, RangeTombstones tombstones) {}

    private FlushedTable() {}

    /**
     * Writes the tables and their value files, synced but for their directory entries. Where that fails, the files are deleted.
     *
     * @param numbers gives numbers for files
     * @param below all tables that are older; null where that is not known, and all deletes must stay
     * @throws org.mosslsm.kv.KvIoException when the disk refuses; a file may be left over
     */
    public static Flushed write(
            Vfs vfs,
            LongSupplier numbers,
            TableOptions options,
            ValueOptions valueOptions,
            Source source,
            Stripes stripes,
            Version below,
            FlushCuts cuts) {
        RangeTombstones tombstones = source.tombstones();
        EntryFilter filter = new EntryFilter(stripes, tombstones, below, Version.ABOVE_ALL);
        RangeTombstones carried =
                below == null ? tombstones : TombstoneCull.carried(tombstones, stripes, below, Version.ABOVE_ALL);
        OutputTables outputs = new OutputTables(
                vfs,
                numbers,
                options,
                Long.MAX_VALUE / LevelShape.MAX_GRANDPARENT_OVERLAP,
                Long.MAX_VALUE,
                carried,
                List.of(),
                RateLimit.NONE,
                new ValueSeparator(vfs, valueOptions, numbers, FileNames::values),
                FIRST_KEY,
                null);
        try {
            FlushCuts.Cutter cutter = cuts.cutter(source.count());
            EntryCursor points = source.points();
            for (boolean more = points.seekFirst(); more; more = points.next()) {
                cutter.pass();
                if (filter.keeps(points)) {
                    if (filter.firstOfKey() && cutter.endsBefore(points, outputs.currentBytes())) {
                        outputs.endBefore(points);
                    }
                    outputs.add(points, filter.firstOfKey());
                }
            }
            return new Flushed(outputs.finish(), outputs.values());
        } catch (Throwable t) {
            outputs.abandon();
            throw t;
        }
    }

    /** Deletes what was written, where it is not to be used; nobody names it. */
    public static void discard(Vfs vfs, Flushed flushed) {
        flushed.tables().forEach(file -> OutputTables.deleteIfThere(vfs, file.name()));
        flushed.values().forEach(file -> OutputTables.deleteIfThere(vfs, file.name()));
    }
}
