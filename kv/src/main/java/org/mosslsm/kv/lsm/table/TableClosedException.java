package org.mosslsm.kv.lsm.table;

import org.mosslsm.kv.KvException;

/**
 * A table was closed, because no version holds it any more, while somebody without a reference read it. A signal inside
 * the engine: the reader starts over on the current version.
 */
public final class TableClosedException extends KvException {
    private static final long serialVersionUID = 1L;

    /** Names the table. */
    public TableClosedException(String name) {
        super("table " + name + " is closed", null);
    }
}
