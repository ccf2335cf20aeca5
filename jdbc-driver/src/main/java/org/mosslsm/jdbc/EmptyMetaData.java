package org.mosslsm.jdbc;

import java.sql.Connection;
import java.sql.ResultSet;

/** The lists of {@link java.sql.DatabaseMetaData} about things there are none of, each with its columns. */
abstract class EmptyMetaData extends MetaDataFacts {
    private static ResultSet none(String columns) {
        return new MetaDataRows(columns).resultSet();
    }

    @Override
    public ResultSet getProcedures(String catalog, String schemaPattern, String namePattern) {
        return none("PROCEDURE_CAT s, PROCEDURE_SCHEM s, PROCEDURE_NAME s, RESERVED1 s, RESERVED2 s, RESERVED3 s,"
                + " REMARKS s, PROCEDURE_TYPE h, SPECIFIC_NAME s");
    }

    @Override
    public ResultSet getProcedureColumns(String catalog, String schema, String name, String column) {
        return none("PROCEDURE_CAT s, PROCEDURE_SCHEM s, PROCEDURE_NAME s, COLUMN_NAME s, COLUMN_TYPE h, DATA_TYPE i,"
                + " TYPE_NAME s, PRECISION i, LENGTH i, SCALE h, RADIX h, NULLABLE h, REMARKS s, COLUMN_DEF s,"
                + " SQL_DATA_TYPE i, SQL_DATETIME_SUB i, CHAR_OCTET_LENGTH i, ORDINAL_POSITION i, IS_NULLABLE s,"
                + " SPECIFIC_NAME s");
    }

    @Override
    public ResultSet getFunctions(String catalog, String schemaPattern, String namePattern) {
        return none("FUNCTION_CAT s, FUNCTION_SCHEM s, FUNCTION_NAME s, REMARKS s, FUNCTION_TYPE h, SPECIFIC_NAME s");
    }

    @Override
    public ResultSet getFunctionColumns(String catalog, String schema, String name, String column) {
        return none("FUNCTION_CAT s, FUNCTION_SCHEM s, FUNCTION_NAME s, COLUMN_NAME s, COLUMN_TYPE h, DATA_TYPE i,"
                + " TYPE_NAME s, PRECISION i, LENGTH i, SCALE h, RADIX h, NULLABLE h, REMARKS s, CHAR_OCTET_LENGTH i,"
                + " ORDINAL_POSITION i, IS_NULLABLE s, SPECIFIC_NAME s");
    }

    @Override
    public ResultSet getColumnPrivileges(String catalog, String schema, String table, String columnPattern) {
        return none("TABLE_CAT s, TABLE_SCHEM s, TABLE_NAME s, COLUMN_NAME s, GRANTOR s, GRANTEE s, PRIVILEGE s,"
                + " IS_GRANTABLE s");
    }

    @Override
    public ResultSet getTablePrivileges(String catalog, String schemaPattern, String tablePattern) {
        return none("TABLE_CAT s, TABLE_SCHEM s, TABLE_NAME s, GRANTOR s, GRANTEE s, PRIVILEGE s, IS_GRANTABLE s");
    }

    @Override
    public ResultSet getVersionColumns(String catalog, String schema, String table) {
        return none("SCOPE h, COLUMN_NAME s, DATA_TYPE i, TYPE_NAME s, COLUMN_SIZE i, BUFFER_LENGTH i,"
                + " DECIMAL_DIGITS h, PSEUDO_COLUMN h");
    }

    @Override
    public ResultSet getUDTs(String catalog, String schemaPattern, String namePattern, int[] types) {
        return none("TYPE_CAT s, TYPE_SCHEM s, TYPE_NAME s, CLASS_NAME s, DATA_TYPE i, REMARKS s, BASE_TYPE h");
    }

    @Override
    public ResultSet getSuperTypes(String catalog, String schemaPattern, String namePattern) {
        return none("TYPE_CAT s, TYPE_SCHEM s, TYPE_NAME s, SUPERTYPE_CAT s, SUPERTYPE_SCHEM s, SUPERTYPE_NAME s");
    }

    @Override
    public ResultSet getSuperTables(String catalog, String schemaPattern, String namePattern) {
        return none("TABLE_CAT s, TABLE_SCHEM s, TABLE_NAME s, SUPERTABLE_NAME s");
    }

    @Override
    public ResultSet getAttributes(String catalog, String schema, String type, String attribute) {
        return none("TYPE_CAT s, TYPE_SCHEM s, TYPE_NAME s, ATTR_NAME s, DATA_TYPE i, ATTR_TYPE_NAME s, ATTR_SIZE i,"
                + " DECIMAL_DIGITS i, NUM_PREC_RADIX i, NULLABLE i, REMARKS s, ATTR_DEF s, SQL_DATA_TYPE i,"
                + " SQL_DATETIME_SUB i, CHAR_OCTET_LENGTH i, ORDINAL_POSITION i, IS_NULLABLE s, SCOPE_CATALOG s,"
                + " SCOPE_SCHEMA s, SCOPE_TABLE s, SOURCE_DATA_TYPE h");
    }

    @Override
    public ResultSet getPseudoColumns(String catalog, String schema, String table, String column) {
        return none("TABLE_CAT s, TABLE_SCHEM s, TABLE_NAME s, COLUMN_NAME s, DATA_TYPE i, COLUMN_SIZE i,"
                + " DECIMAL_DIGITS i, NUM_PREC_RADIX i, COLUMN_USAGE s, REMARKS s, CHAR_OCTET_LENGTH i,"
                + " IS_NULLABLE s");
    }

    @Override
    public ResultSet getClientInfoProperties() {
        return none("NAME s, MAX_LEN i, DEFAULT_VALUE s, DESCRIPTION s");
    }

    // ---- facts that ask something

    @Override
    public boolean supportsConvert(int fromType, int toType) {
        return JdbcTypes.castable(fromType, toType);
    }

    @Override
    public boolean supportsTransactionIsolationLevel(int level) {
        return level == Connection.TRANSACTION_READ_COMMITTED
                || level == Connection.TRANSACTION_REPEATABLE_READ
                || level == Connection.TRANSACTION_SERIALIZABLE;
    }

    @Override
    public boolean supportsResultSetType(int type) {
        return type == ResultSet.TYPE_FORWARD_ONLY || type == ResultSet.TYPE_SCROLL_INSENSITIVE;
    }

    @Override
    public boolean supportsResultSetConcurrency(int type, int concurrency) {
        return supportsResultSetType(type) && concurrency == ResultSet.CONCUR_READ_ONLY;
    }

    @Override
    public boolean supportsResultSetHoldability(int holdability) {
        return holdability == ResultSet.CLOSE_CURSORS_AT_COMMIT;
    }

    @Override
    public boolean ownUpdatesAreVisible(int type) {
        return false;
    }

    @Override
    public boolean ownDeletesAreVisible(int type) {
        return false;
    }

    @Override
    public boolean ownInsertsAreVisible(int type) {
        return false;
    }

    @Override
    public boolean othersUpdatesAreVisible(int type) {
        return false;
    }

    @Override
    public boolean othersDeletesAreVisible(int type) {
        return false;
    }

    @Override
    public boolean othersInsertsAreVisible(int type) {
        return false;
    }

    @Override
    public boolean updatesAreDetected(int type) {
        return false;
    }

    @Override
    public boolean deletesAreDetected(int type) {
        return false;
    }

    @Override
    public boolean insertsAreDetected(int type) {
        return false;
    }
}
