package org.mosslsm.kv.txn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.concurrent.Future;
import java.util.function.IntToLongFunction;
import org.junit.jupiter.api.Test;
import org.mosslsm.kv.KeyRange;
import org.mosslsm.kv.txn.TransactionException.Kind;

/** Locks of ranges, and of many keys that became one of a range. */
class RangeLockTest extends LockTableFixture {
    @Test
    void manyKeysAreLockedAsARange() throws Exception {
        KeyRange range = KeyRange.of(key("k"), key("l"));
        lock(a, "k1");
        lock(a, "k2");
        lock(a, "x");
        lock(b, "k3");
        assertFalse(table.tryEscalate(a, range), "b holds a key of it");
        assertTrue(table.tryLockKey(b, key("k4"), true));
        table.releaseAll(b);
        Future<?> waiter = start(() -> {
            lock(c, "k1");
            table.releaseAll(c);
        });
        awaitWaiting(c);
        assertTrue(table.tryEscalate(a, range));
        assertEquals(2, table.size(), "x, and k1 for its waiter");
        lock(a, "k1");
        lock(a, "k9");
        assertTrue(table.isHeldAlone(a, key("k9")));
        assertEquals(2, table.size());
        assertFalse(table.tryLockKey(b, key("k2"), true));
        assertFalse(table.tryLockKey(b, key("k8"), false));
        assertFalse(table.tryLockKey(b, key("x"), true));
        assertTrue(table.tryLockKey(b, key("l"), true));
        assertFalse(waiter.isDone());
        table.releaseAll(a);
        waiter.get();
        table.releaseAll(b);
        assertEquals(0, table.size());
    }

    @Test
    void aCycleThroughAnEscalatedLockIsADeadlock() throws Exception {
        lock(a, "k1");
        assertTrue(table.tryEscalate(a, KeyRange.of(key("k"), key("l"))));
        lock(b, "x");
        Future<?> waiter = start(() -> lock(b, "k7"));
        awaitWaiting(b);
        TransactionException e = assertThrows(TransactionException.class, () -> lock(a, "x"));
        assertEquals(Kind.DEADLOCK, e.kind());
        table.releaseAll(a);
        waiter.get();
        table.releaseAll(b);
        assertEquals(0, table.size());
    }

    @Test
    void rangeLockWaitsForHoldersInItAndKeepsOthersOut() throws Exception {
        lock(a, "b");
        lock(b, "x");
        Future<?> ranger = start(() -> table.lockRange(c, range("a", "d"), LONG));
        awaitWaiting(c);
        assertFalse(table.tryLockKey(b, key("c"), true), "the range is asked for");
        assertTrue(table.tryLockKey(b, key("d"), true), "the range ends before");
        assertTrue(table.tryLockKey(a, key("c"), true), "the range waits for this owner anyway");
        table.releaseAll(a);
        ranger.get();
        assertFalse(table.tryLockKey(b, key("a"), false));
        assertTrue(table.tryLockKey(c, key("a"), true));
        Future<?> outsider = start(() -> lock(b, "c"));
        awaitWaiting(b);
        table.releaseAll(c);
        outsider.get();
        table.releaseAll(b);
        assertEquals(0, table.size());
    }

    @Test
    void rangeLocksThatOverlapWaitForEachOther() throws Exception {
        table.lockRange(a, range("a", "d"), LONG);
        table.lockRange(a, range("b", "c"), LONG);
        table.lockRange(b, range("d", "f"), LONG);
        Future<?> overlapping = start(() -> table.lockRange(c, range("c", "e"), LONG));
        awaitWaiting(c);
        table.releaseAll(a);
        assertFalse(overlapping.isDone());
        table.releaseAll(b);
        overlapping.get();
        table.releaseAll(c);
        assertTrue(table.tryLockKey(a, key("c"), true));
    }

    @Test
    void deadlockOverARangeIsFound() throws Exception {
        lock(a, "b");
        lock(b, "x");
        Future<?> ranger = start(() -> table.lockRange(b, range("a", "d"), LONG));
        awaitWaiting(b);
        assertKind(Kind.DEADLOCK, () -> lock(a, "x"));
        table.releaseAll(a);
        ranger.get();
    }

    @Test
    void rangeLockThatWouldDeadlockIsTakenBack() throws Exception {
        lock(a, "b");
        lock(b, "x");
        Future<?> waiter = start(() -> lock(a, "x"));
        awaitWaiting(a);
        assertKind(Kind.DEADLOCK, () -> table.lockRange(b, range("a", "d"), LONG));
        assertTrue(table.tryLockKey(c, key("c"), true), "the range is free again");
        table.releaseAll(b);
        waiter.get();
    }

    @Test
    void rangeLockThatGivesUpFreesItsRange() throws Exception {
        lock(a, "b");
        assertKind(Kind.LOCK_TIMEOUT, () -> table.lockRange(b, range("a", "d"), 0));
        assertKind(Kind.LOCK_TIMEOUT, () -> table.lockRange(b, range("a", "d"), 1_000_000));
        Future<?> cancelled = start(() -> assertKind(Kind.CANCELLED, () -> table.lockRange(b, range("a", "d"), LONG)));
        awaitWaiting(b);
        Future<?> kept = start(() -> lock(c, "c"));
        awaitWaiting(c);
        b.cancel();
        cancelled.get();
        kept.get();
        table.releaseAll(a);
        table.releaseAll(c);
        assertEquals(0, table.size());
    }

    @Test
    void queuedOwnerThatARangeWaitsForStillGetsItsKey() throws Exception {
        lock(a, "1");
        lock(b, "2");
        Future<?> queued = start(() -> {
            lock(a, "2");
            table.releaseAll(a);
        });
        awaitWaiting(a);
        Future<?> ranger = start(() -> table.lockRange(c, range("0", "9"), LONG));
        awaitWaiting(c);
        table.releaseAll(b);
        queued.get();
        ranger.get();
        table.releaseAll(c);
        assertEquals(0, table.size());
    }

    /** Eight times as many take some ten times as long; where each looks at all of them they took 64 times as long. */
    @Test
    void manyRangesAreLockedInTimeThatGrowsWithTheirNumber() {
        assertGrowsByNoMoreThan(24, this::lockRanges);
    }

    /** Eight times as many take so many times the processor's time at most; one of five tries that shows it is enough. */
    private static void assertGrowsByNoMoreThan(double most, IntToLongFunction nanosFor) {
        assertTrue(nanosFor.applyAsLong(5_000) >= 0); // to warm up
        double growth = Double.MAX_VALUE;
        for (int i = 0; i < 5 && growth > most; i++) {
            long few = nanosFor.applyAsLong(5_000);
            growth = Math.min(growth, (double) nanosFor.applyAsLong(40_000) / few);
        }
        assertTrue(growth <= most, growth + " times as long");
    }

    /** Two owners lock so many ranges in turn and let go of them; returns the processor's time for that. */
    private long lockRanges(int many) {
        long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        for (int i = 0; i < many; i++) {
            table.lockRange(a, KeyRange.of(number(4 * i), number(4 * i + 1)), 0);
            table.lockRange(b, KeyRange.of(number(4 * i + 2), number(4 * i + 3)), 0);
        }
        assertTrue(table.isHeldAlone(a, number(4 * (many / 2))));
        assertFalse(table.tryLockKey(b, number(4 * (many / 2)), true));
        assertTrue(table.tryLockKey(c, number(4 * (many / 2) + 1), true));
        KeyRange all = KeyRange.from(number(0));
        assertKind(Kind.LOCK_TIMEOUT, () -> table.lockRange(a, all, 0));
        assertTrue(table.isHeldAlone(a, number(4 * (many - 1))), "what it had it keeps");
        table.releaseAll(b);
        table.releaseAll(c);
        table.lockRange(a, all, 0);
        assertFalse(table.tryLockKey(b, number(2), true));
        table.releaseAll(a);
        assertTrue(table.tryLockKey(b, number(0), true));
        table.releaseAll(b);
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - start;
    }

    /** As above: where each range looks at all keys that are locked eight times as many took 64 times as long. */
    @Test
    void rangesBesideManyKeysAreLockedInTimeThatGrowsWithTheirNumber() {
        assertGrowsByNoMoreThan(24, this::lockRangesBesideKeys);
    }

    /** One owner locks so many keys, and another so many ranges between them; returns the processor's time for that. */
    private long lockRangesBesideKeys(int many) {
        long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        for (int i = 0; i < many; i++) {
            table.lockKey(a, number(4 * i), true, 0);
        }
        for (int i = 0; i < many; i++) {
            table.lockRange(b, KeyRange.of(number(4 * i + 1), number(4 * i + 3)), 0);
        }
        int middle = 4 * (many / 2);
        assertFalse(table.tryLockKey(c, number(middle + 2), true));
        assertTrue(table.tryLockKey(c, number(middle + 3), true));
        assertKind(Kind.LOCK_TIMEOUT, () -> table.lockRange(b, KeyRange.from(number(middle + 3)), 0));
        table.releaseAll(a);
        KeyRange untilThere = KeyRange.of(number(0), number(middle + 3));
        table.lockRange(b, untilThere, 0);
        assertKind(Kind.LOCK_TIMEOUT, () -> table.lockRange(b, KeyRange.from(number(middle + 3)), 0));
        table.releaseAll(c);
        table.lockRange(b, KeyRange.from(number(middle + 3)), 0);
        table.releaseAll(b);
        assertEquals(0, table.size());
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - start;
    }

    private static byte[] number(int i) {
        return ByteBuffer.allocate(Integer.BYTES).putInt(i).array();
    }
}
