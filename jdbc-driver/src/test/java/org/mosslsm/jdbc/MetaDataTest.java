package org.mosslsm.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What tools draw their trees from. */
class MetaDataTest extends MemoryConnection {
    private DatabaseMetaData meta;

    @BeforeEach
    void aSchema() throws SQLException {
        try (Statement s = connection.createStatement()) {
            s.execute("CREATE TABLE artist (artist_id INT NOT NULL, name VARCHAR(120), CONSTRAINT artist_pk PRIMARY KEY"
                    + " (artist_id))");
            s.execute("CREATE TABLE album (id INT, no INT, artist_id INT DEFAULT 7, price DECIMAL(8,2) NOT NULL,"
                    + " PRIMARY KEY (no, id), CONSTRAINT album_artist_fk FOREIGN KEY (artist_id) REFERENCES artist"
                    + " (artist_id) ON DELETE CASCADE)");
            s.execute("CREATE UNIQUE INDEX album_price ON album (price DESC, id)");
            s.execute("CREATE VIEW cheap AS SELECT id FROM album WHERE price < 1");
        }
        meta = connection.getMetaData();
    }

    @Test
    void theTreeIsOneSchemaOfTablesAndViews() throws SQLException {
        assertEquals(List.of("mosslsm"), rows(meta.getCatalogs(), "TABLE_CAT"));
        assertEquals("mosslsm", connection.getCatalog());
        assertEquals(List.of("album"), rows(meta.getTables("mosslsm", "public", "album", null), "TABLE_NAME"));
        assertEquals(List.of("public"), rows(meta.getSchemas(), "TABLE_SCHEM"));
        assertEquals(
                List.of("TABLE|public|album", "TABLE|public|artist", "VIEW|public|cheap"),
                rows(meta.getTables(null, null, "%", null), "TABLE_TYPE", "TABLE_SCHEM", "TABLE_NAME"));
        assertEquals(
                List.of("artist"),
                rows(meta.getTables(null, "pub%", "a_tist", new String[] {"BASE TABLE"}), "TABLE_NAME"));
        assertEquals(List.of(), rows(meta.getTables("nowhere", null, "%", null), "TABLE_NAME"));
    }

    @Test
    void theSchemaOfTheViewsOfTheCatalogCanBeTheCurrentOne() throws SQLException {
        connection.setSchema("information_schema");
        try (Statement statement = connection.createStatement();
                ResultSet rs = statement.executeQuery("SELECT COUNT(*) FROM tables")) {
            assertEquals("information_schema", connection.getSchema());
            assertEquals(true, rs.next());
            assertEquals(3, rs.getInt(1));
        }
    }

    @Test
    void columnsHaveTypesSizesAndDefaults() throws SQLException {
        assertEquals(
                List.of(
                        "id|4|INTEGER|10|0|null|NO|1",
                        "no|4|INTEGER|10|0|null|NO|2",
                        "artist_id|4|INTEGER|10|0|7|YES|3",
                        "price|3|DECIMAL|8|2|null|NO|4"),
                rows(
                        meta.getColumns(null, "public", "album", "%"),
                        "COLUMN_NAME",
                        "DATA_TYPE",
                        "TYPE_NAME",
                        "COLUMN_SIZE",
                        "DECIMAL_DIGITS",
                        "COLUMN_DEF",
                        "IS_NULLABLE",
                        "ORDINAL_POSITION"));
    }

    @Test
    void keysNameTheirColumnsInOrder() throws SQLException {
        assertEquals(
                List.of("id|2|album_pkey", "no|1|album_pkey"),
                rows(meta.getPrimaryKeys(null, null, "album"), "COLUMN_NAME", "KEY_SEQ", "PK_NAME"));
        List<String> expected = List.of("artist|artist_id|album|artist_id|1|0|album_artist_fk|artist_pk");
        String[] columns = {
            "PKTABLE_NAME",
            "PKCOLUMN_NAME",
            "FKTABLE_NAME",
            "FKCOLUMN_NAME",
            "KEY_SEQ",
            "DELETE_RULE",
            "FK_NAME",
            "PK_NAME"
        };
        assertEquals(expected, rows(meta.getImportedKeys(null, null, "album"), columns));
        assertEquals(expected, rows(meta.getExportedKeys(null, null, "artist"), columns));
        assertEquals(expected, rows(meta.getCrossReference(null, null, "artist", null, null, "album"), columns));
    }

    @Test
    void indexesNameTheirColumnsAndDirections() throws SQLException {
        List<String> indexes = rows(
                meta.getIndexInfo(null, null, "album", true, true),
                "INDEX_NAME",
                "NON_UNIQUE",
                "ORDINAL_POSITION",
                "COLUMN_NAME",
                "ASC_OR_DESC");

        assertEquals(
                List.of(
                        "album_pkey|false|1|no|A",
                        "album_pkey|false|2|id|A",
                        "album_price|false|1|price|D",
                        "album_price|false|2|id|A"),
                indexes);
    }

    @Test
    void typeNamesOfColumnsAreAmongTheTypes() throws SQLException {
        List<String> types = rows(meta.getTypeInfo(), "TYPE_NAME", "DATA_TYPE");
        for (String column : rows(meta.getColumns(null, null, "%", "%"), "TYPE_NAME", "DATA_TYPE")) {
            assertEquals(true, types.contains(column), column + " in " + types);
        }
    }

    @Test
    void viewsHaveColumns() throws SQLException {
        try (Statement s = connection.createStatement()) {
            s.execute("CREATE SCHEMA \"A \"\"b\"");
            s.execute("CREATE VIEW \"A \"\"b\".\"V\" (\"X\", y) AS SELECT name, 1 + 0.5 FROM public.artist");
            s.execute("CREATE TABLE gone (i INT)");
            s.execute("CREATE VIEW broken AS SELECT i FROM gone");
            s.execute("DROP TABLE gone");
        }

        assertEquals(
                List.of("cheap|id|4|INTEGER|null|NO|NO|1"),
                rows(
                        meta.getColumns(null, "public", "cheap", "i_"),
                        "TABLE_NAME",
                        "COLUMN_NAME",
                        "DATA_TYPE",
                        "TYPE_NAME",
                        "COLUMN_DEF",
                        "IS_NULLABLE",
                        "IS_AUTOINCREMENT",
                        "ORDINAL_POSITION"));
        assertEquals(
                List.of("X|VARCHAR|120|YES|1", "y|DECIMAL|1000|NO|2"),
                rows(
                        meta.getColumns(null, null, "V", null),
                        "COLUMN_NAME",
                        "TYPE_NAME",
                        "COLUMN_SIZE",
                        "IS_NULLABLE",
                        "ORDINAL_POSITION"));
        assertEquals(List.of(), rows(meta.getColumns(null, null, "broken", null), "COLUMN_NAME"));
        assertEquals(List.of(), rows(meta.getColumns("nowhere", null, "cheap", null), "COLUMN_NAME"));
    }

    @Test
    void namesAreNoPatterns() throws SQLException {
        try (Statement s = connection.createStatement()) {
            s.execute("CREATE TABLE a_b (i INT PRIMARY KEY REFERENCES artist)");
            s.execute("CREATE TABLE axb (i INT PRIMARY KEY REFERENCES artist)");
            s.execute("CREATE TABLE child (i INT REFERENCES axb, j INT REFERENCES a_b)");
        }

        assertEquals(List.of("a_b"), rows(meta.getPrimaryKeys(null, "public", "a_b"), "TABLE_NAME"));
        assertEquals(List.of("a_b"), rows(meta.getImportedKeys(null, "public", "a_b"), "FKTABLE_NAME"));
        assertEquals(List.of("a_b"), rows(meta.getExportedKeys(null, "public", "a_b"), "PKTABLE_NAME"));
        assertEquals(
                List.of("j"), rows(meta.getCrossReference(null, null, "a_b", null, null, "child"), "FKCOLUMN_NAME"));
        assertEquals(List.of("a_b"), rows(meta.getIndexInfo(null, "public", "a_b", false, true), "TABLE_NAME"));
        assertEquals(List.of("i"), rows(meta.getBestRowIdentifier(null, "public", "a_b", 0, true), "COLUMN_NAME"));
        assertEquals(List.of(), rows(meta.getPrimaryKeys(null, "p%", "a%"), "TABLE_NAME"));
        // where patterns are taken, an escape makes a name of them
        assertEquals(List.of("a_b", "axb"), rows(meta.getTables(null, null, "a_b", null), "TABLE_NAME"));
        assertEquals(List.of("a_b"), rows(meta.getTables(null, null, "a\\_b", null), "TABLE_NAME"));
    }

    @Test
    void theColumnsOfOneForeignKeyStandTogether() throws SQLException {
        try (Statement s = connection.createStatement()) {
            s.execute("CREATE TABLE route (a INT, a2 INT, b INT, b2 INT,"
                    + " CONSTRAINT f2 FOREIGN KEY (a, a2) REFERENCES album (no, id) ON UPDATE SET NULL,"
                    + " CONSTRAINT f1 FOREIGN KEY (b, b2) REFERENCES album (no, id) ON UPDATE RESTRICT)");
        }
        List<String> expected = List.of("f1|1|b|1", "f1|2|b2|1", "f2|1|a|2", "f2|2|a2|2");
        String[] columns = {"FK_NAME", "KEY_SEQ", "FKCOLUMN_NAME", "UPDATE_RULE"};

        assertEquals(expected, rows(meta.getImportedKeys(null, null, "route"), columns));
        assertEquals(expected, rows(meta.getExportedKeys(null, null, "album"), columns));
        assertEquals(expected, rows(meta.getCrossReference(null, null, "album", null, null, "route"), columns));
    }

    @Test
    void unknownTypesOfTablesHaveNone() throws SQLException {
        assertEquals(List.of(), rows(meta.getTables(null, null, "%", new String[] {"SYNONYM", null}), "TABLE_NAME"));
        assertEquals(List.of(), rows(meta.getTables(null, null, "%", new String[0]), "TABLE_NAME"));
        assertEquals(
                List.of("cheap"),
                rows(meta.getTables(null, null, "%", new String[] {"VIEW", "VIEW", null}), "TABLE_NAME"));
    }

    @Test
    void typesTakeTheirParameters() throws SQLException {
        List<String> types = rows(meta.getTypeInfo(), "TYPE_NAME", "CREATE_PARAMS");
        assertEquals(true, types.contains("TIMESTAMP WITH TIME ZONE|precision"), types.toString());
        assertEquals(true, types.contains("DECIMAL|precision,scale"), types.toString());
    }

    private static List<String> rows(ResultSet rs, String... columns) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (rs) {
            while (rs.next()) {
                List<String> values = new ArrayList<>();
                for (String column : columns) {
                    values.add(rs.getString(column));
                }
                rows.add(String.join("|", values.stream().map(String::valueOf).toList()));
            }
        }
        return rows;
    }
}
