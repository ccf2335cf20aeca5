package org.mosslsm.kv.vfs;

import java.io.Closeable;
import java.io.IOException;

/**
 * A file being written from its start to its end. After a call failed, what is in the file from the position before it on
 * is not known, and the file must not be synced or appended to again; unless it was an append, and {@link #truncate} then
 * succeeds.
 *
 * <p>Thread safety: appends and {@link #truncate} come from one thread at a time; {@link #sync} may run beside them and covers at
 * least what was appended before it was called, and not taken back since.
 */
public interface WritableFile extends Closeable {
    /** Hands bytes to the operating system; they survive the death of the process. */
    void append(byte[] bytes, int offset, int length) throws IOException;

    /** Returns when all that was appended is on the device. */
    void sync() throws IOException;

    /**
     * Takes back, durably, what was appended behind the first {@code size} bytes, what an append left that failed, and what
     * the file held beyond; appends go on from there. By the thread that appends.
     */
    void truncate(long size) throws IOException;

    /** Bytes appended so far; not what was preallocated, nor what a reused file held before. */
    long size();

    /**
     * Makes room up to {@code bytes} from the start, filled with zeros (or with what a reused file held), so that appends
     * need no new blocks and their syncs write no more than data. A hint: no room, no error.
     */
    void preallocate(long bytes) throws IOException;

    /**
     * Says whether appends into preallocated room may go by memory that is mapped to the file, which spares them a call of the
     * operating system; what {@link #append} promises stays. By the thread that appends.
     *
     * @return whether they will; false where the platform or the file system are not known to be good for it
     */
    default boolean mapAhead(boolean wanted) {
        return false;
    }

    /** Closes without syncing; harmless when repeated. */
    @Override
    void close() throws IOException;
}
