package org.mosslsm.jdbc;

import java.util.ArrayList;
import java.util.List;
import org.mosslsm.sql.RowCursor;
import org.mosslsm.sql.expr.Row;

/**
 * The rows of a query, kept as they are read, so that any of them may be looked at again. Rows are read as far as they
 * are asked for: going forward holds back nothing, and only the rows behind are in memory. Not thread-safe.
 */
final class KeptRows implements RowCursor {
    private final RowCursor source;
    private final long maxRows;
    private final List<Row> rows = new ArrayList<>();
    private boolean complete;

    /** What broke the reading off: how many rows there are is not known then. */
    private RuntimeException failure;

    private int at;

    /** Keeps the rows of {@code source}; at most {@code maxRows}, 0 for all. */
    KeptRows(RowCursor source, long maxRows) {
        this.source = source;
        this.maxRows = maxRows;
    }

    /** Whether there is a row of that number, counted from 1; reads up to it. What failed once fails again. */
    boolean has(long number) {
        while (rows.size() < number && !complete) {
            if (failure != null) {
                throw failure;
            }
            try {
                readOne();
            } catch (RuntimeException e) {
                failure = e;
                throw e;
            }
        }
        return number >= 1 && number <= rows.size();
    }

    private void readOne() {
        if ((maxRows > 0 && rows.size() >= maxRows) || !source.next()) {
            complete = true;
            source.close();
        } else {
            rows.add(source.row().copy());
        }
    }

    /** Reads all rows, and says how many there are. */
    int count() {
        has(Long.MAX_VALUE);
        return rows.size();
    }

    /** Makes the row of that number, which {@link #has} knows, the one at hand. */
    void show(int number) {
        at = number;
    }

    @Override
    public boolean next() {
        return has(++at);
    }

    @Override
    public Row row() {
        return rows.get(at - 1);
    }

    @Override
    public void close() {
        complete = true;
        rows.clear();
        source.close();
    }
}
