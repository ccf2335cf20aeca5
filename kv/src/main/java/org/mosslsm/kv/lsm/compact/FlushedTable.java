package org.mosslsm.kv.lsm.compact;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.mosslsm.kv.lsm.entry.EntryCursor;
import org.mosslsm.kv.lsm.entry.RangeTombstones;
import org.mosslsm.kv.lsm.entry.Stripes;
import org.mosslsm.kv.lsm.table.TableBuilder;
import org.mosslsm.kv.lsm.table.TableOptions;
import org.mosslsm.kv.lsm.table.TableProperties;
import org.mosslsm.kv.lsm.values.ValueOptions;
import org.mosslsm.kv.lsm.values.ValueSeparator;
import org.mosslsm.kv.lsm.version.FileMeta;
import org.mosslsm.kv.lsm.version.FileNames;
import org.mosslsm.kv.lsm.version.ValueFileMeta;
import org.mosslsm.kv.lsm.version.Version;
import org.mosslsm.kv.lsm.version.VersionEdit;
import org.mosslsm.kv.vfs.Vfs;

/**
 * Writes a full memtable to a table, without what nobody can see any more: versions overwritten within one stripe, and
 * deletes with nothing below them. So a key that came and went between two flushes leaves no trace.
 */
public final class FlushedTable {
    /**
     * What a flush has written.
     *
     * @param table empty where nothing was left to write
     * @param values the value files it points to
     */
    public record Flushed(Optional<FileMeta> table, List<ValueFileMeta> values) {
        /** Copies the list. */
        public Flushed {
            values = List.copyOf(values);
        }

        /** Adds the files to an edit, the table to level 0. */
        public void addTo(VersionEdit edit) {
            table.ifPresent(file -> edit.add(0, file));
            values.forEach(edit::add);
        }

        /** Bytes of all files. */
        public long bytes() {
            return table.map(FileMeta::size).orElse(0L)
                    + values.stream().mapToLong(ValueFileMeta::size).sum();
        }
    }

    private FlushedTable() {}

    /**
     * Writes the table and its value files, synced but for their directory entries. Where that fails, the files are deleted.
     *
     * @param numbers gives numbers for value files
     * @param points the memtable's entries
     * @param tombstones its range tombstones, cut for {@code stripes}
     * @param below all tables that are older; null where that is not known, and all deletes must stay
     * @throws org.mosslsm.kv.KvIoException when the disk refuses; a file may be left over
     */
    public static Flushed write(
            Vfs vfs,
            long number,
            LongSupplier numbers,
            TableOptions options,
            ValueOptions valueOptions,
            EntryCursor points,
            RangeTombstones tombstones,
            Stripes stripes,
            Version below) {
        EntryFilter filter = new EntryFilter(stripes, tombstones, below, Version.ABOVE_ALL);
        RangeTombstones carried =
                below == null ? tombstones : TombstoneCull.carried(tombstones, stripes, below, Version.ABOVE_ALL);
        boolean more = nextKept(points, points.seekFirst(), filter);
        if (!more && carried.isEmpty()) {
            return new Flushed(Optional.empty(), List.of());
        }
        ValueSeparator large = new ValueSeparator(vfs, valueOptions, numbers, FileNames::values);
        boolean done = false;
        try (large;
                TableBuilder builder = new TableBuilder(vfs, FileNames.table(number), number, options, large)) {
            while (more) {
                builder.add(
                        points.keyArray(),
                        points.keyOffset(),
                        points.keyLength(),
                        points.trailer(),
                        points.valueArray(),
                        points.valueOffset(),
                        points.valueLength());
                more = nextKept(points, points.next(), filter);
            }
            builder.setRangeTombstones(carried);
            List<ValueFileMeta> values =
                    large.finish().stream().map(ValueFileMeta::of).toList();
            TableProperties properties = builder.finish();
            done = true;
            return new Flushed(Optional.of(FileMeta.of(number, builder.fileSize(), properties)), values);
        } finally {
            if (!done) {
                discard(vfs, number, large.begun());
            }
        }
    }

    /** Deletes what was written, where it is not to be used; nobody names it. */
    public static void discard(Vfs vfs, Flushed flushed) {
        List<Long> values = flushed.values().stream().map(ValueFileMeta::number).toList();
        flushed.table().ifPresent(file -> discard(vfs, file.number(), values));
    }

    private static void discard(Vfs vfs, long table, List<Long> values) {
        List<String> names = new ArrayList<>();
        names.add(FileNames.table(table));
        values.forEach(number -> names.add(FileNames.values(number)));
        names.forEach(name -> OutputTables.deleteIfThere(vfs, name));
    }

    private static boolean nextKept(EntryCursor points, boolean on, EntryFilter filter) {
        boolean more = on;
        while (more && !filter.keeps(points)) {
            more = points.next();
        }
        return more;
    }
}
