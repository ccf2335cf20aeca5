package org.mosslsm.kv.lsm.version;

import java.io.IOException;
import org.mosslsm.kv.lsm.wal.LogFullException;
import org.mosslsm.kv.lsm.wal.LogWriter;
import org.mosslsm.kv.vfs.Vfs;

/**
 * Appends version edits to a manifest.
 *
 * <pre>
 * manifest := log of records, as {@code kv.lsm.wal} draws it, whose log number is that in the file's name
 *
 * record 0    {@link VersionEdit} that says the format and holds all there is
 * record i    {@link VersionEdit}, one a flush or compaction
 * </pre>
 *
 * After every sync a mark goes into the log, so that a reader can tell damage to the last edit from an edit that a crash
 * tore. Not thread-safe.
 */
final class ManifestWriter implements AutoCloseable {
    /** A manifest may grow to this before it is rewritten, however small its version is. */
    private static final long LEAST_FULL_BYTES = 1 << 20;

    private final LogWriter log;
    private long fullBytes = Long.MAX_VALUE;

    private final int formatVersion;

    private ManifestWriter(LogWriter log, int formatVersion) {
        this.log = log;
        this.formatVersion = formatVersion;
    }

    /** Starts a manifest with a record of all there is, durable but for its name: the directory is not synced. */
    static ManifestWriter create(Vfs vfs, long number, VersionEdit all) throws IOException {
        ManifestWriter writer =
                new ManifestWriter(LogWriter.create(vfs, FileNames.manifest(number), number), all.formatVersion());
        try {
            writer.append(all);
        } catch (IOException e) {
            writer.close();
            throw e;
        }
        writer.fullBytes = Math.max(LEAST_FULL_BYTES, 2 * writer.size());
        return writer;
    }

    /** Goes on with a manifest of {@code size} bytes, the first {@code synced} of which are known to be on the device. */
    static ManifestWriter resume(Vfs vfs, String name, long size, long synced, int formatVersion) throws IOException {
        ManifestWriter writer =
                new ManifestWriter(LogWriter.resume(vfs, name, FileNames.number(name), size, synced), formatVersion);
        writer.fullBytes = LEAST_FULL_BYTES;
        return writer;
    }

    /**
     * Appends an edit; it is durable on return.
     *
     * @throws LogFullException when there is no space for it; the manifest is as it was
     */
    void append(VersionEdit edit) throws IOException {
        byte[] bytes = edit.encode();
        long start = log.size();
        try {
            log.append(bytes, 0, bytes.length);
            log.flush();
        } catch (LogFullException e) {
            log.rewind(start);
            throw e;
        }
        log.sync();
        log.mark();
    }

    /** Whether a new manifest must take this one's place: it has grown large, or the edit needs a newer format than it has. */
    boolean isFullFor(VersionEdit edit) {
        return size() > fullBytes || edit.formatVersion() > formatVersion;
    }

    /** The format version its first record says. */
    int formatVersion() {
        return formatVersion;
    }

    String name() {
        return log.name();
    }

    long size() {
        return log.size();
    }

    @Override
    public void close() throws IOException {
        log.close();
    }
}
