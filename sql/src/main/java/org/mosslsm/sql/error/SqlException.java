// The one exception of the SQL layer.
package org.mosslsm.sql.error;

import java.util.Objects;
import java.util.concurrent.TimeoutException;

/**
 * A statement failed. The message says what and, where it can, what to do; the SQLSTATE is from {@link SqlState}; the
 * position points into the statement's text. Unchecked: nearly every call of the SQL layer may throw it.
 */
public final class SqlException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String sqlState;
    private final int line;
    private final int column;
    private final boolean excerpted;

    /** An error without a place in the text. */
    public SqlException(String sqlState, String message) {
        this(sqlState, message, 0, 0, false, null);
    }

    /** An error without a place in the text, caused by another. */
    public SqlException(String sqlState, String message, Throwable cause) {
        this(sqlState, message, 0, 0, false, cause);
    }

    /** An error at a place: line and column count from 1; 0 means unknown. */
    public SqlException(String sqlState, String message, int line, int column) {
        this(sqlState, message, line, column, false, null);
    }

    private SqlException(String sqlState, String message, int line, int column, boolean excerpted, Throwable cause) {
        super(message, cause);
        this.sqlState = Objects.requireNonNull(sqlState, "sqlState");
        this.line = line;
        this.column = column;
        this.excerpted = excerpted;
    }

    /** Five characters of {@link SqlState}. */
    public String sqlState() {
        return sqlState;
    }

    /** Line in the statement, from 1; 0 when unknown. */
    public int line() {
        return line;
    }

    /** Column in the line in characters, from 1; 0 when unknown. */
    public int column() {
        return column;
    }

    /** The same error, placed at the given position unless it already has one; a cancel, which nothing in a text causes, has none. */
    public SqlException at(int atLine, int atColumn) {
        if (line > 0 || atLine <= 0 || sqlState.equals(SqlState.QUERY_CANCELED)) {
            return this;
        }
        SqlException placed = new SqlException(sqlState, getMessage(), atLine, atColumn, false, getCause());
        placed.setStackTrace(getStackTrace());
        return placed;
    }

    /**
     * The same error with its place shown: {@code line 3:14: message}, the line of the text, and a caret under the
     * place. An error without a place, or already shown, stays as it is.
     */
    public SqlException inText(String sql) {
        if (line <= 0 || excerpted) {
            return this;
        }
        String message = "line " + line + ":" + column + ": " + getMessage() + Excerpt.of(sql, line, column);
        SqlException shown = new SqlException(sqlState, message, line, column, true, getCause());
        shown.setStackTrace(getStackTrace());
        return shown;
    }

    /** 42601. */
    public static SqlException syntax(String message, int line, int column) {
        return new SqlException(SqlState.SYNTAX_ERROR, message, line, column);
    }

    /** 0A001: {@code what} completes the sentence "... is not supported". */
    public static SqlException notSupported(String what) {
        return new SqlException(SqlState.NOT_SUPPORTED, what + " is not supported");
    }

    /** 42P01. */
    public static SqlException undefinedTable(String table, int line, int column) {
        return new SqlException(SqlState.UNDEFINED_TABLE, "table \"" + table + "\" does not exist", line, column);
    }

    /** 42703. */
    public static SqlException undefinedColumn(String name, int line, int column) {
        return new SqlException(SqlState.UNDEFINED_COLUMN, "column \"" + name + "\" does not exist", line, column);
    }

    /** 42702. */
    public static SqlException ambiguousColumn(String name, int line, int column) {
        return new SqlException(
                SqlState.AMBIGUOUS_COLUMN,
                "column \"" + name + "\" is ambiguous: qualify it with the table's name or alias",
                line,
                column);
    }

    /** 42804. */
    public static SqlException typeMismatch(String message, int line, int column) {
        return new SqlException(SqlState.DATATYPE_MISMATCH, message, line, column);
    }

    /** 22012. */
    public static SqlException divisionByZero() {
        return new SqlException(SqlState.DIVISION_BY_ZERO, "division by zero");
    }

    /** 22003. */
    public static SqlException outOfRange(String message) {
        return new SqlException(SqlState.NUMERIC_OUT_OF_RANGE, message);
    }

    /** 57014: somebody asked for it. */
    public static SqlException canceled(String reason) {
        return new SqlException(SqlState.QUERY_CANCELED, reason);
    }

    /** 57014: its time is up. */
    public static SqlException timeUp(String reason) {
        return new SqlException(SqlState.QUERY_CANCELED, reason, new TimeoutException(reason));
    }

    /** Whether the time of the statement was up; else one of 57014 was cancelled. */
    public boolean isTimeUp() {
        return getCause() instanceof TimeoutException;
    }
}
