package org.mosslsm.kv.lsm;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.util.UUID;
import org.mosslsm.kv.KvIoException;
import org.mosslsm.kv.lsm.version.FileMeta;
import org.mosslsm.kv.lsm.version.FileNames;
import org.mosslsm.kv.lsm.version.ValueFileMeta;
import org.mosslsm.kv.lsm.version.VersionSet;
import org.mosslsm.kv.vfs.Vfs;

/**
 * Copies a version into a new directory by hard links, which costs about as much as it has files, while everything else
 * goes on.
 *
 * <pre>
 * reference the version, so that none of its files is deleted meanwhile      (by the caller)
 * in a directory beside the target, of the name target.N.unfinished, N of the path of the store
 *   link its tables, sync the directory
 *   write a manifest that holds just this version, and CURRENT
 * rename the directory to the target                                         from here on there is a copy, whole
 * </pre>
 *
 * So a failure or a crash leaves nothing at the target, not even an empty directory, which an open would make a new store of.
 * What it leaves of the other directory the next checkpoint of the same store to the same target clears away. Nobody is at work
 * there then: a store has one checkpoint at a time, and other stores have other directories. The first copy that is whole gets
 * the target.
 *
 * <p>Not thread-safe: the caller lets a store have one checkpoint at a time.
 */
final class Checkpoint {
    private static final String UNFINISHED = ".unfinished";

    private Checkpoint() {}

    /** Copies what {@code state} has in tables to the directory {@code path}; the caller holds a reference on its version. */
    static void write(Vfs source, ReadState state, VersionSet versions, String path) {
        Vfs target = source.child(path);
        Vfs unfinished = source.child(unfinished(source, path));
        try {
            if (target.directoryExists()) {
                throw exists(target);
            }
            clear(unfinished);
            unfinished.createDirectory();
            for (FileMeta file : state.version().allFiles()) {
                source.link(file.name(), unfinished, file.name());
            }
            for (ValueFileMeta file : state.version().values().metas()) {
                source.link(file.name(), unfinished, file.name());
            }
            unfinished.syncDir();
            versions.export(state.version(), unfinished, versions.logNumber(), state.tablesSeq());
            move(unfinished, target);
        } catch (IOException e) {
            throw new KvIoException("cannot write the checkpoint " + target.path() + ": " + e, e);
        }
    }

    /** The directory that the copy of {@code source} to {@code path} grows in. */
    static String unfinished(Vfs source, String path) {
        UUID store = UUID.nameUUIDFromBytes(source.path().getBytes(StandardCharsets.UTF_8));
        return path + "." + Long.toHexString(store.getMostSignificantBits()) + UNFINISHED;
    }

    private static void move(Vfs unfinished, Vfs target) throws IOException {
        try {
            unfinished.moveDirectory(target);
        } catch (FileAlreadyExistsException e) {
            IllegalArgumentException refused = exists(target);
            refused.addSuppressed(e);
            throw refused;
        }
    }

    private static IllegalArgumentException exists(Vfs target) {
        return new IllegalArgumentException("the target of a checkpoint exists already: " + target.path());
    }

    /** Removes what an earlier checkpoint left that was broken off; nothing but that. */
    private static void clear(Vfs unfinished) throws IOException {
        if (!unfinished.directoryExists()) {
            return;
        }
        for (String name : unfinished.list()) {
            boolean left =
                    switch (FileNames.kind(name)) {
                        case TABLE, VALUES, MANIFEST, CURRENT, TEMPORARY -> true;
                        case LOCK, WAL, FOREIGN -> false;
                    };
            if (!left) {
                throw new IllegalArgumentException("the directory " + unfinished.path()
                        + " is in a checkpoint's way, and is not what one left: it holds " + name);
            }
        }
        for (String name : unfinished.list()) {
            unfinished.delete(name);
        }
    }
}
