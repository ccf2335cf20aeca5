// A file that is not what it should be.
package org.mosslsm.csv;

import java.sql.SQLDataException;

/** The file cannot be read as rows, or a row not into the table: SQLSTATE 22P04, or that of the refusal. */
public final class CsvException extends SQLDataException {
    private static final long serialVersionUID = 1L;

    /** SQLSTATE of a damaged file. */
    private static final String BAD_FORMAT = "22P04";

    private final long line;

    CsvException(long line, String message) {
        super("line " + line + " of the data: " + message, BAD_FORMAT);
        this.line = line;
    }

    CsvException(long line, java.sql.SQLException cause, long rows) {
        super(
                "line " + line + " of the data" + (rows > 0 ? ", after " + rows + " rows that were committed" : "")
                        + ": " + cause.getMessage(),
                cause.getSQLState(),
                cause.getErrorCode(),
                cause);
        this.line = line;
    }

    /** The line of the file, from 1. */
    public long line() {
        return line;
    }
}
