package org.mosslsm.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a result set stands before it is moved: nowhere, where it has no rows. */
class BeforeFirstTest extends MemoryConnection {
    private Statement statement(int type) throws SQLException {
        return connection.createStatement(type, ResultSet.CONCUR_READ_ONLY);
    }

    @ParameterizedTest
    @ValueSource(ints = {ResultSet.TYPE_FORWARD_ONLY, ResultSet.TYPE_SCROLL_INSENSITIVE})
    void anEmptyOneIsNowhere(int type) throws SQLException {
        try (ResultSet rs = statement(type).executeQuery("SELECT 1 WHERE FALSE")) {
            for (int i = 0; i < 2; i++) {
                assertFalse(rs.isBeforeFirst());
                assertFalse(rs.isFirst());
                assertFalse(rs.isAfterLast());
                assertEquals(0, rs.getRow());
                assertFalse(rs.next());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {ResultSet.TYPE_FORWARD_ONLY, ResultSet.TYPE_SCROLL_INSENSITIVE})
    void askingMovesNothing(int type) throws SQLException {
        try (ResultSet rs = statement(type).executeQuery("SELECT * FROM (VALUES (1), (2)) v")) {
            assertTrue(rs.isBeforeFirst());
            assertTrue(rs.isBeforeFirst());
            assertEquals(0, rs.getRow());
            assertFalse(rs.isFirst());
            assertThrows(SQLException.class, () -> rs.getInt(1));
            assertTrue(rs.next());
            assertEquals(1, rs.getInt(1));
            assertFalse(rs.isBeforeFirst());
            assertTrue(rs.isFirst());
            assertTrue(rs.next());
            assertEquals(2, rs.getInt(1));
            assertFalse(rs.next());
            assertFalse(rs.isBeforeFirst());
            assertTrue(rs.isAfterLast());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {ResultSet.TYPE_FORWARD_ONLY, ResultSet.TYPE_SCROLL_INSENSITIVE})
    void theLimitOfRowsStays(int type) throws SQLException {
        try (Statement statement = statement(type)) {
            statement.setMaxRows(1);
            try (ResultSet rs = statement.executeQuery("SELECT * FROM (VALUES (1), (2)) v")) {
                assertTrue(rs.isBeforeFirst());
                assertTrue(rs.next());
                assertFalse(rs.next());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void afterItsTransactionThereIsNoNextRowWhoeverAskedBefore(boolean asked) throws SQLException {
        connection.setAutoCommit(false);
        ResultSet rs = statement(ResultSet.TYPE_FORWARD_ONLY).executeQuery("SELECT * FROM (VALUES (1), (2)) v");
        if (asked) {
            assertTrue(rs.isBeforeFirst());
        }
        connection.commit();
        for (int i = 0; i < 2; i++) {
            assertEquals("24000", assertThrows(SQLException.class, rs::next).getSQLState());
            assertEquals(
                    "24000", assertThrows(SQLException.class, rs::isBeforeFirst).getSQLState());
            assertEquals(
                    "24000",
                    assertThrows(SQLException.class, () -> rs.getInt(1)).getSQLState());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {ResultSet.TYPE_FORWARD_ONLY, ResultSet.TYPE_SCROLL_INSENSITIVE})
    void anErrorOfTheFirstRowIsToldWhereItIsMet(int type) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("SELECT 1 / CAST(? AS INT)", type, ResultSet.CONCUR_READ_ONLY)) {
            select.setInt(1, 0);
            SQLException e = assertThrows(SQLException.class, () -> {
                try (ResultSet rs = select.executeQuery()) {
                    rs.isBeforeFirst();
                }
            });
            assertEquals("22012", e.getSQLState());
        }
    }
}
