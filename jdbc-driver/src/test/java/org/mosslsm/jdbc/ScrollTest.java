package org.mosslsm.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Result sets that move both ways, as reports and tools ask for them. */
class ScrollTest extends MemoryConnection {
    private Statement statement;

    @BeforeEach
    void open() throws SQLException {
        statement = connection.createStatement(ResultSet.TYPE_SCROLL_INSENSITIVE, ResultSet.CONCUR_READ_ONLY);
        statement.execute("CREATE TABLE t (i INT PRIMARY KEY, s TEXT)");
        statement.execute("INSERT INTO t SELECT n, 'row ' || n FROM generate_series(1, 5) AS g (n)");
    }

    private static List<Integer> forward(ResultSet rs) throws SQLException {
        List<Integer> seen = new ArrayList<>();
        while (rs.next()) {
            seen.add(rs.getInt(1));
        }
        return seen;
    }

    @Test
    void theRowsAreCountedByGoingToTheLastAndReadAgain() throws SQLException {
        assertNull(connection.getWarnings());
        assertEquals(ResultSet.TYPE_SCROLL_INSENSITIVE, statement.getResultSetType());
        try (ResultSet rs = statement.executeQuery("SELECT i, s FROM t ORDER BY i")) {
            assertEquals(ResultSet.TYPE_SCROLL_INSENSITIVE, rs.getType());
            assertTrue(rs.isBeforeFirst());
            assertTrue(rs.last());
            assertEquals(5, rs.getRow());
            assertTrue(rs.isLast());
            assertEquals("row 5", rs.getString("s"));
            rs.beforeFirst();
            assertEquals(List.of(1, 2, 3, 4, 5), forward(rs));
            assertTrue(rs.isAfterLast());
            assertEquals(0, rs.getRow());
            assertFalse(rs.next());
            assertTrue(rs.previous());
            assertEquals(5, rs.getInt(1));
        }
    }

    @Test
    void rowsAreFoundByNumberFromBothEndsAndFromTheRowAtHand() throws SQLException {
        try (ResultSet rs = statement.executeQuery("SELECT i FROM t ORDER BY i")) {
            assertTrue(rs.absolute(3));
            assertEquals(3, rs.getInt(1));
            assertFalse(rs.isLast());
            assertTrue(rs.relative(-2));
            assertEquals(1, rs.getInt(1));
            assertTrue(rs.isFirst());
            assertTrue(rs.absolute(-2));
            assertEquals(4, rs.getInt(1));
            assertFalse(rs.relative(5));
            assertTrue(rs.isAfterLast());
            assertFalse(rs.absolute(-6));
            assertTrue(rs.isBeforeFirst());
            assertFalse(rs.absolute(0));
            assertFalse(rs.previous());
            assertTrue(rs.first());
            rs.afterLast();
            assertTrue(rs.isAfterLast());
            assertEquals(
                    "24000",
                    assertThrows(SQLException.class, () -> rs.getInt(1)).getSQLState());
        }
    }

    @Test
    void noRowsAndALimitOfRows() throws SQLException {
        try (ResultSet rs = statement.executeQuery("SELECT i FROM t WHERE i > 9")) {
            assertFalse(rs.isBeforeFirst());
            assertFalse(rs.last());
            assertFalse(rs.first());
            assertFalse(rs.isAfterLast());
            assertFalse(rs.isLast());
        }
        statement.setMaxRows(2);
        try (ResultSet rs = statement.executeQuery("SELECT i FROM t ORDER BY i")) {
            assertTrue(rs.last());
            assertEquals(2, rs.getInt(1));
        }
    }

    @Test
    void whatIsChangedMeanwhileIsNotSeenAndClosingEnds() throws SQLException {
        try (PreparedStatement prepared = connection.prepareStatement(
                        "SELECT i FROM t WHERE i > ? ORDER BY i",
                        ResultSet.TYPE_SCROLL_INSENSITIVE,
                        ResultSet.CONCUR_READ_ONLY);
                Statement other = connection.createStatement()) {
            prepared.setInt(1, 2);
            ResultSet rs = prepared.executeQuery();
            assertTrue(rs.next());
            other.execute("DELETE FROM t");
            assertTrue(rs.last());
            assertEquals(3, rs.getRow());
            rs.beforeFirst();
            assertEquals(List.of(3, 4, 5), forward(rs));
            rs.close();
            assertThrows(SQLException.class, rs::first);
        }
    }

    @Test
    void aForwardOnlyResultSetStillRefusesToGoBack() throws SQLException {
        try (Statement plain = connection.createStatement();
                ResultSet rs = plain.executeQuery("SELECT 1")) {
            assertEquals("0A001", assertThrows(SQLException.class, rs::last).getSQLState());
        }
        assertTrue(connection
                .getMetaData()
                .supportsResultSetConcurrency(ResultSet.TYPE_SCROLL_INSENSITIVE, ResultSet.CONCUR_READ_ONLY));
    }

    /** What broke off has no end: whoever asks again must not take the rows before for all. */
    @Test
    void aFailureIsNoEnd() throws SQLException {
        String sql = "SELECT 10 / (4 - i) FROM t ORDER BY i";
        try (ResultSet rs = statement.executeQuery(sql)) {
            assertTrue(rs.next());
            assertFalse(rs.isLast());
            for (int i = 0; i < 2; i++) {
                assertEquals("22012", assertThrows(SQLException.class, rs::last).getSQLState());
                assertEquals(
                        "22012", assertThrows(SQLException.class, rs::afterLast).getSQLState());
            }
            assertTrue(rs.absolute(3));
            assertEquals(10, rs.getInt(1));
        }
        try (Statement forward = connection.createStatement();
                ResultSet rs = forward.executeQuery(sql)) {
            for (int i = 0; i < 3; i++) {
                assertTrue(rs.next());
            }
            for (int i = 0; i < 2; i++) {
                assertEquals("22012", assertThrows(SQLException.class, rs::next).getSQLState());
                assertEquals(
                        "24000",
                        assertThrows(SQLException.class, () -> rs.getInt(1)).getSQLState());
            }
        }
    }
}
