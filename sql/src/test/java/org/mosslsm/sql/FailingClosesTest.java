package org.mosslsm.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.mosslsm.kv.KvIoException;
import org.mosslsm.kv.Snapshot;
import org.mosslsm.kv.Store;
import org.mosslsm.kv.Store.ScratchFile;
import org.mosslsm.kv.memory.MemoryStore;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;

/** A statement whose scratch files cannot be deleted lets go of every other file and snapshot all the same. */
class FailingClosesTest {
    /** Some twenty times what 64 kB hold. */
    private static final int ROWS = 6_000;

    private final Set<Object> open = new HashSet<>();
    private boolean failing;
    private int failed;
    private final Database database = Database.open(watched(Store.class, new MemoryStore()));
    private final Session session = database.connect();

    @AfterEach
    void close() {
        failing = false;
        session.close();
        database.close();
    }

    /** The same, whose files and snapshots are {@link #open} until they are closed; then files fail. */
    private <T> T watched(Class<T> type, T target) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    Object result = call(target, method, arguments);
                    if (method.getName().equals("close") && open.remove(target) && target instanceof ScratchFile) {
                        fail();
                    }
                    if (result instanceof ScratchFile file) {
                        open.add(file);
                        return watched(ScratchFile.class, file);
                    }
                    if (result instanceof Snapshot snapshot) {
                        open.add(snapshot);
                        return watched(Snapshot.class, snapshot);
                    }
                    return result;
                }));
    }

    private void fail() {
        if (failing) {
            failed++;
            throw new KvIoException("cannot delete a scratch file", new IOException("no"));
        }
    }

    private static Object call(Object target, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private void run(String sql) {
        Outcome outcome = session.prepare(sql.replace(":n", "" + ROWS)).execute(List.of());
        outcome.rows().ifPresent(RowCursor::close);
    }

    /** The statement fails as its files do, and nothing stays open. */
    private void leavesNothing(String sql) {
        run("SET work_mem = '64kB'");
        Set<Object> before = Set.copyOf(open);
        failing = true;
        SqlException failure = assertThrows(SqlException.class, () -> run(sql));
        failing = false;
        assertEquals(SqlState.IO_ERROR, failure.sqlState(), failure.getMessage());
        assertTrue(failed > 1, failed + " files failed: not more than one");
        assertEquals(before, open);
    }

    @Test
    void keysThatWaitForTheEndOfSeveralChanges() {
        for (String t : List.of("a", "b")) {
            run("CREATE TABLE p" + t + " (id INT PRIMARY KEY)");
            run("CREATE TABLE c" + t + " (id INT REFERENCES p" + t + ")");
            run("INSERT INTO p" + t + " SELECT g FROM generate_series(1, :n) AS g");
        }
        leavesNothing("WITH a AS (DELETE FROM pa) DELETE FROM pb");
    }

    @Test
    void whatSeveralChangesChangedAndRead() {
        run("CREATE TABLE t (id INT PRIMARY KEY, n INT)");
        run("INSERT INTO t SELECT g, 0 FROM generate_series(1, :n) AS g");
        leavesNothing("WITH a AS (UPDATE t SET n = 1 WHERE id % 2 = 0), b AS (UPDATE t SET n = 2 WHERE id % 2 = 1"
                + " RETURNING id) SELECT count(*) FROM b");
    }
}
