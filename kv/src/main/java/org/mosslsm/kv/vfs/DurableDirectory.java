package org.mosslsm.kv.vfs;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;

/**
 * Makes a directory so that a power loss does not take it away with all that is in it: its name lies in its parent.
 *
 * <pre>
 * missing              made, and its name synced; its parent likewise before that, but no more than that
 * there, but empty     somebody else may be making it just now, and may never come to sync its name: synced here too
 * there, in use        whoever put something into it has synced its name
 * </pre>
 *
 * <p>Thread-safe, and safe with other processes that do the same.
 */
final class DurableDirectory {
    /** Makes the names in a directory durable. */
    interface Sync {
        /** As {@link Vfs#syncDir}, of that directory. */
        void of(Path directory) throws IOException;
    }

    private final Sync sync;
    private final FileAttribute<?>[] attributes;

    /** Directories with these attributes. */
    DurableDirectory(Sync sync, FileAttribute<?>... attributes) {
        this.sync = sync;
        this.attributes = attributes;
    }

    /** The directory is there, durably; and its parent. */
    void make(Path directory) throws IOException {
        Path parent = directory.getParent();
        if (parent != null && !Files.isDirectory(directory)) {
            makeOne(parent);
        }
        makeOne(directory);
    }

    private void makeOne(Path directory) throws IOException {
        Path parent = directory.getParent();
        if (Files.isDirectory(directory)) {
            if (parent != null) {
                syncIfEmpty(directory, parent);
            }
            return;
        }
        try {
            Files.createDirectory(directory, attributes);
        } catch (FileAlreadyExistsException e) { // somebody else was faster
            if (!Files.isDirectory(directory)) {
                throw e;
            }
        }
        if (parent != null) {
            sync.of(parent);
        }
    }

    /** Who may read neither of the two did not make the directory, nor did another of the same user. */
    private void syncIfEmpty(Path directory, Path parent) throws IOException {
        try {
            if (isEmpty(directory)) {
                sync.of(parent);
            }
        } catch (AccessDeniedException e) {
            return;
        }
    }

    private static boolean isEmpty(Path directory) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            return !entries.iterator().hasNext();
        }
    }
}
