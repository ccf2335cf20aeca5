package org.mosslsm.kv.lsm;

import java.io.IOException;
import org.mosslsm.kv.lsm.SortedTables.Loaded;
import org.mosslsm.kv.lsm.table.TableSeal;
import org.mosslsm.kv.lsm.version.FileNames;
import org.mosslsm.kv.lsm.version.VersionSet;
import org.mosslsm.kv.vfs.Vfs;

/** Tables in the store's directory that the manifest does not name, or not yet. Thread-safe. */
record LooseTables(Vfs vfs, VersionSet versions) {
    /**
     * Says in the table itself at which sequence number it joins the store; durable on return.
     *
     * @throws org.mosslsm.kv.KvIoException when the disk refuses; the table must not join then
     */
    void seal(Loaded table, long seq) {
        TableSeal.put(vfs, FileNames.table(table.number()), table.number(), table.properties(), seq);
    }

    /** Deletes a table; not once the store is closed: whoever opens it next sweeps it up, and may give the number again. */
    void delete(long number) {
        if (versions.isClosed()) {
            return;
        }
        try {
            vfs.delete(FileNames.table(number));
        } catch (IOException e) {
            // It costs room until the next open sweeps it up, and nothing else.
        }
    }
}
