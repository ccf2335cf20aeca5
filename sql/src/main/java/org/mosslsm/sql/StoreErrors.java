// What a store's errors are called in SQL.
package org.mosslsm.sql;

import org.mosslsm.kv.ConflictException;
import org.mosslsm.kv.CorruptionException;
import org.mosslsm.kv.KvException;
import org.mosslsm.kv.KvIoException;
import org.mosslsm.kv.StoreClosedException;
import org.mosslsm.kv.StoreOpenException;
import org.mosslsm.kv.StoreReadOnlyException;
import org.mosslsm.kv.UnknownOutcomeException;
import org.mosslsm.kv.txn.TransactionException;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;

/** Gives every failure below the SQL layer its SQLSTATE; message and cause stay. */
final class StoreErrors {
    private StoreErrors() {}

    /** The SQL form of anything that was thrown while a statement ran. */
    static SqlException translate(Throwable e) {
        if (e instanceof SqlException sql) {
            return sql;
        }
        if (e instanceof TransactionException t) {
            return new SqlException(state(t.kind()), t.getMessage(), t);
        }
        if (e instanceof KvException kv) {
            return new SqlException(state(kv), kv.getMessage(), kv);
        }
        if (e instanceof StackOverflowError) {
            return new SqlException(SqlState.TOO_COMPLEX, "the statement is nested too deeply", e);
        }
        if (e instanceof OutOfMemoryError) {
            return new SqlException(
                    SqlState.OUT_OF_MEMORY, "the statement needs more memory than the JVM has: " + e.getMessage(), e);
        }
        return new SqlException(SqlState.INTERNAL_ERROR, "internal error: " + e, e);
    }

    private static String state(TransactionException.Kind kind) {
        return switch (kind) {
            case DEADLOCK, SERIALIZATION -> SqlState.SERIALIZATION_FAILURE;
            case LOCK_TIMEOUT -> SqlState.LOCK_TIMEOUT;
            case INTERRUPTED, CANCELLED -> SqlState.QUERY_CANCELED;
            case FINISHED -> SqlState.NO_ACTIVE_TRANSACTION;
            case UNSUPPORTED -> SqlState.NOT_SUPPORTED;
            case TOO_LARGE -> SqlState.OUT_OF_MEMORY;
        };
    }

    private static String state(KvException e) {
        if (e instanceof ConflictException) {
            return SqlState.SERIALIZATION_FAILURE;
        }
        if (e instanceof CorruptionException) {
            return SqlState.DATA_CORRUPTED;
        }
        if (e instanceof StoreClosedException) {
            return SqlState.CONNECTION_CLOSED;
        }
        if (e instanceof StoreReadOnlyException) {
            return SqlState.READ_ONLY_TRANSACTION;
        }
        if (e instanceof StoreOpenException) {
            return SqlState.CANNOT_CONNECT;
        }
        if (e instanceof UnknownOutcomeException) {
            return SqlState.UNKNOWN_OUTCOME;
        }
        if (KvIoException.isDiskFull(e)) {
            return SqlState.DISK_FULL;
        }
        return KvIoException.isOutOfFiles(e) ? SqlState.INSUFFICIENT_RESOURCES : SqlState.IO_ERROR;
    }
}
