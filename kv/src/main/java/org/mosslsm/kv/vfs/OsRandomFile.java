package org.mosslsm.kv.vfs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file of the operating system open for reading, which outlives interrupts.
 *
 * <pre>
 * read   clear the thread's interrupt flag      with the flag set a read would close the channel for everybody
 *        read
 *          the channel was closed under us      by an interrupt of this thread or of another reader
 *            closed for good: give up
 *            else: open the file anew, once for all readers, and read again
 *        put the flag back
 * </pre>
 *
 * <p>Invariants: (1) {@code channel} is written under the monitor only. (2) {@code closed} never goes back to false, and no
 * channel is opened after it was set.
 *
 * <p>Thread-safe.
 */
final class OsRandomFile implements RandomFile {
    /**
     * Longer reads are cut: the JDK copies through a direct buffer as large as the largest read and keeps it with the
     * thread.
     */
    private static final int CHUNK = 1 << 16;

    private final Path path;
    private volatile FileChannel channel;
    private boolean closed;

    OsRandomFile(Path path) throws IOException {
        this.path = path;
        boolean interrupted = Thread.interrupted();
        try {
            this.channel = FileChannel.open(path, StandardOpenOption.READ);
        } finally {
            restore(interrupted);
        }
    }

    @Override
    public int read(long position, byte[] into, int offset, int length) throws IOException {
        boolean interrupted = Thread.interrupted();
        int done = 0;
        try {
            while (true) {
                FileChannel current = channel;
                try {
                    while (done < length) {
                        ByteBuffer chunk = ByteBuffer.wrap(into, offset + done, Math.min(CHUNK, length - done));
                        int n = current.read(chunk, position + done);
                        if (n < 0) {
                            return done == 0 ? -1 : done;
                        }
                        done += n;
                    }
                    return done;
                } catch (
                        ClosedChannelException e) { // ClosedByInterrupt- and AsynchronousCloseException are kinds of it
                    interrupted |= Thread.interrupted();
                    reopen(current, e);
                }
            }
        } finally {
            restore(interrupted);
        }
    }

    @Override
    public long size() throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            while (true) {
                FileChannel current = channel;
                try {
                    return current.size();
                } catch (ClosedChannelException e) {
                    interrupted |= Thread.interrupted();
                    reopen(current, e);
                }
            }
        } finally {
            restore(interrupted);
        }
    }

    private synchronized void reopen(FileChannel dead, ClosedChannelException why) throws IOException {
        if (closed) {
            throw why;
        }
        if (channel == dead) {
            channel = FileChannel.open(path, StandardOpenOption.READ);
        }
    }

    @Override
    public synchronized void close() throws IOException {
        closed = true;
        channel.close();
    }

    private static void restore(boolean interrupted) {
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
