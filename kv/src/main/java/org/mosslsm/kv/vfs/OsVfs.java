package org.mosslsm.kv.vfs;

import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/**
 * A directory of the operating system. What it creates is for its owner alone, where the platform knows owners.
 *
 * <p>Thread-safe: it has no state but the path, and what of the process is open.
 */
public final class OsVfs implements Vfs {
    /** Windows can neither open nor sync a directory; its file system keeps names in order by itself. */
    private static final boolean CAN_SYNC_DIRECTORIES = File.separatorChar == '/';

    private static final FileAttribute<?>[] NONE = {};

    private final Path directory;
    private final boolean posix;
    private final OpenFiles files;

    /** The directory at that path; it need not exist yet. */
    public OsVfs(Path directory) {
        this(directory, OpenFiles.OF_PROCESS);
    }

    /** As above, with a limit of its own to the files that are open for reading. */
    OsVfs(Path directory, OpenFiles files) {
        this.files = files;
        this.directory = directory.toAbsolutePath().normalize();
        this.posix = directory.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    @Override
    public WritableFile create(String name) throws IOException {
        Path file = createEmpty(name);
        return files.withRoom(() -> new OsWritableFile(file));
    }

    @Override
    public UnsyncedFile createUnsynced(String name) throws IOException {
        return new OsUnsyncedFile(createEmpty(name), files);
    }

    private Path createEmpty(String name) throws IOException {
        Path file = resolve(name);
        Files.deleteIfExists(file);
        try {
            return files.withRoom(() -> Files.createFile(file, posix ? ownerOnly("rw-------") : NONE));
        } catch (IOException e) {
            throw NoSpace.explain(e, file, 0);
        }
    }

    @Override
    public WritableFile reuse(String old, String name) throws IOException {
        rename(old, name);
        return files.withRoom(() -> new OsWritableFile(resolve(name)));
    }

    @Override
    public WritableFile extend(String name, long size) throws IOException {
        Path file = resolve(name);
        if (!Files.exists(file)) {
            throw new NoSuchFileException(file.toString()); // which opening it to write would make
        }
        return files.withRoom(() -> new OsWritableFile(file, size));
    }

    @Override
    public RandomFile openRead(String name) throws IOException {
        return OsRandomFile.open(resolve(name), files);
    }

    @Override
    public List<String> list() throws IOException {
        return files.withRoom(this::names);
    }

    private List<String> names() throws IOException {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                names.add(entry.getFileName().toString());
            }
        } catch (java.nio.file.DirectoryIteratorException e) {
            throw e.getCause();
        }
        return names;
    }

    @Override
    public void delete(String name) throws IOException {
        Files.delete(resolve(name));
    }

    @Override
    public void rename(String from, String to) throws IOException {
        try {
            Files.move(resolve(from), resolve(to), StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            throw new IOException("cannot rename " + resolve(from) + " in one step", e);
        }
    }

    @Override
    public void link(String from, Vfs target, String to) throws IOException {
        Path link = ((OsVfs) target).resolve(to);
        try {
            Files.createLink(link, resolve(from));
        } catch (NoSuchFileException | FileAlreadyExistsException e) {
            throw e;
        } catch (IOException | UnsupportedOperationException e) { // another device, or no links at all
            copy(from, target, to);
        }
    }

    private void copy(String from, Vfs target, String to) throws IOException {
        byte[] buffer = new byte[1 << 16];
        try (RandomFile source = openRead(from);
                WritableFile copy = target.create(to)) {
            int n;
            for (long at = 0; (n = source.read(at, buffer, 0, buffer.length)) > 0; at += n) {
                copy.append(buffer, 0, n);
            }
            copy.sync();
        }
    }

    @Override
    public boolean exists(String name) {
        return Files.exists(resolve(name), LinkOption.NOFOLLOW_LINKS);
    }

    @Override
    public void syncDir() throws IOException {
        sync(directory);
    }

    private void sync(Path directory) throws IOException {
        try (DirectorySync open = openToSync(directory)) {
            open.sync();
        }
    }

    @Override
    public DirectorySync openToSync() throws IOException {
        return openToSync(directory);
    }

    private DirectorySync openToSync(Path directory) throws IOException {
        // Not a FileChannel: an interrupt would close it, and hide what the device said.
        AsynchronousFileChannel channelOrNull = CAN_SYNC_DIRECTORIES
                ? files.withRoom(() -> AsynchronousFileChannel.open(directory, StandardOpenOption.READ))
                : null;
        return new DirectorySync() {
            @Override
            public void sync() throws IOException {
                if (channelOrNull != null) {
                    channelOrNull.force(true);
                }
            }

            @Override
            public void close() throws IOException {
                if (channelOrNull != null) {
                    channelOrNull.close();
                }
            }
        };
    }

    @Override
    public Closeable lock() throws IOException {
        return files.withRoom(() -> DirectoryLock.acquire(directory));
    }

    @Override
    public Vfs child(String path) {
        return new OsVfs(directory.resolve(path), files);
    }

    @Override
    public boolean directoryExists() {
        return Files.isDirectory(directory);
    }

    @Override
    public void createDirectory() throws IOException {
        DurableDirectory durably = new DurableDirectory(this::sync, posix ? ownerOnly("rwx------") : NONE);
        files.withRoom(() -> {
            durably.make(directory);
            return directory;
        });
    }

    @Override
    public void moveDirectory(Vfs target) throws IOException {
        Path to = ((OsVfs) target).directory;
        if (Files.exists(to, LinkOption.NOFOLLOW_LINKS)) {
            throw new FileAlreadyExistsException(to.toString()); // else an empty directory would be replaced
        }
        Files.move(directory, to, StandardCopyOption.ATOMIC_MOVE);
        if (to.getParent() != null) {
            sync(to.getParent());
        }
    }

    @Override
    public String path() {
        return directory.toString();
    }

    @Override
    public String toString() {
        return path();
    }

    private static FileAttribute<?>[] ownerOnly(String permissions) {
        return new FileAttribute<?>[] {
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        };
    }

    private Path resolve(String name) {
        Path file = directory.resolve(name);
        if (!directory.equals(file.getParent()) || name.equals("..") || name.equals(".")) {
            throw new IllegalArgumentException("not a plain file name: " + name);
        }
        return file;
    }
}
