package org.mosslsm.jdbc;

import java.sql.BatchUpdateException;
import java.sql.SQLDataException;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.sql.SQLInvalidAuthorizationSpecException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLNonTransientException;
import java.sql.SQLSyntaxErrorException;
import java.sql.SQLTimeoutException;
import java.sql.SQLTransactionRollbackException;
import java.sql.SQLTransientException;
import java.util.Arrays;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;

/**
 * Makes the {@link SQLException} whose class fits the SQLSTATE: pools and frameworks look at the class first. The vendor
 * code is always 0, because BenchBase and others retry 40001 only then.
 */
final class Errors {
    private Errors() {}

    /** The JDBC form of an error of the SQL layer; the cause is kept. */
    static SQLException from(SqlException e) {
        // Pools throw the connection away that they see this on; a statement that was only cancelled is no reason to.
        return e.isTimeUp() ? new SQLTimeoutException(message(e), e.sqlState(), 0, e) : of(e.sqlState(), message(e), e);
    }

    private static String message(SqlException e) {
        String text = String.valueOf(e.getMessage());
        return e.line() > 0 && !text.startsWith("line ") ? "line " + e.line() + ":" + e.column() + ": " + text : text;
    }

    /** An error of the class that fits {@code state}. */
    static SQLException of(String state, String message, Throwable cause) {
        return switch (state.substring(0, 2)) {
            case "08" -> new SQLNonTransientConnectionException(message, state, 0, cause);
            case "0A" -> new SQLFeatureNotSupportedException(message, state, 0, cause);
            case "21", "22" -> new SQLDataException(message, state, 0, cause);
            case "23" -> new SQLIntegrityConstraintViolationException(message, state, 0, cause);
            case "28" -> new SQLInvalidAuthorizationSpecException(message, state, 0, cause);
            case "40" -> new SQLTransactionRollbackException(message, state, 0, cause);
            case "42" -> new SQLSyntaxErrorException(message, state, 0, cause);
            case "54", "58", "XX" -> new SQLNonTransientException(message, state, 0, cause);
            case "HY" ->
                state.equals(SqlState.LOCK_TIMEOUT)
                        ? new SQLTransientException(message, state, 0, cause)
                        : new SQLException(message, state, 0, cause);
            default -> new SQLException(message, state, 0, cause);
        };
    }

    static SQLException of(String state, String message) {
        return of(state, message, null);
    }

    /** 0A001, and not 0A000, on which pools throw the connection away. */
    static SQLFeatureNotSupportedException unsupported(String what) {
        return new SQLFeatureNotSupportedException(what + " is not supported", SqlState.NOT_SUPPORTED);
    }

    static SQLException closed(String what) {
        return new SQLNonTransientConnectionException(what + " is closed", SqlState.CONNECTION_CLOSED);
    }

    /** A closed statement or result set: not class 08, which would say that the connection is gone. */
    static SQLException closedObject(String what) {
        return new SQLException(what + " is closed", SqlState.OBJECT_NOT_IN_STATE);
    }

    static SQLException badArgument(String message) {
        return new SQLDataException(message, SqlState.INVALID_PARAMETER_VALUE);
    }

    /** The JDBC form of whatever the SQL layer throws. */
    static SQLException translated(RuntimeException e) {
        return e instanceof SqlException sql ? from(sql) : unexpected(e);
    }

    /** What may be thrown by the SQL layer besides {@link SqlException}: a bug; it must not pass the driver raw. */
    static SQLException unexpected(RuntimeException e) {
        return new SQLException("internal error: " + e, SqlState.INTERNAL_ERROR, e);
    }

    /** The error of a batch whose first {@code done} statements were run. */
    static BatchUpdateException batch(SQLException e, long[] counts, int done) {
        String message = "statement " + (done + 1) + " of the batch of " + counts.length + ": " + e.getMessage();
        BatchUpdateException failed =
                new BatchUpdateException(message, e.getSQLState(), e.getErrorCode(), Arrays.copyOf(counts, done), e);
        failed.setNextException(e);
        return failed;
    }
}
