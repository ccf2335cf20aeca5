package org.mosslsm.kv.lsm.version;

import java.io.IOException;
import org.mosslsm.kv.CorruptionException;
import org.mosslsm.kv.lsm.table.ByteReader;
import org.mosslsm.kv.lsm.wal.LogReader;
import org.mosslsm.kv.vfs.Vfs;

/**
 * Reads the edits of a manifest, in order. What a crash tore off at the end was never acknowledged, and is not there;
 * anything else that is not whole is damage. Not thread-safe.
 */
final class ManifestReader implements AutoCloseable {
    private final LogReader log;
    private final String name;

    /** What the first record needs. */
    private int formatVersion = VersionEdit.FIRST_VERSION;

    private ManifestReader(LogReader log, String name) {
        this.log = log;
        this.name = name;
    }

    static ManifestReader open(Vfs vfs, String name) throws IOException {
        return new ManifestReader(LogReader.open(vfs, name, FileNames.number(name)), name);
    }

    /** The next edit, or null at the end. */
    VersionEdit next() throws IOException {
        if (!log.next()) {
            return null;
        }
        // Offsets within the record are only roughly those in the file, where heads of fragments stand between.
        VersionEdit edit = VersionEdit.decode(
                new ByteReader(log.array(), log.offset(), log.length(), name, log.recordOffset()), name);
        if (edit.startsManifest()) {
            formatVersion = edit.formatVersion();
        }
        return edit;
    }

    /** At the end: whether no edit can have been torn, and all are known to be on the device. */
    boolean isWhole() throws IOException {
        return log.endedSynced() && log.endsWithFile();
    }

    /** A writer that goes on with a whole manifest. The mark at its end need not be on the device: that is never synced. */
    ManifestWriter resume(Vfs vfs) throws IOException {
        return ManifestWriter.resume(vfs, name, log.goodBytes(), log.claimedSynced(), formatVersion);
    }

    /** A damage report for the record read last. */
    CorruptionException damage(String what) {
        return log.damage(what);
    }

    @Override
    public void close() throws IOException {
        log.close();
    }
}
