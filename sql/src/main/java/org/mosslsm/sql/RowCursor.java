// Rows, one after another.
package org.mosslsm.sql;

import org.mosslsm.sql.expr.Row;

/**
 * Rows that stream: they are made as they are asked for. Stands before the first row at the beginning. One thread at a
 * time.
 */
public interface RowCursor extends AutoCloseable {
    /**
     * Moves to the next row; false after the last.
     *
     * @throws org.mosslsm.sql.error.SqlException when the statement fails midway, was cancelled (57014), or its session
     *     was closed (08003)
     */
    boolean next();

    /** The present row; valid until the next move. */
    Row row();

    /** Ends the statement where it still runs (under autocommit: its transaction); harmless when repeated. */
    @Override
    void close();
}
