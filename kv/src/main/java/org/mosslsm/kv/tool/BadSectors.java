package org.mosslsm.kv.tool;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.FileSystemException;
import java.util.List;
import org.mosslsm.kv.CorruptionException;
import org.mosslsm.kv.KvIoException;
import org.mosslsm.kv.vfs.RandomFile;
import org.mosslsm.kv.vfs.Vfs;
import org.mosslsm.kv.vfs.WritableFile;

/**
 * The disk as tools see it that look for damage: bytes which it cannot read are damaged, as those are which it reads
 * wrongly. All else is what it is. Thread-safe.
 */
record BadSectors(Vfs disk) implements Vfs {
    @Override
    public RandomFile openRead(String name) throws IOException {
        return new Reader(name, disk.openRead(name));
    }

    private record Reader(String name, RandomFile file) implements RandomFile {
        @Override
        public int read(long position, byte[] into, int offset, int length) throws IOException {
            try {
                return file.read(position, into, offset, length);
            } catch (FileSystemException | ClosedChannelException e) {
                throw e; // it was opened anew, or closed: no matter of sectors
            } catch (IOException e) {
                if (KvIoException.isShortage(e)) {
                    throw e;
                }
                CorruptionException damage =
                        new CorruptionException(name, position, "cannot be read: " + e.getMessage());
                damage.addSuppressed(e);
                throw damage;
            }
        }

        @Override
        public long size() throws IOException {
            return file.size();
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }

    @Override
    public void link(String from, Vfs target, String to) throws IOException {
        disk.link(from, ((BadSectors) target).disk, to);
    }

    @Override
    public void moveDirectory(Vfs target) throws IOException {
        disk.moveDirectory(((BadSectors) target).disk);
    }

    @Override
    public Vfs child(String path) {
        return new BadSectors(disk.child(path));
    }

    @Override
    public WritableFile create(String name) throws IOException {
        return disk.create(name);
    }

    @Override
    public WritableFile reuse(String old, String name) throws IOException {
        return disk.reuse(old, name);
    }

    @Override
    public WritableFile extend(String name, long size) throws IOException {
        return disk.extend(name, size);
    }

    @Override
    public List<String> list() throws IOException {
        return disk.list();
    }

    @Override
    public void delete(String name) throws IOException {
        disk.delete(name);
    }

    @Override
    public void rename(String from, String to) throws IOException {
        disk.rename(from, to);
    }

    @Override
    public boolean exists(String name) throws IOException {
        return disk.exists(name);
    }

    @Override
    public void syncDir() throws IOException {
        disk.syncDir();
    }

    @Override
    public DirectorySync openToSync() throws IOException {
        return disk.openToSync();
    }

    @Override
    public Closeable lock() throws IOException {
        return disk.lock();
    }

    @Override
    public boolean directoryExists() throws IOException {
        return disk.directoryExists();
    }

    @Override
    public void createDirectory() throws IOException {
        disk.createDirectory();
    }

    @Override
    public String path() {
        return disk.path();
    }
}
