package org.mosslsm.kv.lsm;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.mosslsm.kv.StoreClosedException;
import org.mosslsm.kv.lsm.SortedTables.Loaded;
import org.mosslsm.kv.lsm.table.TableSeal;
import org.mosslsm.kv.lsm.version.FileNames;
import org.mosslsm.kv.lsm.version.VersionSet;
import org.mosslsm.kv.vfs.Vfs;
import org.mosslsm.kv.vfs.WritableFile;

/**
 * Tables in the store's directory that the manifest does not name, or not yet.
 *
 * <p>One that is to go and cannot be deleted is emptied: a repair without a manifest takes what it finds for true, and an
 * empty table says nothing. No other name leads to its bytes, since no version ever held it.
 *
 * <p>Invariant: once {@link #close} has returned no name of the directory is touched any more: names belong to whoever opens the
 * store next, and may be given again. So who makes or takes away a name holds {@code use} for as long as that lasts, and close
 * waits for it; what is still written into a file that was made before concerns nobody else.
 *
 * <p>Thread-safe.
 */
final class LooseTables implements AutoCloseable {
    private final Vfs vfs;
    private final VersionSet versions;

    /** Shared by those who make and delete files; alone for who closes. */
    private final ReadWriteLock use = new ReentrantReadWriteLock();

    /** Guarded by {@code use}. */
    private boolean closed;

    /** Numbers of tables that could not be deleted. */
    private final Set<Long> left = ConcurrentHashMap.newKeySet();

    LooseTables(Vfs vfs, VersionSet versions) {
        this.vfs = vfs;
        this.versions = versions;
    }

    Vfs vfs() {
        return vfs;
    }

    /** Makes a file. */
    interface Making<T> {
        /** Makes the file of the table with that number. */
        T make(long number);
    }

    /**
     * Makes the file of a new table, which may be left behind where {@code making} fails.
     *
     * @throws StoreClosedException when the store is closed; nothing was made then
     */
    <T> T make(Making<T> making) {
        use.readLock().lock();
        try {
            if (closed) {
                throw new StoreClosedException("the store " + vfs.path());
            }
            return making.make(versions.newFileNumber());
        } finally {
            use.readLock().unlock();
        }
    }

    /**
     * Says in the table itself at which sequence number it joins the store; durable on return.
     *
     * @throws org.mosslsm.kv.KvIoException when the disk refuses; the table must not join then
     */
    void seal(Loaded table, long seq) {
        TableSeal.put(vfs, FileNames.table(table.number()), table.number(), seq);
    }

    /** Deletes a table; not once the store is closed: whoever opens it next sweeps it up, and may give the number again. */
    void delete(long number) {
        use.readLock().lock();
        try {
            if (!closed) {
                vfs.delete(FileNames.table(number));
            }
        } catch (NoSuchFileException e) {
            // It was never made.
        } catch (IOException e) {
            left.add(number);
            takeBytes(number);
        } finally {
            use.readLock().unlock();
        }
    }

    /** Takes a table's bytes away, durably, so that it says nothing even where its name comes back; whether that was possible. */
    boolean empty(long number) {
        use.readLock().lock();
        try {
            return !closed && takeBytes(number);
        } finally {
            use.readLock().unlock();
        }
    }

    private boolean takeBytes(long number) {
        try (WritableFile file = vfs.extend(FileNames.table(number), 0)) {
            file.truncate(0);
            file.sync();
            return true;
        } catch (IOException e) {
            return false; // it costs room until the next open sweeps it up, and a repair before that may read it
        }
    }

    /** Tries again to delete what could not be deleted. */
    void deleteLeft() {
        for (Long number : List.copyOf(left)) {
            if (left.remove(number)) {
                delete(number);
            }
        }
    }

    /** Waits for what is being made or deleted, one operation of the disk each; from then on nothing is. */
    @Override
    public void close() {
        use.writeLock().lock();
        try {
            closed = true;
        } finally {
            use.writeLock().unlock();
        }
    }
}
