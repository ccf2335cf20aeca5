package org.mosslsm.kv.txn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.mosslsm.kv.txn.TransactionException.Kind;

/** Locks of keys: who waits for whom, and how a wait ends. Ranges are in {@link RangeLockTest}. */
class LockTableTest extends LockTableFixture {
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
}
