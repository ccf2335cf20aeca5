package org.mosslsm.sql;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.mosslsm.kv.Store;
import org.mosslsm.kv.StoreProvider;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.testkit.IndexCheck;

/** Two sessions of one database, and what it takes to let one wait for the other. Indexes are checked after each test. */
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class MeetingSessions {
    final Store store = StoreProvider.openStore("mem:", Map.of());
    final Database database = Database.open(store);
    final Session a = database.connect();
    final Session b = database.connect();

    @AfterEach
    void indexesFitTheirTables() {
        a.rollback();
        b.rollback();
        IndexCheck.check(store);
        database.close();
    }

    static String run(Session session, String sql) {
        Outcome outcome = session.prepare(sql).execute(List.of());
        if (outcome.rows().isEmpty()) {
            return Long.toString(outcome.updateCount());
        }
        List<String> rows = new ArrayList<>();
        try (RowCursor cursor = outcome.rows().get()) {
            while (cursor.next()) {
                rows.add(String.join(
                        ",",
                        java.util.Arrays.stream(cursor.row().toArray())
                                .map(String::valueOf)
                                .toList()));
            }
        }
        return String.join(" ", rows);
    }

    void setUp(String... statements) {
        for (String s : statements) {
            run(a, s);
        }
    }

    /** Runs a statement in a thread of its own, and returns when it waits for a lock. */
    static FutureTask<String> waiting(Session session, String sql) {
        FutureTask<String> task = new FutureTask<>(() -> run(session, sql));
        Thread thread = new Thread(task, "waiting for a lock");
        thread.setDaemon(true);
        thread.start();
        while (!waitsForLock(thread)) {
            assertTrue(!task.isDone(), () -> sql + " did not wait");
            Thread.onSpinWait();
        }
        return task;
    }

    /** A thread also waits for other things, for a class to be loaded or a file to be synced: where it waits tells. */
    private static boolean waitsForLock(Thread thread) {
        Thread.State state = thread.getState();
        return (state == Thread.State.TIMED_WAITING || state == Thread.State.WAITING)
                && java.util.Arrays.stream(thread.getStackTrace())
                        .anyMatch(frame -> frame.getClassName().equals("org.mosslsm.kv.txn.LockTable"));
    }

    static String result(FutureTask<String> task) throws Exception {
        try {
            return task.get(30, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            return "error " + ((SqlException) e.getCause()).sqlState();
        }
    }

    static String state(Session session, String sql) {
        return assertThrows(SqlException.class, () -> run(session, sql)).sqlState();
    }
}
