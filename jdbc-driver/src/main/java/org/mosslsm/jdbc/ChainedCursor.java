package org.mosslsm.jdbc;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.mosslsm.sql.RowCursor;
import org.mosslsm.sql.expr.Row;

/** The rows of several cursors, one after another: the generated keys of a batch. */
final class ChainedCursor implements RowCursor {
    private final Deque<RowCursor> left;

    /** Takes the cursors over: they are closed as they are read to the end. */
    ChainedCursor(List<RowCursor> cursors) {
        this.left = new ArrayDeque<>(cursors);
    }

    @Override
    public boolean next() {
        while (!left.isEmpty()) {
            if (left.peek().next()) {
                return true;
            }
            left.pop().close();
        }
        return false;
    }

    @Override
    public Row row() {
        return left.element().row();
    }

    @Override
    public void close() {
        while (!left.isEmpty()) {
            left.pop().close();
        }
    }
}
