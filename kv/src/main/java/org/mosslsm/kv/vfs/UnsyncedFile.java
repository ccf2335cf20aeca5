package org.mosslsm.kv.vfs;

import java.io.Closeable;
import java.io.IOException;

/**
 * A file that is read while it is written, by the process that made it and no other: never synced.
 *
 * <p>Thread safety: calls come from one thread at a time; {@link #close} may come from any.
 */
public interface UnsyncedFile extends Closeable {
    /** Adds bytes at the end. */
    void append(byte[] bytes, int offset, int length) throws IOException;

    /** As {@link RandomFile#read}. */
    int read(long position, byte[] into, int offset, int length) throws IOException;

    /** Bytes appended so far. */
    long size();

    /** Closes the file, which stays; harmless when repeated. */
    @Override
    void close() throws IOException;

    /** A file of two ends, for a {@code Vfs} that knows nothing better. */
    static UnsyncedFile of(Vfs vfs, String name) throws IOException {
        WritableFile writer = vfs.create(name);
        return new UnsyncedFile() {
            private RandomFile reader;

            @Override
            public void append(byte[] bytes, int offset, int length) throws IOException {
                writer.append(bytes, offset, length);
            }

            @Override
            public int read(long position, byte[] into, int offset, int length) throws IOException {
                if (reader == null) {
                    reader = vfs.openRead(name);
                }
                return reader.read(position, into, offset, length);
            }

            @Override
            public long size() {
                return writer.size();
            }

            @Override
            public void close() throws IOException {
                try (writer) {
                    if (reader != null) {
                        reader.close();
                    }
                }
            }
        };
    }
}
