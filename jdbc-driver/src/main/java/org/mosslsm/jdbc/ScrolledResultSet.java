package org.mosslsm.jdbc;

import java.sql.SQLException;
import java.util.List;
import java.util.function.Consumer;
import org.mosslsm.sql.ResultColumn;

/**
 * A result set that moves both ways. It shows what the query saw ({@code TYPE_SCROLL_INSENSITIVE}) and keeps its rows in
 * memory: one that is only read from the first row to the last should be forward-only, which streams.
 */
final class ScrolledResultSet extends MossResultSet {
    private final KeptRows rows;
    /** 0 before the first row, one more than there are rows after the last. */
    private int position;

    ScrolledResultSet(
            MossStatement statement, List<ResultColumn> columns, KeptRows rows, Consumer<MossResultSet> onClose) {
        super(statement, columns, rows, 0, onClose);
        this.rows = rows;
    }

    /** Goes to a row, or before the first or after the last where there is none of that number. */
    private boolean move(long number) throws SQLException {
        boolean there = has(number);
        position = there ? (int) number : number < 1 ? 0 : count() + 1;
        rows.show(position);
        place(there ? number : 0, there, position > 0 && !there);
        return there;
    }

    private boolean has(long number) throws SQLException {
        checkOpen();
        try {
            return rows.has(number);
        } catch (RuntimeException e) {
            throw Errors.translated(e);
        }
    }

    private int count() throws SQLException {
        has(Long.MAX_VALUE);
        return rows.count();
    }

    @Override
    public boolean next() throws SQLException {
        return move(position + 1L);
    }

    @Override
    public boolean previous() throws SQLException {
        return move(position - 1L);
    }

    @Override
    public boolean absolute(int number) throws SQLException {
        return move(number < 0 ? count() + 1L + number : number);
    }

    @Override
    public boolean relative(int by) throws SQLException {
        return move((long) position + by);
    }

    @Override
    public boolean first() throws SQLException {
        return move(1);
    }

    @Override
    public boolean last() throws SQLException {
        return move(count());
    }

    @Override
    public void beforeFirst() throws SQLException {
        move(0);
    }

    @Override
    public void afterLast() throws SQLException {
        move(count() + 1L);
    }

    @Override
    public boolean isBeforeFirst() throws SQLException {
        return has(1) && position == 0;
    }

    @Override
    public boolean isAfterLast() throws SQLException {
        return has(1) && position > 0 && !has(position);
    }

    @Override
    public boolean isLast() throws SQLException {
        return has(position) && !has(position + 1L);
    }

    @Override
    public void setFetchDirection(int direction) throws SQLException {
        checkOpen();
        StatementSettings.checkFetchDirection(direction);
    }

    @Override
    public int getType() throws SQLException {
        checkOpen();
        return TYPE_SCROLL_INSENSITIVE;
    }
}
