package org.mosslsm.jdbc;

import java.io.Reader;
import java.math.BigDecimal;
import java.net.URL;
import java.sql.Array;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.Date;
import java.sql.NClob;
import java.sql.ParameterMetaData;
import java.sql.Ref;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.RowId;
import java.sql.SQLException;
import java.sql.SQLType;
import java.sql.SQLXML;
import java.sql.Time;
import java.sql.Timestamp;
import java.util.Calendar;
import java.util.Map;

/**
 * {@code {call f(..)}}, {@code {? = call f(..)}}, or any other statement. Of a call that returns something parameter 1 is
 * what it returned, those of the function come after it. As its base otherwise.
 */
final class MossCallableStatement extends NamelessCall {
    private final boolean returning;
    private ResultSet returned;

    private MossCallableStatement(MossConnection connection, String sql, boolean returning) throws SQLException {
        super(connection, sql);
        this.returning = returning;
    }

    static MossCallableStatement of(MossConnection connection, String sql) throws SQLException {
        return new MossCallableStatement(
                connection, sql, sql != null && Escapes.translated(sql).returns());
    }

    // ---- running

    @Override
    void bind(int parameter, Object value) throws SQLException {
        if (returning && parameter == 1) {
            throw Errors.badArgument("parameter 1 is what the function returns");
        }
        super.bind(returning ? parameter - 1 : parameter, value);
    }

    /** No rows come of a call that returns something: they are its parameter 1. */
    @Override
    public boolean execute() throws SQLException {
        if (!returning) {
            return super.execute();
        }
        returned = null;
        super.executeQuery();
        returned = takeRow();
        return false;
    }

    @Override
    public ParameterMetaData getParameterMetaData() throws SQLException {
        checkOpen();
        return returning ? new MossParameterMetaData(returnedAndTaken(), true) : super.getParameterMetaData();
    }

    /** The row that was returned is no result set of the statement. */
    @Override
    public ResultSetMetaData getMetaData() throws SQLException {
        checkOpen();
        return returning ? null : super.getMetaData();
    }

    @Override
    boolean takesReturningCalls() {
        return true;
    }

    @Override
    public ResultSet executeQuery() throws SQLException {
        if (returning) {
            throw Errors.of("02000", "the call returns no rows, but its parameter 1; use execute");
        }
        return super.executeQuery();
    }

    @Override
    public long executeLargeUpdate() throws SQLException {
        if (!returning) {
            return super.executeLargeUpdate();
        }
        execute();
        return 0;
    }

    // ---- what was returned

    private void checkOut(int parameter) throws SQLException {
        checkOpen();
        if (!returning || parameter != 1) {
            throw Errors.badArgument("parameter " + parameter + " is none that the call returns");
        }
    }

    /** The row whose one column was returned; of what type it was registered does not matter, a getter converts. */
    private ResultSet value(int parameter) throws SQLException {
        checkOut(parameter);
        if (returned == null) {
            throw Errors.of("24000", "execute the call first");
        }
        return returned;
    }

    @Override
    public void registerOutParameter(int parameter, int type) throws SQLException {
        checkOut(parameter);
    }

    @Override
    public void registerOutParameter(int parameter, int type, int scale) throws SQLException {
        checkOut(parameter);
    }

    @Override
    public void registerOutParameter(int parameter, int type, String typeName) throws SQLException {
        checkOut(parameter);
    }

    @Override
    public void registerOutParameter(int parameter, SQLType type) throws SQLException {
        checkOut(parameter);
    }

    @Override
    public void registerOutParameter(int parameter, SQLType type, int scale) throws SQLException {
        checkOut(parameter);
    }

    @Override
    public void registerOutParameter(int parameter, SQLType type, String typeName) throws SQLException {
        checkOut(parameter);
    }

    @Override
    public boolean wasNull() throws SQLException {
        return value(1).wasNull();
    }

    @Override
    public String getString(int parameter) throws SQLException {
        return value(parameter).getString(1);
    }

    @Override
    public boolean getBoolean(int parameter) throws SQLException {
        return value(parameter).getBoolean(1);
    }

    @Override
    public byte getByte(int parameter) throws SQLException {
        return value(parameter).getByte(1);
    }

    @Override
    public short getShort(int parameter) throws SQLException {
        return value(parameter).getShort(1);
    }

    @Override
    public int getInt(int parameter) throws SQLException {
        return value(parameter).getInt(1);
    }

    @Override
    public long getLong(int parameter) throws SQLException {
        return value(parameter).getLong(1);
    }

    @Override
    public float getFloat(int parameter) throws SQLException {
        return value(parameter).getFloat(1);
    }

    @Override
    public double getDouble(int parameter) throws SQLException {
        return value(parameter).getDouble(1);
    }

    @Override
    @Deprecated
    public BigDecimal getBigDecimal(int parameter, int scale) throws SQLException {
        return value(parameter).getBigDecimal(1, scale);
    }

    @Override
    public byte[] getBytes(int parameter) throws SQLException {
        return value(parameter).getBytes(1);
    }

    @Override
    public Date getDate(int parameter) throws SQLException {
        return value(parameter).getDate(1);
    }

    @Override
    public Time getTime(int parameter) throws SQLException {
        return value(parameter).getTime(1);
    }

    @Override
    public Timestamp getTimestamp(int parameter) throws SQLException {
        return value(parameter).getTimestamp(1);
    }

    @Override
    public Object getObject(int parameter) throws SQLException {
        return value(parameter).getObject(1);
    }

    @Override
    public BigDecimal getBigDecimal(int parameter) throws SQLException {
        return value(parameter).getBigDecimal(1);
    }

    @Override
    public Object getObject(int parameter, Map<String, Class<?>> target) throws SQLException {
        return value(parameter).getObject(1, target);
    }

    @Override
    public Ref getRef(int parameter) throws SQLException {
        return value(parameter).getRef(1);
    }

    @Override
    public Blob getBlob(int parameter) throws SQLException {
        return value(parameter).getBlob(1);
    }

    @Override
    public Clob getClob(int parameter) throws SQLException {
        return value(parameter).getClob(1);
    }

    @Override
    public Array getArray(int parameter) throws SQLException {
        return value(parameter).getArray(1);
    }

    @Override
    public Date getDate(int parameter, Calendar calendar) throws SQLException {
        return value(parameter).getDate(1, calendar);
    }

    @Override
    public Time getTime(int parameter, Calendar calendar) throws SQLException {
        return value(parameter).getTime(1, calendar);
    }

    @Override
    public Timestamp getTimestamp(int parameter, Calendar calendar) throws SQLException {
        return value(parameter).getTimestamp(1, calendar);
    }

    @Override
    public URL getURL(int parameter) throws SQLException {
        return value(parameter).getURL(1);
    }

    @Override
    public RowId getRowId(int parameter) throws SQLException {
        return value(parameter).getRowId(1);
    }

    @Override
    public NClob getNClob(int parameter) throws SQLException {
        return value(parameter).getNClob(1);
    }

    @Override
    public SQLXML getSQLXML(int parameter) throws SQLException {
        return value(parameter).getSQLXML(1);
    }

    @Override
    public String getNString(int parameter) throws SQLException {
        return value(parameter).getNString(1);
    }

    @Override
    public Reader getNCharacterStream(int parameter) throws SQLException {
        return value(parameter).getNCharacterStream(1);
    }

    @Override
    public Reader getCharacterStream(int parameter) throws SQLException {
        return value(parameter).getCharacterStream(1);
    }

    @Override
    public <T> T getObject(int parameter, Class<T> target) throws SQLException {
        return value(parameter).getObject(1, target);
    }
}
