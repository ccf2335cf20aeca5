package org.mosslsm.kv.vfs;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;

/**
 * One directory of a disk. Names are plain file names, without separators.
 *
 * <p>What survives what:
 *
 * <pre>
 *                                          death of the process    power loss
 * bytes appended                           yes                     after sync() of the file
 * a name made, changed or removed          yes                     after syncDir()
 * </pre>
 *
 * <p>A thread's interrupt flag neither fails nor spoils any call, and is kept. A missing file is reported as {@link
 * java.nio.file.NoSuchFileException}.
 *
 * <p>Thread safety: every method may be called by any thread at any time.
 */
public interface Vfs {
    /** Makes an empty file for writing; one that has the name loses it first, so that links to it keep their bytes. */
    WritableFile create(String name) throws IOException;

    /**
     * Gives the file {@code old} the name {@code name} and opens it for writing from its start, over the bytes that are
     * in it, so that syncs of what is written change no more than data blocks. Until {@link #syncDir} a power loss may
     * bring the old name back, with new bytes behind it.
     */
    WritableFile reuse(String old, String name) throws IOException;

    /**
     * Opens a file for writing on behind its first {@code size} bytes, over whatever stands there; opening it changes
     * nothing.
     */
    WritableFile extend(String name, long size) throws IOException;

    /** Makes an empty file that only this process needs; one that has the name loses it first. */
    default UnsyncedFile createUnsynced(String name) throws IOException {
        return UnsyncedFile.of(this, name);
    }

    /** Opens a file for reading; it may still grow. */
    RandomFile openRead(String name) throws IOException;

    /** Names of all that is in the directory, subdirectories included, in no order. */
    List<String> list() throws IOException;

    /** Removes a file; one that is open may stay readable for a while, or not. */
    void delete(String name) throws IOException;

    /** Renames a file, in one step that replaces a file {@code to}. */
    void rename(String from, String to) throws IOException;

    /**
     * Gives a file a second name, in another directory of the same kind of {@code Vfs}; copies and syncs the bytes where
     * the platform cannot link. For files that are not written any more.
     *
     * @throws java.nio.file.FileAlreadyExistsException when {@code to} exists
     */
    void link(String from, Vfs target, String to) throws IOException;

    /** Whether there is a file of that name. */
    boolean exists(String name) throws IOException;

    /**
     * Makes the names durable: what was created, renamed, linked and deleted so far. Where it says that too many files are open,
     * nothing was tried, and it may be called again; after any other failure it is not known which names are durable.
     */
    void syncDir() throws IOException;

    /** What {@link #syncDir} needs besides the device, taken beforehand, for names that must not be half made. */
    DirectorySync openToSync() throws IOException;

    /** A directory, open. Any number of syncs. */
    interface DirectorySync extends Closeable {
        /** As {@link Vfs#syncDir}, with all names changed so far. */
        void sync() throws IOException;
    }

    /**
     * Locks the directory against every other process and every other store of this process, until the lock is closed or
     * the process dies. Never waits.
     *
     * @throws org.mosslsm.kv.StoreOpenException LOCKED, naming the holder
     */
    Closeable lock() throws IOException;

    /** Another directory, by a path relative to this one, or absolute. It need not exist yet. */
    Vfs child(String path);

    /** Whether the directory itself exists. */
    boolean directoryExists() throws IOException;

    /** Creates the directory durably, where it is missing; and its parent, but no more than that. */
    void createDirectory() throws IOException;

    /**
     * Gives the directory the name of another of the same kind of {@code Vfs}, beside it, durably and in one step; nothing may
     * be open in it.
     *
     * @throws java.nio.file.FileAlreadyExistsException when there is something of that name
     */
    void moveDirectory(Vfs target) throws IOException;

    /** The directory's path, for messages. */
    String path();
}
