package org.mosslsm.kv.tool;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.mosslsm.kv.CorruptionException;
import org.mosslsm.kv.KvIoException;
import org.mosslsm.kv.StoreOpenException;
import org.mosslsm.kv.lsm.entry.EntryOrder;
import org.mosslsm.kv.lsm.entry.RangeTombstone;
import org.mosslsm.kv.lsm.entry.Trailer;
import org.mosslsm.kv.lsm.table.BlockCache;
import org.mosslsm.kv.lsm.table.TableReader;
import org.mosslsm.kv.lsm.table.TableWalk;
import org.mosslsm.kv.lsm.table.ValuePointer;
import org.mosslsm.kv.lsm.table.ValueRefs;
import org.mosslsm.kv.lsm.values.ValueFileReader;
import org.mosslsm.kv.lsm.version.FileMeta;
import org.mosslsm.kv.lsm.version.FileNames;
import org.mosslsm.kv.lsm.version.Manifests;
import org.mosslsm.kv.lsm.version.ValueFileMeta;
import org.mosslsm.kv.lsm.version.VersionEdit;
import org.mosslsm.kv.vfs.Vfs;

/**
 * Reads everything a closed store has, and says all that is wrong with it.
 *
 * <pre>
 * CURRENT, manifest     checksums, edits that follow from each other; levels below 0 do not overlap
 * each table            size, every checksum, order, bounds, counts and sequence numbers as manifest and properties say
 * each value file       size, counts, every record, those no table points to included; every pointer leads to a whole one
 * all tables together   {@link LevelOrder}: newer above older, key by key; when the tables are whole
 * each log needed       checksums, batches that can be decoded, ascending sequence numbers above those of the tables; all
 *                       of them together go as far as when the store was closed
 * the rest              noted: what the next open deletes, what is not the store's
 * </pre>
 *
 * <p>Used once, by one thread.
 */
public final class Verify {
    /** Blocks are read once: the cache serves nobody. */
    private static final long CACHE_BYTES = 1 << 20;

    private final Vfs vfs;
    private final List<Finding> findings = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final Set<String> names = new TreeSet<>();

    /** By number; of value files that cannot be opened there is none. */
    private final Map<Long, ValueRecords> records = new HashMap<>();

    private long tables;
    private long blocks;
    private long entries;
    private long logs;
    private long logRecords;

    private Verify(Vfs vfs) {
        this.vfs = vfs;
    }

    /** Verifies the store in a directory; errors as {@link #store(Vfs)}. */
    public static VerifyReport store(Path directory) {
        return store(Closed.directory(directory));
    }

    /**
     * Verifies the store in the directory of {@code vfs}, which must be closed. Nothing is changed.
     *
     * @throws StoreOpenException MISSING, LOCKED, or NEWER_FORMAT
     * @throws KvIoException when the disk refuses
     */
    public static VerifyReport store(Vfs vfs) {
        return Closed.with(vfs, () -> new Verify(new BadSectors(vfs)).run());
    }

    private VerifyReport run() throws IOException {
        names.addAll(vfs.list());
        Manifests.Contents contents = manifest();
        BlockCache cache = new BlockCache(CACHE_BYTES);
        List<VersionEdit.Added> known = contents == null ? List.of() : contents.tables();
        Set<String> unnamed = new TreeSet<>(names);
        boolean whole = true;
        for (ValueFileMeta file : contents == null ? List.<ValueFileMeta>of() : contents.values()) {
            unnamed.remove(file.name());
            whole &= valueFile(file);
        }
        for (VersionEdit.Added added : known) {
            unnamed.remove(added.file().name());
            whole &= table(added.file(), cache);
        }
        if (whole && contents != null) {
            new LevelOrder(vfs, known, cache, findings::add).check();
        }
        logs(contents);
        for (String name : unnamed) {
            rest(name, contents);
        }
        return new VerifyReport(findings, notes, tables, blocks, entries, logs, logRecords);
    }

    private Manifests.Contents manifest() throws IOException {
        if (!names.contains(FileNames.CURRENT)) {
            find(FileNames.CURRENT, "is missing: the directory is no store, or one that lost this file");
            return null;
        }
        String name = FileNames.CURRENT;
        try {
            name = Manifests.current(vfs);
            if (!names.contains(name)) {
                find(FileNames.CURRENT, "names " + name + ", which is missing");
                return null;
            }
            return Manifests.read(vfs, name);
        } catch (CorruptionException e) {
            findings.add(Finding.of(e));
        } catch (StoreOpenException e) {
            if (e.reason() == StoreOpenException.Reason.NEWER_FORMAT) {
                throw e;
            }
            find(name, e.getMessage());
        }
        return null;
    }

    /** Verifies one value file; whether it is whole. */
    private boolean valueFile(ValueFileMeta file) {
        int before = findings.size();
        if (!names.contains(file.name())) {
            find(file.name(), "tables point to this value file, but it is missing");
            return false;
        }
        try (ValueFileReader reader = ValueFileReader.open(vfs, file.name(), file.number())) {
            ValueRecords whole = new ValueRecords();
            reader.walk(whole::add, e -> findings.add(Finding.of(e)));
            records.put(file.number(), whole);
            if (reader.fileSize() != file.size()
                    || reader.values() != file.values()
                    || reader.valueBytes() != file.valueBytes()) {
                find(file.name(), "it is not the file the manifest means, " + file);
            }
        } catch (CorruptionException e) {
            findings.add(Finding.of(e));
        }
        return findings.size() == before;
    }

    /** Verifies one table; whether it is whole, but perhaps for its filter. */
    private boolean table(FileMeta file, BlockCache cache) {
        int before = findings.size();
        if (!names.contains(file.name())) {
            find(file.name(), "the manifest names this table, but it is missing");
            return false;
        }
        tables++;
        boolean whole = false;
        try (TableReader table = TableReader.open(vfs, file.name(), file.number(), file.maxSeq(), cache)) {
            if (table.fileSize() != file.size()) {
                find(file.name(), "it has " + table.fileSize() + " bytes, the manifest says " + file.size());
            }
            if (!Manifests.agree(file, table.properties())) {
                find(file.name(), "its properties " + table.properties() + " are not what the manifest says: " + file);
            }
            TableEntries walk = new TableEntries(file);
            blocks += TableWalk.walk(table, walk);
            tombstones(file, table);
            if (findings.size() == before) {
                walk.checkCounts();
            }
            whole = findings.size() == before;
            if (table.filterDamage() != null) {
                findings.add(Finding.of(table.filterDamage()));
            }
        } catch (CorruptionException e) {
            findings.add(Finding.of(e));
        }
        return whole;
    }

    private void tombstones(FileMeta file, TableReader table) {
        for (RangeTombstone tombstone : table.rangeTombstones().fragments()) {
            entries++;
            boolean inside = Arrays.compareUnsigned(tombstone.lo(), file.smallest()) >= 0
                    && Arrays.compareUnsigned(tombstone.hi(), file.largest()) <= 0;
            if (!inside || tombstone.seq() < file.minSeq() || tombstone.seq() > file.maxSeq()) {
                find(file.name(), "the range tombstone " + tombstone + " is outside of the bounds of " + file);
            }
        }
    }

    /** Checks order, bounds and counts of a table's entries as they are met. */
    private final class TableEntries implements TableWalk.Visitor {
        private final FileMeta file;
        private byte[] last = {};
        private int lastLength;
        private long lastTrailer = Trailer.FIRST;
        private long count;
        private long deletes;
        private final ValueRefs.Builder refs = new ValueRefs.Builder();

        TableEntries(FileMeta file) {
            this.file = file;
        }

        @Override
        public void entry(
                byte[] key, int offset, int length, long trailer, byte[] values, int valueOffset, int valueLength) {
            entries++;
            count++;
            deletes += Trailer.kind(trailer) == Trailer.DELETE ? 1 : 0;
            if (EntryOrder.compare(last, 0, lastLength, lastTrailer, key, offset, length, trailer) >= 0) {
                find(
                        file.name(),
                        "entry " + count + ", " + Text.entry(key, offset, length, trailer)
                                + ", is not behind the one before");
            }
            if (!file.covers(key, offset, length)
                    || Trailer.seq(trailer) < file.minSeq()
                    || Trailer.seq(trailer) > file.maxSeq()) {
                find(file.name(), Text.entry(key, offset, length, trailer) + " is outside of the bounds of " + file);
            }
            if (Trailer.kind(trailer) == Trailer.POINTER) {
                ValuePointer pointer = ValuePointer.decode(values, valueOffset, valueLength);
                refs.add(pointer);
                ValueRecords there = records.get(pointer.file());
                if (there != null && !there.has(pointer)) {
                    find(
                            file.name(),
                            Text.entry(key, offset, length, trailer) + " leads to no whole record: " + pointer);
                }
            }
            if (last.length < length) {
                last = new byte[2 * length];
            }
            System.arraycopy(key, offset, last, 0, length);
            lastLength = length;
            lastTrailer = trailer;
        }

        @Override
        public void damaged(CorruptionException damage) {
            findings.add(Finding.of(damage));
        }

        void checkCounts() {
            if (!refs.build().equals(file.values())) {
                find(file.name(), "it points to " + refs.build() + ", where the manifest says " + file.values());
            }
            if (count != file.entries() || deletes != file.deletes()) {
                find(file.name(), count + " entries with " + deletes + " deletes, where the manifest says " + file);
            }
        }
    }

    private void logs(Manifests.Contents contents) throws IOException {
        long from = contents == null ? 0 : contents.logNumber();
        long above = 0;
        for (VersionEdit.Added added : contents == null ? List.<VersionEdit.Added>of() : contents.tables()) {
            above = Math.max(above, added.file().maxSeq());
        }
        LogScan scan = new LogScan(vfs, contents == null ? -1 : above);
        for (String name : LogScan.inOrder(names)) {
            if (FileNames.number(name) >= from) {
                logs++;
                logRecords += scan.read(name, (first, array, offset, length) -> {});
            }
        }
        scan.findings().forEach(findings::add);
        long found = contents == null ? 0 : Math.max(contents.lastSequence(), scan.lastSeq());
        if (contents != null
                && contents.closedSequence() > found
                && scan.findings().isEmpty()) {
            findings.add(Finding.notClosedSo(scan.end(contents.manifest()), contents.closedSequence(), found));
        }
        notes.addAll(scan.notes());
    }

    private void rest(String name, Manifests.Contents contents) {
        switch (FileNames.kind(name)) {
            case TABLE, VALUES, TEMPORARY -> notes.add(name + " belongs to nothing; the next open deletes it");
            case MANIFEST -> {
                if (contents != null && !name.equals(contents.manifest())) {
                    notes.add(name + " is not in force; the next open deletes it");
                }
            }
            case FOREIGN -> {
                if (!name.equals(FileNames.SCRATCH)) {
                    notes.add(name + " is not the store's");
                }
            }
            case WAL -> {
                if (contents != null && FileNames.number(name) < contents.logNumber()) {
                    notes.add(name + " is no longer needed; the next open deletes it");
                }
            }
            case CURRENT, LOCK -> {}
        }
    }

    private void find(String file, String what) {
        findings.add(new Finding(file, -1, what));
    }
}
