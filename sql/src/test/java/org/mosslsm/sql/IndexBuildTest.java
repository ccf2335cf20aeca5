package org.mosslsm.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.mosslsm.kv.BulkLoad;
import org.mosslsm.kv.KvIoException;
import org.mosslsm.kv.Store;
import org.mosslsm.kv.StoreProvider;
import org.mosslsm.kv.txn.Isolation;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.testkit.HookedScans;
import org.mosslsm.sql.testkit.IndexCheck;

/** Indexes of many rows are loaded past the transaction: whatever ends it, all of an index is there or nothing of it. */
@Timeout(120)
class IndexBuildTest {
    /** Rows whose index is beyond what a transaction writes itself. */
    private static final int ROWS = 60_000;

    /** Called before each entry of a bulk load, and before and after it is published. */
    private interface Hook {
        void at(String what, long n);
    }

    @TempDir
    private Path directory;

    private Store store;
    private Database database;
    private Session session;
    private Hook hook = (what, n) -> {};

    /** Called before each batch of a scan. */
    private Hook scanHook = (what, n) -> {};

    private long batches;
    private long entries;
    private long published;

    @BeforeEach
    void open() {
        store = StoreProvider.openStore(directory.resolve("db").toString(), Map.of());
        database = Database.open(hooked());
        session = database.connect();
        run("CREATE TABLE t (id BIGINT PRIMARY KEY, a INTEGER, b VARCHAR(20), u INTEGER)");
        session.setAutoCommit(false);
        List<List<Object>> rows = new ArrayList<>();
        for (long id = 0; id < ROWS; id++) {
            rows.add(Arrays.asList(id, id * 7919 % ROWS, id % 10 == 0 ? null : "b" + id % 1000, id));
        }
        BatchOutcome inserted = session.prepare("INSERT INTO t VALUES (?, ?, ?, ?)")
                .executeBatch(rows, RunOptions.PLAIN)
                .orElseThrow();
        assertEquals(ROWS, inserted.counts().length);
        session.commit();
        session.setAutoCommit(true);
    }

    @AfterEach
    void everyEntryBelongsToARow() {
        session.rollback();
        IndexCheck.check(store);
        database.close();
    }

    /** The store, with the hooks in its scans and bulk loads. */
    private Store hooked() {
        Store scanned = HookedScans.of(store, method -> {
            if (method.equals("nextBatch")) {
                scanHook.at(method, ++batches);
            }
        });
        return (Store) Proxy.newProxyInstance(
                Store.class.getClassLoader(), new Class<?>[] {Store.class}, (proxy, method, args) -> {
                    Object result = call(scanned, method, args);
                    return result instanceof BulkLoad load ? hooked(load) : result;
                });
    }

    private BulkLoad hooked(BulkLoad load) {
        return (BulkLoad) Proxy.newProxyInstance(
                BulkLoad.class.getClassLoader(), new Class<?>[] {BulkLoad.class}, (proxy, method, args) -> {
                    switch (method.getName()) {
                        case "add" -> hook.at("add", ++entries);
                        case "publish" -> hook.at("publish", published);
                        default -> {}
                    }
                    Object result = call(load, method, args);
                    if (method.getName().equals("publish")) {
                        hook.at("published", ++published);
                    }
                    return result;
                });
    }

    private static Object call(Object target, java.lang.reflect.Method method, Object[] args) throws Throwable {
        try {
            return method.invoke(target, args);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private String run(String sql) {
        return run(session, sql);
    }

    private static String run(Session session, String sql) {
        Outcome outcome = session.prepare(sql).execute(List.of());
        if (outcome.rows().isEmpty()) {
            return Long.toString(outcome.updateCount());
        }
        try (RowCursor cursor = outcome.rows().get()) {
            List<String> rows = new ArrayList<>();
            while (cursor.next()) {
                rows.add(List.of(cursor.row().toArray()).toString());
            }
            return String.join(" ", rows);
        }
    }

    private String state(String sql) {
        return assertThrows(SqlException.class, () -> run(sql)).sqlState();
    }

    @Test
    void anIndexOfManyRowsIsLoadedWithLittleMemory() {
        run("SET work_mem = '64kB'");
        run("CREATE INDEX t_a ON t (a DESC, b)");
        run("CREATE UNIQUE INDEX t_u ON t (u) INCLUDE (b)");
        run("CREATE INDEX t_b ON t (b) WHERE a > 10");
        assertEquals(3, published);
        assertEquals("", run("CHECK DATABASE"));
        assertEquals("[" + 7919L * 7919 % ROWS + "]", run("SELECT a FROM t WHERE u = 7919"));
        assertEquals("23505", state("INSERT INTO t VALUES (-1, 1, 'x', 5)"));
        run("DELETE FROM t WHERE u < 100");
        run("UPDATE t SET u = -u, b = 'other' WHERE u < 200");
        assertEquals("", run("CHECK DATABASE"));
        run("DROP INDEX t_b"); // IndexCheck knows no conditions
    }

    @Test
    void tableOfAnotherPrimaryKeyIsLoadedToo() {
        run("CREATE INDEX t_b ON t (b)");
        run("ALTER TABLE t DROP CONSTRAINT t_pkey");
        run("ALTER TABLE t ADD PRIMARY KEY (a)");
        assertTrue(published >= 4, () -> published + " loads");
        assertEquals("", run("CHECK DATABASE"));
        assertEquals("[" + ROWS + "]", run("SELECT count(*) FROM t"));
        assertEquals("23505", state("INSERT INTO t VALUES (-1, 7919, 'x', 5)"));
    }

    @Test
    void duplicatesEndTheBuildWithoutTrace() {
        run("UPDATE t SET u = 40001 WHERE id = 40000");
        SqlException e = assertThrows(SqlException.class, () -> run("CREATE UNIQUE INDEX t_u ON t (u)"));
        assertEquals("23505", e.sqlState());
        assertTrue(e.getMessage().contains("40001"), e.getMessage());
        IndexCheck.check(store);
        run("UPDATE t SET u = 40000 WHERE id = 40000");
        run("CREATE UNIQUE INDEX t_u ON t (u)");
        assertEquals("23505", state("INSERT INTO t VALUES (-1, 1, 'x', 40001)"));
    }

    @Test
    void cancelledBuildsLeaveNothing() {
        PreparedSql create = session.prepare("CREATE INDEX t_a ON t (a)");
        for (long at : new long[] {1, ROWS / 2, ROWS - 2_000}) {
            long from = entries;
            hook = (what, n) -> {
                if (n == from + at) {
                    create.cancel();
                }
            };
            SqlException e = assertThrows(SqlException.class, () -> create.execute(List.of()));
            assertEquals("57014", e.sqlState());
            assertTrue(entries - from - at <= 1_100, () -> (entries - from - at) + " entries after the cancel");
            IndexCheck.check(store);
        }
        hook = (what, n) -> {};
        create.execute(List.of());
        assertEquals("", run("CHECK DATABASE"));
    }

    @Test
    void aTableThatCannotBeReadLeavesNothing() {
        run("SET work_mem = '64kB'");
        for (int at : new int[] {1, 40}) {
            long from = batches;
            scanHook = (what, n) -> {
                if (n == from + at) {
                    assertEquals(at > 1, scratchFiles() > 0);
                    throw new KvIoException("the disk is gone", null);
                }
            };
            assertEquals("58030", state("CREATE INDEX t_a ON t (a)"));
            assertEquals(from + at, batches, "it reads no more");
            nothingIsLeft();
        }
        scanHook = (what, n) -> {};
        run("CREATE INDEX t_a ON t (a)");
        assertEquals("", run("CHECK DATABASE"));
    }

    @Test
    void aCancelBeforeTheFirstEntryLeavesNothing() {
        run("SET work_mem = '64kB'");
        PreparedSql create = session.prepare("CREATE INDEX t_a ON t (a)");
        for (int at : new int[] {1, 40}) {
            long from = batches;
            scanHook = (what, n) -> {
                if (n == from + at) {
                    assertEquals(at > 1, scratchFiles() > 0);
                    create.cancel();
                }
            };
            SqlException e = assertThrows(SqlException.class, () -> create.execute(List.of()));
            assertEquals("57014", e.sqlState());
            assertTrue(batches - from - at <= 1, () -> (batches - from - at) + " batches after the cancel");
            assertEquals(0, entries);
            nothingIsLeft();
        }
    }

    private void nothingIsLeft() {
        scanHook = (what, n) -> {};
        assertEquals(0, scratchFiles());
        IndexCheck.check(store);
    }

    private long scratchFiles() {
        Path folder = directory.resolve("db").resolve("tmp");
        if (!Files.isDirectory(folder)) { // none was ever needed
            return 0;
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aDiskThatFailsLeavesNothing() {
        for (String when : List.of("add", "publish", "published")) {
            hook = (what, n) -> {
                if (what.equals(when)) {
                    throw new KvIoException("the disk is gone", null);
                }
            };
            assertEquals("58030", state("CREATE INDEX t_a ON t (a)"), when);
            IndexCheck.check(store);
        }
        hook = (what, n) -> {};
        run("CREATE INDEX t_a ON t (a)");
    }

    @Test
    void whatIsRolledBackIsRemoved() {
        session.setAutoCommit(false);
        run("CREATE INDEX t_a ON t (a)");
        assertEquals("[7919]", run("SELECT a FROM t WHERE a = 7919"));
        session.rollback();
        IndexCheck.check(store);

        run("INSERT INTO t VALUES (-1, -1, 'mine', -1)");
        session.setSavepoint("s");
        run("CREATE INDEX t_a ON t (a)");
        assertEquals("[mine]", run("SELECT b FROM t WHERE a = -1"));
        session.rollbackTo("s");
        run("CREATE INDEX t_u ON t (u)");
        run("UPDATE t SET u = -2 WHERE u = -1");
        session.commit();
        assertEquals(3, published);
        assertEquals("[mine]", run("SELECT b FROM t WHERE u = -2"));
        session.rollback();
        session.setAutoCommit(true);
        assertEquals("", run("CHECK DATABASE"));
        IndexCheck.check(store);
    }

    @Test
    void droppedInTheSameTransactionItIsGone() {
        session.setAutoCommit(false);
        run("CREATE INDEX t_a ON t (a)");
        run("DROP INDEX t_a");
        session.commit();
        session.setAutoCommit(true);
        assertEquals(1, published);
        IndexCheck.check(store);
    }

    @Test
    void underASnapshotTheIndexShowsTheSnapshotsRows() {
        session.setIsolation(Isolation.REPEATABLE_READ);
        session.setAutoCommit(false);
        assertEquals("[" + ROWS + "]", run("SELECT count(*) FROM t"));
        run("CREATE INDEX t_a ON t (a)");
        assertEquals("[7919]", run("SELECT a FROM t WHERE a = 7919"));
        assertEquals(0, published);
        session.commit();
        session.setAutoCommit(true);
        session.setIsolation(Isolation.READ_COMMITTED);
        assertEquals("", run("CHECK DATABASE"));
    }

    /** A checkpoint is what a crash would find, were everything synced. */
    @Test
    void crashesLeaveNothingThatTheNextOpenDoesNotRemove() {
        List<Path> crashes = new ArrayList<>();
        hook = (what, n) -> {
            if (!what.equals("add") || n == 1 || n == ROWS / 2) {
                Path crash = directory.resolve("crash" + crashes.size());
                crashes.add(crash);
                store.checkpoint(crash.toString());
            }
        };
        run("CREATE UNIQUE INDEX t_u ON t (u)");
        assertEquals(4, crashes.size());
        for (Path crash : crashes) {
            try (Store found = StoreProvider.openStore(crash.toString(), Map.of());
                    Database after = Database.open(found)) {
                IndexCheck.check(found);
                Session other = after.connect();
                run(other, "CREATE UNIQUE INDEX t_u ON t (u)");
                assertEquals("", run(other, "CHECK DATABASE"));
                IndexCheck.check(found);
                other.close();
            }
        }
    }
}
