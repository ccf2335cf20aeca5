package org.mosslsm.kv.tool;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import org.mosslsm.kv.CorruptionException;
import org.mosslsm.kv.WriteBatch;
import org.mosslsm.kv.lsm.entry.FoundEntry;
import org.mosslsm.kv.lsm.entry.RangeTombstone;
import org.mosslsm.kv.lsm.entry.Trailer;
import org.mosslsm.kv.lsm.table.BlockCache;
import org.mosslsm.kv.lsm.table.TableReader;
import org.mosslsm.kv.lsm.table.TableWalk;
import org.mosslsm.kv.lsm.table.ValuePointer;
import org.mosslsm.kv.lsm.values.ValueFileReader;
import org.mosslsm.kv.lsm.version.FileNames;
import org.mosslsm.kv.lsm.version.Manifests;
import org.mosslsm.kv.vfs.Vfs;

/**
 * Writes a file of a closed store as text for people: one line an entry of a table, a write of a log, an edit of a
 * manifest. Damage is written in its place, and what can be read behind it follows. The text is no interface: it may
 * change.
 *
 * <p>Used once, by one thread.
 */
public final class Dump {
    private final Vfs vfs;
    private final String name;
    private final Appendable out;

    private Dump(Vfs vfs, String name, Appendable out) {
        this.vfs = vfs;
        this.name = name;
        this.out = out;
    }

    /** Dumps a file: table, log, manifest or CURRENT; errors as {@link #file(Vfs, String, Appendable)}. */
    public static void file(Path file, Appendable out) {
        Path absolute = file.toAbsolutePath();
        file(Closed.directory(absolute.getParent()), absolute.getFileName().toString(), out);
    }

    /**
     * Dumps the file {@code name} of the store in the directory of {@code vfs}.
     *
     * @throws IllegalArgumentException when the name is not that of a file of a store
     * @throws org.mosslsm.kv.StoreOpenException MISSING, LOCKED, NEWER_FORMAT
     * @throws org.mosslsm.kv.KvIoException when the disk refuses
     */
    public static void file(Vfs vfs, String name, Appendable out) {
        Closed.with(vfs, () -> {
            new Dump(new BadSectors(vfs), name, out).run();
            return null;
        });
    }

    private void run() throws IOException {
        try {
            switch (FileNames.kind(name)) {
                case TABLE -> table();
                case VALUES -> values();
                case WAL -> log();
                case MANIFEST -> Manifests.forEachEdit(vfs, name, edit -> line(edit.toString()));
                case CURRENT -> line("manifest in force: " + Manifests.current(vfs));
                default ->
                    throw new IllegalArgumentException(name + " is not a table, value file, log, manifest or CURRENT");
            }
        } catch (CorruptionException e) {
            damage(e);
        }
    }

    private void table() throws IOException {
        try (TableReader table =
                TableReader.openDamaged(vfs, name, FileNames.number(name), 0, new BlockCache(1 << 20))) {
            line("table " + name + ", " + table.fileSize() + " bytes");
            if (table.propertiesDamage() == null) {
                line("properties " + properties(table));
            } else {
                damage(table.propertiesDamage());
            }
            if (table.tombstonesDamage() != null) {
                damage(table.tombstonesDamage());
            }
            if (table.filterDamage() != null) {
                damage(table.filterDamage());
            }
            for (RangeTombstone tombstone : table.rangeTombstones().fragments()) {
                line("delete range [" + Text.bytes(tombstone.lo()) + ", " + Text.bytes(tombstone.hi()) + ")@"
                        + tombstone.seq());
            }
            TableWalk.walk(table, new TableWalk.Visitor() {
                @Override
                public void entry(byte[] key, int at, int length, long trailer, byte[] values, int valueAt, int size) {
                    String value = Text.bytes(values, valueAt, size);
                    if (Trailer.kind(trailer) == Trailer.POINTER) {
                        ValuePointer pointer = ValuePointer.decode(values, valueAt, size);
                        value = place(pointer) + " of " + FileNames.values(pointer.file());
                    }
                    line(Text.entry(key, at, length, trailer) + " = " + value);
                }

                @Override
                public void damaged(CorruptionException e) {
                    damage(e);
                }
            });
        }
    }

    private void values() {
        try (ValueFileReader file = ValueFileReader.open(vfs, name, FileNames.number(name))) {
            line("value file " + name + ", " + file.fileSize() + " bytes, " + file.values() + " values of "
                    + file.valueBytes() + " bytes");
            FoundEntry value = new FoundEntry();
            file.walk(
                    record -> {
                        file.read(record, value);
                        line(place(record) + " = "
                                + Text.bytes(value.valueArray(), value.valueOffset(), value.valueLength()));
                    },
                    this::damage);
        }
    }

    private static String place(ValuePointer record) {
        return "value of " + record.valueLength() + " bytes, stored as " + record.bodyLength() + ", at "
                + record.offset();
    }

    private static String properties(TableReader table) {
        var p = table.properties();
        return "entries " + p.entries() + ", deletes " + p.deletes() + ", range deletes " + p.rangeDeletes()
                + ", key bytes " + p.rawKeyBytes() + ", value bytes " + p.rawValueBytes() + ", blocks " + p.dataBlocks()
                + ", sequence " + p.minSeq() + ".." + p.maxSeq() + ", keys " + Text.bytes(p.smallest()) + " to "
                + Text.bytes(p.largest()) + (p.largestExclusive() ? " exclusive" : "") + ", created "
                + java.time.Instant.ofEpochMilli(p.createdMillis());
    }

    private void log() throws IOException {
        LogScan scan = new LogScan(vfs, -1);
        scan.read(name, (first, array, offset, length) -> {
            line("batch " + first);
            WriteBatch.decode(array, offset, length, new Lines());
        });
        List<Finding> findings = scan.findings();
        findings.forEach(finding -> line("damage: " + finding));
        scan.notes().forEach(note -> line("note: " + note));
    }

    /** The writes of a batch, one a line. */
    private final class Lines implements WriteBatch.Visitor {
        @Override
        public void put(byte[] array, int keyOffset, int keyLength, int valueOffset, int valueLength) {
            line("  put " + Text.bytes(array, keyOffset, keyLength) + " = "
                    + Text.bytes(array, valueOffset, valueLength));
        }

        @Override
        public void delete(byte[] array, int keyOffset, int keyLength) {
            line("  delete " + Text.bytes(array, keyOffset, keyLength));
        }

        @Override
        public void deleteRange(byte[] array, int loOffset, int loLength, int hiOffset, int hiLength) {
            line("  delete range [" + Text.bytes(array, loOffset, loLength) + ", "
                    + Text.bytes(array, hiOffset, hiLength) + ")");
        }
    }

    private void damage(CorruptionException e) {
        line("damage: " + e.getMessage());
    }

    private void line(String text) {
        try {
            out.append(text).append('\n');
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the dump: " + e.getMessage(), e);
        }
    }
}
