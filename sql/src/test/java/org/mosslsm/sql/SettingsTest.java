package org.mosslsm.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.mosslsm.kv.Store;
import org.mosslsm.kv.StoreProvider;
import org.mosslsm.sql.error.SqlException;

/** Settings where transactions and statements fail, and those that Java's methods set, which are no part of either. */
class SettingsTest {
    private final Store store = StoreProvider.openStore("mem:", Map.of());
    private final Database database = Database.open(store);
    private final Session session = database.connect();

    @AfterEach
    void close() {
        database.close();
    }

    private static void run(Session session, String sql) {
        session.prepare(sql).execute(List.of()).rows().ifPresent(rows -> {
            while (rows.next()) {
                rows.row();
            }
            rows.close();
        });
    }

    private void run(String sql) {
        run(session, sql);
    }

    private String setting(String name) {
        return session.setting(name).orElseThrow();
    }

    @Test
    void withAutocommitOffASetIsPartOfTheTransaction() {
        session.setAutoCommit(false);
        run("SET lock_timeout = 7");
        session.rollback();
        assertEquals("5000", setting("lock_timeout"));
        run("SET lock_timeout = 7");
        run("SET LOCAL statement_timeout = 60000");
        assertEquals("60000", setting("statement_timeout"));
        session.commit();
        assertEquals("7", setting("lock_timeout"));
        assertEquals("0", setting("statement_timeout"));
    }

    @Test
    void aStatementThatFailsUndoesWhatItSet() {
        run("CREATE TABLE t (a INT PRIMARY KEY)");
        String sql = "INSERT INTO t SELECT CASE WHEN set_config('lock_timeout', '7', false) = '7' THEN 1 / (x - x) END"
                + " FROM (VALUES (1)) v (x)";
        assertThrows(SqlException.class, () -> run(sql));
        assertEquals("5000", setting("lock_timeout"));
        run("BEGIN");
        run("SET lock_timeout = 8");
        assertThrows(SqlException.class, () -> run(sql));
        assertEquals("8", setting("lock_timeout"));
        run("COMMIT");
        assertEquals("8", setting("lock_timeout"));
    }

    @Test
    void anErrorThatTakesTheTransactionTakesItsSettings() {
        run("CREATE TABLE t (a INT PRIMARY KEY)");
        run("INSERT INTO t VALUES (1)");
        try (Session other = database.connect()) {
            run("BEGIN ISOLATION LEVEL REPEATABLE READ");
            run("SET lock_timeout = 7");
            run("SELECT * FROM t");
            run(other, "UPDATE t SET a = 2");
            SqlException e = assertThrows(SqlException.class, () -> run("UPDATE t SET a = 3"));
            assertEquals("40001", e.sqlState());
        }
        assertEquals("5000", setting("lock_timeout"));
        assertEquals("on", setting("in_transaction"));
        SqlException refused = assertThrows(SqlException.class, () -> run("SET lock_timeout = 8"));
        assertEquals("25P02", refused.sqlState());
        run("ROLLBACK");
        assertEquals("5000", setting("lock_timeout"));
        assertEquals("off", setting("in_transaction"));
    }

    @Test
    void whatJavaSetsIsNoPartOfTheTransaction() {
        run("CREATE SCHEMA app");
        session.setAutoCommit(false);
        run("SET LOCAL lock_timeout = 7");
        run("SAVEPOINT s");
        run("SET statement_timeout = 60000");
        session.setSchema("app");
        session.setZone(ZoneId.of("Asia/Kolkata"));
        run("ROLLBACK TO s");
        assertEquals("app", session.schema());
        assertEquals("0", setting("statement_timeout"));
        assertEquals("7", setting("lock_timeout"));
        session.rollback();

        assertEquals("app", session.schema());
        assertEquals(ZoneId.of("Asia/Kolkata"), session.zone());
        assertEquals("5000", setting("lock_timeout"));
        session.setReadOnly(true);
        session.rollback();
        assertEquals(true, session.readOnly());
    }
}
