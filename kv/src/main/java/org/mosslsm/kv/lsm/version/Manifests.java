package org.mosslsm.kv.lsm.version;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.mosslsm.kv.lsm.table.ByteReader;
import org.mosslsm.kv.lsm.table.TableProperties;
import org.mosslsm.kv.vfs.Vfs;

/** Reads and writes manifests of stores that are not open, for the tools. Stateless; the caller holds the lock. */
public final class Manifests {
    /**
     * What a manifest says in the end.
     *
     * @param manifest name of the file
     * @param tables all tables, level by level, in the order of {@link Version}
     * @param values the value files the tables point to
     * @param logNumber logs with a lower number are not needed
     * @param lastSequence at least all that the tables hold
     * @param closedSequence at least this far tables and logs together must go; 0 where no close said so
     * @param nextFileNumber not used yet when it was written
     */
    public record Contents(
            String manifest,
            List<VersionEdit.Added> tables,
            List<ValueFileMeta> values,
            long logNumber,
            long lastSequence,
            long closedSequence,
            long nextFileNumber) {
        /** Freezes the lists. */
        public Contents {
            tables = List.copyOf(tables);
            values = List.copyOf(values);
        }
    }

    private Manifests() {}

    /**
     * Name of the manifest in force.
     *
     * @throws org.mosslsm.kv.StoreOpenException NOT_A_STORE, NEWER_FORMAT
     */
    public static String current(Vfs vfs) throws IOException {
        return CurrentFile.read(vfs);
    }

    /**
     * Hands out the edits of a manifest, in order; those of before the damage, where there is one.
     *
     * @throws org.mosslsm.kv.CorruptionException where it is damaged
     */
    public static void forEachEdit(Vfs vfs, String manifest, Consumer<VersionEdit> each) throws IOException {
        try (ManifestReader reader = ManifestReader.open(vfs, manifest)) {
            for (VersionEdit edit = reader.next(); edit != null; edit = reader.next()) {
                each.accept(edit);
            }
        }
    }

    /**
     * Replays a manifest.
     *
     * @throws org.mosslsm.kv.CorruptionException where it is damaged, or its edits do not follow from each other
     */
    public static Contents read(Vfs vfs, String manifest) throws IOException {
        long log = 0;
        long sequence = 0;
        long closed = 0;
        long nextFile = 1;
        Version version = Version.empty(null);
        try (ManifestReader reader = ManifestReader.open(vfs, manifest)) {
            boolean first = true;
            for (VersionEdit edit = reader.next(); edit != null; edit = reader.next()) {
                if (first != edit.startsManifest()) {
                    throw reader.damage("the first record, and no other, must say the format version");
                }
                first = false;
                log = Math.max(log, edit.logNumber());
                sequence = Math.max(sequence, edit.lastSequence());
                closed = Math.max(closed, edit.closedSequence());
                nextFile = Math.max(nextFile, edit.nextFileNumber());
                try {
                    version = version.apply(edit);
                } catch (IllegalStateException e) {
                    throw reader.damage("an edit that does not fit: " + e.getMessage());
                }
            }
            if (first) {
                throw reader.damage("a manifest without a whole record");
            }
        }
        List<VersionEdit.Added> tables = new ArrayList<>();
        for (int level = 0; level < Version.LEVELS; level++) {
            for (FileMeta file : version.files(level)) {
                tables.add(new VersionEdit.Added(level, file));
                sequence = Math.max(sequence, file.maxSeq());
            }
        }
        return new Contents(manifest, tables, version.values().metas(), log, sequence, closed, nextFile);
    }

    /** Writes a manifest of that number, and puts it in force; the tables and their directory entries must be durable. */
    public static void start(Vfs vfs, long number, Contents contents) throws IOException {
        VersionEdit all = new VersionEdit()
                .startManifest()
                .logNumber(contents.logNumber())
                .lastSequence(contents.lastSequence())
                .closedSequence(contents.closedSequence())
                .nextFileNumber(contents.nextFileNumber());
        contents.tables().forEach(added -> all.add(added.level(), added.file()));
        contents.values().forEach(all::add);
        try (ManifestWriter writer = ManifestWriter.create(vfs, number, all)) {
            vfs.syncDir();
            CurrentFile.replace(vfs, writer);
        }
    }

    /**
     * Whether the meta data say of a table what it says of itself; older releases left the sequence number of a bulk load to
     * them alone.
     */
    public static boolean agree(FileMeta file, TableProperties table) {
        boolean seqs = file.minSeq() == table.minSeq() && file.maxSeq() == table.maxSeq();
        boolean loaded = table.isLoaded()
                && file.minSeq() == file.maxSeq()
                && (table.joinedSeq() == TableProperties.UNSAID || table.joinedSeq() == file.maxSeq());
        return (seqs || loaded)
                && file.entries() == table.entries()
                && file.deletes() == table.deletes()
                && file.rangeDeletes() == table.rangeDeletes()
                && file.values().equals(table.values())
                && file.largestExclusive() == table.largestExclusive()
                && Arrays.equals(file.smallest(), table.smallest())
                && Arrays.equals(file.largest(), table.largest());
    }

    /** Reads one edit, as it stands in a record of a manifest. */
    public static VersionEdit decode(byte[] record, String file) {
        return VersionEdit.decode(new ByteReader(record, 0, record.length, file, 0), file);
    }
}
