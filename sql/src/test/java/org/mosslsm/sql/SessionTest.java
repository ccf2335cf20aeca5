package org.mosslsm.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.mosslsm.kv.CommitRequest;
import org.mosslsm.kv.Durability;
import org.mosslsm.kv.Store;
import org.mosslsm.kv.StoreProvider;
import org.mosslsm.kv.WriteBatch;
import org.mosslsm.sql.catalog.CatalogStore;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.type.SqlType;

/** What a caller of sessions meets: parameters, metadata, cursors, cancelling, errors and what is possible after them. */
@Timeout(60)
class SessionTest {
    private final Store store = StoreProvider.openStore("mem:", Map.of());
    private final Database database = Database.open(store);
    private final Session session = database.connect();

    @AfterEach
    void close() {
        database.close();
    }

    private List<String> run(String sql, Object... parameters) {
        Outcome outcome = session.prepare(sql).execute(Arrays.asList(parameters));
        return outcome.rows().isPresent() ? rows(outcome.rows().get()) : List.of(Long.toString(outcome.updateCount()));
    }

    private static List<String> rows(RowCursor cursor) {
        List<String> rows = new ArrayList<>();
        try (cursor) {
            while (cursor.next()) {
                rows.add(Arrays.toString(cursor.row().toArray()));
            }
        }
        return rows;
    }

    private String error(String sql, Object... parameters) {
        SqlException e = assertThrows(SqlException.class, () -> run(sql, parameters), sql);
        assertEquals(List.of("[1]"), run("SELECT 1"), "the session is usable after " + e.getMessage());
        return e.sqlState();
    }

    @Test
    void parametersTakeTheTypesOfTheirPlaces() {
        run("CREATE TABLE t (id INT PRIMARY KEY, s VARCHAR(3), d DECIMAL(5,2), b BLOB)");
        PreparedSql insert = session.prepare("INSERT INTO t VALUES (?, ?, ?, ?)");

        assertEquals(4, insert.parameters().size());
        assertEquals(SqlType.INTEGER, insert.parameters().get(0));
        assertEquals(
                1,
                insert.execute(Arrays.asList(1L, "abc", new BigDecimal("1.005"), null))
                        .updateCount());
        assertEquals(
                1, insert.execute(Arrays.asList("2", "x", 7L, new byte[] {1})).updateCount());
        assertEquals(List.of("[1, abc, 1.01]", "[2, x, 7.00]"), run("SELECT id, s, d FROM t ORDER BY id"));
        assertEquals(List.of("[2]"), run("SELECT id FROM t WHERE d > ? AND s = ?", 2L, "x"));
        assertEquals(List.of(), run("SELECT id FROM t WHERE s = ?", "longer than the column"));
    }

    /** What EXISTS selects is not computed, but its parameters are there. */
    @Test
    void aParameterInAListThatIsNotComputedHasATypeAndTakesAValue() {
        PreparedSql exists = session.prepare("SELECT EXISTS (SELECT 1 / (CAST(? AS BIGINT) + 1), ?)");

        assertEquals(List.of(SqlType.BIGINT, SqlType.TEXT), exists.parameters());
        assertEquals(
                List.of("[true]"), rows(exists.execute(List.of(-1L, "a")).rows().orElseThrow()));
        assertEquals("22P02", error("SELECT EXISTS (SELECT CAST(? AS BIGINT))", "no number"));
    }

    @Test
    void aParameterIsAnInterval() {
        String later = "SELECT CAST(TIMESTAMP '2024-01-31 00:00:00' + CAST(? AS INTERVAL) AS TEXT)";

        assertEquals(List.of("[2024-02-29 02:00:00]"), run(later, "1 month 2 hours"));
        assertEquals("22007", error(later, "a while"));
        assertEquals("42846", error(later, 5L));
    }

    /** A few bytes of a program's number may be a gigabyte of digits. */
    @Test
    void decimalParametersAreOfTheSizeOfDecimals() {
        run("CREATE TABLE t (id INT PRIMARY KEY, d NUMERIC, s TEXT, n BIGINT)");
        String insert = "INSERT INTO t VALUES (?, ?, ?, ?)";
        BigDecimal large = new BigDecimal("1E+1000000000");
        BigDecimal small = new BigDecimal("1E-1000000000");
        BigDecimal zero = new BigDecimal("0E-1000000000");
        assertEquals("22003", error(insert, 1L, large, "", 1L));
        assertEquals("22003", error(insert, 1L, null, large, 1L));
        assertEquals("22003", error(insert, 1L, null, "", large));
        assertEquals("22003", error("SELECT CAST(? AS DOUBLE PRECISION)", large));
        assertEquals("22003", error("SELECT d FROM t WHERE d > ? + 1", large.negate()));
        assertEquals("22003", error("SELECT ?", large));
        assertEquals(List.of("1"), run(insert, 1L, new BigDecimal("1E+3"), new BigDecimal("1E+3"), small));
        assertEquals(List.of("[1000, 1000, 0]"), run("SELECT d, s, n FROM t"));
        assertEquals(List.of("[0]"), run("SELECT scale(d) FROM t"));
        assertEquals(List.of("1"), run("UPDATE t SET d = ?, n = ?", zero, zero));
        assertEquals(List.of("[true, 0]"), run("SELECT d = 0, n FROM t"));
        assertEquals(List.of("1"), run("UPDATE t SET d = ?", small));
        assertEquals(List.of("[0, 16383]"), run("SELECT CAST(d AS INT), scale(d) FROM t"));
        assertEquals(List.of("[true]"), run("SELECT CAST('0e-1000000000' AS NUMERIC) = 0"));

        session.setAutoCommit(false);
        BatchOutcome batch = session.prepare(insert)
                .executeBatch(
                        List.of(List.of(2L, new BigDecimal("2E+2"), "", 1L), List.of(3L, large, "", 1L)),
                        RunOptions.PLAIN)
                .orElseThrow();
        assertEquals(1, batch.counts().length);
        assertEquals("22003", batch.failure().orElseThrow().sqlState());
        assertEquals(List.of("[200]"), run("SELECT d FROM t WHERE id = 2"));
    }

    @Test
    void whatDoesNotFitIsRefused() {
        run("CREATE TABLE t (id INT PRIMARY KEY, s VARCHAR(3), d DECIMAL(5,2), n SMALLINT)");
        String insert = "INSERT INTO t VALUES (?, ?, ?, ?)";

        assertEquals("22001", error(insert, 1L, "abcd", null, null));
        assertEquals("22003", error(insert, 1L << 40, null, null, null));
        assertEquals("22003", error(insert, 1L, null, new BigDecimal("12345"), null));
        assertEquals("22003", error(insert, 1L, null, null, 40_000L));
        assertEquals("22P02", error(insert, "one", null, null, null));
        assertEquals("22021", error(insert, 1L, "\uD800", null, null));
        assertEquals("23502", error(insert, null, null, null, null));
        assertEquals(List.of("[0]"), run("SELECT count(*) FROM t"));
    }

    @Test
    void tooLargeKeysAreRefusedByName() {
        run("CREATE TABLE t (s TEXT PRIMARY KEY)");
        run("CREATE TABLE u (id INT PRIMARY KEY, s TEXT UNIQUE)");
        String huge = "x".repeat(70_000);

        assertEquals("54000", error("INSERT INTO t VALUES (?)", huge));
        assertEquals("54000", error("INSERT INTO u VALUES (1, ?)", huge));
        run("INSERT INTO u VALUES (1, 'small')");
        assertEquals("54000", error("UPDATE u SET s = ?", huge));
        assertEquals(List.of(), run("SELECT 1 FROM t WHERE s = ?", huge));
    }

    @Test
    void metadataTellsWhatThereIs() {
        run(
                "CREATE TABLE t (id INT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name VARCHAR(20) NOT NULL, v DOUBLE PRECISION)");
        PreparedSql query = session.prepare("SELECT name AS n, v, id, v + 1 FROM t");

        ResultColumn n = query.columns().get(0);
        assertEquals("n", n.label());
        assertEquals("name", n.name());
        assertEquals("t", n.table().orElseThrow());
        assertEquals(SqlType.varchar(20), n.type());
        assertFalse(n.nullable());
        assertTrue(query.columns().get(2).autoIncrement());
        assertTrue(query.columns().get(3).table().isEmpty());
        assertEquals(StatementKind.QUERY, query.kind());
        assertEquals(StatementKind.DELETE, session.prepare("TRUNCATE t").kind());
        assertEquals(StatementKind.TRANSACTION, session.prepare("COMMIT").kind());
    }

    @Test
    void insertGivesItsKeysBack() {
        run("CREATE TABLE t (id INT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, v INT)");
        run("CREATE TABLE plain (a INT, b INT, PRIMARY KEY (b, a))");
        PreparedSql insert = session.prepare("INSERT INTO t (v) VALUES (5), (6)");

        Outcome outcome = insert.execute(List.of());

        assertEquals(2, outcome.updateCount());
        assertEquals(List.of("[1]", "[2]"), rows(outcome.generatedKeys().orElseThrow()));
        assertEquals("id", insert.generatedKeyColumns().get(0).name());
        PreparedSql other = session.prepare("INSERT INTO plain VALUES (1, 2)");
        assertEquals(
                List.of("[2, 1]"), rows(other.execute(List.of()).generatedKeys().orElseThrow()));
        assertEquals("b", other.generatedKeyColumns().get(0).name());
    }

    @Test
    void aCursorKeepsItsSnapshotWhileOthersWrite() {
        run("CREATE TABLE t (id INT PRIMARY KEY, v INT)");
        run("CREATE INDEX t_v ON t (v)");
        for (int i = 0; i < 2_000; i++) {
            run("INSERT INTO t VALUES (?, ?)", (long) i, (long) i % 7);
        }
        RowCursor cursor =
                session.prepare("SELECT id, v FROM t").execute(List.of()).rows().orElseThrow();
        assertTrue(cursor.next());
        run("DELETE FROM t WHERE id >= 1000");
        run("UPDATE t SET v = 100");
        int rest = 0;
        while (cursor.next()) {
            assertTrue(cursor.row().getLong(1) < 7);
            rest++;
        }
        assertEquals(1_999, rest);
        cursor.close();
        assertEquals(List.of("[1000]"), run("SELECT count(*) FROM t WHERE v = 100"));
    }

    @Test
    void aCursorEndsWithItsTransaction() {
        run("CREATE TABLE t (id INT PRIMARY KEY)");
        run("INSERT INTO t VALUES (1), (2), (3)");
        session.setAutoCommit(false);
        RowCursor cursor =
                session.prepare("SELECT id FROM t").execute(List.of()).rows().orElseThrow();
        assertTrue(cursor.next());
        session.commit();
        assertEquals("24000", assertThrows(SqlException.class, cursor::next).sqlState());
    }

    @Test
    void plansFollowTheCatalog() {
        run("CREATE TABLE t (id INT PRIMARY KEY)");
        PreparedSql query = session.prepare("SELECT * FROM t");
        PreparedSql insert = session.prepare("INSERT INTO t VALUES (?)");
        insert.execute(List.of(1L));
        assertEquals(List.of("[1]"), rows(query.execute(List.of()).rows().orElseThrow()));
        Session other = database.connect();
        other.prepare("ALTER TABLE t ADD COLUMN v INT DEFAULT 9").execute(List.of());
        insert.execute(List.of(2L));
        assertEquals(
                List.of("[1, 9]", "[2, 9]"),
                rows(query.execute(List.of()).rows().orElseThrow()));
        assertEquals(2, query.columns().size());
        other.prepare("DROP TABLE t").execute(List.of());
        assertEquals(
                "42P01",
                assertThrows(SqlException.class, () -> query.execute(List.of())).sqlState());
    }

    private static final String ENDLESS =
            "SELECT count(*) FROM n a, n b, n c, n d, n e, n f, n g WHERE a.v + b.v + c.v + d.v + e.v + f.v + g.v < 0";

    private void numbers() {
        run("CREATE TABLE n (v INT PRIMARY KEY)");
        for (int i = 0; i < 60; i++) {
            run("INSERT INTO n VALUES (?)", (long) i);
        }
    }

    @Test
    void aLongStatementEndsAtItsTimeout() {
        numbers();
        session.setStatementTimeoutMillis(50);
        SqlException e = assertThrows(SqlException.class, () -> run(ENDLESS));
        assertEquals("57014", e.sqlState());
        session.setStatementTimeoutMillis(0);
        assertEquals(List.of("[60]"), run("SELECT count(*) FROM n"));
    }

    @Test
    void aLongStatementEndsWhenItIsCancelled() throws Exception {
        numbers();
        FutureTask<String> task = new FutureTask<>(() -> {
            try {
                return run(ENDLESS).toString();
            } catch (SqlException e) {
                return e.sqlState();
            }
        });
        Thread thread = new Thread(task, "long statement");
        thread.start();
        while (!task.isDone()) {
            // A cancel before the statement began is void, so it is said until it is heard.
            session.cancel();
            Thread.onSpinWait();
        }
        assertEquals("57014", task.get());
        assertEquals(List.of("[60]"), run("SELECT count(*) FROM n"));
    }

    @Test
    void readOnlySessionsRefuseWrites() {
        run("CREATE TABLE t (id INT PRIMARY KEY)");
        session.setReadOnly(true);
        assertEquals("25006", error("INSERT INTO t VALUES (1)"));
        assertEquals("25006", error("DROP TABLE t"));
        assertEquals("25006", error("UPDATE t SET id = 1"));
        assertEquals(List.of("[0]"), run("SELECT count(*) FROM t"));
        session.setReadOnly(false);
        assertEquals(List.of("1"), run("INSERT INTO t VALUES (1)"));
    }

    @Test
    void wrongParameterCountsAndClassesAreErrors() {
        run("CREATE TABLE t (id INT PRIMARY KEY)");
        assertEquals(
                "INSERT", session.prepare("INSERT INTO t VALUES (?)").kind().name());
        SqlException few = assertThrows(SqlException.class, () -> session.prepare("INSERT INTO t VALUES (?)")
                .execute(List.of()));
        assertTrue(few.getMessage().contains("1"), few.getMessage());
        SqlException many = assertThrows(
                SqlException.class, () -> session.prepare("SELECT 1").execute(List.of(1L)));
        assertFalse(many.sqlState().isEmpty());
    }

    @Test
    void everyUseAfterCloseIs08003() {
        PreparedSql query = session.prepare("SELECT 1");
        session.close();
        session.close();
        assertTrue(session.isClosed());
        assertEquals(
                "08003",
                assertThrows(SqlException.class, () -> session.prepare("SELECT 1"))
                        .sqlState());
        assertEquals(
                "08003",
                assertThrows(SqlException.class, () -> query.execute(List.of())).sqlState());
        assertEquals("08003", assertThrows(SqlException.class, session::commit).sqlState());
        database.close();
        assertEquals(
                "08003", assertThrows(SqlException.class, database::connect).sqlState());
    }

    @Test
    void autoCommitOffOpensTransactionsByItself() {
        run("CREATE TABLE t (id INT PRIMARY KEY)");
        session.setAutoCommit(false);
        run("INSERT INTO t VALUES (1)");
        assertTrue(session.inTransaction());
        session.rollback();
        assertEquals(List.of("[0]"), run("SELECT count(*) FROM t"));
        run("INSERT INTO t VALUES (2)");
        session.setAutoCommit(true);
        assertFalse(session.inTransaction());
        assertEquals(List.of("[2]"), run("SELECT id FROM t"));
    }

    @Test
    void aDamagedDescriptorIsReportedAndNothingElse() {
        run("CREATE TABLE t (id INT PRIMARY KEY)");
        int id = session.catalog().table("public", "t").orElseThrow().id();
        WriteBatch damage = new WriteBatch().put(CatalogStore.tableKey(id), new byte[] {'{', '"'});
        store.commit(CommitRequest.of(damage, Durability.SYNC));

        SqlException e = assertThrows(SqlException.class, () -> {
            try (Database again = Database.open(store);
                    Session fresh = again.connect()) {
                fresh.catalog();
            }
        });
        assertEquals("XX001", e.sqlState());
    }

    @Test
    void aLocationNobodyKnowsIs08001() {
        SqlException e = assertThrows(SqlException.class, () -> Database.open("", Map.of("nonsense", "1")));
        assertEquals("08001", e.sqlState());
    }

    @Test
    void aFailedStatementLeavesNothingInItsTransaction() {
        run("CREATE TABLE t (id INT PRIMARY KEY, u INT UNIQUE)");
        session.setAutoCommit(false);
        run("INSERT INTO t VALUES (1, 1)");
        assertThrows(SqlException.class, () -> run("INSERT INTO t VALUES (2, 2), (3, 3), (4, 1)"));
        assertThrows(SqlException.class, () -> run("UPDATE t SET id = id / 0"));
        assertThrows(
                SqlException.class, () -> run("CREATE TABLE x (a INT, b INT, FOREIGN KEY (a) REFERENCES nowhere)"));
        session.commit();
        assertEquals(List.of("[1, 1]"), run("SELECT * FROM t"));
    }
}
