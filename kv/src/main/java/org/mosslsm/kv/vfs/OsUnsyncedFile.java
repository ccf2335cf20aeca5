package org.mosslsm.kv.vfs;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/**
 * A temporary file of the operating system, with one descriptor at most, and none while others need it more ({@link
 * OpenFiles}): a statement may have hundreds.
 *
 * <p>{@code RandomAccessFile} knows no interrupts.
 *
 * <p>Invariants: (1) {@code file} is read, written and exchanged under the monitor only, which is held while the disk works, and
 * never while anything is opened or parked: so whoever parks this waits for one call of the operating system, and never in a
 * circle. (2) {@code at} is where {@code file} stands; -1 after a failure. (3) {@code closed} never goes back to false, and
 * {@code file} is null from then on.
 *
 * <p>Thread safety: as its interface says, and {@link #park} by any thread.
 */
final class OsUnsyncedFile implements UnsyncedFile, OpenFiles.Parkable {
    private final Path path;
    private final OpenFiles.Opening<RandomAccessFile> opener;
    private final OpenFiles files;

    /** Null while it is parked, and once closed. */
    private RandomAccessFile file;

    private long at;

    /** What closing it said when it was parked: some of what was written may be missing; else null. */
    private IOException lost;

    private volatile long size;
    private boolean closed;

    /** As in {@link OsRandomFile}. */
    private volatile boolean used = true;

    /** Opens an empty file, which counts among {@code files}. */
    OsUnsyncedFile(Path path, OpenFiles files) throws IOException {
        this(path, files, () -> new RandomAccessFile(path.toFile(), "rw"));
    }

    /** As above, with what opens it. */
    OsUnsyncedFile(Path path, OpenFiles files, OpenFiles.Opening<RandomAccessFile> opener) throws IOException {
        this.opener = opener;
        this.path = path;
        this.files = files;
        try {
            reopen();
        } catch (Throwable t) {
            Files.deleteIfExists(path); // nobody knows of it
            throw t;
        }
    }

    /** What is done with the file. */
    private interface Use {
        int with(RandomAccessFile open) throws IOException;
    }

    @Override
    public void append(byte[] bytes, int offset, int length) throws IOException {
        long end = size; // written here alone
        use(end, open -> {
            try {
                open.write(bytes, offset, length);
            } catch (IOException e) {
                throw NoSpace.explain(e, path, length);
            }
            return length;
        });
        size = end + length;
    }

    @Override
    public int read(long position, byte[] into, int offset, int length) throws IOException {
        int within = (int) Math.min(length, size - position); // behind it may be a part of what was refused
        return within <= 0 ? -1 : use(position, open -> open.read(into, offset, within));
    }

    private int use(long position, Use use) throws IOException {
        used = true;
        while (true) {
            synchronized (this) {
                if (closed) {
                    throw new ClosedChannelException();
                }
                if (lost != null) {
                    throw new IOException("a part of " + path + " may be lost: " + lost.getMessage(), lost);
                }
                if (file != null) {
                    if (at != position) {
                        file.seek(position);
                    }
                    at = -1;
                    int n = use.with(file);
                    at = position + Math.max(0, n);
                    return n;
                }
            }
            reopen();
        }
    }

    private void reopen() throws IOException {
        if (!Files.exists(path)) {
            throw new NoSuchFileException(path.toString()); // which opening it to write would make
        }
        RandomAccessFile fresh = files.withRoom(opener);
        List<OpenFiles.Parkable> instead;
        synchronized (this) {
            if (closed) {
                fresh.close();
                return; // who wanted it sees that
            }
            file = fresh;
            at = 0;
            instead = files.opened(this);
        }
        OpenFiles.park(instead);
    }

    @Override
    public synchronized void park() {
        if (file == null) {
            return;
        }
        try {
            file.close();
        } catch (IOException e) {
            lost = e;
        } finally {
            file = null;
        }
    }

    @Override
    public boolean wasUsed() {
        boolean was = used;
        used = false;
        return was;
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public synchronized void close() throws IOException {
        closed = true;
        files.closed(this);
        if (file != null) {
            RandomAccessFile open = file;
            file = null;
            open.close();
        }
    }
}
