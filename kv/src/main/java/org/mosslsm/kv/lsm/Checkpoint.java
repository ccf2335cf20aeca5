package org.mosslsm.kv.lsm;

import java.io.IOException;
import org.mosslsm.kv.KvIoException;
import org.mosslsm.kv.lsm.version.FileMeta;
import org.mosslsm.kv.lsm.version.ValueFileMeta;
import org.mosslsm.kv.lsm.version.VersionSet;
import org.mosslsm.kv.vfs.Vfs;

/**
 * Copies a version into a new directory by hard links, which costs about as much as it has files, while everything else
 * goes on.
 *
 * <pre>
 * reference the version, so that none of its files is deleted meanwhile      (by the caller)
 * link its tables, sync the directory
 * write a manifest that holds just this version, and CURRENT                 from here on the copy opens as a store
 * </pre>
 *
 * A failure leaves a directory without CURRENT, which no open accepts; deleting it is up to whoever asked for it.
 */
final class Checkpoint {
    private Checkpoint() {}

    /** Copies what {@code state} has in tables; the caller holds a reference on its version. */
    static void write(Vfs source, ReadState state, VersionSet versions, Vfs target) {
        try {
            if (target.directoryExists()) {
                throw new IllegalArgumentException("the target of a checkpoint exists already: " + target.path());
            }
            target.createDirectory();
            for (FileMeta file : state.version().allFiles()) {
                source.link(file.name(), target, file.name());
            }
            for (ValueFileMeta file : state.version().values().metas()) {
                source.link(file.name(), target, file.name());
            }
            target.syncDir();
            versions.export(state.version(), target, versions.logNumber(), state.tablesSeq());
        } catch (IOException e) {
            throw new KvIoException("cannot write the checkpoint " + target.path() + ": " + e, e);
        }
    }
}
