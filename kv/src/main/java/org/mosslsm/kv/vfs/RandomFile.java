package org.mosslsm.kv.vfs;

import java.io.Closeable;
import java.io.IOException;

/**
 * A file open for reading at any position.
 *
 * <p>Thread safety: any number of threads at once. An interrupt of one reader disturbs none, itself included.
 */
public interface RandomFile extends Closeable {
    /**
     * Reads up to {@code length} bytes from {@code position} on.
     *
     * @return how many were read, at least 1; fewer than asked for only at the end of the file; -1 behind the end
     */
    int read(long position, byte[] into, int offset, int length) throws IOException;

    /** Size of the file now, in bytes. */
    long size() throws IOException;

    /** Closes the file; reads then throw {@code ClosedChannelException}. Harmless when repeated. */
    @Override
    void close() throws IOException;
}
