package org.mosslsm.jdbc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** INSERT, UPDATE and DELETE in WITH, through JDBC: counts are those of the statement after them. */
class ChangesInWithTest extends MemoryConnection {
    @BeforeEach
    void tables() throws SQLException {
        try (Statement s = connection.createStatement()) {
            s.execute("CREATE TABLE job (id INT PRIMARY KEY, n INT)");
            s.execute("CREATE TABLE log (id INT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, job INT)");
            s.execute("INSERT INTO job VALUES (1, 0), (2, 0), (3, 0)");
        }
    }

    private int count(String table) throws SQLException {
        try (Statement s = connection.createStatement();
                ResultSet rs = s.executeQuery("SELECT count(*) FROM " + table)) {
            rs.next();
            return rs.getInt(1);
        }
    }

    @Test
    void theCountAndTheKeysAreThoseOfTheStatementItself() throws SQLException {
        try (PreparedStatement s = connection.prepareStatement(
                "WITH d AS (DELETE FROM job WHERE id <= ? RETURNING id) INSERT INTO log (job) SELECT id FROM d",
                Statement.RETURN_GENERATED_KEYS)) {
            s.setInt(1, 2);
            assertEquals(2, s.executeUpdate());
            try (ResultSet keys = s.getGeneratedKeys()) {
                assertTrue(keys.next());
                assertEquals(1, keys.getInt(1));
                assertTrue(keys.next());
                assertEquals(2, keys.getInt(1));
                assertFalse(keys.next());
            }
        }
        assertEquals(1, count("job"));
    }

    @Test
    void aQueryWithChangesGivesRowsThatAreReadAfterItIsDone() throws SQLException {
        try (PreparedStatement s = connection.prepareStatement(
                "WITH u AS (UPDATE job SET n = n + ? RETURNING id, n) SELECT n FROM u ORDER BY id")) {
            assertEquals(1, s.getMetaData().getColumnCount());
            s.setInt(1, 5);
            try (ResultSet rs = s.executeQuery()) {
                assertEquals(3, count("job WHERE n = 5"));
                assertTrue(rs.next());
                assertEquals(5, rs.getInt(1));
            }
            assertEquals(3, count("job WHERE n = 5"));
            assertEquals(
                    "0100E", assertThrows(SQLException.class, s::executeUpdate).getSQLState());
            assertEquals(3, count("job WHERE n = 10"));
        }
    }

    @Test
    void aBatchRunsThemOneByOneAndWhatFailsLeavesNothing() throws SQLException {
        connection.setAutoCommit(false);
        try (PreparedStatement s = connection.prepareStatement(
                "WITH l AS (INSERT INTO log (job) VALUES (?)) INSERT INTO job VALUES (?, 1)")) {
            for (int id : new int[] {7, 8, 9}) {
                s.setInt(1, id);
                s.setInt(2, id);
                s.addBatch();
            }
            assertArrayEquals(new int[] {1, 1, 1}, s.executeBatch());
            s.setInt(1, 9);
            s.setInt(2, 9);
            assertEquals(
                    "23505", assertThrows(SQLException.class, s::executeUpdate).getSQLState());
        }
        connection.commit();
        assertEquals(3, count("log"));
        assertEquals(6, count("job"));
    }

    @Test
    void aReadOnlyConnectionRefusesThem() throws SQLException {
        connection.setReadOnly(true);
        try (Statement s = connection.createStatement()) {
            SQLException refused = assertThrows(
                    SQLException.class,
                    () -> s.executeQuery("WITH d AS (DELETE FROM job RETURNING id) SELECT id FROM d"));
            assertEquals("25006", refused.getSQLState());
            SQLException explained = assertThrows(
                    SQLException.class,
                    () -> s.executeQuery("EXPLAIN ANALYZE WITH d AS (DELETE FROM job RETURNING id) SELECT id FROM d"));
            assertEquals("25006", explained.getSQLState());
        }
        connection.setReadOnly(false);
        assertEquals(3, count("job"));
    }
}
