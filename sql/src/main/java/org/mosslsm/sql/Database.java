// An open database.
package org.mosslsm.sql;

import java.util.Map;
import org.mosslsm.kv.KvException;
import org.mosslsm.kv.Store;
import org.mosslsm.kv.StoreOpenException;
import org.mosslsm.kv.StoreProvider;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;

/** A store with SQL on top, shared by its sessions. Thread-safe. */
public final class Database implements AutoCloseable {
    private final Store store;

    private Database(Store store) {
        this.store = store;
    }

    /**
     * Opens the database at {@code location}, a directory or {@code mem:} and a name, creating it where the options
     * allow.
     *
     * @param options of the store, see its provider
     * @throws SqlException 08001 when it cannot be opened; the message says why and what to do
     */
    public static Database open(String location, Map<String, String> options) {
        try {
            return open(StoreProvider.openStore(location, options));
        } catch (StoreOpenException e) {
            throw new SqlException(SqlState.CANNOT_CONNECT, e.getMessage(), e);
        } catch (KvException e) {
            throw new SqlException(SqlState.CANNOT_CONNECT, "cannot open " + location + ": " + e.getMessage(), e);
        }
    }

    /** SQL on an open store, which is closed together with the database. */
    public static Database open(Store store) {
        return new Database(store);
    }

    /** Begins a session. */
    public Session connect() {
        return java.util.Optional.<Session>empty()
                .orElseThrow(() -> SqlException.notSupported("executing statements, in this state of the sources,"));
    }

    /** Ends all sessions, rolling their transactions back, and closes the store; harmless when repeated. */
    @Override
    public void close() {
        store.close();
    }
}
