package org.mosslsm.jdbc;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.Reader;
import java.io.StringReader;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.Date;
import java.sql.NClob;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.sql.Time;
import java.sql.Timestamp;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Calendar;
import java.util.List;
import java.util.function.Consumer;
import org.mosslsm.sql.ResultColumn;
import org.mosslsm.sql.RowCursor;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;
import org.mosslsm.sql.expr.Row;
import org.mosslsm.sql.type.SqlType;

/**
 * A read-only result set, forward-only unless {@link ScrolledResultSet}, that streams: a row is read when {@code next} asks
 * for it, a column is decoded when it is asked for. Thread safety: as its connection (one call at a time).
 */
class MossResultSet extends LabelledResultSet {
    private final MossStatement statement;
    private final List<ResultColumn> columns;
    private final RowCursor cursor;
    private final long maxRows;
    private final Consumer<MossResultSet> onClose;
    private ColumnLabels labels;
    /** The session's time zone, once text needs it. */
    private ZoneId zone;

    private long row;
    private boolean onRow;
    private boolean ended;
    /** Whether the cursor stands on the row to come already. */
    private boolean ahead;
    /** What broke it off; the rows behind that are not known, so that it has no end. */
    private RuntimeException failure;

    private boolean closed;
    private boolean wasNull;
    private int fetchSize;

    /**
     * Wraps a cursor.
     *
     * @param statement what {@code getStatement} gives; {@code null} for metadata
     * @param maxRows rows after which it ends early; 0 for no limit
     * @param onClose told once, when it is closed
     */
    MossResultSet(
            MossStatement statement,
            List<ResultColumn> columns,
            RowCursor cursor,
            long maxRows,
            Consumer<MossResultSet> onClose) {
        this.statement = statement;
        this.columns = columns;
        this.cursor = cursor;
        this.maxRows = maxRows;
        this.onClose = onClose;
        this.fetchSize = statement == null ? 0 : statement.fetchSize;
    }

    // ---- moving and closing

    @Override
    public boolean next() throws SQLException {
        checkOpen();
        onRow = !ended && toNext();
        ahead = false;
        row += onRow ? 1 : 0;
        return onRow;
    }

    /** Moves the cursor to the row to come, if it does not stand there yet; false where there is none. */
    private boolean toNext() throws SQLException {
        if (failure != null) {
            throw Errors.translated(failure);
        }
        boolean there;
        try {
            if (ahead) {
                cursor.row(); // is no more where the transaction ended meanwhile
                return true;
            }
            there = (maxRows == 0 || row < maxRows) && cursor.next();
        } catch (RuntimeException e) {
            onRow = false;
            failure = e;
            throw Errors.translated(e);
        }
        if (!there) {
            ended = true;
            cursor.close(); // lets go of the snapshot although the caller may keep the exhausted result set
        }
        return there;
    }

    @Override
    public void close() throws SQLException {
        if (closed) {
            return;
        }
        closed = true;
        onRow = false;
        try {
            cursor.close();
        } catch (SqlException e) {
            throw Errors.from(e);
        } finally {
            onClose.accept(this);
        }
    }

    /** The row to come, if there is one, in a set of its own that stands on it; this one is done then. */
    final MossResultSet firstRowApart() throws SQLException {
        try {
            KeptRows first = new KeptRows(cursor, 1);
            first.count();
            MossResultSet apart = new MossResultSet(statement, columns, first, 0, set -> {});
            apart.next();
            return apart;
        } catch (RuntimeException e) {
            throw Errors.translated(e);
        }
    }

    @Override
    public boolean isClosed() {
        return closed;
    }

    /** Says where the cursor stands, of one that moves otherwise than by {@link #next}. */
    final void place(long number, boolean onRow, boolean ended) {
        this.row = number;
        this.onRow = onRow;
        this.ended = ended;
    }

    @Override
    final void checkOpen() throws SQLException {
        if (closed) {
            throw Errors.closedObject("the result set");
        }
    }

    @Override
    public boolean isBeforeFirst() throws SQLException {
        checkOpen();
        if (row > 0 || ended) {
            return false;
        }
        ahead = toNext(); // without rows there is no place before them
        return ahead;
    }

    @Override
    public boolean isAfterLast() throws SQLException {
        checkOpen();
        return ended && row > 0;
    }

    @Override
    public boolean isFirst() throws SQLException {
        checkOpen();
        return onRow && row == 1;
    }

    @Override
    public int getRow() throws SQLException {
        checkOpen();
        return onRow ? (int) Math.min(row, Integer.MAX_VALUE) : 0;
    }

    // ---- values

    private ZoneId zone(int column) throws SQLException {
        if (type(column).kind() != SqlType.Kind.TIMESTAMPTZ) {
            return ZoneOffset.UTC; // nothing asks
        }
        if (zone == null) {
            zone = statement.connection.zone();
        }
        return zone;
    }

    private SqlType type(int column) {
        return columns.get(column - 1).type();
    }

    /** The row at hand, which the end of the transaction takes away. */
    private Row atHand() throws SQLException {
        try {
            return cursor.row();
        } catch (RuntimeException e) {
            throw Errors.translated(e);
        }
    }

    /** The engine's value of a column; remembers whether it was NULL. */
    private Object value(int column) throws SQLException {
        checkColumn(column);
        try {
            Object value = cursor.row().get(column - 1);
            wasNull = value == null;
            return value;
        } catch (RuntimeException e) {
            throw Errors.translated(e);
        }
    }

    private void checkColumn(int column) throws SQLException {
        checkOpen();
        if (!onRow) {
            throw Errors.of("24000", ended ? "the result set is after its last row" : "call next() first");
        }
        if (column < 1 || column > columns.size()) {
            throw Errors.of(
                    SqlState.UNDEFINED_COLUMN, "column " + column + " is not within 1.." + columns.size(), null);
        }
    }

    @Override
    public boolean wasNull() throws SQLException {
        checkOpen();
        return wasNull;
    }

    @Override
    public int findColumn(String label) throws SQLException {
        checkOpen();
        if (labels == null) {
            labels = new ColumnLabels(columns);
        }
        return labels.find(label);
    }

    private long integer(int column, long min, long max, String target) throws SQLException {
        checkColumn(column);
        if (type(column).family() == SqlType.Family.INTEGER) {
            Row current = atHand();
            wasNull = current.isNull(column - 1);
            return wasNull ? 0 : JavaValues.checkRange(current.getLong(column - 1), min, max, target);
        }
        Object v = value(column);
        return v == null ? 0 : JavaValues.toLong(v, type(column), min, max, target);
    }

    @Override
    public boolean getBoolean(int column) throws SQLException {
        Object v = value(column);
        return v != null && JavaValues.toBoolean(v, type(column));
    }

    @Override
    public byte getByte(int column) throws SQLException {
        return (byte) integer(column, Byte.MIN_VALUE, Byte.MAX_VALUE, "byte");
    }

    @Override
    public short getShort(int column) throws SQLException {
        return (short) integer(column, Short.MIN_VALUE, Short.MAX_VALUE, "short");
    }

    @Override
    public int getInt(int column) throws SQLException {
        return (int) integer(column, Integer.MIN_VALUE, Integer.MAX_VALUE, "int");
    }

    @Override
    public long getLong(int column) throws SQLException {
        return integer(column, Long.MIN_VALUE, Long.MAX_VALUE, "long");
    }

    @Override
    public float getFloat(int column) throws SQLException {
        Object v = value(column);
        return v == null ? 0 : JavaValues.toFloat(v, type(column));
    }

    @Override
    public double getDouble(int column) throws SQLException {
        checkColumn(column);
        if (type(column).isDouble()) {
            Row current = atHand();
            wasNull = current.isNull(column - 1);
            return wasNull ? 0 : current.getDouble(column - 1);
        }
        Object v = value(column);
        return v == null ? 0 : JavaValues.toDouble(v, type(column));
    }

    @Override
    public BigDecimal getBigDecimal(int column) throws SQLException {
        Object v = value(column);
        return v == null ? null : JavaValues.toBigDecimal(v, type(column));
    }

    @Override
    @Deprecated
    public BigDecimal getBigDecimal(int column, int scale) throws SQLException {
        BigDecimal v = getBigDecimal(column);
        return v == null ? null : v.setScale(scale, RoundingMode.HALF_UP);
    }

    @Override
    public String getString(int column) throws SQLException {
        Object v = value(column);
        return v == null ? null : JavaValues.toText(v, type(column), zone(column));
    }

    @Override
    public byte[] getBytes(int column) throws SQLException {
        Object v = value(column);
        return v == null ? null : JavaValues.toBytes(v, type(column));
    }

    @Override
    public Date getDate(int column, Calendar calendar) throws SQLException {
        Object v = value(column);
        return v == null ? null : JavaValues.toDate(v, type(column), calendar);
    }

    @Override
    public Time getTime(int column, Calendar calendar) throws SQLException {
        Object v = value(column);
        return v == null ? null : JavaValues.toTime(v, type(column), calendar);
    }

    @Override
    public Timestamp getTimestamp(int column, Calendar calendar) throws SQLException {
        Object v = value(column);
        return v == null ? null : JavaValues.toTimestamp(v, type(column), calendar);
    }

    @Override
    public Object getObject(int column) throws SQLException {
        return JavaValues.toObject(value(column), type(column));
    }

    @Override
    public <T> T getObject(int column, Class<T> target) throws SQLException {
        if (target == null) {
            throw Errors.badArgument("the class to read as is null");
        }
        return target.cast(JavaValues.toObject(value(column), type(column), target, zone(column)));
    }

    @Override
    public InputStream getBinaryStream(int column) throws SQLException {
        byte[] v = getBytes(column);
        return v == null ? null : new ByteArrayInputStream(v);
    }

    @Override
    public InputStream getAsciiStream(int column) throws SQLException {
        String v = getString(column);
        return v == null ? null : new ByteArrayInputStream(v.getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    @Deprecated
    public InputStream getUnicodeStream(int column) throws SQLException {
        String v = getString(column);
        return v == null ? null : new ByteArrayInputStream(v.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public Reader getCharacterStream(int column) throws SQLException {
        String v = getString(column);
        return v == null ? null : new StringReader(v);
    }

    @Override
    public Blob getBlob(int column) throws SQLException {
        byte[] v = getBytes(column);
        return v == null ? null : new MossBlob(v);
    }

    @Override
    public NClob getNClob(int column) throws SQLException {
        String v = getString(column);
        return v == null ? null : new MossClob(v);
    }

    @Override
    public Clob getClob(int column) throws SQLException {
        return getNClob(column);
    }

    // ---- about itself

    @Override
    public ResultSetMetaData getMetaData() throws SQLException {
        checkOpen();
        return new MossResultSetMetaData(columns);
    }

    @Override
    public Statement getStatement() throws SQLException {
        checkOpen();
        return statement;
    }

    @Override
    public SQLWarning getWarnings() throws SQLException {
        checkOpen();
        return null;
    }

    @Override
    public void clearWarnings() throws SQLException {
        checkOpen();
    }

    @Override
    public String getCursorName() throws SQLException {
        throw Errors.unsupported("a named cursor");
    }

    @Override
    public void setFetchDirection(int direction) throws SQLException {
        checkOpen();
        if (direction != FETCH_FORWARD) {
            throw Errors.unsupported("a fetch direction other than forward");
        }
    }

    @Override
    public int getFetchDirection() throws SQLException {
        checkOpen();
        return FETCH_FORWARD;
    }

    @Override
    public void setFetchSize(int rows) throws SQLException {
        checkOpen();
        if (rows < 0) {
            throw Errors.badArgument("fetch size " + rows + " is negative");
        }
        fetchSize = rows;
    }

    @Override
    public int getFetchSize() throws SQLException {
        checkOpen();
        return fetchSize;
    }

    @Override
    public int getType() throws SQLException {
        checkOpen();
        return TYPE_FORWARD_ONLY;
    }

    @Override
    public int getConcurrency() throws SQLException {
        checkOpen();
        return CONCUR_READ_ONLY;
    }

    @Override
    public int getHoldability() throws SQLException {
        checkOpen();
        return ResultSet.CLOSE_CURSORS_AT_COMMIT;
    }

    @Override
    public <T> T unwrap(Class<T> target) throws SQLException {
        return Wrapping.unwrap(this, target);
    }

    @Override
    public boolean isWrapperFor(Class<?> target) {
        return target.isInstance(this);
    }
}
