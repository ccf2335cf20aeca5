package org.mosslsm.kv.txn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.mosslsm.kv.KeyRange;
import org.mosslsm.kv.txn.TransactionException.Kind;

/** Owners in threads of their own; a test goes on when it sees that an owner waits, so nothing depends on timing. */
@Timeout(60)
class LockTableTest {
    private static final long LONG = TimeUnit.SECONDS.toNanos(50);

    private final LockTable table = new LockTable();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final LockOwner a = new LockOwner();
    private final LockOwner b = new LockOwner();
    private final LockOwner c = new LockOwner();

    @AfterEach
    void stopThreads() {
        threads.shutdownNow();
    }

    @Test
    void lockIsFreeAgainAfterTheOwnerEnds() {
        lock(a, "k");
        lock(a, "k");
        assertFalse(table.tryLockKey(b, key("k"), true));
        assertTrue(table.tryLockKey(b, key("other"), true));
        table.releaseAll(a);
        assertTrue(table.tryLockKey(b, key("k"), true));
        table.releaseAll(b);
        assertEquals(0, table.size());
    }

    /** A list without memory to grow. */
    private static final class FullList extends ArrayList<LockEntry> {
        private static final long serialVersionUID = 1L;
        private final int room;

        FullList(int room) {
            this.room = room;
        }

        @Override
        public void ensureCapacity(int wanted) {
            if (wanted > room) {
                throw new OutOfMemoryError("no room for " + wanted);
            }
            super.ensureCapacity(wanted);
        }

        @Override
        public boolean add(LockEntry entry) {
            ensureCapacity(size() + 1);
            return super.add(entry);
        }
    }

    @Test
    void aLockThatCannotBeNotedIsNotHeld() {
        for (boolean exclusive : new boolean[] {false, true}) {
            LockOwner full = new LockOwner(new FullList(1));
            assertTrue(table.tryLockKey(full, key("first"), exclusive));
            assertThrows(OutOfMemoryError.class, () -> table.tryLockKey(full, key("free"), exclusive));
            assertTrue(table.tryLockKey(b, key("shared"), false));
            assertThrows(OutOfMemoryError.class, () -> table.tryLockKey(full, key("shared"), false));
            table.releaseAll(b);
            assertTrue(table.tryLockKey(c, key("free"), true));
            assertTrue(table.tryLockKey(c, key("shared"), true));
            lock(b, "waited for");
            assertThrows(OutOfMemoryError.class, () -> table.lockKey(full, key("waited for"), true, LONG));
            table.releaseAll(b);
            assertTrue(table.tryLockKey(c, key("waited for"), true));
            assertFalse(table.tryLockKey(c, key("first"), true), "that one is held, and let go of at the end");
            table.releaseAll(full);
            table.releaseAll(c);
            assertEquals(0, table.size());
        }
    }

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
    void waitersGetTheLockInTheOrderTheyCame() throws Exception {
        lock(a, "k");
        List<String> order = Collections.synchronizedList(new ArrayList<>());
        Future<?> second = start(() -> {
            lock(b, "k");
            order.add("b");
            table.releaseAll(b);
        });
        awaitWaiting(b);
        Future<?> third = start(() -> {
            lock(c, "k");
            order.add("c");
            table.releaseAll(c);
        });
        awaitWaiting(c);
        table.releaseAll(a);
        second.get();
        third.get();
        assertEquals(List.of("b", "c"), order);
        assertEquals(0, table.size());
    }

    @Test
    void sharersDoNotWaitForEachOtherButAWriterWaitsForAll() throws Exception {
        assertTrue(table.tryLockKey(a, key("k"), false));
        assertTrue(table.tryLockKey(b, key("k"), false));
        Future<?> writer = start(() -> lock(c, "k"));
        awaitWaiting(c);
        assertFalse(table.tryLockKey(new LockOwner(), key("k"), false), "a sharer must not pass a waiting writer");
        table.releaseAll(a);
        assertFalse(writer.isDone());
        table.releaseAll(b);
        writer.get();
        assertFalse(table.tryLockKey(a, key("k"), false));
    }

    @Test
    void sharersGoOnTogetherAfterAWriter() throws Exception {
        lock(a, "k");
        Future<?> first = start(() -> table.lockKey(b, key("k"), false, LONG));
        awaitWaiting(b);
        Future<?> second = start(() -> table.lockKey(c, key("k"), false, LONG));
        awaitWaiting(c);
        table.releaseAll(a);
        first.get();
        second.get();
    }

    @Test
    void aSharerThatWantsToWriteGoesFirst() throws Exception {
        table.lockKey(a, key("k"), false, LONG);
        table.lockKey(b, key("k"), false, LONG);
        Future<?> outsider = start(() -> lock(c, "k"));
        awaitWaiting(c);
        Future<?> upgrade = start(() -> lock(a, "k"));
        awaitWaiting(a);
        table.releaseAll(b);
        upgrade.get();
        assertFalse(outsider.isDone());
        table.releaseAll(a);
        outsider.get();
        table.releaseAll(c);
        assertEquals(0, table.size());
    }

    @Test
    void twoSharersThatBothWantToWriteAreADeadlock() throws Exception {
        table.lockKey(a, key("k"), false, LONG);
        table.lockKey(b, key("k"), false, LONG);
        Future<?> first = start(() -> lock(a, "k"));
        awaitWaiting(a);
        assertKind(Kind.DEADLOCK, () -> lock(b, "k"));
        table.releaseAll(b);
        first.get();
    }

    @Test
    void deadlockOfTwoIsFoundAtOnce() throws Exception {
        lock(a, "1");
        lock(b, "2");
        Future<?> first = start(() -> lock(a, "2"));
        awaitWaiting(a);
        assertKind(Kind.DEADLOCK, () -> lock(b, "1"));
        assertFalse(first.isDone());
        table.releaseAll(b);
        first.get();
    }

    @Test
    void deadlockOfManyIsFoundByTheLastToWait() throws Exception {
        int n = 10;
        List<LockOwner> owners = new ArrayList<>();
        List<Future<?>> waits = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            owners.add(new LockOwner());
            lock(owners.get(i), "k" + i);
        }
        for (int i = 0; i < n - 1; i++) {
            LockOwner owner = owners.get(i);
            String next = "k" + (i + 1);
            waits.add(start(() -> {
                lock(owner, next);
                table.releaseAll(owner);
            }));
            awaitWaiting(owner);
        }
        assertKind(Kind.DEADLOCK, () -> lock(owners.get(n - 1), "k0"));
        table.releaseAll(owners.get(n - 1));
        for (Future<?> wait : waits) {
            wait.get();
        }
        assertEquals(0, table.size());
    }

    @Test
    void waitingBehindAQueuedWaiterCountsInTheSearch() throws Exception {
        lock(a, "1");
        lock(c, "2");
        Future<?> queued = start(() -> {
            lock(b, "1");
            table.releaseAll(b);
        });
        awaitWaiting(b);
        Future<?> behind = start(() -> {
            lock(c, "1");
            table.releaseAll(c);
        });
        awaitWaiting(c);
        assertKind(Kind.DEADLOCK, () -> lock(a, "2"));
        table.releaseAll(a);
        queued.get();
        behind.get();
    }

    @Test
    void aLongQueueIsNotADeadlock() throws Exception {
        lock(a, "k");
        List<Future<?>> waits = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            LockOwner owner = new LockOwner();
            waits.add(start(() -> {
                lock(owner, "k");
                table.releaseAll(owner);
            }));
            awaitWaiting(owner);
        }
        table.releaseAll(a);
        for (Future<?> wait : waits) {
            wait.get();
        }
        assertEquals(0, table.size());
    }

    @Test
    void waitEndsWithTime() {
        lock(a, "k");
        assertKind(Kind.LOCK_TIMEOUT, () -> table.lockKey(b, key("k"), true, 0));
        assertKind(Kind.LOCK_TIMEOUT, () -> table.lockKey(b, key("k"), true, 1_000_000));
        table.releaseAll(a);
        lock(b, "k");
        table.releaseAll(b);
        assertEquals(0, table.size());
    }

    @Test
    void aWaiterThatGivesUpLetsThoseBehindItGoOn() throws Exception {
        table.lockKey(a, key("k"), false, LONG);
        Future<?> writer = start(() -> assertKind(Kind.CANCELLED, () -> lock(b, "k")));
        awaitWaiting(b);
        Future<?> sharer = start(() -> table.lockKey(c, key("k"), false, LONG));
        awaitWaiting(c);
        b.cancel();
        writer.get();
        sharer.get();
        table.releaseAll(a);
        table.releaseAll(c);
        assertEquals(0, table.size());
    }

    @Test
    void cancelHoldsUntilCleared() {
        lock(a, "k");
        b.cancel();
        assertKind(Kind.CANCELLED, () -> lock(b, "k"));
        assertKind(Kind.CANCELLED, () -> lock(b, "k"));
        b.clearCancel();
        assertKind(Kind.LOCK_TIMEOUT, () -> table.lockKey(b, key("k"), true, 1));
    }

    @Test
    void interruptEndsTheWaitAndStaysSet() throws Exception {
        lock(a, "k");
        Future<Boolean> wait = threads.submit(() -> {
            assertKind(Kind.INTERRUPTED, () -> lock(b, "k"));
            return Thread.interrupted();
        });
        awaitWaiting(b);
        threads.shutdownNow();
        assertTrue(wait.get());
        table.releaseAll(a);
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
        lockRanges(5_000); // to warm up
        double growth = Double.MAX_VALUE;
        for (int i = 0; i < 5 && growth > 24; i++) {
            long few = lockRanges(5_000);
            growth = Math.min(growth, (double) lockRanges(40_000) / few);
        }
        assertTrue(growth <= 24, growth + " times as long");
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

    private static byte[] number(int i) {
        return ByteBuffer.allocate(Integer.BYTES).putInt(i).array();
    }

    private void lock(LockOwner owner, String key) {
        table.lockKey(owner, key(key), true, LONG);
    }

    private Future<?> start(Runnable job) {
        return threads.submit(job);
    }

    private static void awaitWaiting(LockOwner owner) {
        while (owner.waiting() == null) {
            Thread.onSpinWait();
        }
    }

    private static void assertKind(Kind kind, Runnable job) {
        assertEquals(kind, assertThrows(TransactionException.class, job::run).kind());
    }

    private static KeyRange range(String lo, String hi) {
        return KeyRange.of(key(lo), key(hi));
    }

    private static byte[] key(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
