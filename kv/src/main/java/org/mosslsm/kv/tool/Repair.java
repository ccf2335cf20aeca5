package org.mosslsm.kv.tool;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.mosslsm.kv.CorruptionException;
import org.mosslsm.kv.StoreOpenException;
import org.mosslsm.kv.lsm.table.BlockCache;
import org.mosslsm.kv.lsm.version.FileMeta;
import org.mosslsm.kv.lsm.version.FileNames;
import org.mosslsm.kv.lsm.version.Manifests;
import org.mosslsm.kv.lsm.version.ValueFileMeta;
import org.mosslsm.kv.lsm.version.VersionEdit;
import org.mosslsm.kv.vfs.Vfs;

/**
 * Makes a store open again that lost files or has damaged ones, with all that can still be read.
 *
 * <pre>
 * which tables, and where in the levels?
 *   CURRENT and its manifest can be read        that manifest
 *   not, but the newest manifest can be read    that one
 *   neither                                     all tables of the directory, merged anew: {@link MergedTables}
 * each table named
 *   whole                                       stays
 *   damaged                                     its readable blocks go into a new table in its place; {@link Salvage};
 *                                               where it is the filter or the properties nothing is lost
 *   missing                                     is dropped
 *   points to value files that are not whole    is written anew, without what cannot be read; {@link SavedValues}
 * each log needed
 *   damaged                                     its records up to the damage go into a new log of the same name
 *   not as far as the store was closed          is not expected any more
 * then                                          a new manifest, put in force by CURRENT
 * last                                          damaged tables and manifests are set aside; a repair that was broken off
 *                                               before can be begun again
 * </pre>
 *
 * Damaged files are renamed to {@code *.damaged}, never deleted. A damaged table's blocks that cannot be read may have
 * hidden older values of their keys, which then show again; lost deletes likewise. Where nothing is wrong nothing is done.
 *
 * <p>Used once, by one thread.
 */
public final class Repair {
    private final Vfs vfs;
    private final Set<String> names = new TreeSet<>();
    private final List<String> actions = new ArrayList<>();
    private final List<Finding> losses = new ArrayList<>();
    private final Set<String> damaged = new LinkedHashSet<>();
    private final List<String> moved = new ArrayList<>();
    private final BlockCache cache = new BlockCache(1 << 20);
    private long nextNumber = 1;

    private Repair(Vfs vfs) {
        this.vfs = vfs;
    }

    /** Repairs the store in a directory; errors as {@link #store(Vfs)}. */
    public static RepairReport store(Path directory) {
        return store(Closed.directory(directory));
    }

    /**
     * Repairs the store in the directory of {@code vfs}, which must be closed. May need as much room as the store has.
     *
     * @throws StoreOpenException MISSING, LOCKED, NEWER_FORMAT; NOT_A_STORE when there is neither manifest nor table
     * @throws org.mosslsm.kv.KvIoException when the disk refuses; the store is then no worse than before
     */
    public static RepairReport store(Vfs vfs) {
        return Closed.with(vfs, () -> new Repair(new BadSectors(vfs)).run());
    }

    private RepairReport run() throws IOException {
        names.addAll(vfs.list());
        names.forEach(name -> nextNumber = Math.max(nextNumber, FileNames.number(name) + 1));
        Manifests.Contents contents = manifest();
        try (SavedValues values = new SavedValues(vfs, () -> nextNumber++, this::lose)) {
            return run(contents, values);
        }
    }

    private RepairReport run(Manifests.Contents contents, SavedValues values) throws IOException {
        boolean rebuilt = contents == null;
        look(contents, values);
        List<VersionEdit.Added> tables = rebuilt ? merged(values) : checked(contents.tables(), values);
        long lastSequence = rebuilt ? 0 : contents.lastSequence();
        for (VersionEdit.Added added : tables) {
            lastSequence = Math.max(lastSequence, added.file().maxSeq());
        }
        long logNumber = rebuilt ? logsAbove(lastSequence) : contents.logNumber();
        LogScan logs = logs(logNumber);
        long found = Math.max(lastSequence, logs.lastSeq());
        if (!rebuilt && contents.closedSequence() > found) {
            losses.add(Finding.notClosedSo(logs.end(contents.manifest()), contents.closedSequence(), found));
            actions.add("gave up the commits after " + found + ", of which no log holds anything");
        }
        List<ValueFileMeta> files = values.finish();
        if (!actions.isEmpty()) {
            vfs.syncDir();
            long number = nextNumber++;
            Manifests.start(
                    vfs, number, new Manifests.Contents("", tables, files, logNumber, lastSequence, 0, nextNumber));
            actions.add("put " + FileNames.manifest(number) + " in force");
        }
        return new RepairReport(actions, losses, setAside(), tables.size());
    }

    // Manifest

    private Manifests.Contents manifest() throws IOException {
        String name = FileNames.CURRENT;
        try {
            if (names.contains(name)) {
                String inForce = Manifests.current(vfs);
                if (names.contains(inForce)) {
                    name = inForce;
                    return Manifests.read(vfs, name);
                }
                losses.add(new Finding(name, -1, "names " + inForce + ", which is missing"));
            } else {
                losses.add(new Finding(name, -1, "is missing"));
            }
        } catch (CorruptionException e) {
            loseManifest(name, e);
        } catch (StoreOpenException e) {
            refuseNewer(e);
            loseManifest(name, new CorruptionException(name, -1, e.getMessage()));
        }
        return newestReadable();
    }

    /** Notes that CURRENT, which is written anew, or a manifest cannot be read. */
    private void loseManifest(String name, CorruptionException e) {
        losses.add(Finding.of(e));
        if (!name.equals(FileNames.CURRENT)) {
            damaged.add(name);
        }
    }

    /** What the newest manifest says: an older one names tables that are gone, and not those that came after it. */
    private Manifests.Contents newestReadable() throws IOException {
        List<String> manifests = names.stream()
                .filter(name -> FileNames.kind(name) == FileNames.Kind.MANIFEST)
                .sorted(Comparator.comparingLong(FileNames::number).reversed())
                .toList();
        if (!manifests.isEmpty() && !damaged.contains(manifests.get(0))) {
            String name = manifests.get(0);
            try {
                Manifests.Contents contents = Manifests.read(vfs, name);
                actions.add("took " + name + ", the newest manifest");
                return contents;
            } catch (CorruptionException e) {
                loseManifest(name, e);
            } catch (StoreOpenException e) {
                refuseNewer(e);
                loseManifest(name, new CorruptionException(name, -1, e.getMessage()));
            }
        }
        boolean anyTable = names.stream().anyMatch(name -> FileNames.kind(name) == FileNames.Kind.TABLE);
        if (!anyTable && manifests.isEmpty()) {
            throw new StoreOpenException(
                    StoreOpenException.Reason.NOT_A_STORE,
                    "the directory " + vfs.path() + " has neither manifest nor table: there is nothing to repair",
                    null);
        }
        return null;
    }

    private static void refuseNewer(StoreOpenException e) {
        if (e.reason() == StoreOpenException.Reason.NEWER_FORMAT) {
            throw e;
        }
    }

    // Tables and value files

    /** Looks at the value files of the manifest, or at all there are. */
    private void look(Manifests.Contents contents, SavedValues values) {
        if (contents == null) {
            names.stream()
                    .filter(name -> FileNames.kind(name) == FileNames.Kind.VALUES)
                    .forEach(name -> values.look(FileNames.number(name), null));
            return;
        }
        for (ValueFileMeta file : contents.values()) {
            if (names.contains(file.name())) {
                values.look(file.number(), file);
            } else {
                values.miss(file.number());
            }
        }
    }

    private List<VersionEdit.Added> merged(SavedValues values) throws IOException {
        List<String> tables = names.stream()
                .filter(name -> FileNames.kind(name) == FileNames.Kind.TABLE)
                .sorted(Comparator.comparingLong(FileNames::number))
                .toList();
        MergedTables merge = new MergedTables(vfs, cache, () -> nextNumber++, values, this::lose);
        List<VersionEdit.Added> result = merge.run(tables);
        merge.neverJoined()
                .forEach(name -> actions.add("left out " + name + ", of a commit that never came to its end"));
        merge.mended().forEach((name, how) -> {
            actions.add(how);
            damaged.add(name);
        });
        actions.add("merged " + (tables.size() - merge.neverJoined().size()) + " tables into " + result.size()
                + ", for the manifest cannot be read");
        return result;
    }

    private List<VersionEdit.Added> checked(List<VersionEdit.Added> tables, SavedValues values) {
        List<VersionEdit.Added> good = new ArrayList<>();
        for (VersionEdit.Added added : tables) {
            FileMeta file = added.file();
            if (!names.contains(file.name())) {
                losses.add(new Finding(file.name(), -1, "the table is missing"));
                actions.add("dropped " + file.name() + ", which is missing");
                continue;
            }
            String wrong = Salvage.whatIsWrong(vfs, file, cache, values);
            if (wrong == null) {
                good.add(added);
                continue;
            }
            FileMeta saved = Salvage.table(vfs, file.name(), file.maxSeq(), nextNumber++, cache, values, this::lose);
            damaged.add(file.name());
            if (saved == null) {
                actions.add("dropped " + file.name() + ", of which nothing can be read: " + wrong);
            } else {
                actions.add("saved " + saved.entries() + " of " + file.entries() + " entries of " + file.name()
                        + " into " + saved.name() + ": " + wrong);
                good.add(new VersionEdit.Added(added.level(), saved));
            }
        }
        return good;
    }

    private void lose(CorruptionException e) {
        losses.add(Finding.of(e));
        damaged.add(e.file());
    }

    // Logs

    /**
     * The first log with writes that are in no table, or of which nothing can be read, so that nobody knows; the number behind
     * all files where there is none. A log goes into tables as a whole: where its first writes are in them, so is what is
     * damaged behind those.
     */
    private long logsAbove(long sequence) throws IOException {
        LogScan all = new LogScan(vfs, -1);
        for (String name : LogScan.inOrder(names)) {
            all.read(name, (first, array, offset, length) -> {});
        }
        Set<String> hurt = new TreeSet<>();
        all.findings().forEach(finding -> hurt.add(finding.file()));
        for (String name : LogScan.inOrder(names)) {
            LogScan scan = new LogScan(vfs, -1);
            long records = scan.read(name, (first, array, offset, length) -> {});
            if (scan.lastSeq() > sequence || (records == 0 && hurt.contains(name))) {
                return FileNames.number(name);
            }
        }
        return nextNumber;
    }

    /** Mends the logs from that number on; returns what was read of them. */
    private LogScan logs(long from) throws IOException {
        LogScan scan = new LogScan(vfs, -1);
        for (String name : LogScan.inOrder(names)) {
            if (FileNames.number(name) < from) {
                continue;
            }
            int before = scan.findings().size();
            String fresh = name + ".tmp";
            LogCopy copy = new LogCopy(vfs, fresh, FileNames.number(name));
            long records = scan.read(name, copy);
            copy.finish();
            boolean hurt =
                    scan.findings().stream().skip(before).anyMatch(f -> f.file().equals(name));
            // The end of an earlier log is missing: that log is closed cleanly, and what came after it stays.
            List<Finding> torn = scan.findings().stream()
                    .skip(before)
                    .filter(f -> !f.file().equals(name))
                    .toList();
            for (Finding finding : torn) {
                closeLog(finding);
            }
            losses.addAll(scan.findings().subList(before, scan.findings().size()));
            if (hurt) {
                replace(name, fresh);
                actions.add("saved " + records + " records of " + name + ", up to the damage");
            } else {
                vfs.delete(fresh);
            }
        }
        return scan;
    }

    private void closeLog(Finding torn) throws IOException {
        String fresh = torn.file() + ".tmp";
        LogCopy copy = new LogCopy(vfs, fresh, FileNames.number(torn.file()));
        new LogScan(vfs, -1).read(torn.file(), copy);
        copy.finish();
        replace(torn.file(), fresh);
        actions.add("ended " + torn.file() + " where it can be read, though later logs hold records");
    }

    /** There is a log of that name all the time: without one a repair cut off here, or the next open, would miss nothing. */
    private void replace(String name, String fresh) throws IOException {
        String aside = asideName(name);
        vfs.link(name, vfs, aside);
        names.add(aside);
        vfs.syncDir();
        vfs.rename(fresh, name);
        moved.add(aside);
    }

    // Damaged files

    private List<String> setAside() throws IOException {
        for (String name : damaged) {
            if (names.contains(name)) {
                String aside = asideName(name);
                vfs.rename(name, aside);
                moved.add(aside);
            }
        }
        vfs.syncDir();
        return moved;
    }

    private String asideName(String name) {
        String aside = name + ".damaged";
        for (int i = 2; names.contains(aside); i++) {
            aside = name + ".damaged" + i;
        }
        return aside;
    }
}
