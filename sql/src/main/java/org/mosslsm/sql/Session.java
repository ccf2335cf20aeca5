// A conversation with a database.
package org.mosslsm.sql;

import java.time.ZoneId;
import java.util.Optional;
import org.mosslsm.kv.Durability;
import org.mosslsm.kv.txn.Isolation;
import org.mosslsm.sql.catalog.Catalog;

/**
 * One session: its transaction, its settings. After any error it is as usable as before; a failed statement undoes
 * itself and leaves the transaction open. Only an error of class 40 (deadlock, serialization) takes the transaction with
 * it: then every statement is refused with 25P02 until {@link #rollback}, and {@link #commit} fails with 40001.
 *
 * <p>All methods may throw {@link org.mosslsm.sql.error.SqlException}, after {@code close} with 08003. One thread at a
 * time; only {@link #cancel} and {@link #close} may be called by any thread at any time.
 */
public interface Session extends AutoCloseable {
    /** Parses, binds and plans one statement. */
    default PreparedSql prepare(String sql) {
        return prepare(sql, RunOptions.PLAIN);
    }

    /**
     * As {@link #prepare(String)}, for a caller that may cancel it.
     *
     * @param options how long it may take, and whether it was cancelled: asked all the time
     */
    PreparedSql prepare(String sql, RunOptions options);

    /** Whether every statement is a transaction of its own (the default). */
    boolean autoCommit();

    /** Switches autocommit; a change commits the open transaction. */
    void setAutoCommit(boolean autoCommit);

    /** Whether a transaction is open, by BEGIN or because autocommit is off and a statement ran. */
    boolean inTransaction();

    /** Commits the open transaction, if there is one. */
    void commit();

    /** Rolls the open transaction back, if there is one. */
    void rollback();

    /** Sets a savepoint; one of the same name is hidden until the new one is released. */
    void setSavepoint(String name);

    /** Undoes what was done since the savepoint (else 3B001), which stays. */
    void rollbackTo(String name);

    /** Forgets the savepoint (else 3B001) and those after it. */
    void release(String name);

    /** The catalog as this session sees it now, its own uncommitted changes included. */
    Catalog catalog();

    /** The schema unqualified names mean. */
    String schema();

    /** Sets the schema unqualified names mean; it must exist (3F000). */
    void setSchema(String schema);

    /** Time zone of CURRENT_DATE and of conversions from and to TIMESTAMP WITH TIME ZONE. */
    ZoneId zone();

    /** Sets the time zone. */
    void setZone(ZoneId zone);

    /** Whether writing statements are refused (25006). */
    boolean readOnly();

    /** Switches read-only; not while a transaction is open (25001). */
    void setReadOnly(boolean readOnly);

    /** Isolation of the transactions to come. */
    Isolation isolation();

    /** Sets the isolation of the transactions to come; not while a transaction is open (25001). */
    void setIsolation(Isolation isolation);

    /** What the commits to come survive. */
    Durability durability();

    /** Sets what the commits to come survive. */
    void setDurability(Durability durability);

    /** The longest a statement may run, in milliseconds; 0 (the default) is for ever. */
    long statementTimeoutMillis();

    /** Sets the longest a statement may run, in milliseconds; past it the statement fails with 57014. */
    void setStatementTimeoutMillis(long millis);

    /** Sets the longest wait for a lock, in milliseconds (default 5,000); past it the statement fails with HYT00. */
    void setLockTimeoutMillis(long millis);

    /** Value of a setting of SHOW, if there is one of that name. */
    Optional<String> setting(String name);

    /**
     * Makes the statement that runs now, if one does, fail with 57014, and so every query whose rows are still being read.
     * Callable by any thread.
     */
    void cancel();

    /** Whether {@link #close} was called, or the database was closed. */
    boolean isClosed();

    /** Rolls back and ends the session; harmless when repeated. Callable by any thread. */
    @Override
    void close();
}
