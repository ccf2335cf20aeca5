package org.mosslsm.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.mosslsm.sql.error.SqlException;

/** What counts as a statement's time, and whom a cancel reaches. */
class StatementWatchTest {
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000_000);
    private final AtomicInteger cancels = new AtomicInteger();

    private void pass(long millis) {
        nanos.addAndGet(millis * 1_000_000);
    }

    private static void isOver(StatementWatch watch) {
        assertEquals("57014", assertThrows(SqlException.class, watch::check).sqlState());
    }

    @Test
    void onlyTheTimeItRunsCounts() {
        StatementWatch watch = new StatementWatch(100, cancels, () -> false, nanos::get);
        pass(60);
        watch.check();
        watch.pause();
        pass(10_000);
        watch.resume();
        pass(39);
        watch.check();
        assertEquals(2, watch.lockTimeoutMillis(5_000));
        pass(1);
        isOver(watch);
    }

    @Test
    void withoutLimitNoTimeIsTooLong() {
        StatementWatch watch = new StatementWatch(0, cancels, () -> false, nanos::get);
        watch.pause();
        watch.resume();
        pass(1L << 40);
        watch.check();
        assertEquals(5_000, watch.lockTimeoutMillis(5_000));
    }

    @Test
    void aCancelOfTheSessionReachesAllThatHaveBegun() {
        StatementWatch first = new StatementWatch(0, cancels, () -> false);
        StatementWatch second = new StatementWatch(0, cancels, () -> false);
        second.cancel();
        first.check();
        isOver(second);
        cancels.incrementAndGet();
        isOver(first);
        new StatementWatch(0, cancels, () -> false).check();
    }

    @Test
    void aTimeoutOfAnyLengthLetsTheStatementRun() {
        StatementWatch watch = new StatementWatch(9_999_999_999_999L, cancels, () -> false, nanos::get);
        watch.check();
        pass(3_600_000);
        watch.check();
        assertEquals(5_000, watch.lockTimeoutMillis(5_000));
    }
}
