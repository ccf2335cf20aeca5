package org.mosslsm.jdbc;

import java.net.URL;
import java.sql.Array;
import java.sql.Ref;
import java.sql.ResultSet;
import java.sql.RowId;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLXML;
import java.util.Map;

/** The part of {@link ResultSet} that a forward-only result set without SQL's rarer types refuses. */
abstract class ForwardResultSet extends ReadOnlyResultSet {
    abstract void checkOpen() throws SQLException;

    private static SQLFeatureNotSupportedException forwardOnly() {
        return Errors.unsupported("moving a result set other than forward");
    }

    @Override
    public void beforeFirst() throws SQLException {
        throw forwardOnly();
    }

    @Override
    public void afterLast() throws SQLException {
        throw forwardOnly();
    }

    @Override
    public boolean first() throws SQLException {
        throw forwardOnly();
    }

    @Override
    public boolean last() throws SQLException {
        throw forwardOnly();
    }

    @Override
    public boolean absolute(int row) throws SQLException {
        throw forwardOnly();
    }

    @Override
    public boolean relative(int rows) throws SQLException {
        throw forwardOnly();
    }

    @Override
    public boolean previous() throws SQLException {
        throw forwardOnly();
    }

    @Override
    public boolean isLast() throws SQLException {
        throw Errors.unsupported("ResultSet.isLast");
    }

    @Override
    public Object getObject(int column, Map<String, Class<?>> map) throws SQLException {
        if (map == null || map.isEmpty()) {
            return getObject(column);
        }
        throw Errors.unsupported("mapping user-defined types");
    }

    @Override
    public Object getObject(String label, Map<String, Class<?>> map) throws SQLException {
        return getObject(findColumn(label), map);
    }

    @Override
    public Ref getRef(int column) throws SQLException {
        throw Errors.unsupported("REF");
    }

    @Override
    public Ref getRef(String label) throws SQLException {
        throw Errors.unsupported("REF");
    }

    @Override
    public Array getArray(int column) throws SQLException {
        throw Errors.unsupported("ARRAY");
    }

    @Override
    public Array getArray(String label) throws SQLException {
        throw Errors.unsupported("ARRAY");
    }

    @Override
    public URL getURL(int column) throws SQLException {
        throw Errors.unsupported("DATALINK");
    }

    @Override
    public URL getURL(String label) throws SQLException {
        throw Errors.unsupported("DATALINK");
    }

    @Override
    public RowId getRowId(int column) throws SQLException {
        throw Errors.unsupported("ROWID");
    }

    @Override
    public RowId getRowId(String label) throws SQLException {
        throw Errors.unsupported("ROWID");
    }

    @Override
    public SQLXML getSQLXML(int column) throws SQLException {
        throw Errors.unsupported("SQLXML");
    }

    @Override
    public SQLXML getSQLXML(String label) throws SQLException {
        throw Errors.unsupported("SQLXML");
    }

    @Override
    public void insertRow() throws SQLException {
        throw readOnly();
    }

    @Override
    public void updateRow() throws SQLException {
        throw readOnly();
    }

    @Override
    public void deleteRow() throws SQLException {
        throw readOnly();
    }

    @Override
    public void refreshRow() throws SQLException {
        throw readOnly();
    }

    @Override
    public void cancelRowUpdates() throws SQLException {
        throw readOnly();
    }

    @Override
    public void moveToInsertRow() throws SQLException {
        throw readOnly();
    }

    @Override
    public void moveToCurrentRow() throws SQLException {
        throw readOnly();
    }

    @Override
    public boolean rowUpdated() throws SQLException {
        checkOpen();
        return false;
    }

    @Override
    public boolean rowInserted() throws SQLException {
        checkOpen();
        return false;
    }

    @Override
    public boolean rowDeleted() throws SQLException {
        checkOpen();
        return false;
    }
}
