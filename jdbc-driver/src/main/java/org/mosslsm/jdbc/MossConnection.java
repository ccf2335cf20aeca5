package org.mosslsm.jdbc;

import java.sql.Blob;
import java.sql.CallableStatement;
import java.sql.Clob;
import java.sql.DatabaseMetaData;
import java.sql.NClob;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.time.ZoneId;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.mosslsm.sql.Session;
import org.mosslsm.sql.error.SqlState;

/**
 * A connection: one session of a database that it shares with the other connections to the same directory.
 *
 * <p>Invariants:
 *
 * <ol>
 *   <li>Every call into the session, except {@code cancel}, holds {@code lock}.
 *   <li>{@code statements} holds those that have something open, and no others; closing the connection closes them. It is
 *       guarded by itself, so that nobody waits for another's statement to note what was opened or closed.
 *   <li>The use of the shared database is given back exactly once, by the call that set {@code closed}.
 * </ol>
 */
final class MossConnection extends ConnectionTransactions implements ParameterValues.SessionZone {
    /** Between two looks at the cancellation of a statement that waits for another's. */
    private static final long LOOK_MILLIS = 10;

    private final ReentrantLock lock = new ReentrantLock();
    private final OpenDatabases.Shared shared;
    private final Session session;
    private final String url;
    private final Set<MossStatement> statements = Collections.newSetFromMap(new IdentityHashMap<>());
    private SQLWarning warnings;
    private volatile boolean closed;
    /** Whether {@link #abort} came before a close, which its executor makes up for. */
    private volatile boolean aborted;

    private MossConnection(OpenDatabases.Shared shared, String url, Session session) {
        this.shared = shared;
        this.url = url;
        this.session = session;
    }

    /**
     * A connection with the options of its URL. Where that fails nothing stays open, and the use of the database is the
     * caller's to give back.
     */
    static MossConnection open(OpenDatabases.Shared shared, String url, MossUrl options) throws SQLException {
        Session session;
        try {
            session = shared.database().connect();
        } catch (RuntimeException e) {
            throw Errors.translated(e);
        }
        MossConnection connection = new MossConnection(shared, url, session);
        boolean set = false;
        try {
            SessionOptions.set(connection, options.session());
            set = true;
            return connection;
        } finally {
            if (!set) {
                session.close();
            }
        }
    }

    // ---- for statements

    void lock() {
        lock.lock();
    }

    /**
     * Waits for the lock unless {@code cancelled} says, now or meanwhile, that nobody wants it any more. Interrupts wait
     * too.
     *
     * @throws SQLException 57014
     */
    void lock(BooleanSupplier cancelled) throws SQLException {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    if (lock.tryLock() || lock.tryLock(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                        return;
                    }
                } catch (InterruptedException e) {
                    interrupted = true;
                }
                if (cancelled.getAsBoolean()) {
                    throw Errors.of(SqlState.QUERY_CANCELED, "the statement was cancelled");
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    void unlock() {
        lock.unlock();
    }

    @Override
    void checkOpen() throws SQLException {
        if (isClosed()) {
            throw Errors.closed("the connection");
        }
    }

    @Override
    <T> T call(Work<T> work) throws SQLException {
        lock.lock();
        try {
            checkOpen();
            return work.on(session);
        } catch (RuntimeException e) {
            throw Errors.translated(e);
        } finally {
            lock.unlock();
        }
    }

    /** The session's time zone. */
    @Override
    public ZoneId zone() throws SQLException {
        return call(Session::zone);
    }

    /** A statement opened something, which is to be closed with the connection. */
    void opened(MossStatement statement) {
        synchronized (statements) {
            statements.add(statement);
        }
    }

    /** A statement has nothing open any more. */
    void closed(MossStatement statement) {
        synchronized (statements) {
            statements.remove(statement);
        }
    }

    /** How many statements are held. */
    int held() {
        return holding().size();
    }

    private List<MossStatement> holding() {
        synchronized (statements) {
            return List.copyOf(statements);
        }
    }

    // ---- statements

    @Override
    public Statement createStatement() throws SQLException {
        checkOpen();
        return new MossStatement(this);
    }

    @Override
    public Statement createStatement(int type, int concurrency, int holdability) throws SQLException {
        checkOpen();
        checkRequest(type, concurrency, holdability);
        return scrolling(new MossStatement(this), type, concurrency, holdability);
    }

    @Override
    public PreparedStatement prepareStatement(String sql) throws SQLException {
        return prepare(sql, KeysWanted.NONE);
    }

    @Override
    public PreparedStatement prepareStatement(String sql, int autoGeneratedKeys) throws SQLException {
        return prepare(sql, KeysWanted.of(autoGeneratedKeys));
    }

    @Override
    public PreparedStatement prepareStatement(String sql, int[] columnIndexes) throws SQLException {
        return prepare(sql, KeysWanted.at(columnIndexes));
    }

    @Override
    public PreparedStatement prepareStatement(String sql, String[] columnNames) throws SQLException {
        return prepare(sql, KeysWanted.named(columnNames));
    }

    @Override
    public PreparedStatement prepareStatement(String sql, int type, int concurrency, int holdability)
            throws SQLException {
        checkOpen();
        checkRequest(type, concurrency, holdability);
        return scrolling(new MossPreparedStatement(this, sql, KeysWanted.NONE), type, concurrency, holdability);
    }

    private PreparedStatement prepare(String sql, KeysWanted keys) throws SQLException {
        checkOpen();
        return new MossPreparedStatement(this, sql, keys);
    }

    private static void checkRequest(int type, int concurrency, int holdability) throws SQLException {
        if (type != ResultSet.TYPE_FORWARD_ONLY
                && type != ResultSet.TYPE_SCROLL_INSENSITIVE
                && type != ResultSet.TYPE_SCROLL_SENSITIVE) {
            throw Errors.badArgument("unknown type of result sets " + type);
        }
        if (concurrency != ResultSet.CONCUR_READ_ONLY && concurrency != ResultSet.CONCUR_UPDATABLE) {
            throw Errors.badArgument("unknown concurrency " + concurrency);
        }
        checkHoldability(holdability);
    }

    /**
     * Seeing others' changes, updating, and outliving the transaction are answered with what there is, and a warning, as
     * JDBC asks.
     */
    private <S extends MossStatement> S scrolling(S statement, int type, int concurrency, int holdability) {
        if (type == ResultSet.TYPE_SCROLL_SENSITIVE || concurrency == ResultSet.CONCUR_UPDATABLE) {
            warn("result sets are insensitive and read-only; the request was changed");
        }
        if (holdability == ResultSet.HOLD_CURSORS_OVER_COMMIT) {
            warn("result sets are closed at the end of their transaction; the request was changed");
        }
        statement.scrolls = type != ResultSet.TYPE_FORWARD_ONLY;
        return statement;
    }

    private void warn(String changed) {
        SQLWarning warning = new SQLWarning(changed, "01S02");
        if (warnings == null) {
            warnings = warning;
        } else {
            warnings.setNextWarning(warning);
        }
    }

    @Override
    public CallableStatement prepareCall(String sql, int type, int concurrency, int holdability) throws SQLException {
        checkOpen();
        checkRequest(type, concurrency, holdability);
        return scrolling(MossCallableStatement.of(this, sql), type, concurrency, holdability);
    }

    @Override
    public String nativeSQL(String sql) throws SQLException {
        checkOpen();
        if (sql == null) {
            throw Errors.badArgument("the statement's text is null");
        }
        return Escapes.translated(sql).sql();
    }

    // ---- itself

    @Override
    public void close() throws SQLException {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            for (MossStatement statement : holding()) {
                statement.close();
            }
        } finally {
            boolean first = !closed;
            closed = true;
            lock.unlock();
            if (first) {
                end();
            }
        }
    }

    private void end() throws SQLException {
        RuntimeException failure = null;
        try {
            session.close(); // rolls back what is open
        } catch (RuntimeException e) {
            failure = e;
        }
        try {
            OpenDatabases.release(shared);
        } catch (RuntimeException e) {
            failure = failure == null ? e : failure;
        }
        if (failure != null) {
            throw Errors.translated(failure);
        }
    }

    @Override
    public void abort(Executor executor) throws SQLException {
        if (executor == null) {
            throw Errors.badArgument("the executor is null");
        }
        if (!isClosed()) {
            aborted = true; // from now on it is closed for all who ask; what it holds is given back by the executor
            session.cancel();
            try {
                executor.execute(this::closeAborted);
            } catch (RuntimeException e) {
                aborted = false; // it is still to be closed
                throw Errors.badArgument("the executor does not close the connection: " + e);
            }
        }
    }

    private void closeAborted() {
        try {
            close();
        } catch (SQLException e) {
            // The caller asked to get rid of the connection; there is nobody to tell.
            Logger.getLogger("org.mosslsm").log(Level.FINE, "closing an aborted connection", e);
        }
    }

    @Override
    public boolean isClosed() {
        return closed || aborted;
    }

    /** Whether it was aborted: then what is about to run in it does not. */
    boolean isAborted() {
        return aborted;
    }

    @Override
    public boolean isValid(int timeoutSeconds) throws SQLException {
        if (timeoutSeconds < 0) {
            throw Errors.badArgument("timeout " + timeoutSeconds + " is negative");
        }
        return !isClosed();
    }

    @Override
    public DatabaseMetaData getMetaData() throws SQLException {
        checkOpen();
        return new MossDatabaseMetaData(this, url);
    }

    @Override
    public void setSchema(String schema) throws SQLException {
        run(s -> s.setSchema(schema));
    }

    @Override
    public String getSchema() throws SQLException {
        return call(Session::schema);
    }

    @Override
    public SQLWarning getWarnings() throws SQLException {
        checkOpen();
        return warnings;
    }

    @Override
    public void clearWarnings() throws SQLException {
        checkOpen();
        warnings = null;
    }

    @Override
    public Clob createClob() throws SQLException {
        return createNClob();
    }

    @Override
    public NClob createNClob() throws SQLException {
        checkOpen();
        return new MossClob("");
    }

    @Override
    public Blob createBlob() throws SQLException {
        checkOpen();
        return new MossBlob(new byte[0]);
    }
}
