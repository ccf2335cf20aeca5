package org.mosslsm.jdbc;

import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.function.Consumer;
import org.mosslsm.kv.txn.Isolation;
import org.mosslsm.sql.Session;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;

/**
 * The part of a connection that begins and ends transactions: auto-commit, savepoints, isolation and read-only. All of it
 * is passed to the session through {@link #call}, under the connection's lock.
 */
abstract class ConnectionTransactions extends ConnectionDefaults {
    /** How many savepoints were set; only read and written inside {@link #call}, so that no two get the same number. */
    private int savepoints;

    /** A piece of work on the session. */
    @FunctionalInterface
    interface Work<T> {
        T on(Session session);
    }

    /** Runs work under the lock; what the SQL layer throws becomes an SQLException. */
    abstract <T> T call(Work<T> work) throws SQLException;

    /** As {@link #call}, of work without a result. */
    final void run(Consumer<Session> work) throws SQLException {
        call(s -> {
            work.accept(s);
            return null;
        });
    }

    @Override
    public void setAutoCommit(boolean autoCommit) throws SQLException {
        run(s -> s.setAutoCommit(autoCommit));
    }

    @Override
    public boolean getAutoCommit() throws SQLException {
        return call(Session::autoCommit);
    }

    @Override
    public void commit() throws SQLException {
        checkNoAutoCommit("commit");
        run(Session::commit);
    }

    @Override
    public void rollback() throws SQLException {
        checkNoAutoCommit("rollback");
        run(Session::rollback);
    }

    private void checkNoAutoCommit(String what) throws SQLException {
        if (getAutoCommit()) {
            throw Errors.of(SqlState.INVALID_TRANSACTION_TERMINATION, what + " in auto-commit mode");
        }
    }

    @Override
    public Savepoint setSavepoint() throws SQLException {
        return savepoint(null);
    }

    @Override
    public Savepoint setSavepoint(String name) throws SQLException {
        if (name == null) {
            throw Errors.badArgument("the savepoint's name is null");
        }
        return savepoint(name);
    }

    private Savepoint savepoint(String name) throws SQLException {
        checkNoAutoCommit("a savepoint");
        return call(s -> {
            MossSavepoint savepoint = new MossSavepoint(++savepoints, name);
            s.setSavepoint(savepoint.key());
            return savepoint;
        });
    }

    @Override
    public void rollback(Savepoint savepoint) throws SQLException {
        checkNoAutoCommit("rollback to a savepoint");
        String key = MossSavepoint.key(savepoint);
        run(s -> s.rollbackTo(key));
    }

    @Override
    public void releaseSavepoint(Savepoint savepoint) throws SQLException {
        checkNoAutoCommit("release of a savepoint");
        String key = MossSavepoint.key(savepoint);
        run(s -> s.release(key));
    }

    @Override
    public void setTransactionIsolation(int level) throws SQLException {
        run(s -> s.setIsolation(
                switch (level) {
                    case TRANSACTION_READ_UNCOMMITTED, TRANSACTION_READ_COMMITTED -> Isolation.READ_COMMITTED;
                    case TRANSACTION_REPEATABLE_READ -> Isolation.REPEATABLE_READ;
                    case TRANSACTION_SERIALIZABLE -> Isolation.SERIALIZABLE;
                    default ->
                        throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "unknown isolation level " + level);
                }));
    }

    @Override
    public int getTransactionIsolation() throws SQLException {
        return switch (call(Session::isolation)) {
            case READ_COMMITTED -> TRANSACTION_READ_COMMITTED;
            case REPEATABLE_READ -> TRANSACTION_REPEATABLE_READ;
            case SERIALIZABLE -> TRANSACTION_SERIALIZABLE;
        };
    }

    @Override
    public void setReadOnly(boolean readOnly) throws SQLException {
        run(s -> s.setReadOnly(readOnly));
    }

    @Override
    public boolean isReadOnly() throws SQLException {
        return call(Session::readOnly);
    }
}
