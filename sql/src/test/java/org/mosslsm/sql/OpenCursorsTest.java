package org.mosslsm.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mosslsm.kv.Store;
import org.mosslsm.kv.StoreProvider;
import org.mosslsm.sql.error.SqlException;

/** A query that is still read while its transaction goes on sees the data as it was when it began. */
class OpenCursorsTest {
    private static final int ROWS = 1000;

    private Database database;
    private Session session;

    @BeforeEach
    void fill() {
        database = Database.open("mem:open-cursors-" + System.nanoTime(), Map.of());
        session = database.connect();
        run("CREATE TABLE t (id INTEGER PRIMARY KEY, state VARCHAR(10), n INTEGER)");
        run("CREATE INDEX t_state ON t (state)");
        run("CREATE TABLE u (id INTEGER PRIMARY KEY, n INTEGER)");
        session.setAutoCommit(false);
        PreparedSql insert = session.prepare("INSERT INTO t VALUES (?, 'new', 0)");
        PreparedSql other = session.prepare("INSERT INTO u VALUES (?, 0)");
        for (long i = 0; i < ROWS; i++) {
            insert.execute(List.of(i));
            other.execute(List.of(i));
        }
        session.commit();
    }

    @AfterEach
    void close() {
        session.close();
        database.close();
    }

    private Outcome run(String sql, Object... parameters) {
        return session.prepare(sql).execute(List.of(parameters));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT id, n FROM t WHERE state = 'new'",
                "SELECT id, n FROM t",
                "SELECT id, n FROM t ORDER BY n, id",
                "SELECT t.id, u.n FROM t JOIN u ON u.id = t.id",
                "SELECT id, (SELECT MAX(n) FROM u WHERE u.id = t.id) FROM t",
                "SELECT id, n FROM t WHERE id IN (SELECT id FROM u WHERE n = 0)",
                "SELECT id, n FROM t WHERE n = 0 LIMIT 1000",
                "SELECT id, MAX(n) FROM t GROUP BY id",
                "SELECT id, n FROM t WHERE id < 500 UNION ALL SELECT id, n FROM u WHERE id >= 500",
            })
    void rowsThatAreReadLateAreThoseOfTheStart(String sql) throws Exception {
        List<Long> ids = new ArrayList<>();
        PreparedSql update = session.prepare("UPDATE t SET state = 'done', n = n + 1 WHERE id = ?");
        PreparedSql delete = session.prepare("DELETE FROM u WHERE id = ?");
        try (RowCursor rows = run(sql).rows().orElseThrow()) {
            while (rows.next()) {
                long id = rows.row().getLong(0);
                assertEquals(0L, rows.row().get(1), "row " + id + " is as it was");
                ids.add(id);
                // Changes rows that the query has yet to deliver.
                update.execute(List.of(ROWS - 1 - id));
                delete.execute(List.of(ROWS - 1 - id));
                assertEquals(id, rows.row().getLong(0), "the current row stays");
            }
        }
        assertEquals(ROWS, ids.size());
        assertEquals(ROWS, ids.stream().distinct().count());
        session.rollback();
    }

    @Test
    void commitsOfOthersStayUnseen() throws Exception {
        try (RowCursor rows =
                        run("SELECT id, n FROM t WHERE state = 'new'").rows().orElseThrow();
                Session other = database.connect()) {
            assertTrue(rows.next());
            other.prepare("UPDATE t SET n = 7, state = 'x'").execute(List.of());
            run("SELECT 1").rows().orElseThrow().close();
            int count = 1;
            while (rows.next()) {
                assertEquals(0L, rows.row().get(1));
                count++;
            }
            assertEquals(ROWS, count);
        }
    }

    @Test
    void errorsWaitForTheirRow() throws Exception {
        run("UPDATE u SET n = 1 WHERE id = 900");
        session.commit();
        try (RowCursor rows = run("SELECT 1 / (1 - (SELECT n FROM u WHERE u.id = t.id)) FROM t ORDER BY id")
                .rows()
                .orElseThrow()) {
            assertTrue(rows.next());
            run("SELECT 1").rows().orElseThrow().close();
            for (int i = 1; i < 900; i++) {
                assertTrue(rows.next());
            }
            assertEquals("22012", assertThrows(SqlException.class, rows::next).sqlState());
            assertFalse(rows.next());
        }
    }

    @Test
    void theRowAtHandStaysWhileTheOthersAreRead() throws Exception {
        List<Long> seen = new ArrayList<>();
        try (RowCursor rows =
                run("SELECT id, n FROM t WHERE state = 'new'").rows().orElseThrow()) {
            assertTrue(rows.next());
            long first = rows.row().getLong(0);
            // asked all the time, also between the rows that are read for the statement's sake
            RunOptions looking = new RunOptions(0, List.of(), () -> {
                seen.add(rows.row().getLong(0));
                return false;
            });
            session.prepare("UPDATE t SET n = 1").execute(List.of(), looking);

            assertTrue(seen.size() >= ROWS, "looked " + seen.size() + " times");
            assertEquals(List.of(first), seen.stream().distinct().toList());
        }
        session.rollback();
    }

    @ParameterizedTest
    @ValueSource(strings = {"SELECT id, n FROM t", "SELECT id, n FROM t WHERE state = 'new'"})
    void theRowAtHandEndsWithTheTransaction(String sql) throws Exception {
        try (RowCursor rows = run(sql).rows().orElseThrow()) {
            assertTrue(rows.next());
            assertEquals(2, rows.row().size());
            session.commit();

            assertEquals("24000", assertThrows(SqlException.class, rows::row).sqlState());
        }
    }

    /** A store that counts the scratch files it makes. */
    private static Store counting(Store store, AtomicInteger made) {
        return (Store) Proxy.newProxyInstance(
                OpenCursorsTest.class.getClassLoader(), new Class<?>[] {Store.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("scratchFile")) {
                        made.incrementAndGet();
                    }
                    try {
                        return method.invoke(store, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    @Test
    void rowsThatMustBeReadAtOnceGoToAFileWhereTheyAreMany() throws Exception {
        AtomicInteger made = new AtomicInteger();
        Store store = counting(StoreProvider.openStore("mem:open-cursors-" + System.nanoTime(), Map.of()), made);
        try (Database small = Database.open(store, 1 << 20);
                Session own = small.connect()) {
            own.prepare("CREATE TABLE w (id INTEGER PRIMARY KEY, s TEXT)").execute(List.of());
            own.prepare("INSERT INTO w SELECT g, repeat('x', 200) FROM generate_series(1, 1000) AS v (g)")
                    .execute(List.of());
            own.prepare("SET work_mem = '64kB'").execute(List.of());
            own.setAutoCommit(false);
            try (RowCursor rows = own.prepare("SELECT id, (SELECT MAX(s) FROM w AS o WHERE o.id = w.id) FROM w")
                    .execute(List.of())
                    .rows()
                    .orElseThrow()) {
                assertTrue(rows.next());
                assertEquals(0, made.get());
                own.prepare("UPDATE w SET s = 'y'").execute(List.of());
                assertTrue(made.get() > 0, "the rest of the rows is in a file");
                int count = 1;
                while (rows.next()) {
                    count++;
                    assertEquals((long) count, rows.row().getLong(0));
                    assertEquals(200, ((String) rows.row().get(1)).length());
                }
                assertEquals(1000, count);
            }
            own.rollback();
        }
    }
}
