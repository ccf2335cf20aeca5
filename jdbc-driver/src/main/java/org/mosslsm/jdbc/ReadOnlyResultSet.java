package org.mosslsm.jdbc;

import java.io.InputStream;
import java.io.Reader;
import java.math.BigDecimal;
import java.sql.Array;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.Date;
import java.sql.NClob;
import java.sql.Ref;
import java.sql.ResultSet;
import java.sql.RowId;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLType;
import java.sql.SQLXML;
import java.sql.Time;
import java.sql.Timestamp;

/** The part of {@link ResultSet} that a read-only result set refuses. */
abstract class ReadOnlyResultSet implements ResultSet {
    static SQLFeatureNotSupportedException readOnly() {
        return Errors.unsupported("updating through a result set");
    }

    @Override
    public void updateNull(int column) throws SQLException {
        throw readOnly();
    }

    @Override
    public void updateNull(String label) throws SQLException {
        throw readOnly();
    }

    @Override
    public void updateBoolean(int column, boolean a) throws SQLException {
        throw readOnly();
    }

    @Override
    public void updateBoolean(String label, boolean a) throws SQLException {
        throw readOnly();
    }

    @Override
    public void updateByte(int column, byte a) throws SQLException {
        throw readOnly();
    }

    @Override
    public void updateByte(String label, byte a) throws SQLException {
        throw readOnly();
    }

    @Override
    public void updateShort(int column, short a) throws SQLException {
        throw readOnly();
    }

    @Override
    public void updateShort(String label, short a) throws SQLException {
        throw readOnly();
    }

    @Override
    public void updateInt(int column, int a) throws SQLException {
        throw readOnly();
    }

    @Override
    public void updateInt(String label, int a) throws SQLException {
        throw readOnly();
    }

    @Override
    public void updateLong(int column, long a) throws SQLException {
        throw readOnly();
    }

    @Override
    public void updateLong(String label, long a) throws SQLException {
        throw readOnly();
    }

    @Override
    public void updateFloat(int column, float a) throws SQLException {
        throw readOnly();
    }

    @Override
    public void updateFloat(String label, float a) throws SQLException {
        throw readOnly();
    }

    @Override
    public void updateDouble(int column, double a) throws SQLException {
        throw readOnly();
    }

    @Override
    public void updateDouble(String label, double a) throws SQLException {
        throw readOnly();
    }

    @Override
    public void updateBigDecimal(int column, BigDecimal a) throws SQLException {
        throw readOnly();
    }

    @Override
    public void updateBigDecimal(String label, BigDecimal a) throws SQLException {
        throw readOnly();
    }

    @Override
    public void updateString(int column, String a) throws SQLException {
        throw readOnly();
    }

    @Override
    public void updateString(String label, String a) throws SQLException {
        throw readOnly();
    }

    @Override
    public void updateBytes(int column, byte[] a) throws SQLException {
        throw readOnly();
    }

    @Override
    public void updateBytes(String label, byte[] a) throws SQLException {
        throw readOnly();
    }

    @Override
    public void updateDate(int column, Date a) throws SQLException {
        throw readOnly();
    }

    @Override
    public void updateDate(String label, Date a) throws SQLException {
        throw readOnly();
    }

    @Override
    public void updateTime(int column, Time a) throws SQLException {
        throw readOnly();
    }

    @Override
    public void updateTime(String label, Time a) throws SQLException {
        throw readOnly();
    }

    @Override
    public void updateTimestamp(int column, Timestamp a) throws SQLException {
        throw readOnly();
    }

    @Override
    public void updateTimestamp(String label, Timestamp a) throws SQLException {
        throw readOnly();
    }

    @Override
    public void updateAsciiStream(int column, InputStream a, int b) throws SQLException {
        throw readOnly();
    }

    @Override
    public void updateAsciiStream(String label, InputStream a, int b) throws SQLException {
        throw readOnly();
    }

    @Override
    public void updateAsciiStream(int column, InputStream a, long b) throws SQLException {
        throw readOnly();
    }

    @Override
    public void updateAsciiStream(String label, InputStream a, long b) throws SQLException {
        throw readOnly();
    }

    @Override
    public void updateAsciiStream(int column, InputStream a) throws SQLException {
        throw readOnly();
    }

    @Override
    public void updateAsciiStream(String label, InputStream a) throws SQLException {
        throw readOnly();
    }

    @Override
    public void updateBinaryStream(int column, InputStream a, int b) throws SQLException {
        throw readOnly();
    }

    @Override
    public void updateBinaryStream(String label, InputStream a, int b) throws SQLException {
        throw readOnly();
    }

    @Override
    public void updateBinaryStream(int column, InputStream a, long b) throws SQLException {
        throw readOnly();
    }

    @Override
    public void updateBinaryStream(String label, InputStream a, long b) throws SQLException {
        throw readOnly();
    }

    @Override
    public void updateBinaryStream(int column, InputStream a) throws SQLException {
        throw readOnly();
    }

    @Override
    public void updateBinaryStream(String label, InputStream a) throws SQLException {
        throw readOnly();
    }

    @Override
    public void updateCharacterStream(int column, Reader a, int b) throws SQLException {
        throw readOnly();
    }

    @Override
    public void updateCharacterStream(String label, Reader a, int b) throws SQLException {
        throw readOnly();
    }

    @Override
    public void updateCharacterStream(int column, Reader a, long b) throws SQLException {
        throw readOnly();
    }

    @Override
    public void updateCharacterStream(String label, Reader a, long b) throws SQLException {
        throw readOnly();
    }

    @Override
    public void updateCharacterStream(int column, Reader a) throws SQLException {
        throw readOnly();
    }

    @Override
    public void updateCharacterStream(String label, Reader a) throws SQLException {
        throw readOnly();
    }

    @Override
    public void updateNCharacterStream(int column, Reader a, long b) throws SQLException {
        throw readOnly();
    }

    @Override
    public void updateNCharacterStream(String label, Reader a, long b) throws SQLException {
        throw readOnly();
    }

    @Override
    public void updateNCharacterStream(int column, Reader a) throws SQLException {
        throw readOnly();
    }

    @Override
    public void updateNCharacterStream(String label, Reader a) throws SQLException {
        throw readOnly();
    }

    @Override
    public void updateObject(int column, Object a, int b) throws SQLException {
        throw readOnly();
    }

    @Override
    public void updateObject(String label, Object a, int b) throws SQLException {
        throw readOnly();
    }

    @Override
    public void updateObject(int column, Object a) throws SQLException {
        throw readOnly();
    }

    @Override
    public void updateObject(String label, Object a) throws SQLException {
        throw readOnly();
    }

    @Override
    public void updateObject(int column, Object a, SQLType b, int c) throws SQLException {
        throw readOnly();
    }

    @Override
    public void updateObject(String label, Object a, SQLType b, int c) throws SQLException {
        throw readOnly();
    }

    @Override
    public void updateObject(int column, Object a, SQLType b) throws SQLException {
        throw readOnly();
    }

    @Override
    public void updateObject(String label, Object a, SQLType b) throws SQLException {
        throw readOnly();
    }

    @Override
    public void updateRef(int column, Ref a) throws SQLException {
        throw readOnly();
    }

    @Override
    public void updateRef(String label, Ref a) throws SQLException {
        throw readOnly();
    }

    @Override
    public void updateBlob(int column, Blob a) throws SQLException {
        throw readOnly();
    }

    @Override
    public void updateBlob(String label, Blob a) throws SQLException {
        throw readOnly();
    }

    @Override
    public void updateBlob(int column, InputStream a, long b) throws SQLException {
        throw readOnly();
    }

    @Override
    public void updateBlob(String label, InputStream a, long b) throws SQLException {
        throw readOnly();
    }

    @Override
    public void updateBlob(int column, InputStream a) throws SQLException {
        throw readOnly();
    }

    @Override
    public void updateBlob(String label, InputStream a) throws SQLException {
        throw readOnly();
    }

    @Override
    public void updateClob(int column, Clob a) throws SQLException {
        throw readOnly();
    }

    @Override
    public void updateClob(String label, Clob a) throws SQLException {
        throw readOnly();
    }

    @Override
    public void updateClob(int column, Reader a, long b) throws SQLException {
        throw readOnly();
    }

    @Override
    public void updateClob(String label, Reader a, long b) throws SQLException {
        throw readOnly();
    }

    @Override
    public void updateClob(int column, Reader a) throws SQLException {
        throw readOnly();
    }

    @Override
    public void updateClob(String label, Reader a) throws SQLException {
        throw readOnly();
    }

    @Override
    public void updateArray(int column, Array a) throws SQLException {
        throw readOnly();
    }

    @Override
    public void updateArray(String label, Array a) throws SQLException {
        throw readOnly();
    }

    @Override
    public void updateRowId(int column, RowId a) throws SQLException {
        throw readOnly();
    }

    @Override
    public void updateRowId(String label, RowId a) throws SQLException {
        throw readOnly();
    }

    @Override
    public void updateNString(int column, String a) throws SQLException {
        throw readOnly();
    }

    @Override
    public void updateNString(String label, String a) throws SQLException {
        throw readOnly();
    }

    @Override
    public void updateNClob(int column, NClob a) throws SQLException {
        throw readOnly();
    }

    @Override
    public void updateNClob(String label, NClob a) throws SQLException {
        throw readOnly();
    }

    @Override
    public void updateNClob(int column, Reader a, long b) throws SQLException {
        throw readOnly();
    }

    @Override
    public void updateNClob(String label, Reader a, long b) throws SQLException {
        throw readOnly();
    }

    @Override
    public void updateNClob(int column, Reader a) throws SQLException {
        throw readOnly();
    }

    @Override
    public void updateNClob(String label, Reader a) throws SQLException {
        throw readOnly();
    }

    @Override
    public void updateSQLXML(int column, SQLXML a) throws SQLException {
        throw readOnly();
    }

    @Override
    public void updateSQLXML(String label, SQLXML a) throws SQLException {
        throw readOnly();
    }
}
