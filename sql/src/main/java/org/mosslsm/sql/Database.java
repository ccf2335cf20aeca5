// An open database.
package org.mosslsm.sql;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.mosslsm.kv.Durability;
import org.mosslsm.kv.KvException;
import org.mosslsm.kv.Store;
import org.mosslsm.kv.Store.ScratchFile;
import org.mosslsm.kv.StoreOpenException;
import org.mosslsm.kv.StoreProvider;
import org.mosslsm.kv.txn.Transactions;
import org.mosslsm.sql.encode.RowParts;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;
import org.mosslsm.sql.exec.ddl.RangeBuilds;
import org.mosslsm.sql.exec.dml.NumberAllocator;

/** A store with SQL on top, shared by its sessions. Thread-safe. */
public final class Database implements AutoCloseable {
    private final Store store;
    private final Durability durability;
    private final Transactions transactions;
    private final AdvisoryLocks advisory = new AdvisoryLocks();
    private final NumberAllocator numbers;
    private final CatalogCache catalogs;
    private final StoreStatistics statistics;
    private final StatementCompiler compiler;
    private final Set<LiveSession> sessions = Collections.newSetFromMap(new ConcurrentHashMap<>());
    private final AtomicLong sessionNumbers = new AtomicLong();
    private final AtomicLong transactionNumbers = new AtomicLong(System.currentTimeMillis() * 1_000);
    private volatile boolean closed;

    private Database(Store store, Transactions transactions, Durability durability) {
        this.store = store;
        this.durability = durability;
        this.transactions = transactions;
        this.numbers = new NumberAllocator(transactions);
        this.catalogs = new CatalogCache(store.capabilities().distributed());
        this.statistics = new StoreStatistics(store);
        this.compiler = new StatementCompiler(statistics);
    }

    /**
     * Opens the database at {@code location}, a directory or {@code mem:} and a name, creating it where the options
     * allow.
     *
     * @param options of the store, see its provider; {@code durability} is also what sessions begin with
     * @throws SqlException 08001 when it cannot be opened; the message says why and what to do
     */
    public static Database open(String location, Map<String, String> options) {
        try {
            Durability durability = SessionSettings.durability(options.getOrDefault("durability", "sync"));
            return swept(StoreProvider.openStore(location, options), durability);
        } catch (StoreOpenException e) {
            throw new SqlException(SqlState.CANNOT_CONNECT, located(location, e), e);
        } catch (KvException e) {
            throw new SqlException(StoreErrors.translate(e).sqlState(), located(location, e), e);
        }
    }

    private static String located(String location, KvException e) {
        return e.getMessage().contains(location) ? e.getMessage() : location + ": " + e.getMessage();
    }

    /** SQL on an open store, which is closed together with the database. */
    public static Database open(Store store) {
        return swept(store, Durability.SYNC);
    }

    /** As above; writes of a transaction beyond about {@code writeBytes} of memory go to files. */
    static Database open(Store store, long writeBytes) {
        return swept(store, new Transactions(store, new RowParts(), writeBytes), Durability.SYNC);
    }

    private static Database swept(Store store, Durability durability) {
        return swept(store, new Transactions(store, new RowParts()), durability);
    }

    private static Database swept(Store store, Transactions transactions, Durability durability) {
        try {
            RangeBuilds.sweep(store);
            return new Database(store, transactions, durability);
        } catch (RuntimeException e) {
            store.close();
            throw e;
        }
    }

    /** Begins a session. */
    public Session connect() {
        LiveSession session = new LiveSession(this, new SessionSettings(durability));
        sessions.add(session);
        if (closed) {
            session.close();
            throw new SqlException(SqlState.CONNECTION_CLOSED, "the database is closed");
        }
        return session;
    }

    /** How many sessions are open now. */
    public int sessions() {
        return sessions.size();
    }

    /** Ends all sessions, rolling their transactions back, and closes the store; harmless when repeated. */
    @Override
    public void close() {
        closed = true;
        RuntimeException failure = null;
        for (LiveSession session : List.copyOf(sessions)) {
            try {
                session.close();
            } catch (SqlException e) {
                failure = e;
            }
        }
        try {
            numbers.giveBack();
            store.close();
        } catch (KvException e) {
            failure = StoreErrors.translate(e);
        }
        if (failure != null) {
            throw failure;
        }
    }

    Transactions transactions() {
        return transactions;
    }

    /** A number that no session was given before. */
    long nextSessionNumber() {
        return sessionNumbers.incrementAndGet();
    }

    /** A number that no transaction was given before; by the clock, so that those of earlier openings are less. */
    long nextTransactionNumber() {
        return transactionNumbers.incrementAndGet();
    }

    AdvisoryLocks advisory() {
        return advisory;
    }

    NumberAllocator numbers() {
        return numbers;
    }

    CatalogCache catalogs() {
        return catalogs;
    }

    StoreStatistics statistics() {
        return statistics;
    }

    StatementCompiler compiler() {
        return compiler;
    }

    ScratchFile scratchFile() {
        return store.scratchFile();
    }

    void ended(LiveSession session) {
        sessions.remove(session);
    }
}
