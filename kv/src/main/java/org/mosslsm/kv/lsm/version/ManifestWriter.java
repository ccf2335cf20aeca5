package org.mosslsm.kv.lsm.version;

import java.io.IOException;
import java.util.zip.CRC32C;
import org.mosslsm.kv.lsm.table.ByteWriter;
import org.mosslsm.kv.vfs.Vfs;
import org.mosslsm.kv.vfs.WritableFile;

/**
 * Appends version edits to a manifest.
 *
 * <pre>
 * manifest := record+                     the first holds the whole version, each further one an edit
 * record   := length:u32le  checksum:u32le  edit
 * </pre>
 *
 * Not thread-safe.
 */
final class ManifestWriter implements AutoCloseable {
    /** A manifest may grow to this before it is rewritten, however small its version is. */
    private static final long LEAST_FULL_BYTES = 1 << 20;

    private final WritableFile file;
    private final String name;
    private long fullBytes = Long.MAX_VALUE;

    private ManifestWriter(WritableFile file, String name) {
        this.file = file;
        this.name = name;
    }

    /** Starts a manifest with a record of all there is, and syncs it (not its directory). */
    static ManifestWriter create(Vfs vfs, long number, VersionEdit all) throws IOException {
        String name = FileNames.manifest(number);
        ManifestWriter writer = new ManifestWriter(vfs.create(name), name);
        try {
            writer.append(all);
            writer.sync();
        } catch (IOException e) {
            writer.file.close();
            throw e;
        }
        writer.fullBytes = Math.max(LEAST_FULL_BYTES, 2 * writer.size());
        return writer;
    }

    void append(VersionEdit edit) throws IOException {
        byte[] bytes = edit.encode();
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        ByteWriter record = new ByteWriter(bytes.length + 8);
        record.u32(bytes.length).u32((int) crc.getValue()).raw(bytes, 0, bytes.length);
        file.append(record.array(), 0, record.size());
    }

    void sync() throws IOException {
        file.sync();
    }

    /** Whether the manifest has grown so large that a new one should take its place. */
    boolean isFull() {
        return size() > fullBytes;
    }

    String name() {
        return name;
    }

    long size() {
        return file.size();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
