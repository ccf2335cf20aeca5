package org.mosslsm.jdbc;

import java.util.ArrayList;
import java.util.List;
import org.mosslsm.sql.RowCursor;
import org.mosslsm.sql.expr.Row;
import org.mosslsm.sql.expr.ValueRow;

/**
 * The rows of a query, kept as they are read, so that any of them may be looked at again. Rows are read as far as they
 * are asked for: going forward holds back nothing, and only the rows behind are in memory. Not thread-safe.
 */
final class KeptRows implements RowCursor {
    private final RowCursor source;
    private final int columns;
    private final long maxRows;
    private final List<Row> rows = new ArrayList<>();
    private boolean complete;
    private int at;

    /** Keeps the rows of {@code source}, of so many columns; at most {@code maxRows}, 0 for all. */
    KeptRows(RowCursor source, int columns, long maxRows) {
        this.source = source;
        this.columns = columns;
        this.maxRows = maxRows;
    }

    /** Whether there is a row of that number, counted from 1; reads up to it. */
    boolean has(long number) {
        while (rows.size() < number && !complete) {
            if ((maxRows > 0 && rows.size() >= maxRows) || !source.next()) {
                complete = true;
                source.close();
            } else {
                rows.add(copy(source.row()));
            }
        }
        return number >= 1 && number <= rows.size();
    }

    private Row copy(Row row) {
        Object[] values = new Object[columns];
        for (int i = 0; i < columns; i++) {
            values[i] = row.get(i);
        }
        return new ValueRow(values);
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
