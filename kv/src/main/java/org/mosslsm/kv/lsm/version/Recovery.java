package org.mosslsm.kv.lsm.version;

import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import org.mosslsm.kv.CorruptionException;
import org.mosslsm.kv.KvIoException;
import org.mosslsm.kv.StoreOpenException;
import org.mosslsm.kv.lsm.table.BlockCache;
import org.mosslsm.kv.vfs.Vfs;

/**
 * Finds out what a directory holds, and opens it as a store.
 *
 * <pre>
 * CURRENT is there          replay the manifest it names; a torn last record is cut
 *   its manifest is not     NOT_A_STORE
 * CURRENT is not there
 *   nothing but LOCK and
 *   what a start that did
 *   not finish leaves       a new store
 *   anything else           NOT_A_STORE: never a new store over somebody's files
 * then, if the manifest is whole and known to be on the device
 *                           go on with it: a store that was closed opens without a write
 * else                      write a new manifest (a torn end is never appended to), swap CURRENT
 * last                      delete tables and manifests that are not in force, and temporary files
 * </pre>
 *
 * Used once, by one thread.
 */
final class Recovery {
    private final Vfs vfs;
    private final VersionSet versions;
    private final Set<String> names = new HashSet<>();

    private long logNumber;
    private long lastSequence;
    private long closedSequence;
    private long nextFileNumber = 1;

    /** The manifest to go on with; null where a new one is to be written. */
    private ManifestWriter manifest;

    Recovery(Vfs vfs, BlockCache blocks) {
        this.vfs = vfs;
        this.versions = new VersionSet(vfs, blocks);
    }

    VersionSet run() {
        try {
            names.addAll(vfs.list());
            Version version = names.contains(FileNames.CURRENT) ? replay() : startEmpty();
            versions.recovered(version, logNumber, lastSequence, closedSequence, nextFileNumber);
            if (manifest == null) {
                versions.startManifest();
            }
            versions.sweep(names);
            return versions;
        } catch (IOException e) {
            versions.close();
            throw new KvIoException("cannot open the store: " + e.getMessage(), e);
        } catch (RuntimeException | Error e) {
            versions.close();
            throw e;
        }
    }

    private Version startEmpty() throws IOException {
        for (String name : names) {
            if (!FileNames.isOfFirstStart(name)) {
                throw new StoreOpenException(
                        StoreOpenException.Reason.NOT_A_STORE,
                        "the directory is not empty (it holds " + name + ") and has no file " + FileNames.CURRENT
                                + ": it is not a MossLSM store, or one that lost that file",
                        null);
            }
        }
        if (names.contains(FileNames.FIRST_MANIFEST)) {
            vfs.delete(FileNames.FIRST_MANIFEST); // of a start that did not finish; its name is needed again
        }
        return Version.empty(versions);
    }

    private Version replay() throws IOException {
        String inForce = CurrentFile.read(vfs);
        if (!names.contains(inForce)) {
            throw new StoreOpenException(
                    StoreOpenException.Reason.NOT_A_STORE,
                    FileNames.CURRENT + " names " + inForce + ", which is missing",
                    null);
        }
        Version version = Version.empty(versions);
        try (ManifestReader reader = ManifestReader.open(vfs, inForce)) {
            boolean first = true;
            for (VersionEdit edit = reader.next(); edit != null; edit = reader.next()) {
                if (first != edit.startsManifest()) {
                    throw reader.damage("the first record, and no other, must say the format version");
                }
                first = false;
                version = apply(version, edit, reader);
            }
            if (first) {
                throw reader.damage("a manifest without a whole record");
            }
            if (reader.isWhole()) {
                manifest = reader.resume(vfs);
                versions.resumeManifest(manifest); // closed with the versions, whatever happens from here on
            }
        }
        checkFiles(version);
        return version;
    }

    private Version apply(Version version, VersionEdit edit, ManifestReader reader) {
        logNumber = Math.max(logNumber, edit.logNumber());
        lastSequence = Math.max(lastSequence, edit.lastSequence());
        closedSequence = Math.max(closedSequence, edit.closedSequence());
        nextFileNumber = Math.max(nextFileNumber, edit.nextFileNumber());
        for (VersionEdit.Added added : edit.added()) {
            lastSequence = Math.max(lastSequence, added.file().maxSeq());
        }
        try {
            return version.apply(edit);
        } catch (IllegalStateException e) {
            CorruptionException damage = reader.damage("an edit that does not fit: " + e.getMessage());
            damage.addSuppressed(e);
            throw damage;
        }
    }

    private void checkFiles(Version version) {
        for (FileMeta file : version.allFiles()) {
            if (!names.contains(file.name())) {
                throw new CorruptionException(file.name(), -1, "the manifest names this table, but it is missing");
            }
        }
        for (ValueFileMeta file : version.values().metas()) {
            if (!names.contains(file.name())) {
                throw new CorruptionException(file.name(), -1, "tables point to this value file, but it is missing");
            }
        }
        // A number in use must never be given again, even if the edit that would say so was torn off.
        for (String name : names) {
            nextFileNumber = Math.max(nextFileNumber, FileNames.number(name) + 1);
        }
        nextFileNumber = Math.max(nextFileNumber, logNumber + 1);
    }
}
