package org.mosslsm.kv.vfs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * A file of the operating system open for reading, which outlives interrupts, and the loss of its channel to other files
 * ({@link OpenFiles}).
 *
 * <pre>
 * read   clear the thread's interrupt flag      with the flag set a read would close the channel for everybody
 *        read
 *          the channel was closed under us      by an interrupt of this thread or of another reader, or parked
 *            closed for good: give up
 *            else: one reader opens the file anew, the others wait for that, and all read again
 *        put the flag back
 * </pre>
 *
 * <p>Invariants: (1) {@code channel} is written under the monitor only. (2) {@code closed} never goes back to false, and
 * {@code channel} does not change after it was set. (3) {@code opening} is held by who opens the file anew; within it the
 * monitors of other files are taken, to park them, but never their {@code opening}.
 *
 * <p>Thread-safe.
 */
final class OsRandomFile implements RandomFile, OpenFiles.Parkable {
    /**
     * Longer reads are cut: the JDK copies through a direct buffer as large as the largest read and keeps it with the
     * thread.
     */
    private static final int CHUNK = 1 << 16;

    private final OpenFiles.Opening<FileChannel> opener;
    private final OpenFiles files;
    private final Object opening = new Object();
    private volatile FileChannel channel;
    private boolean closed;

    /** Whether it was read since {@link #wasUsed} was asked; races lose no more than a second chance. */
    private volatile boolean read = true;

    private OsRandomFile(OpenFiles.Opening<FileChannel> opener, OpenFiles files, FileChannel channel) {
        this.opener = opener;
        this.files = files;
        this.channel = channel;
    }

    /** Opens a file, which counts among {@code files}. */
    static OsRandomFile open(Path path, OpenFiles files) throws IOException {
        return open(() -> FileChannel.open(path, StandardOpenOption.READ), files);
    }

    /** As above, with what opens the file. */
    static OsRandomFile open(OpenFiles.Opening<FileChannel> opener, OpenFiles files) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            OsRandomFile file = new OsRandomFile(opener, files, files.withRoom(opener));
            OpenFiles.park(files.opened(file));
            return file;
        } finally {
            restore(interrupted);
        }
    }

    @Override
    public int read(long position, byte[] into, int offset, int length) throws IOException {
        boolean interrupted = Thread.interrupted();
        int done = 0;
        if (!read) {
            read = true;
        }
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

    private void reopen(FileChannel dead, ClosedChannelException why) throws IOException {
        List<OpenFiles.Parkable> instead = List.of();
        synchronized (opening) {
            synchronized (this) {
                if (closed) {
                    throw why;
                }
                if (channel != dead) {
                    return; // another reader was faster
                }
            }
            FileChannel fresh = files.withRoom(opener); // which may park others, so without the monitor
            boolean kept;
            synchronized (this) {
                kept = !closed;
                if (kept) {
                    channel = fresh;
                    instead = files.opened(this);
                }
            }
            if (!kept) {
                fresh.close();
            }
        }
        OpenFiles.park(instead);
    }

    @Override
    public synchronized void park() {
        try {
            channel.close();
        } catch (IOException e) {
            return; // it was only read
        }
    }

    /** Whether it has a descriptor now. */
    boolean hasChannel() {
        return channel.isOpen();
    }

    @Override
    public boolean wasUsed() {
        boolean was = read;
        read = false;
        return was;
    }

    @Override
    public synchronized void close() throws IOException {
        closed = true;
        files.closed(this);
        channel.close();
    }

    private static void restore(boolean interrupted) {
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
