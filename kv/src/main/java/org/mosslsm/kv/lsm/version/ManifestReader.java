package org.mosslsm.kv.lsm.version;

import java.io.IOException;
import java.util.zip.CRC32C;
import org.mosslsm.kv.CorruptionException;
import org.mosslsm.kv.lsm.table.ByteReader;
import org.mosslsm.kv.vfs.RandomFile;
import org.mosslsm.kv.vfs.Vfs;

/**
 * Reads the edits of a manifest, in order. A record that reaches the end of the file and is not whole was torn by a crash,
 * and ends the manifest; one in the middle is damage. Not thread-safe.
 */
final class ManifestReader implements AutoCloseable {
    private static final int HEADER_BYTES = 8;

    private final RandomFile file;
    private final String name;
    private final long size;
    private long at;
    private long recordAt;

    private ManifestReader(RandomFile file, String name) throws IOException {
        this.file = file;
        this.name = name;
        this.size = file.size();
    }

    static ManifestReader open(Vfs vfs, String name) throws IOException {
        return new ManifestReader(vfs.openRead(name), name);
    }

    /** The next edit, or null at the end. */
    VersionEdit next() throws IOException {
        recordAt = at;
        if (size - at < HEADER_BYTES) {
            return null;
        }
        byte[] head = read(at, HEADER_BYTES);
        ByteReader in = new ByteReader(head, 0, HEADER_BYTES, name, at);
        int length = in.u32();
        int checksum = in.u32();
        if (length < 0 || length > size - at - HEADER_BYTES) {
            return null;
        }
        byte[] bytes = read(at + HEADER_BYTES, length);
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        long end = at + HEADER_BYTES + length;
        if ((int) crc.getValue() != checksum) {
            if (end == size) {
                return null;
            }
            throw damage("a version edit that does not match its checksum");
        }
        VersionEdit edit = VersionEdit.decode(new ByteReader(bytes, 0, length, name, at + HEADER_BYTES), name);
        at = end;
        return edit;
    }

    /** A damage report for the record read last. */
    CorruptionException damage(String what) {
        return new CorruptionException(name, recordAt, what);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    private byte[] read(long from, int length) throws IOException {
        byte[] bytes = new byte[length];
        int done = 0;
        while (done < length) {
            int n = file.read(from + done, bytes, done, length - done);
            if (n <= 0) {
                throw new CorruptionException(name, from + done, "the file ends within a record");
            }
            done += n;
        }
        return bytes;
    }
}
