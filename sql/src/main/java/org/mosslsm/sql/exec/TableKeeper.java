package org.mosslsm.sql.exec;

import org.mosslsm.sql.catalog.Table;

/** Keeps tables as they are defined until the transaction ends. Thread safety: none. */
public interface TableKeeper {
    /** For queries that lock no rows: keeps nothing. */
    TableKeeper NONE = table -> {};

    /**
     * Keeps others from altering a table.
     *
     * @throws RuntimeException that makes the statement begin anew when it was altered since the statement's snapshot
     */
    void share(Table table);
}
