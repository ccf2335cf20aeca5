package org.mosslsm.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mosslsm.kv.StoreProvider;
import org.mosslsm.sql.error.SqlException;

/** Statements that share a plan with others of other literals mean what they say, errors included. */
class LiteralStatementsTest {
    private final Database database = Database.open(StoreProvider.openStore("mem:", Map.of()));
    private final Session session = database.connect();

    @BeforeEach
    void create() {
        run(
                "CREATE TABLE t (id INT PRIMARY KEY, s VARCHAR(3), d DECIMAL(5,2), n SMALLINT, r DOUBLE PRECISION, c CHAR(4),"
                        + " day DATE)");
    }

    @AfterEach
    void close() {
        database.close();
    }

    private List<String> run(String sql, Object... parameters) {
        Outcome outcome = session.prepare(sql).execute(Arrays.asList(parameters));
        if (outcome.rows().isEmpty()) {
            return List.of(Long.toString(outcome.updateCount()));
        }
        List<String> rows = new ArrayList<>();
        try (RowCursor cursor = outcome.rows().get()) {
            while (cursor.next()) {
                rows.add(Arrays.toString(cursor.row().toArray()));
            }
        }
        return rows;
    }

    private boolean isShared(String sql) {
        return ((LivePrepared) session.prepare(sql)).isTemplate();
    }

    /** The error of a statement that shares a plan is that of one that cannot: a remark keeps it from sharing. */
    private void sameError(String state, String sql) {
        SqlException shared = assertThrows(SqlException.class, () -> run(sql), sql);
        SqlException alone = assertThrows(SqlException.class, () -> run(sql + "--"), sql);
        assertEquals(state, shared.sqlState(), sql);
        assertEquals(alone.getMessage().replace("--", ""), shared.getMessage(), sql);
    }

    @Test
    void pointStatementsShareAPlan() {
        assertTrue(isShared("INSERT INTO t VALUES (1, 'abc', 1.005, NULL, 2, NULL, NULL)"));
        run("INSERT INTO t VALUES (1, 'abc', 1.005, NULL, 2, NULL, NULL)");
        run("INSERT INTO t VALUES (-2, 'it''', -7.5, NULL, -3, NULL, NULL)");

        assertEquals(List.of("[1, abc, 1.01, 2.0]"), run("SELECT id, s, d, r FROM t WHERE id = 1"));
        assertEquals(List.of("[-2, it', -7.50, -3.0]"), run("SELECT id, s, d, r FROM t WHERE id = -2"));
        assertEquals(List.of(), run("SELECT id, s, d, r FROM t WHERE id = 3"));
        assertEquals(List.of("[-2]"), run("SELECT id FROM t WHERE id = -2 AND s = 'it''' LIMIT 1"));
        assertEquals(List.of(), run("SELECT id FROM t WHERE id = -2 AND s = 'longer than the column'"));
        assertEquals(List.of("1"), run("UPDATE t SET s = 'x', r = 5 WHERE id = 1"));
        assertEquals(List.of("[x, 5.0]"), run("SELECT s, r FROM t WHERE id = 1"));
        assertEquals(List.of("1"), run("DELETE FROM t WHERE id = 1"));
        assertTrue(isShared("DELETE FROM t WHERE id = 5") && isShared("UPDATE t SET r = 4 WHERE id = 9"));
        assertTrue(session.prepare("DELETE FROM t WHERE id = 5").parameters().isEmpty());
        assertEquals(
                "07001",
                assertThrows(SqlException.class, () -> run("DELETE FROM t WHERE id = 5", 5L))
                        .sqlState());
    }

    @Test
    void errorsAreThoseOfTheText() {
        sameError("22001", "INSERT INTO t (id, s) VALUES (1, 'abcd')");
        sameError("22003", "INSERT INTO t (id, d) VALUES (1, 12345.5)");
        sameError("22003", "INSERT INTO t (id, n) VALUES (1, 40000)");
        sameError("22P02", "INSERT INTO t (id) VALUES ('one')");
        sameError("42804", "INSERT INTO t (id, day) VALUES (1, 5)");
        sameError("22007", "SELECT id FROM t WHERE day = 'x'");
        sameError("42703", "SELECT id FROM t WHERE nothing = 5");
        sameError("42P01", "SELECT id FROM nothing WHERE id = 5");
        sameError("42601", "SELECT id FROM WHERE id = 5");
        sameError("42883", "SELECT id FROM t WHERE s = 5");
        run("INSERT INTO t (id) VALUES (1)");
        sameError("23505", "INSERT INTO t (id) VALUES (1)");
    }

    @Test
    void aChangedTableIsMetWithAPlanOfItsOwn() {
        run("INSERT INTO t (id, s) VALUES (1, 'a')");
        PreparedSql query = session.prepare("SELECT s FROM t WHERE id = 1");
        run("ALTER TABLE t ALTER COLUMN id TYPE VARCHAR(10)");

        SqlException e = assertThrows(SqlException.class, () -> query.execute(List.of()));
        assertEquals(
                assertThrows(SqlException.class, () -> session.prepare("SELECT s FROM t WHERE id = 1"))
                        .sqlState(),
                e.sqlState());
        assertEquals(List.of("[a]"), run("SELECT s FROM t WHERE id = '1'"));
    }

    @Test
    void aTransactionSeesItsOwnDefinitions() {
        session.setAutoCommit(false);
        run("CREATE TABLE u (id INT PRIMARY KEY, s TEXT)");
        run("INSERT INTO u VALUES (1, 'a')");
        assertEquals(List.of("[a]"), run("SELECT s FROM u WHERE id = 1"));
        session.rollback();
        assertEquals(
                "42P01",
                assertThrows(SqlException.class, () -> run("SELECT s FROM u WHERE id = 1"))
                        .sqlState());
    }
}
