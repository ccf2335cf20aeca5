package org.mosslsm.kv.vfs;

import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.mosslsm.kv.StoreOpenException;

/**
 * The lock on a directory, in two parts: a lock of the operating system on the file {@code LOCK}, which ends with the
 * process however it dies; and an entry for this process, since such locks do not keep a process from itself, and on
 * POSIX vanish as soon as the process closes any descriptor of the file.
 *
 * <p>Invariants: (1) {@code LOCK} is opened only by who has made the entry. (2) The entry is removed after the file is
 * closed. (3) The file is never deleted: a lock on a deleted file excludes nobody.
 *
 * <p>The entries are system properties, because they must be one set for the whole process, also where two class loaders
 * each have a copy of this class.
 */
final class DirectoryLock implements Closeable {
    private static final String NAME = "LOCK";
    private static final String ENTRY = "org.mosslsm.lock.";

    /** The byte that is locked, far behind the text: Windows lets nobody read what is locked. */
    private static final long LOCKED_BYTE = Long.MAX_VALUE - 1;

    /** More than a holder's line ever has; the file may hold anything. */
    private static final int MAX_HOLDER_BYTES = 512;

    private final String entry;
    private final RandomAccessFile file;
    private final AtomicBoolean closed = new AtomicBoolean();

    private DirectoryLock(String entry, RandomAccessFile file) {
        this.entry = entry;
        this.file = file;
    }

    static DirectoryLock acquire(Path directory) throws IOException {
        String holder = "process " + ProcessHandle.current().pid() + " on host " + host() + " since "
                + Instant.now().truncatedTo(ChronoUnit.SECONDS);
        String entry = ENTRY + directory.toRealPath();
        Object other = System.getProperties().putIfAbsent(entry, holder);
        if (other != null) {
            throw locked(directory, "this process itself (" + other + ")", null);
        }
        try {
            return new DirectoryLock(entry, lockFile(directory, holder));
        } catch (Throwable t) { // out of memory too: else nobody could open the store until this process ends
            System.getProperties().remove(entry);
            throw t;
        }
    }

    private static RandomAccessFile lockFile(Path directory, String holder) throws IOException {
        RandomAccessFile file = new RandomAccessFile(directory.resolve(NAME).toFile(), "rw");
        try {
            FileLock lock = file.getChannel().tryLock(LOCKED_BYTE, 1, false);
            if (lock == null) {
                throw locked(directory, holderIn(file), null);
            }
            byte[] line = (holder + "\n").getBytes(StandardCharsets.UTF_8);
            file.write(line);
            if (file.length() > line.length) { // to empty the file first would cost more than all the rest
                file.setLength(line.length);
            }
            return file;
        } catch (OverlappingFileLockException e) {
            file.close();
            throw locked(directory, "this process itself", e);
        } catch (Throwable t) {
            file.close();
            throw t;
        }
    }

    private static String holderIn(RandomAccessFile file) throws IOException {
        byte[] text = new byte[MAX_HOLDER_BYTES];
        int n = file.read(text);
        String line = new String(text, 0, Math.max(n, 0), StandardCharsets.UTF_8).strip();
        return line.isEmpty() ? "another process" : line.replaceAll("\\p{Cntrl}", "?");
    }

    private static StoreOpenException locked(Path directory, String holder, Throwable cause) {
        return new StoreOpenException(
                StoreOpenException.Reason.LOCKED,
                "the store " + directory + " is open in " + holder
                        + "; close it there, or use the store from that process",
                cause);
    }

    /** The host's name without a look-up in the network, which may take seconds. */
    private static String host() {
        for (String variable : new String[] {"HOSTNAME", "COMPUTERNAME"}) {
            String name = System.getenv(variable);
            if (name != null && !name.isBlank()) {
                return name.strip();
            }
        }
        try {
            return Files.readString(Path.of("/etc/hostname")).strip();
        } catch (IOException | RuntimeException e) {
            return "(unknown)";
        }
    }

    @Override
    public void close() throws IOException {
        if (closed.compareAndSet(false, true)) {
            try {
                file.close(); // lets go of the lock
            } finally {
                System.getProperties().remove(entry);
            }
        }
    }
}
