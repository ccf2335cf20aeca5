package org.mosslsm.kv.lsm;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.mosslsm.kv.KvIoException;
import org.mosslsm.kv.Store.ScratchFile;
import org.mosslsm.kv.StoreClosedException;
import org.mosslsm.kv.lsm.version.FileNames;
import org.mosslsm.kv.vfs.UnsyncedFile;
import org.mosslsm.kv.vfs.Vfs;

/**
 * The directory {@code tmp} of a store, and the scratch files in it.
 *
 * <p>Invariants: (1) the directory belongs to the store alone: what an earlier process left in it is deleted before the
 * first file is made. (2) A file is in {@code open} from before it exists until it is deleted. (3) Once closed, no file
 * is made any more, and those there were are deleted. A scratch file is never synced, and losing one loses nothing: its
 * failures concern the statement that uses it, and not the health of the store.
 *
 * <p>Thread-safe; each file is used by one thread at a time, but may be closed by the store's closing.
 */
final class ScratchRoom {
    private final Vfs vfs;
    private final String store;
    private final AtomicLong numbers = new AtomicLong();
    private final Set<File> open = ConcurrentHashMap.newKeySet();
    private boolean prepared;
    private boolean closed;

    /** Below the directory of a store; touches nothing before the first file. */
    ScratchRoom(Vfs store) {
        this.vfs = store.child(FileNames.SCRATCH);
        this.store = store.path();
    }

    /** Deletes what an earlier process left, where there is something; what cannot be deleted stays until the next time. */
    synchronized void sweep() {
        try {
            if (vfs.directoryExists()) {
                for (String name : vfs.list()) {
                    vfs.delete(name);
                }
            }
        } catch (IOException e) {
            System.getLogger(ScratchRoom.class.getName())
                    .log(System.Logger.Level.WARNING, "cannot empty " + vfs.path() + ": " + e);
        }
    }

    /** A new, empty file. */
    synchronized ScratchFile create() {
        checkOpen();
        try {
            if (!prepared) {
                vfs.createDirectory();
                prepared = true;
            }
            File file = new File("scratch-" + numbers.incrementAndGet());
            open.add(file);
            return file;
        } catch (IOException e) {
            throw new KvIoException("cannot make a temporary file in " + vfs.path() + ": " + e.getMessage(), e);
        }
    }

    private void checkOpen() {
        if (closed) {
            throw new StoreClosedException("the store " + store);
        }
    }

    /** Deletes all files. */
    void close() {
        synchronized (this) {
            closed = true;
        }
        open.forEach(File::close);
    }

    /** One file; created by its first append, so that one that stays empty costs nothing. */
    private final class File implements ScratchFile {
        private final String name;
        private UnsyncedFile file;
        private boolean gone;

        File(String name) {
            this.name = name;
        }

        @Override
        public synchronized void append(byte[] bytes, int offset, int length) {
            checkUsable();
            try {
                if (file == null) {
                    file = vfs.createUnsynced(name);
                }
                file.append(bytes, offset, length);
            } catch (IOException e) {
                throw failed("write", e);
            }
        }

        @Override
        public synchronized void read(long position, byte[] into, int offset, int length) {
            checkUsable();
            if (position < 0 || length < 0 || position + length > size()) {
                throw new IllegalArgumentException(
                        "bytes " + position + " to " + (position + length) + " of a file of " + size());
            }
            try {
                int done = 0;
                while (done < length) {
                    int n = file.read(position + done, into, offset + done, length - done);
                    if (n <= 0) {
                        throw new IOException("it ends at " + (position + done) + " of " + size());
                    }
                    done += n;
                }
            } catch (IOException e) {
                throw failed("read", e);
            }
        }

        private void checkUsable() {
            if (gone) {
                throw new StoreClosedException("the temporary file " + name + " of the store " + store);
            }
        }

        private KvIoException failed(String what, IOException e) {
            return new KvIoException(
                    "cannot " + what + " the temporary file " + vfs.path() + "/" + name + ": " + e.getMessage(), e);
        }

        @Override
        public synchronized long size() {
            return file == null ? 0 : file.size();
        }

        @Override
        public synchronized void close() {
            if (gone) {
                return;
            }
            gone = true;
            try {
                closeAndDelete();
            } catch (IOException e) {
                // It costs room until the next opening of the store sweeps it up, nothing else.
                System.getLogger(ScratchRoom.class.getName())
                        .log(System.Logger.Level.DEBUG, "cannot delete " + vfs.path() + "/" + name + ": " + e);
            } finally {
                open.remove(this);
            }
        }

        private void closeAndDelete() throws IOException {
            if (file != null) {
                try {
                    file.close();
                } finally {
                    vfs.delete(name);
                }
            }
        }
    }
}
