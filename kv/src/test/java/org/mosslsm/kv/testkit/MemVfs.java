package org.mosslsm.kv.testkit;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import org.mosslsm.kv.StoreOpenException;
import org.mosslsm.kv.vfs.RandomFile;
import org.mosslsm.kv.vfs.Vfs;
import org.mosslsm.kv.vfs.WritableFile;

/**
 * A disk in memory that knows what was synced and what was not, and can be looked at as it would be found after a crash,
 * at any moment, while the original goes on.
 *
 * <p>Directories themselves are durable as soon as they are created. Thread-safe: all state is guarded by the disk's
 * monitor.
 */
public final class MemVfs implements Vfs {
    /** What all directories of a disk share. */
    private static final class Disk {
        final Map<String, MemDirectory> directories = new HashMap<>();
        int openFiles;
    }

    private final Disk disk;
    private final String path;

    /** A new disk, in its one directory {@code /store}. */
    public MemVfs() {
        this(new Disk(), "/store");
        disk.directories.put(path, new MemDirectory());
    }

    private MemVfs(Disk disk, String path) {
        this.disk = disk;
        this.path = path;
    }

    // Crashes and damage

    /** The disk as it may be found after a power loss now; the same seed gives the same. */
    public MemVfs crashClone(long seed, CrashPolicy policy) {
        synchronized (disk) {
            Random random = new Random(new SplittableRandom(seed).nextLong()); // near seeds, far apart
            Disk survivor = new Disk();
            Map<MemFile, MemFile> files = new HashMap<>(); // a file may have several names
            disk.directories.forEach((name, directory) -> survivor.directories.put(
                    name,
                    directory.afterCrash(
                            random, policy, file -> files.computeIfAbsent(file, f -> f.afterCrash(random, policy)))));
            return new MemVfs(survivor, path);
        }
    }

    /** The disk as it is found after the death of the process now. */
    public MemVfs killClone() {
        return crashClone(0, CrashPolicy.KEPT);
    }

    /** Content of a file, as the process sees it. */
    public byte[] content(String name) throws IOException {
        synchronized (disk) {
            return existing(name).content();
        }
    }

    /** Flips the bits of {@code mask} in a byte of a file, durably. */
    public void corrupt(String name, int position, int mask) throws IOException {
        synchronized (disk) {
            existing(name).corrupt(position, mask);
        }
    }

    /** Cuts a file off, durably. */
    public void truncate(String name, int length) throws IOException {
        synchronized (disk) {
            existing(name).truncate(length);
        }
    }

    /** Files opened and not closed again. */
    public int openFiles() {
        synchronized (disk) {
            return disk.openFiles;
        }
    }

    // Vfs

    @Override
    public WritableFile create(String name) throws IOException {
        synchronized (disk) {
            MemFile file = new MemFile();
            directory().change(null, plain(name), file);
            return new Writer(disk, file);
        }
    }

    @Override
    public WritableFile reuse(String old, String name) throws IOException {
        synchronized (disk) {
            rename(old, name);
            return new Writer(disk, existing(name));
        }
    }

    @Override
    public WritableFile extend(String name, long size) throws IOException {
        synchronized (disk) {
            Writer writer = new Writer(disk, existing(name));
            writer.size = size;
            return writer;
        }
    }

    @Override
    public RandomFile openRead(String name) throws IOException {
        synchronized (disk) {
            return new Reader(disk, existing(name));
        }
    }

    @Override
    public List<String> list() throws IOException {
        synchronized (disk) {
            return directory().list();
        }
    }

    @Override
    public void delete(String name) throws IOException {
        synchronized (disk) {
            existing(name);
            directory().change(name, null, null);
        }
    }

    @Override
    public void rename(String from, String to) throws IOException {
        synchronized (disk) {
            directory().change(from, plain(to), existing(from));
        }
    }

    @Override
    public void link(String from, Vfs target, String to) throws IOException {
        synchronized (disk) {
            MemDirectory other = ((MemVfs) target).directory();
            if (other.find(to) != null) {
                throw new FileAlreadyExistsException(to);
            }
            other.change(null, plain(to), existing(from));
        }
    }

    @Override
    public boolean exists(String name) throws IOException {
        synchronized (disk) {
            return directory().find(plain(name)) != null;
        }
    }

    @Override
    public void syncDir() throws IOException {
        synchronized (disk) {
            directory().sync();
        }
    }

    @Override
    public DirectorySync openToSync() {
        return new DirectorySync() {
            @Override
            public void sync() throws IOException {
                syncDir();
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public Closeable lock() throws IOException {
        synchronized (disk) {
            MemDirectory directory = directory();
            if (directory.locked) {
                throw new StoreOpenException(
                        StoreOpenException.Reason.LOCKED,
                        "the store " + path + " is open in this process itself",
                        null);
            }
            directory.locked = true;
            return () -> {
                synchronized (disk) {
                    directory.locked = false;
                }
            };
        }
    }

    @Override
    public Vfs child(String child) {
        return new MemVfs(disk, child.startsWith("/") ? child : path + "/" + child);
    }

    @Override
    public boolean directoryExists() {
        synchronized (disk) {
            return disk.directories.containsKey(path);
        }
    }

    @Override
    public void createDirectory() {
        synchronized (disk) {
            disk.directories.computeIfAbsent(path, p -> new MemDirectory());
        }
    }

    @Override
    public void moveDirectory(Vfs target) throws IOException {
        synchronized (disk) {
            if (target.directoryExists()) {
                throw new FileAlreadyExistsException(target.path());
            }
            MemDirectory moved = directory();
            disk.directories.remove(path);
            disk.directories.put(target.path(), moved);
        }
    }

    @Override
    public String path() {
        return path;
    }

    @Override
    public String toString() {
        return "mem:" + path;
    }

    private MemDirectory directory() throws IOException {
        MemDirectory directory = disk.directories.get(path);
        if (directory == null) {
            throw new NoSuchFileException(path);
        }
        return directory;
    }

    private MemFile existing(String name) throws IOException {
        MemFile file = directory().find(plain(name));
        if (file == null) {
            throw new NoSuchFileException(path + "/" + name);
        }
        return file;
    }

    private static String plain(String name) {
        if (name.isEmpty() || name.indexOf('/') >= 0 || name.equals("..") || name.equals(".")) {
            throw new IllegalArgumentException("not a plain file name: " + name);
        }
        return name;
    }

    // Open files

    /** What reading and writing have in common: being counted. */
    private abstract static class Open implements Closeable {
        final Disk disk;
        final MemFile file;
        private boolean closed;

        Open(Disk disk, MemFile file) {
            this.disk = disk;
            this.file = file;
            disk.openFiles++;
        }

        final void checkOpen() throws IOException {
            if (closed) {
                throw new ClosedChannelException();
            }
        }

        @Override
        public final void close() {
            synchronized (disk) {
                if (!closed) {
                    closed = true;
                    disk.openFiles--;
                }
            }
        }
    }

    private static final class Writer extends Open implements WritableFile {
        private long size;

        Writer(Disk disk, MemFile file) {
            super(disk, file);
        }

        @Override
        public void append(byte[] bytes, int offset, int length) throws IOException {
            synchronized (disk) {
                checkOpen();
                file.write(size, bytes, offset, length);
                size += length;
            }
        }

        @Override
        public void truncate(long newSize) throws IOException {
            synchronized (disk) {
                checkOpen();
                file.truncate(Math.toIntExact(newSize));
                size = newSize;
            }
        }

        @Override
        public void sync() throws IOException {
            synchronized (disk) {
                checkOpen();
                file.sync();
            }
        }

        @Override
        public long size() {
            synchronized (disk) {
                return size;
            }
        }

        @Override
        public void preallocate(long bytes) throws IOException {
            synchronized (disk) {
                checkOpen();
                int have = file.length();
                if (have < bytes) {
                    file.write(have, new byte[Math.toIntExact(bytes - have)], 0, Math.toIntExact(bytes - have));
                }
            }
        }
    }

    private static final class Reader extends Open implements RandomFile {
        Reader(Disk disk, MemFile file) {
            super(disk, file);
        }

        @Override
        public int read(long position, byte[] into, int offset, int length) throws IOException {
            synchronized (disk) {
                checkOpen();
                return file.read(position, into, offset, length);
            }
        }

        @Override
        public long size() throws IOException {
            synchronized (disk) {
                checkOpen();
                return file.length();
            }
        }
    }
}
