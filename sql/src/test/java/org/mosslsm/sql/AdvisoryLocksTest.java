package org.mosslsm.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.mosslsm.sql.AdvisoryLocks.Owner;
import org.mosslsm.sql.AdvisoryLocks.Scope;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.expr.SessionLocks.LockId;

/** Waiting for advisory locks: who gets them when, and what ends a wait. */
@Timeout(60)
class AdvisoryLocksTest {
    private static final LockId ONE = new LockId(false, 1);
    private static final LockId TWO = new LockId(false, 2);
    private static final long LONG = TimeUnit.MINUTES.toMillis(10);

    private final AdvisoryLocks locks = new AdvisoryLocks();
    private final Scope a = new Scope(new Owner());
    private final Scope b = new Scope(new Owner());
    private final Scope c = new Scope(new Owner());

    /** What a thread of its own does, which is waiting when this returns. */
    private static FutureTask<Boolean> waits(Runnable work) {
        FutureTask<Boolean> task = new FutureTask<>(work, true);
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        thread.start();
        while (thread.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        return task;
    }

    private FutureTask<Boolean> takes(Scope scope, LockId key, boolean shared) {
        return waits(() -> locks.take(scope, key, shared, LONG, () -> {}));
    }

    private static String state(FutureTask<Boolean> task) {
        Throwable failure = assertThrows(ExecutionException.class, task::get).getCause();
        return ((SqlException) failure).sqlState();
    }

    @Test
    void whoWaitsGetsItWhenItIsFree() throws Exception {
        locks.take(a, ONE, false, 0, () -> {});
        FutureTask<Boolean> waiting = takes(b, ONE, false);
        assertFalse(waiting.isDone());
        assertTrue(locks.release(a, ONE, false));
        assertTrue(waiting.get());
        assertFalse(locks.tryTake(a, ONE, true), "b holds it now");
    }

    @Test
    void nobodyPassesWhoWaitsButWhoHoldsIt() throws Exception {
        Owner session = new Owner();
        Scope holder = new Scope(session);
        Scope sameSession = new Scope(session);
        locks.take(holder, ONE, true, 0, () -> {});
        FutureTask<Boolean> waiting = takes(b, ONE, false);
        assertFalse(locks.tryTake(c, ONE, true), "behind b");
        assertTrue(locks.tryTake(sameSession, ONE, true));
        FutureTask<Boolean> last = takes(c, ONE, true);
        locks.releaseAll(holder);
        assertFalse(waiting.isDone(), "the session still holds it");
        locks.releaseAll(sameSession);
        assertTrue(waiting.get());
        assertFalse(last.isDone());
        locks.releaseAll(b);
        assertTrue(last.get());
    }

    @Test
    void aCircleIsRefusedAndTheOtherGoesOn() throws Exception {
        locks.take(a, ONE, false, 0, () -> {});
        locks.take(b, TWO, false, 0, () -> {});
        FutureTask<Boolean> waiting = takes(b, ONE, false);
        SqlException refused = assertThrows(SqlException.class, () -> locks.take(a, TWO, true, LONG, () -> {}));
        assertEquals("40001", refused.sqlState());
        locks.releaseAll(a);
        assertTrue(waiting.get());
    }

    @Test
    void aWaitIsGivenUpWhenItIsOver() {
        AtomicBoolean cancelled = new AtomicBoolean();
        locks.take(a, ONE, false, 0, () -> {});
        FutureTask<Boolean> waiting = waits(() -> locks.take(b, ONE, false, LONG, () -> {
            if (cancelled.get()) {
                throw SqlException.canceled("cancelled");
            }
        }));
        cancelled.set(true);
        locks.wake();
        assertEquals("57014", state(waiting));
        assertTrue(locks.release(a, ONE, false));
        assertTrue(locks.tryTake(c, ONE, false), "nobody stands in the queue any more");
    }

    @Test
    void aSessionThatEndsLetsGoOfThem() throws Exception {
        try (Database database = Database.open("mem:advisory-ends", Map.of());
                Session other = database.connect()) {
            Session one = database.connect();
            run(one, "SELECT pg_advisory_lock(5)");
            run(other, "SET lock_timeout = '10min'");
            FutureTask<Boolean> waiting = waits(() -> run(other, "SELECT pg_advisory_lock(5)"));
            one.close();
            assertTrue(waiting.get());
        }
    }

    @Test
    void aStatementThatWaitsIsCancelled() {
        try (Database database = Database.open("mem:advisory-cancelled", Map.of());
                Session one = database.connect();
                Session other = database.connect()) {
            run(one, "SELECT pg_advisory_lock(5)");
            run(other, "SET lock_timeout = '10min'");
            FutureTask<Boolean> waiting = waits(() -> run(other, "SELECT pg_advisory_lock(5)"));
            other.cancel();
            assertEquals("57014", state(waiting));
            run(other, "SET statement_timeout = 20");
            SqlException late = assertThrows(SqlException.class, () -> run(other, "SELECT pg_advisory_lock(5)"));
            assertEquals("57014", late.sqlState());
        }
    }

    private static void run(Session session, String sql) {
        session.prepare(sql).execute(List.of()).rows().ifPresent(RowCursor::close);
    }
}
