// What closes a statement with its results, and what does not.
package org.mosslsm.jdbc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Executing again is no completion, whatever is left open: results, generated keys, keys of a batch. */
class CloseOnCompletionTest extends MemoryConnection {
    @BeforeEach
    void connect() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE t (id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, n INT)");
        }
    }

    private PreparedStatement insert() throws SQLException {
        PreparedStatement insert =
                connection.prepareStatement("INSERT INTO t (n) VALUES (1)", Statement.RETURN_GENERATED_KEYS);
        insert.closeOnCompletion();
        return insert;
    }

    @Test
    void executingAgainWithKeysOpen() throws SQLException {
        PreparedStatement insert = insert();
        for (long id = 1; id <= 3; id++) {
            insert.executeUpdate();
            ResultSet keys = insert.getGeneratedKeys();
            assertTrue(keys.next());
            assertEquals(id, keys.getLong(1));
            assertFalse(insert.isClosed());
        }
        insert.getGeneratedKeys().close();
        assertTrue(insert.isClosed());
    }

    @Test
    void batchesOneAfterAnother() throws SQLException {
        Statement statement = connection.createStatement();
        statement.closeOnCompletion();
        for (int i = 0; i < 3; i++) {
            statement.addBatch("INSERT INTO t (n) VALUES (1)");
            statement.addBatch("INSERT INTO t (n) VALUES (2)");
            assertArrayEquals(new int[] {1, 1}, statement.executeBatch());
        }
        assertFalse(statement.isClosed());
    }

    @Test
    void batchesOfAPreparedStatement() throws SQLException {
        PreparedStatement insert = insert();
        for (int i = 0; i < 3; i++) {
            insert.addBatch();
            insert.addBatch();
            assertArrayEquals(new int[] {1, 1}, insert.executeBatch());
            ResultSet keys = insert.getGeneratedKeys();
            assertTrue(keys.next());
            assertEquals(2 * i + 1, keys.getLong(1));
        }
        assertFalse(insert.isClosed());
    }

    @Test
    void aResultIsNotAllWhileKeysAreOpen() throws SQLException {
        Statement statement = connection.createStatement();
        statement.closeOnCompletion();
        ResultSet kept = statement.executeQuery("SELECT 1");
        statement.getMoreResults(Statement.KEEP_CURRENT_RESULT);
        statement.executeUpdate("INSERT INTO t (n) VALUES (1)", Statement.RETURN_GENERATED_KEYS);
        ResultSet keys = statement.getGeneratedKeys();

        kept.close();

        assertFalse(statement.isClosed());
        assertTrue(keys.next());
        keys.close();
        assertTrue(statement.isClosed());
    }

    @Test
    void completionLetsGoOfKeysThatNobodyAskedFor() throws SQLException {
        Statement statement = connection.createStatement();
        statement.closeOnCompletion();
        ResultSet kept = statement.executeQuery("SELECT 1");
        statement.getMoreResults(Statement.KEEP_CURRENT_RESULT);
        statement.executeUpdate("INSERT INTO t (n) VALUES (1)", Statement.RETURN_GENERATED_KEYS);

        kept.close();

        assertTrue(statement.isClosed());
        assertEquals(0, ((MossConnection) connection).held());
    }
}
