package org.mosslsm.jdbc;

import java.io.InputStream;
import java.io.Reader;
import java.math.BigDecimal;
import java.net.URL;
import java.sql.Array;
import java.sql.Blob;
import java.sql.CallableStatement;
import java.sql.Clob;
import java.sql.Date;
import java.sql.NClob;
import java.sql.Ref;
import java.sql.RowId;
import java.sql.SQLException;
import java.sql.SQLType;
import java.sql.SQLXML;
import java.sql.Time;
import java.sql.Timestamp;
import java.util.Calendar;
import java.util.Map;

/** The part of {@link CallableStatement} that names parameters: those of our functions have no names. */
abstract class NamelessCall extends MossPreparedStatement implements CallableStatement {
    NamelessCall(MossConnection connection, String sql) throws SQLException {
        super(connection, sql, KeysWanted.NONE);
    }

    private static SQLException nameless() {
        return Errors.unsupported("naming a parameter");
    }

    @Override
    public void registerOutParameter(String name, int type) throws SQLException {
        throw nameless();
    }

    @Override
    public void registerOutParameter(String name, int type, int scaleOrName) throws SQLException {
        throw nameless();
    }

    @Override
    public void registerOutParameter(String name, int type, String scaleOrName) throws SQLException {
        throw nameless();
    }

    @Override
    public void setURL(String name, URL a) throws SQLException {
        throw nameless();
    }

    @Override
    public void setNull(String name, int a) throws SQLException {
        throw nameless();
    }

    @Override
    public void setBoolean(String name, boolean a) throws SQLException {
        throw nameless();
    }

    @Override
    public void setByte(String name, byte a) throws SQLException {
        throw nameless();
    }

    @Override
    public void setShort(String name, short a) throws SQLException {
        throw nameless();
    }

    @Override
    public void setInt(String name, int a) throws SQLException {
        throw nameless();
    }

    @Override
    public void setLong(String name, long a) throws SQLException {
        throw nameless();
    }

    @Override
    public void setFloat(String name, float a) throws SQLException {
        throw nameless();
    }

    @Override
    public void setDouble(String name, double a) throws SQLException {
        throw nameless();
    }

    @Override
    public void setBigDecimal(String name, BigDecimal a) throws SQLException {
        throw nameless();
    }

    @Override
    public void setString(String name, String a) throws SQLException {
        throw nameless();
    }

    @Override
    public void setBytes(String name, byte[] a) throws SQLException {
        throw nameless();
    }

    @Override
    public void setDate(String name, Date a) throws SQLException {
        throw nameless();
    }

    @Override
    public void setTime(String name, Time a) throws SQLException {
        throw nameless();
    }

    @Override
    public void setTimestamp(String name, Timestamp a) throws SQLException {
        throw nameless();
    }

    @Override
    public void setAsciiStream(String name, InputStream a, int b) throws SQLException {
        throw nameless();
    }

    @Override
    public void setBinaryStream(String name, InputStream a, int b) throws SQLException {
        throw nameless();
    }

    @Override
    public void setObject(String name, Object a, int b, int c) throws SQLException {
        throw nameless();
    }

    @Override
    public void setObject(String name, Object a, int b) throws SQLException {
        throw nameless();
    }

    @Override
    public void setObject(String name, Object a) throws SQLException {
        throw nameless();
    }

    @Override
    public void setCharacterStream(String name, Reader a, int b) throws SQLException {
        throw nameless();
    }

    @Override
    public void setDate(String name, Date a, Calendar b) throws SQLException {
        throw nameless();
    }

    @Override
    public void setTime(String name, Time a, Calendar b) throws SQLException {
        throw nameless();
    }

    @Override
    public void setTimestamp(String name, Timestamp a, Calendar b) throws SQLException {
        throw nameless();
    }

    @Override
    public void setNull(String name, int a, String b) throws SQLException {
        throw nameless();
    }

    @Override
    public String getString(String name) throws SQLException {
        throw nameless();
    }

    @Override
    public boolean getBoolean(String name) throws SQLException {
        throw nameless();
    }

    @Override
    public byte getByte(String name) throws SQLException {
        throw nameless();
    }

    @Override
    public short getShort(String name) throws SQLException {
        throw nameless();
    }

    @Override
    public int getInt(String name) throws SQLException {
        throw nameless();
    }

    @Override
    public long getLong(String name) throws SQLException {
        throw nameless();
    }

    @Override
    public float getFloat(String name) throws SQLException {
        throw nameless();
    }

    @Override
    public double getDouble(String name) throws SQLException {
        throw nameless();
    }

    @Override
    public byte[] getBytes(String name) throws SQLException {
        throw nameless();
    }

    @Override
    public Date getDate(String name) throws SQLException {
        throw nameless();
    }

    @Override
    public Time getTime(String name) throws SQLException {
        throw nameless();
    }

    @Override
    public Timestamp getTimestamp(String name) throws SQLException {
        throw nameless();
    }

    @Override
    public Object getObject(String name) throws SQLException {
        throw nameless();
    }

    @Override
    public BigDecimal getBigDecimal(String name) throws SQLException {
        throw nameless();
    }

    @Override
    public Object getObject(String name, Map<String, Class<?>> a) throws SQLException {
        throw nameless();
    }

    @Override
    public Ref getRef(String name) throws SQLException {
        throw nameless();
    }

    @Override
    public Blob getBlob(String name) throws SQLException {
        throw nameless();
    }

    @Override
    public Clob getClob(String name) throws SQLException {
        throw nameless();
    }

    @Override
    public Array getArray(String name) throws SQLException {
        throw nameless();
    }

    @Override
    public Date getDate(String name, Calendar a) throws SQLException {
        throw nameless();
    }

    @Override
    public Time getTime(String name, Calendar a) throws SQLException {
        throw nameless();
    }

    @Override
    public Timestamp getTimestamp(String name, Calendar a) throws SQLException {
        throw nameless();
    }

    @Override
    public URL getURL(String name) throws SQLException {
        throw nameless();
    }

    @Override
    public RowId getRowId(String name) throws SQLException {
        throw nameless();
    }

    @Override
    public void setRowId(String name, RowId a) throws SQLException {
        throw nameless();
    }

    @Override
    public void setNString(String name, String a) throws SQLException {
        throw nameless();
    }

    @Override
    public void setNCharacterStream(String name, Reader a, long b) throws SQLException {
        throw nameless();
    }

    @Override
    public void setNClob(String name, NClob a) throws SQLException {
        throw nameless();
    }

    @Override
    public void setClob(String name, Reader a, long b) throws SQLException {
        throw nameless();
    }

    @Override
    public void setBlob(String name, InputStream a, long b) throws SQLException {
        throw nameless();
    }

    @Override
    public void setNClob(String name, Reader a, long b) throws SQLException {
        throw nameless();
    }

    @Override
    public NClob getNClob(String name) throws SQLException {
        throw nameless();
    }

    @Override
    public void setSQLXML(String name, SQLXML a) throws SQLException {
        throw nameless();
    }

    @Override
    public SQLXML getSQLXML(String name) throws SQLException {
        throw nameless();
    }

    @Override
    public String getNString(String name) throws SQLException {
        throw nameless();
    }

    @Override
    public Reader getNCharacterStream(String name) throws SQLException {
        throw nameless();
    }

    @Override
    public Reader getCharacterStream(String name) throws SQLException {
        throw nameless();
    }

    @Override
    public void setBlob(String name, Blob a) throws SQLException {
        throw nameless();
    }

    @Override
    public void setClob(String name, Clob a) throws SQLException {
        throw nameless();
    }

    @Override
    public void setAsciiStream(String name, InputStream a, long b) throws SQLException {
        throw nameless();
    }

    @Override
    public void setBinaryStream(String name, InputStream a, long b) throws SQLException {
        throw nameless();
    }

    @Override
    public void setCharacterStream(String name, Reader a, long b) throws SQLException {
        throw nameless();
    }

    @Override
    public void setAsciiStream(String name, InputStream a) throws SQLException {
        throw nameless();
    }

    @Override
    public void setBinaryStream(String name, InputStream a) throws SQLException {
        throw nameless();
    }

    @Override
    public void setCharacterStream(String name, Reader a) throws SQLException {
        throw nameless();
    }

    @Override
    public void setNCharacterStream(String name, Reader a) throws SQLException {
        throw nameless();
    }

    @Override
    public void setClob(String name, Reader a) throws SQLException {
        throw nameless();
    }

    @Override
    public void setBlob(String name, InputStream a) throws SQLException {
        throw nameless();
    }

    @Override
    public void setNClob(String name, Reader a) throws SQLException {
        throw nameless();
    }

    @Override
    public <T> T getObject(String name, Class<T> a) throws SQLException {
        throw nameless();
    }

    @Override
    public void setObject(String name, Object a, SQLType b, int c) throws SQLException {
        throw nameless();
    }

    @Override
    public void setObject(String name, Object a, SQLType b) throws SQLException {
        throw nameless();
    }

    @Override
    public void registerOutParameter(String name, SQLType type) throws SQLException {
        throw nameless();
    }

    @Override
    public void registerOutParameter(String name, SQLType type, int scaleOrName) throws SQLException {
        throw nameless();
    }

    @Override
    public void registerOutParameter(String name, SQLType type, String scaleOrName) throws SQLException {
        throw nameless();
    }
}
