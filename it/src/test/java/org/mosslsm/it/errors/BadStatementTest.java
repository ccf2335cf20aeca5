package org.mosslsm.it.errors;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.sql.SQLSyntaxErrorException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A bad statement gets one clear error with its SQLSTATE, has no effect, and the connection goes on. */
class BadStatementTest {
    private Connection connection;
    private Statement statement;

    @BeforeEach
    void aTableWithARow() throws SQLException {
        connection = DriverManager.getConnection("jdbc:mosslsm:mem:");
        statement = connection.createStatement();
        statement.execute("CREATE TABLE parent (id INTEGER PRIMARY KEY, name VARCHAR(5) NOT NULL,"
                + " CONSTRAINT parent_name_key UNIQUE (name))");
        statement.execute("CREATE TABLE child (id INTEGER PRIMARY KEY, parent_id INTEGER,"
                + " CONSTRAINT child_parent_fkey FOREIGN KEY (parent_id) REFERENCES parent (id))");
        statement.execute("INSERT INTO parent VALUES (1, 'one')");
        statement.execute("INSERT INTO child VALUES (10, 1)");
    }

    @AfterEach
    void close() throws SQLException {
        connection.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            42601 | SELECT FROM FROM parent                              | line 1
            42601 | SELECT * FROM parent WHERE id = = 1                  | expected
            42601 | INSERT INTO parent VALUES (2, 'two'                  | expected
            42P01 | SELECT * FROM parents                                | parents
            42703 | SELECT nam FROM parent                               | nam
            42703 | UPDATE parent SET nam = 'x'                          | nam
            42702 | SELECT id FROM parent, child                         | id
            42883 | SELECT frobnicate(1)                                 | frobnicate
            42803 | SELECT name, COUNT(*) FROM parent                    | name
            42P07 | CREATE TABLE parent (a INTEGER)                      | parent
            22012 | SELECT 1 / 0                                         | zero
            22003 | INSERT INTO parent VALUES (3000000000, 'big')        | range
            22001 | INSERT INTO parent VALUES (2, 'much too long')       | VARCHAR(5)
            23502 | INSERT INTO parent VALUES (2, NULL)                  | name
            23505 | INSERT INTO parent VALUES (1, 'uno')                 | parent_pkey
            23505 | INSERT INTO parent VALUES (2, 'one')                 | parent_name_key
            23503 | INSERT INTO child VALUES (11, 99)                    | child_parent_fkey
            23503 | DELETE FROM parent WHERE id = 1                      | child_parent_fkey
            """)
    void isRefusedByNameAndHasNoEffect(String sqlState, String sql, String named) throws SQLException {
        SQLException error = assertThrows(SQLException.class, () -> statement.execute(sql));

        assertAll(
                () -> assertEquals(sqlState, error.getSQLState(), error.getMessage()),
                () -> assertTrue(error.getMessage().contains(named), error.getMessage()),
                () -> assertEquals("1 one", row("SELECT id, name FROM parent")),
                () -> assertEquals("10 1", row("SELECT id, parent_id FROM child")));
    }

    @Test
    void aSyntaxErrorNamesLineColumnAndWhatWasExpected() {
        SQLException error =
                assertThrows(SQLException.class, () -> statement.execute("SELECT id\nFROM parent\nWHERE id IN 1, 2"));

        assertInstanceOf(SQLSyntaxErrorException.class, error);
        assertTrue(error.getMessage().contains("line 3:13"), error.getMessage());
        assertTrue(error.getMessage().contains("expected"), error.getMessage());
    }

    @Test
    void aDuplicateKeyIsAnIntegrityViolation() {
        SQLException error =
                assertThrows(SQLException.class, () -> statement.execute("INSERT INTO parent VALUES (1, 'uno')"));

        assertInstanceOf(SQLIntegrityConstraintViolationException.class, error);
    }

    @Test
    void aFailedStatementUndoesItselfAndTheTransactionGoesOn() throws SQLException {
        connection.setAutoCommit(false);
        statement.execute("INSERT INTO parent VALUES (2, 'two')");
        assertThrows(
                SQLException.class, () -> statement.execute("INSERT INTO parent VALUES (3, 'three'), (1, 'again')"));
        statement.execute("INSERT INTO parent VALUES (4, 'four')");
        connection.commit();

        assertEquals("7 3", row("SELECT SUM(id), COUNT(*) FROM parent"));
    }

    @Test
    void thousandsOfConditionsOnAKeyNarrowIt() throws SQLException {
        statement.execute("INSERT INTO parent SELECT n, 'n' || n FROM generate_series(2, 3000) n");
        StringBuilder sql = new StringBuilder("SELECT MIN(id), COUNT(*) FROM parent WHERE id < 3000");
        for (int i = 0; i < 2_995; i++) {
            sql.append(i % 2 == 0 ? " AND id > " : " AND id <> ").append(i);
        }
        assertEquals("2995 5", row(sql.toString()));
        assertEquals("0 0", row("SELECT 0, COUNT(*) FROM (" + sql + " AND id = 7 AND id = 2996) q (m, n) WHERE n > 0"));
    }

    private String row(String sql) throws SQLException {
        try (ResultSet rs = statement.executeQuery(sql)) {
            assertTrue(rs.next(), sql);
            String row = rs.getString(1) + " " + rs.getString(2);
            assertTrue(!rs.next(), "more than one row: " + sql);
            return row;
        }
    }
}
