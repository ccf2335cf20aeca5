package org.mosslsm.jdbc;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.RowIdLifetime;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.mosslsm.sql.ResultColumn;
import org.mosslsm.sql.Session;
import org.mosslsm.sql.catalog.Catalog;
import org.mosslsm.sql.catalog.Column;
import org.mosslsm.sql.catalog.ForeignKey;
import org.mosslsm.sql.catalog.Index;
import org.mosslsm.sql.catalog.Table;
import org.mosslsm.sql.catalog.View;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;
import org.mosslsm.sql.type.SqlType;

/**
 * What is in the database, read from the session's catalog snapshot in memory: a list costs no statement, but that of the
 * columns of views plans each view. Where the interface asks for a name and not for a pattern, the name is none. There is one
 * catalog, which names do not say (TABLE_CAT is NULL, as in PostgreSQL's driver); names come as they are stored.
 * Thread-safe as its connection.
 */
final class MossDatabaseMetaData extends EmptyMetaData {
    private final MossConnection connection;
    private final String url;

    MossDatabaseMetaData(MossConnection connection, String url) {
        this.connection = connection;
        this.url = url;
    }

    private Catalog catalog() throws SQLException {
        return connection.call(Session::catalog);
    }

    private static boolean inCatalog(String catalog) {
        return catalog == null
                || catalog.isEmpty()
                || catalog.equals("%")
                || catalog.equals(ConnectionDefaults.CATALOG);
    }

    /** Tables whose names fit the patterns; empty where another catalog is named. */
    private List<Table> tables(String catalog, String schemaPattern, String tablePattern) throws SQLException {
        return inCatalog(catalog)
                ? catalog().tables().stream()
                        .filter(t -> MetaDataRows.fits(schemaPattern, t.schema()))
                        .filter(t -> MetaDataRows.fits(tablePattern, t.name()))
                        .toList()
                : List.of();
    }

    /** As {@link #tables} the views. */
    private List<View> views(String catalog, String schemaPattern, String viewPattern) throws SQLException {
        return inCatalog(catalog)
                ? catalog().views().stream()
                        .filter(v -> MetaDataRows.fits(schemaPattern, v.schema()))
                        .filter(v -> MetaDataRows.fits(viewPattern, v.name()))
                        .toList()
                : List.of();
    }

    /** The tables of a name, which is no pattern; {@code null} means any. */
    private List<Table> named(String catalog, String schema, String table) throws SQLException {
        return inCatalog(catalog)
                ? catalog().tables().stream()
                        .filter(t -> schema == null || schema.equals(t.schema()))
                        .filter(t -> table == null || table.equals(t.name()))
                        .toList()
                : List.of();
    }

    // ---- the tree

    @Override
    public ResultSet getCatalogs() {
        MetaDataRows rows = new MetaDataRows("TABLE_CAT s");
        rows.add(ConnectionDefaults.CATALOG);
        return rows.resultSet();
    }

    @Override
    public ResultSet getSchemas() throws SQLException {
        return getSchemas(null, null);
    }

    @Override
    public ResultSet getSchemas(String catalog, String schemaPattern) throws SQLException {
        MetaDataRows rows = new MetaDataRows("TABLE_SCHEM s, TABLE_CATALOG s");
        if (inCatalog(catalog)) {
            for (String schema : catalog().schemas()) {
                if (MetaDataRows.fits(schemaPattern, schema)) {
                    rows.add(schema, null);
                }
            }
        }
        return rows.sorted(0).resultSet();
    }

    @Override
    public ResultSet getTableTypes() {
        MetaDataRows rows = new MetaDataRows("TABLE_TYPE s");
        rows.add("TABLE");
        rows.add("VIEW");
        return rows.resultSet();
    }

    @Override
    public ResultSet getTables(String catalog, String schemaPattern, String tablePattern, String[] types)
            throws SQLException {
        MetaDataRows rows = new MetaDataRows("TABLE_CAT s, TABLE_SCHEM s, TABLE_NAME s, TABLE_TYPE s, REMARKS s,"
                + " TYPE_CAT s, TYPE_SCHEM s, TYPE_NAME s, SELF_REFERENCING_COL_NAME s, REF_GENERATION s");
        List<String> wanted = types == null ? List.of("TABLE", "VIEW") : Arrays.asList(types);
        if (wanted.contains("TABLE") || wanted.contains("BASE TABLE")) {
            for (Table t : tables(catalog, schemaPattern, tablePattern)) {
                rows.add(null, t.schema(), t.name(), "TABLE", t.comment().orElse(null), null, null, null, null, null);
            }
        }
        if (wanted.contains("VIEW")) {
            for (View v : views(catalog, schemaPattern, tablePattern)) {
                rows.add(null, v.schema(), v.name(), "VIEW", v.comment().orElse(null), null, null, null, null, null);
            }
        }
        return rows.sorted(3, 1, 2).resultSet();
    }

    @Override
    public ResultSet getColumns(String catalog, String schemaPattern, String tablePattern, String columnPattern)
            throws SQLException {
        MetaDataRows rows = new MetaDataRows("TABLE_CAT s, TABLE_SCHEM s, TABLE_NAME s, COLUMN_NAME s, DATA_TYPE i,"
                + " TYPE_NAME s, COLUMN_SIZE i, BUFFER_LENGTH i, DECIMAL_DIGITS i, NUM_PREC_RADIX i, NULLABLE i,"
                + " REMARKS s, COLUMN_DEF s, SQL_DATA_TYPE i, SQL_DATETIME_SUB i, CHAR_OCTET_LENGTH i,"
                + " ORDINAL_POSITION i, IS_NULLABLE s, SCOPE_CATALOG s, SCOPE_SCHEMA s, SCOPE_TABLE s,"
                + " SOURCE_DATA_TYPE h, IS_AUTOINCREMENT s, IS_GENERATEDCOLUMN s");
        for (Table t : tables(catalog, schemaPattern, tablePattern)) {
            int ordinal = 0;
            for (Column c : t.columns()) {
                ordinal++;
                if (MetaDataRows.fits(columnPattern, c.name())) {
                    addColumn(rows, t.schema(), t.name(), column(t, c), ordinal, c.comment(), c.defaultText());
                }
            }
        }
        for (View v : views(catalog, schemaPattern, tablePattern)) {
            int ordinal = 0;
            for (ResultColumn c : columns(v)) {
                ordinal++;
                if (MetaDataRows.fits(columnPattern, c.label())) {
                    Optional<String> comment =
                            Optional.ofNullable(v.columnComments().get(c.label()));
                    addColumn(rows, v.schema(), v.name(), c, ordinal, comment, Optional.empty());
                }
            }
        }
        return rows.sorted(1, 2, 16).resultSet();
    }

    private static ResultColumn column(Table table, Column column) {
        boolean required = column.notNull()
                || table.primaryKey().filter(k -> k.hasKey(column.id())).isPresent();
        return new ResultColumn(
                column.name(),
                column.name(),
                column.type(),
                !required,
                Optional.empty(),
                Optional.empty(),
                column.identity().isPresent());
    }

    /** None where the view cannot be used any more, because what it needs was dropped. */
    private List<ResultColumn> columns(View view) throws SQLException {
        String query = "SELECT * FROM " + quoted(view.schema()) + "." + quoted(view.name());
        return connection.call(session -> {
            try {
                return session.prepare(query).columns();
            } catch (SqlException e) {
                if (e.sqlState().equals(SqlState.QUERY_CANCELED)) {
                    throw e;
                }
                return List.of();
            }
        });
    }

    private static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    private static void addColumn(
            MetaDataRows rows,
            String schema,
            String table,
            ResultColumn column,
            int ordinal,
            Optional<String> comment,
            Optional<String> defaultText) {
        SqlType type = column.type();
        rows.add(
                null,
                schema,
                table,
                column.label(),
                JdbcTypes.code(type),
                JdbcTypes.name(type),
                JdbcTypes.precision(type),
                null,
                type.isNumeric() || JdbcTypes.scale(type) > 0 ? (Integer) JdbcTypes.scale(type) : null,
                type.isNumeric() ? (Integer) 10 : null,
                column.nullable() ? columnNullable : columnNoNulls,
                comment.orElse(null),
                defaultText.orElse(null),
                null,
                null,
                type.isCharacter() ? (Integer) JdbcTypes.precision(type) : null,
                ordinal,
                column.nullable() ? "YES" : "NO",
                null,
                null,
                null,
                null,
                column.autoIncrement() ? "YES" : "NO",
                "NO");
    }

    // ---- keys and indexes

    @Override
    public ResultSet getPrimaryKeys(String catalog, String schema, String table) throws SQLException {
        MetaDataRows rows =
                new MetaDataRows("TABLE_CAT s, TABLE_SCHEM s, TABLE_NAME s, COLUMN_NAME s, KEY_SEQ h, PK_NAME s");
        for (Table t : named(catalog, schema, table)) {
            t.primaryKey().ifPresent(key -> {
                int sequence = 0;
                for (int id : key.columnIds()) {
                    rows.add(null, t.schema(), t.name(), t.column(id).name(), ++sequence, key.name());
                }
            });
        }
        return rows.sorted(3).resultSet();
    }

    @Override
    public ResultSet getImportedKeys(String catalog, String schema, String table) throws SQLException {
        MetaDataRows rows = foreignKeyRows();
        Catalog all = catalog();
        for (Table child : named(catalog, schema, table)) {
            for (ForeignKey key : child.foreignKeys()) {
                addForeignKey(rows, all, child, key);
            }
        }
        return rows.sorted(1, 2, 11, 8).resultSet(); // columns of one key side by side, as in PostgreSQL's driver
    }

    @Override
    public ResultSet getExportedKeys(String catalog, String schema, String table) throws SQLException {
        MetaDataRows rows = foreignKeyRows();
        Catalog all = catalog();
        for (Table parent : named(catalog, schema, table)) {
            for (ForeignKey key : all.referencing(parent.id())) {
                all.table(key.childTableId()).ifPresent(child -> addForeignKey(rows, all, child, key));
            }
        }
        return rows.sorted(5, 6, 11, 8).resultSet();
    }

    @Override
    public ResultSet getCrossReference(
            String parentCatalog,
            String parentSchema,
            String parentTable,
            String childCatalog,
            String childSchema,
            String childTable)
            throws SQLException {
        MetaDataRows rows = foreignKeyRows();
        Catalog all = catalog();
        for (Table parent : named(parentCatalog, parentSchema, parentTable)) {
            for (Table child : named(childCatalog, childSchema, childTable)) {
                for (ForeignKey key : child.foreignKeys()) {
                    if (key.parentTableId() == parent.id()) {
                        addForeignKey(rows, all, child, key);
                    }
                }
            }
        }
        return rows.sorted(5, 6, 11, 8).resultSet();
    }

    private static MetaDataRows foreignKeyRows() {
        return new MetaDataRows("PKTABLE_CAT s, PKTABLE_SCHEM s, PKTABLE_NAME s, PKCOLUMN_NAME s, FKTABLE_CAT s,"
                + " FKTABLE_SCHEM s, FKTABLE_NAME s, FKCOLUMN_NAME s, KEY_SEQ h, UPDATE_RULE h, DELETE_RULE h,"
                + " FK_NAME s, PK_NAME s, DEFERRABILITY h");
    }

    private static void addForeignKey(MetaDataRows rows, Catalog catalog, Table child, ForeignKey key) {
        Table parent = catalog.table(key.parentTableId()).orElseThrow();
        String parentKey = parent.allIndexes().stream()
                .filter(i -> i.id() == key.parentIndexId())
                .map(Index::name)
                .findFirst()
                .orElse(null);
        for (int i = 0; i < key.columnIds().size(); i++) {
            rows.add(
                    null,
                    parent.schema(),
                    parent.name(),
                    parent.column(key.parentColumnIds().get(i)).name(),
                    null,
                    child.schema(),
                    child.name(),
                    child.column(key.columnIds().get(i)).name(),
                    i + 1,
                    rule(key.onUpdate()),
                    rule(key.onDelete()),
                    key.name(),
                    parentKey,
                    importedKeyNotDeferrable);
        }
    }

    private static int rule(ForeignKey.Action action) {
        return switch (action) {
            case NO_ACTION -> importedKeyNoAction;
            case RESTRICT -> importedKeyRestrict;
            case CASCADE -> importedKeyCascade;
            case SET_NULL -> importedKeySetNull;
            case SET_DEFAULT -> importedKeySetDefault;
        };
    }

    @Override
    public ResultSet getIndexInfo(String catalog, String schema, String table, boolean unique, boolean approximate)
            throws SQLException {
        MetaDataRows rows = new MetaDataRows("TABLE_CAT s, TABLE_SCHEM s, TABLE_NAME s, NON_UNIQUE b,"
                + " INDEX_QUALIFIER s, INDEX_NAME s, TYPE h, ORDINAL_POSITION h, COLUMN_NAME s, ASC_OR_DESC s,"
                + " CARDINALITY l, PAGES l, FILTER_CONDITION s");
        for (Table t : named(catalog, schema, table)) {
            for (Index index : t.allIndexes()) {
                boolean hidden = t.hasRowId() && index.id() == t.primary().id();
                if (!hidden && (index.unique() || !unique)) {
                    addIndex(rows, t, index);
                }
            }
        }
        return rows.sorted(3, 6, 5, 7).resultSet();
    }

    private static void addIndex(MetaDataRows rows, Table table, Index index) {
        int position = 0;
        for (Index.Key key : index.keys()) {
            rows.add(
                    null,
                    table.schema(),
                    table.name(),
                    !index.unique(),
                    null,
                    index.name(),
                    tableIndexOther,
                    ++position,
                    table.column(key.columnId()).name(),
                    key.descending() ? "D" : "A",
                    0,
                    0,
                    index.where().map(Index.Where::text).orElse(null));
        }
    }

    @Override
    public ResultSet getBestRowIdentifier(String catalog, String schema, String table, int scope, boolean nullable)
            throws SQLException {
        MetaDataRows rows = new MetaDataRows("SCOPE h, COLUMN_NAME s, DATA_TYPE i, TYPE_NAME s, COLUMN_SIZE i,"
                + " BUFFER_LENGTH i, DECIMAL_DIGITS h, PSEUDO_COLUMN h");
        for (Table t : named(catalog, schema, table)) {
            t.primaryKey().ifPresent(key -> {
                for (int id : key.columnIds()) {
                    Column c = t.column(id);
                    rows.add(
                            bestRowSession,
                            c.name(),
                            JdbcTypes.code(c.type()),
                            JdbcTypes.name(c.type()),
                            JdbcTypes.precision(c.type()),
                            null,
                            JdbcTypes.scale(c.type()),
                            bestRowNotPseudo);
                }
            });
        }
        return rows.resultSet();
    }

    @Override
    public ResultSet getTypeInfo() {
        return TypeInfo.rows().resultSet();
    }

    // ---- itself

    @Override
    public Connection getConnection() {
        return connection;
    }

    /** The URL as given; it holds no secrets. */
    @Override
    public String getURL() {
        return url;
    }

    @Override
    public boolean isReadOnly() throws SQLException {
        return connection.isReadOnly();
    }

    @Override
    public RowIdLifetime getRowIdLifetime() {
        return RowIdLifetime.ROWID_UNSUPPORTED;
    }

    /** Reserved words that SQL:2003 does not reserve. */
    @Override
    public String getSQLKeywords() {
        return "current_catalog,current_schema,ilike";
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
