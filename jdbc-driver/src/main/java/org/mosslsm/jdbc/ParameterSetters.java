package org.mosslsm.jdbc;

import java.io.InputStream;
import java.io.Reader;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.sql.Array;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.Date;
import java.sql.NClob;
import java.sql.PreparedStatement;
import java.sql.Ref;
import java.sql.RowId;
import java.sql.SQLException;
import java.sql.SQLType;
import java.sql.SQLXML;
import java.sql.Time;
import java.sql.Timestamp;
import java.sql.Types;
import java.util.Calendar;

/**
 * The setters of {@link PreparedStatement}, all of which end in {@code bind}. The SQL type a caller names is not looked
 * at: the statement knows the type of its parameters, and the value is cast to that.
 */
abstract class ParameterSetters extends MossStatement implements PreparedStatement {
    ParameterSetters(MossConnection connection) {
        super(connection);
    }

    /** Sets a parameter, counted from 1, to a Java value of any class that has an SQL type. */
    abstract void bind(int parameter, Object value) throws SQLException;

    /** The one thing that the caller's type can mean for the value: digits after the point. */
    private static Object scaled(Object value, Integer sqlType, int scale) {
        boolean decimal = sqlType != null && (sqlType == Types.DECIMAL || sqlType == Types.NUMERIC);
        return decimal && value instanceof BigDecimal number ? number.setScale(scale, RoundingMode.HALF_UP) : value;
    }

    @Override
    public void setBoolean(int parameter, boolean value) throws SQLException {
        bind(parameter, value);
    }

    @Override
    public void setByte(int parameter, byte value) throws SQLException {
        bind(parameter, value);
    }

    @Override
    public void setShort(int parameter, short value) throws SQLException {
        bind(parameter, value);
    }

    @Override
    public void setInt(int parameter, int value) throws SQLException {
        bind(parameter, (long) value); // the engine's integers are of 64 bits
    }

    @Override
    public void setLong(int parameter, long value) throws SQLException {
        bind(parameter, value);
    }

    @Override
    public void setFloat(int parameter, float value) throws SQLException {
        bind(parameter, value);
    }

    @Override
    public void setDouble(int parameter, double value) throws SQLException {
        bind(parameter, value);
    }

    @Override
    public void setBigDecimal(int parameter, BigDecimal value) throws SQLException {
        bind(parameter, value);
    }

    @Override
    public void setString(int parameter, String value) throws SQLException {
        bind(parameter, value);
    }

    @Override
    public void setBytes(int parameter, byte[] value) throws SQLException {
        bind(parameter, value);
    }

    @Override
    public void setDate(int parameter, Date value) throws SQLException {
        bind(parameter, value);
    }

    @Override
    public void setTime(int parameter, Time value) throws SQLException {
        bind(parameter, value);
    }

    @Override
    public void setTimestamp(int parameter, Timestamp value) throws SQLException {
        bind(parameter, value);
    }

    @Override
    public void setObject(int parameter, Object value) throws SQLException {
        bind(parameter, value);
    }

    @Override
    public void setBlob(int parameter, Blob value) throws SQLException {
        bind(parameter, value);
    }

    @Override
    public void setClob(int parameter, Clob value) throws SQLException {
        bind(parameter, value);
    }

    @Override
    public void setNClob(int parameter, NClob value) throws SQLException {
        bind(parameter, value);
    }

    @Override
    public void setNString(int parameter, String value) throws SQLException {
        bind(parameter, value);
    }

    @Override
    public void setNull(int parameter, int sqlType) throws SQLException {
        bind(parameter, null);
    }

    @Override
    public void setNull(int parameter, int sqlType, String typeName) throws SQLException {
        bind(parameter, null);
    }

    @Override
    public void setObject(int parameter, Object value, int sqlType) throws SQLException {
        bind(parameter, value);
    }

    @Override
    public void setObject(int parameter, Object value, SQLType sqlType) throws SQLException {
        bind(parameter, value);
    }

    @Override
    public void setObject(int parameter, Object value, int sqlType, int scale) throws SQLException {
        bind(parameter, scaled(value, sqlType, scale));
    }

    @Override
    public void setObject(int parameter, Object value, SQLType sqlType, int scale) throws SQLException {
        if (sqlType == null) {
            throw Errors.badArgument("the SQL type is null");
        }
        bind(parameter, scaled(value, sqlType.getVendorTypeNumber(), scale));
    }

    @Override
    public void setDate(int parameter, Date value, Calendar calendar) throws SQLException {
        bind(parameter, ParameterValues.inZone(value, calendar));
    }

    @Override
    public void setTime(int parameter, Time value, Calendar calendar) throws SQLException {
        bind(parameter, ParameterValues.time(value, calendar));
    }

    @Override
    public void setTimestamp(int parameter, Timestamp value, Calendar calendar) throws SQLException {
        bind(parameter, ParameterValues.inZone(value, calendar));
    }

    @Override
    public void setAsciiStream(int parameter, InputStream stream) throws SQLException {
        bind(parameter, ParameterValues.ascii(stream, -1));
    }

    @Override
    public void setAsciiStream(int parameter, InputStream stream, int length) throws SQLException {
        bind(parameter, ParameterValues.ascii(stream, length));
    }

    @Override
    public void setAsciiStream(int parameter, InputStream stream, long length) throws SQLException {
        bind(parameter, ParameterValues.ascii(stream, length));
    }

    @Override
    public void setBinaryStream(int parameter, InputStream stream) throws SQLException {
        bind(parameter, ParameterValues.bytes(stream, -1));
    }

    @Override
    public void setBinaryStream(int parameter, InputStream stream, int length) throws SQLException {
        bind(parameter, ParameterValues.bytes(stream, length));
    }

    @Override
    public void setBinaryStream(int parameter, InputStream stream, long length) throws SQLException {
        bind(parameter, ParameterValues.bytes(stream, length));
    }

    @Override
    public void setCharacterStream(int parameter, Reader stream) throws SQLException {
        bind(parameter, ParameterValues.text(stream, -1));
    }

    @Override
    public void setCharacterStream(int parameter, Reader stream, int length) throws SQLException {
        bind(parameter, ParameterValues.text(stream, length));
    }

    @Override
    public void setCharacterStream(int parameter, Reader stream, long length) throws SQLException {
        bind(parameter, ParameterValues.text(stream, length));
    }

    @Override
    public void setNCharacterStream(int parameter, Reader stream) throws SQLException {
        bind(parameter, ParameterValues.text(stream, -1));
    }

    @Override
    public void setNCharacterStream(int parameter, Reader stream, long length) throws SQLException {
        bind(parameter, ParameterValues.text(stream, length));
    }

    @Override
    public void setBlob(int parameter, InputStream stream) throws SQLException {
        bind(parameter, ParameterValues.bytes(stream, -1));
    }

    @Override
    public void setBlob(int parameter, InputStream stream, long length) throws SQLException {
        bind(parameter, ParameterValues.bytes(stream, length));
    }

    @Override
    public void setClob(int parameter, Reader stream) throws SQLException {
        bind(parameter, ParameterValues.text(stream, -1));
    }

    @Override
    public void setClob(int parameter, Reader stream, long length) throws SQLException {
        bind(parameter, ParameterValues.text(stream, length));
    }

    @Override
    public void setNClob(int parameter, Reader stream) throws SQLException {
        bind(parameter, ParameterValues.text(stream, -1));
    }

    @Override
    public void setNClob(int parameter, Reader stream, long length) throws SQLException {
        bind(parameter, ParameterValues.text(stream, length));
    }

    @Override
    @Deprecated
    public void setUnicodeStream(int parameter, InputStream stream, int length) throws SQLException {
        byte[] bytes = ParameterValues.bytes(stream, length);
        bind(parameter, bytes == null ? null : new String(bytes, StandardCharsets.UTF_8));
    }

    @Override
    public void setRef(int parameter, Ref value) throws SQLException {
        throw Errors.unsupported("REF");
    }

    @Override
    public void setArray(int parameter, Array value) throws SQLException {
        throw Errors.unsupported("ARRAY");
    }

    @Override
    public void setRowId(int parameter, RowId value) throws SQLException {
        throw Errors.unsupported("ROWID");
    }

    @Override
    public void setSQLXML(int parameter, SQLXML value) throws SQLException {
        throw Errors.unsupported("SQLXML");
    }

    @Override
    public void setURL(int parameter, URL value) throws SQLException {
        throw Errors.unsupported("DATALINK");
    }
}
