package org.mosslsm.kv.lsm;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.util.List;
import org.mosslsm.kv.KvIoException;
import org.mosslsm.kv.StoreOpenException;
import org.mosslsm.kv.lsm.version.FileNames;
import org.mosslsm.kv.vfs.Vfs;

/**
 * Takes possession of a directory: creates it where it is missing, refuses one that is somebody else's before a single
 * file is written into it, and locks it.
 */
final class StoreDirectory {
    private StoreDirectory() {}

    /**
     * Locks the directory of a store, or one that may become a store.
     *
     * @throws StoreOpenException MISSING, NOT_A_STORE or LOCKED
     */
    static Closeable lock(Vfs vfs, boolean create) {
        try {
            if (!vfs.directoryExists()) {
                if (!create) {
                    throw new StoreOpenException(
                            StoreOpenException.Reason.MISSING,
                            "there is no store at " + vfs.path() + ", and the option create is false",
                            null);
                }
                vfs.createDirectory();
            }
            checkOurs(vfs);
            return vfs.lock();
        } catch (FileAlreadyExistsException e) {
            throw notAStore(vfs.path() + " is a file, not the directory of a MossLSM store", e);
        } catch (IOException e) {
            throw new KvIoException("cannot open the store " + vfs.path() + ": " + e, e);
        }
    }

    private static void checkOurs(Vfs vfs) throws IOException {
        List<String> names = vfs.list();
        if (names.contains(FileNames.CURRENT)) {
            return;
        }
        for (String name : names) {
            if (!FileNames.isOfFirstStart(name)) {
                throw notAStore(
                        "the directory " + vfs.path() + " holds files (" + name
                                + ", for one) but is not a MossLSM store; choose an empty or a new directory",
                        null);
            }
        }
    }

    private static StoreOpenException notAStore(String message, Throwable cause) {
        return new StoreOpenException(StoreOpenException.Reason.NOT_A_STORE, message, cause);
    }
}
