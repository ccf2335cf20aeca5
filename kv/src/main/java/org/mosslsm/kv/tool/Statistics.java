package org.mosslsm.kv.tool;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.mosslsm.kv.StoreMetrics;
import org.mosslsm.kv.StoreMetrics.Metric;
import org.mosslsm.kv.lsm.version.FileMeta;
import org.mosslsm.kv.lsm.version.FileNames;
import org.mosslsm.kv.lsm.version.Manifests;
import org.mosslsm.kv.lsm.version.ValueFileMeta;
import org.mosslsm.kv.lsm.version.Version;
import org.mosslsm.kv.lsm.version.VersionEdit;
import org.mosslsm.kv.vfs.RandomFile;
import org.mosslsm.kv.vfs.Vfs;

/** Figures of a closed store, from its manifest and directory alone: cheap however large the store is. Stateless. */
public final class Statistics {
    private Statistics() {}

    /** Figures of the store in a directory; errors as {@link #of(Vfs)}. */
    public static StoreMetrics of(Path directory) {
        return of(Closed.directory(directory));
    }

    /**
     * Figures of the store in the directory of {@code vfs}: for each level tables, bytes, entries, deletes, range deletes
     * and bytes before compression; the counters; the bytes of logs.
     *
     * @throws org.mosslsm.kv.StoreOpenException MISSING, LOCKED, NOT_A_STORE, NEWER_FORMAT
     * @throws org.mosslsm.kv.CorruptionException when the manifest is damaged
     * @throws org.mosslsm.kv.KvIoException when the disk refuses
     */
    public static StoreMetrics of(Vfs vfs) {
        return Closed.with(vfs, () -> read(vfs));
    }

    private static StoreMetrics read(Vfs vfs) throws IOException {
        List<String> names = vfs.list();
        if (!names.contains(FileNames.CURRENT)) {
            throw new org.mosslsm.kv.StoreOpenException(
                    org.mosslsm.kv.StoreOpenException.Reason.NOT_A_STORE,
                    "the directory " + vfs.path() + " has no file " + FileNames.CURRENT + ": it is not a store",
                    null);
        }
        Manifests.Contents contents = Manifests.read(vfs, Manifests.current(vfs));
        List<Metric> all = new ArrayList<>();
        for (int level = 0; level < Version.LEVELS; level++) {
            level(all, level, contents.tables());
        }
        all.add(new Metric("values.files", "count", (long) contents.values().size()));
        all.add(new Metric(
                "values.bytes",
                "bytes",
                contents.values().stream().mapToLong(ValueFileMeta::size).sum()));
        all.add(new Metric("values.garbage.bytes", "bytes", garbage(contents)));
        all.add(new Metric("sequence.last", "count", contents.lastSequence()));
        all.add(new Metric("file.next", "count", contents.nextFileNumber()));
        long logs = 0;
        long logBytes = 0;
        for (String name : names) {
            if (FileNames.kind(name) == FileNames.Kind.WAL && FileNames.number(name) >= contents.logNumber()) {
                logs++;
                try (RandomFile file = vfs.openRead(name)) {
                    logBytes += file.size();
                }
            }
        }
        all.add(new Metric("logs.files", "count", logs));
        all.add(new Metric("logs.bytes", "bytes", logBytes));
        return new StoreMetrics(all);
    }

    private static long garbage(Manifests.Contents contents) {
        long records =
                contents.values().stream().mapToLong(ValueFileMeta::recordBytes).sum();
        return records
                - contents.tables().stream()
                        .mapToLong(table -> table.file().values().bytes())
                        .sum();
    }

    private static void level(List<Metric> all, int level, List<VersionEdit.Added> tables) {
        List<FileMeta> files = tables.stream()
                .filter(t -> t.level() == level)
                .map(VersionEdit.Added::file)
                .toList();
        String name = "level." + level + ".";
        all.add(new Metric(name + "tables", "count", (long) files.size()));
        all.add(new Metric(
                name + "bytes",
                "bytes",
                files.stream().mapToLong(FileMeta::size).sum()));
        all.add(new Metric(
                name + "entries",
                "count",
                files.stream().mapToLong(FileMeta::entries).sum()));
        all.add(new Metric(
                name + "deletes",
                "count",
                files.stream().mapToLong(FileMeta::deletes).sum()));
        all.add(new Metric(
                name + "range.deletes",
                "count",
                files.stream().mapToLong(FileMeta::rangeDeletes).sum()));
        all.add(new Metric(
                name + "raw.bytes",
                "bytes",
                files.stream().mapToLong(FileMeta::rawBytes).sum()));
    }
}
