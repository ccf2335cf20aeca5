package org.mosslsm.kv.tool;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import org.mosslsm.kv.KvIoException;
import org.mosslsm.kv.StoreOpenException;
import org.mosslsm.kv.lsm.version.FileNames;
import org.mosslsm.kv.vfs.OsVfs;
import org.mosslsm.kv.vfs.Vfs;

/** Works on the directory of a store that nobody has open, under its lock. */
final class Closed {
    /** Work that may meet errors of the disk. */
    interface Work<T> {
        T run() throws IOException;
    }

    private Closed() {}

    static Vfs directory(Path path) {
        return new OsVfs(path);
    }

    /**
     * Runs the work.
     *
     * @throws StoreOpenException MISSING, LOCKED; NOT_A_STORE, before a single file is written, when no file is one of a store
     * @throws KvIoException when the disk refuses
     */
    static <T> T with(Vfs vfs, Work<T> work) {
        try {
            if (!vfs.directoryExists()) {
                throw new StoreOpenException(
                        StoreOpenException.Reason.MISSING, "there is no store at " + vfs.path(), null);
            }
            checkStore(vfs);
            Closeable lock = vfs.lock();
            try (lock) {
                return work.run();
            }
        } catch (IOException e) {
            throw new KvIoException("cannot work on the store " + vfs.path() + ": " + e, e);
        }
    }

    private static void checkStore(Vfs vfs) throws IOException {
        for (String name : vfs.list()) {
            switch (FileNames.kind(name)) {
                case CURRENT, MANIFEST, WAL, TABLE, VALUES -> {
                    return;
                }
                case LOCK, TEMPORARY, FOREIGN -> {}
            }
        }
        throw new StoreOpenException(
                StoreOpenException.Reason.NOT_A_STORE,
                "the directory " + vfs.path() + " holds no file of a MossLSM store",
                null);
    }
}
