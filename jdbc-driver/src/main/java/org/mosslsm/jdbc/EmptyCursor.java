package org.mosslsm.jdbc;

import org.mosslsm.sql.RowCursor;
import org.mosslsm.sql.expr.Row;
import org.mosslsm.sql.expr.ValueRow;

/** A cursor over nothing. Stateless, shared. */
final class EmptyCursor implements RowCursor {
    static final EmptyCursor INSTANCE = new EmptyCursor();

    private EmptyCursor() {}

    @Override
    public boolean next() {
        return false;
    }

    @Override
    public Row row() {
        return ValueRow.EMPTY;
    }

    @Override
    public void close() {}
}
