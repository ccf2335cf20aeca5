package org.mosslsm.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the metadata claim is what the engine does. */
class MetaDataFactsTest extends MemoryConnection {
    private Statement statement;
    private DatabaseMetaData meta;

    @BeforeEach
    void open() throws SQLException {
        statement = connection.createStatement();
        meta = connection.getMetaData();
    }

    private String first(String sql) throws SQLException {
        try (ResultSet rs = statement.executeQuery(sql)) {
            assertTrue(rs.next());
            return rs.getString(1);
        }
    }

    @Test
    void theUserIsTheOneOfTheSession() throws SQLException {
        assertEquals(first("SELECT CURRENT_USER"), meta.getUserName());
        assertEquals(first("SELECT {fn USER()}"), meta.getUserName());
    }

    @Test
    void namesAreAsLongAsIsSaid() throws SQLException {
        assertEquals(128, meta.getMaxTableNameLength());
        assertEquals(128, meta.getMaxColumnNameLength());
        assertEquals(128, meta.getMaxSchemaNameLength());
        String longest = "n".repeat(128);
        statement.execute("CREATE SCHEMA " + longest);
        statement.execute("CREATE TABLE " + longest + "." + longest + " (" + longest + " INTEGER)");
        for (String refused : List.of(
                "CREATE SCHEMA " + longest + "n",
                "CREATE TABLE " + longest + "n (i INTEGER)",
                "CREATE TABLE t (" + longest + "n INTEGER)")) {
            assertThrows(SQLException.class, () -> statement.execute(refused), refused);
        }
    }

    @Test
    void rowsAreSelectedForUpdate() throws SQLException {
        statement.execute("CREATE TABLE t (i INTEGER PRIMARY KEY)");
        statement.execute("INSERT INTO t VALUES (1)");

        assertEquals("1", first("SELECT i FROM t FOR UPDATE"));
        assertTrue(meta.supportsSelectForUpdate());
    }

    @Test
    void functionsAreCalled() throws SQLException {
        assertEquals("2", first("{call abs(-2)}"));
        assertTrue(meta.supportsStoredFunctionsUsingCallSyntax());
    }

    @Test
    void statementsOutliveTransactionsAndCursorsDoNot() throws SQLException {
        connection.setAutoCommit(false);
        try (PreparedStatement select = connection.prepareStatement("SELECT 1")) {
            ResultSet before = select.executeQuery();
            connection.commit();

            assertThrows(SQLException.class, before::next);
            assertTrue(select.executeQuery().next());
            connection.rollback();
            assertTrue(select.executeQuery().next());
            connection.rollback();
        }
        assertTrue(meta.supportsOpenStatementsAcrossCommit());
        assertTrue(meta.supportsOpenStatementsAcrossRollback());
        assertFalse(meta.supportsOpenCursorsAcrossCommit());
    }

    @Test
    void aStatementHasOneResult() throws SQLException {
        assertFalse(meta.supportsMultipleResultSets());
        assertFalse(meta.supportsMultipleOpenResults());
    }

    @Test
    void convertDoesWhatIsSaidOfEachTwoTypes() throws SQLException {
        assertTrue(meta.supportsConvert());
        List<Object[]> types = new ArrayList<>();
        try (ResultSet rs = meta.getTypeInfo()) {
            while (rs.next()) {
                types.add(new Object[] {rs.getString("TYPE_NAME"), rs.getInt("DATA_TYPE")});
            }
        }
        assertTrue(types.size() > 15, "types: " + types.size());
        for (Object[] from : types) {
            for (Object[] to : types) {
                boolean possible;
                try {
                    first("SELECT CAST(CAST(NULL AS " + from[0] + ") AS " + to[0] + ")");
                    possible = true;
                } catch (SQLException e) {
                    assertEquals("42846", e.getSQLState(), from[0] + " to " + to[0]);
                    possible = false;
                }
                assertEquals(possible, meta.supportsConvert((int) from[1], (int) to[1]), from[0] + " to " + to[0]);
            }
        }
        assertFalse(meta.supportsConvert(Types.VARCHAR, Types.ARRAY));
        assertFalse(meta.supportsConvert(Types.REF, Types.VARCHAR));
    }

    @Test
    void largeObjectsAreCopies() throws SQLException {
        try (ResultSet rs = statement.executeQuery("SELECT CAST('ab' AS TEXT)")) {
            assertTrue(rs.next());
            rs.getClob(1).setString(1, "x");

            assertEquals("ab", rs.getString(1));
        }
        assertTrue(meta.locatorsUpdateCopy());
    }
}
