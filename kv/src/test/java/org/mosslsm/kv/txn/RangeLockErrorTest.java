package org.mosslsm.kv.txn;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.mosslsm.kv.KeyRange;

/** Where memory runs out while a range is locked nobody waits for that range afterwards, and nobody else fails. */
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RangeLockErrorTest {
    private static final long LONG = TimeUnit.SECONDS.toNanos(50);

    /** Ranges of an owner, which run out of memory when the test says so. */
    private static final class FullRanges extends OwnedRanges {
        volatile boolean fullWhenAsked;
        volatile boolean fullWhenTaken;

        FullRanges(LockOwner owner) {
            super(owner);
        }

        @Override
        boolean keepsOut(LockOwner other, byte[] key) {
            if (fullWhenAsked) {
                throw new OutOfMemoryError("no room for a look at the queue");
            }
            return super.keepsOut(other, key);
        }

        @Override
        void take() {
            if (fullWhenTaken) {
                throw new OutOfMemoryError("no room for a range");
            }
            super.take();
        }
    }

    /** All ranges, which run out of memory when the test says so. */
    private static final class FullTable extends LockedRanges {
        volatile boolean fullWhenForgotten;
        volatile boolean fullWhenServed;

        /** Whose memory has run out; null for everybody's. */
        volatile Thread fullFor;

        @Override
        boolean keepOut(LockOwner owner, byte[] key) {
            if (fullWhenServed && (fullFor == null || fullFor == Thread.currentThread())) {
                throw new OutOfMemoryError("no room for who waited");
            }
            return super.keepOut(owner, key);
        }

        @Override
        void forgetEmpty() {
            if (fullWhenForgotten) {
                throw new OutOfMemoryError("no room for the owners that are left");
            }
            super.forgetEmpty();
        }
    }

    private final FullTable all = new FullTable();
    private final LockTable table = new LockTable(all);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<LockOwner, Thread> threadOf = new ConcurrentHashMap<>();
    private final LockOwner full = new LockOwner(FullRanges::new);
    private final FullRanges ranges = (FullRanges) full.ranges;
    private final LockOwner a = new LockOwner();
    private final LockOwner b = new LockOwner();
    private final LockOwner c = new LockOwner();

    @AfterEach
    void stopThreads() {
        threads.shutdownNow();
    }

    @Test
    void locksThatWereNotLetGoOfForWantOfMemoryAreByTheNextCall() throws ExecutionException, InterruptedException {
        table.lockKey(full, key("k1"), true, LONG);
        table.lockRange(full, range("x", "y"), LONG);
        table.lockKey(full, key("k2"), true, LONG);
        Future<?> queued = submit(a, () -> table.lockKey(a, key("x1"), true, LONG));
        awaitWaiting(a);
        all.fullWhenServed = true;
        assertThrows(OutOfMemoryError.class, () -> table.releaseAll(full));
        all.fullWhenServed = false;
        table.lockKey(b, key("k1"), true, LONG);
        table.lockKey(b, key("k2"), true, LONG);
        table.releaseAll(full);
        queued.get();
        table.releaseAll(a);
        table.releaseAll(b);
        assertEquals(0, table.size());
    }

    /** Who rolls back does so once. */
    @Test
    void aRangeIsFreeThoughNobodyCouldForgetItAndNobodyAsksAgain() {
        table.lockRange(full, range("x", "y"), LONG);
        all.fullWhenForgotten = true;
        assertThrows(OutOfMemoryError.class, () -> table.releaseAll(full));
        all.fullWhenForgotten = false;
        assertTrue(table.tryLockKey(b, key("x2"), true));
        table.releaseAll(b);
        assertTrue(all.isEmpty(), "it is forgotten with the next");
        assertEquals(0, table.size());
    }

    /** Who rolls back does so once. */
    @Test
    void aRangeIsHandedOverWhateverElseHasNoMemory() throws ExecutionException, InterruptedException {
        table.lockRange(full, range("x", "y"), LONG);
        table.lockKey(full, key("k1"), true, LONG);
        Future<?> queued = submit(a, () -> table.lockKey(a, key("k1"), true, LONG));
        awaitWaiting(a);
        Future<?> ranger = submit(b, () -> table.lockRange(b, range("m", "n"), LONG)); // at once
        ranger.get();
        Future<?> waiting = submit(c, () -> table.lockRange(c, range("x", "y"), LONG));
        awaitWaiting(c);
        all.fullWhenForgotten = true;
        all.fullWhenServed = true;
        assertThrows(OutOfMemoryError.class, () -> table.releaseAll(full));
        waiting.get();
        all.fullWhenForgotten = false;
        all.fullWhenServed = false;
        table.releaseAll(c);
        queued.get();
        table.releaseAll(a);
        table.releaseAll(b);
        assertEquals(0, table.size());
    }

    /** If it ran out twice, those who wait would wait until their time is over. */
    @Test
    void theEndOfAnOwnerNeedsNoMemoryForWhoWaitsForItsRange() {
        assertTrue(bytesForTheEndOf(a, c) >= 0); // loads what is needed
        assertEquals(0, bytesForTheEndOf(a, c));
    }

    /** Ends owners that somebody waits for with a range; returns what memory that took, all but the last. */
    private long bytesForTheEndOf(LockOwner first, LockOwner last) {
        ThreadMXBean memory = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        LockedRanges some = new LockedRanges();
        RangeLock lock = new RangeLock(b, range("k", "l"));
        LockWait wait = LockWait.forRange(lock);
        assertTrue(some.publish(lock).isEmpty());
        lock.waiting(wait);
        lock.blockers(Set.of(first, last));
        long before = memory.getCurrentThreadAllocatedBytes();
        some.ended(first);
        long bytes = memory.getCurrentThreadAllocatedBytes() - before;
        assertFalse(wait.isGranted());
        some.ended(first);
        assertFalse(wait.isGranted());
        some.ended(last);
        assertTrue(wait.isGranted());
        b.ranges.giveUp();
        return bytes;
    }

    @Test
    void whoCouldNotBeServedIsWhenAnotherIsInVain() throws ExecutionException, InterruptedException {
        table.lockKey(b, key("k1"), true, LONG);
        table.lockRange(full, range("x", "y"), LONG);
        Future<?> queued = submit(a, () -> table.lockKey(a, key("x1"), true, LONG));
        awaitWaiting(a);
        all.fullWhenServed = true;
        assertThrows(OutOfMemoryError.class, () -> table.releaseAll(full));
        all.fullWhenServed = false;
        assertThrows(TransactionException.class, () -> table.lockKey(c, key("k1"), true, 0));
        queued.get();
        table.releaseAll(a);
        table.releaseAll(b);
        assertEquals(0, table.size());
    }

    /** The wait may be over before memory runs out: then it is tried again with a longer one. */
    @Test
    void whoCouldNotBeServedIsAtTheLatestWhenItsTimeIsOver() throws ExecutionException, InterruptedException {
        boolean served = false;
        for (int millis = 100; !served && millis < 10_000; millis *= 2) {
            long nanos = TimeUnit.MILLISECONDS.toNanos(millis);
            table.lockRange(full, range("x", "y"), LONG);
            Future<?> queued = submit(a, () -> table.lockKey(a, key("x1"), true, nanos));
            awaitWaitingOrDone(a, queued);
            all.fullFor = Thread.currentThread();
            all.fullWhenServed = true;
            boolean broken = runsOutOfMemory(() -> table.releaseAll(full));
            all.fullWhenServed = false;
            served = isServed(queued) && broken;
            table.releaseAll(full);
            table.releaseAll(a);
        }
        assertTrue(served);
        assertEquals(0, table.size());
    }

    private static boolean runsOutOfMemory(Runnable what) {
        try {
            what.run();
            return false;
        } catch (OutOfMemoryError e) {
            return true;
        }
    }

    private static boolean isServed(Future<?> queued) throws InterruptedException {
        try {
            queued.get();
            return true;
        } catch (ExecutionException e) {
            assertEquals(TransactionException.Kind.LOCK_TIMEOUT, ((TransactionException) e.getCause()).kind());
            return false;
        }
    }

    @Test
    void whoCouldNotBeServedIsWhenTheNextOwnerEnds() throws ExecutionException, InterruptedException {
        table.lockRange(full, range("x", "y"), LONG);
        Future<?> queued = submit(a, () -> table.lockKey(a, key("x1"), true, LONG));
        awaitWaiting(a);
        all.fullWhenServed = true;
        assertThrows(OutOfMemoryError.class, () -> table.releaseAll(full));
        all.fullWhenServed = false;
        assertTrue(table.tryLockKey(b, key("k1"), true));
        table.releaseAll(b);
        queued.get();
        table.releaseAll(a);
        assertEquals(0, table.size());
    }

    @Test
    void whoWaitsForAKeyAndCouldNotBeServedIsWhenTheNextOwnerEnds() throws ExecutionException, InterruptedException {
        table.lockKey(full, key("k1"), true, LONG);
        Future<?> queued = submit(a, () -> table.lockKey(a, key("k1"), true, LONG));
        awaitWaiting(a);
        all.fullWhenServed = true;
        assertThrows(OutOfMemoryError.class, () -> table.releaseAll(full));
        all.fullWhenServed = false;
        assertTrue(table.tryLockKey(b, key("k2"), true));
        table.releaseAll(b);
        queued.get();
        table.releaseAll(a);
        assertEquals(0, table.size());
    }

    /** The owner of a wait that was given up does not seem to wait, or others would seem to be in a deadlock. */
    @Test
    void aWaitThatIsGivenUpForWantOfMemoryIsOver() throws InterruptedException {
        table.lockKey(a, key("k1"), true, LONG);
        Future<?> ranger = submit(b, () -> table.lockRange(b, range("k", "l"), LONG));
        awaitWaiting(b);
        all.fullWhenForgotten = true;
        b.cancel();
        ExecutionException failure = assertThrows(ExecutionException.class, ranger::get);
        assertEquals(OutOfMemoryError.class, failure.getCause().getClass());
        all.fullWhenForgotten = false;
        assertNull(b.waiting());
        assertTrue(table.tryLockKey(c, key("k2"), true));
        table.releaseAll(a);
        table.releaseAll(b);
        table.releaseAll(c);
        assertTrue(all.isEmpty());
        assertEquals(0, table.size());
    }

    @Test
    void keysThatWereNotLetGoOfForWantOfMemoryAreWhenTheOwnerEnds() throws ExecutionException, InterruptedException {
        table.lockKey(full, key("k1"), true, LONG);
        table.lockKey(full, key("k2"), false, LONG);
        table.lockKey(full, key("k3"), true, LONG);
        Future<?> queued = submit(a, () -> table.lockKey(a, key("k1"), true, LONG));
        awaitWaiting(a);
        ranges.fullWhenAsked = true;
        assertThrows(OutOfMemoryError.class, () -> table.tryEscalate(full, range("k", "l")));
        ranges.fullWhenAsked = false;
        table.releaseAll(full);
        queued.get();
        table.lockKey(b, key("k2"), true, LONG);
        table.lockKey(b, key("k3"), true, LONG);
        table.releaseAll(a);
        table.releaseAll(b);
        assertEquals(0, table.size());
    }

    @Test
    void aRangeAskedForInVainKeepsNobodyOut() throws ExecutionException, InterruptedException {
        table.lockRange(full, range("x", "y"), LONG);
        table.lockKey(a, key("k2"), true, LONG);
        Future<?> ranger = submit(b, () -> table.lockRange(b, range("k", "l"), LONG));
        awaitWaiting(b);
        Future<?> queued = submit(c, () -> table.lockKey(c, key("k1"), true, LONG)); // free, but for the range
        awaitWaiting(c);
        ranges.fullWhenAsked = true;
        assertThrows(OutOfMemoryError.class, () -> table.lockRange(full, range("k", "l"), LONG));
        ranges.fullWhenAsked = false;
        table.releaseAll(a);
        ranger.get();
        assertDoesNotThrow(() -> table.releaseAll(b));
        queued.get();
        assertTrue(table.tryLockKey(a, key("k3"), true));
        assertFalse(table.tryLockKey(a, key("x1"), true), "what it had it keeps");
        table.releaseAll(full);
        assertTrue(table.tryLockKey(a, key("x1"), true));
        table.releaseAll(a);
        table.releaseAll(c);
        assertEquals(0, table.size());
    }

    @Test
    void aRangeThatCannotBeTakenKeepsNobodyOut() throws InterruptedException {
        table.lockRange(full, range("x", "y"), LONG);
        ranges.fullWhenTaken = true;
        assertThrows(OutOfMemoryError.class, () -> table.lockRange(full, range("k", "l"), LONG)); // at once
        assertTrue(table.tryLockKey(a, key("k2"), true));
        Future<?> ranger = submit(full, () -> table.lockRange(full, range("k", "l"), LONG));
        awaitWaiting(full);
        table.releaseAll(a);
        ExecutionException failure = assertThrows(ExecutionException.class, ranger::get); // when it was granted
        assertEquals(OutOfMemoryError.class, failure.getCause().getClass());
        table.lockKey(full, key("m1"), true, LONG);
        assertThrows(OutOfMemoryError.class, () -> table.tryEscalate(full, range("m", "n")));
        assertTrue(table.tryLockKey(a, key("k2"), true));
        assertTrue(table.tryLockKey(a, key("m2"), true));
        assertFalse(table.tryLockKey(a, key("m1"), true), "what it had it keeps");
        assertFalse(table.tryLockKey(a, key("x1"), true), "what it had it keeps");
        table.releaseAll(full);
        table.releaseAll(a);
        assertEquals(0, table.size());
    }

    /** Locks for the owner, in a thread that is known for it. */
    private Future<?> submit(LockOwner owner, Runnable lock) {
        return threads.submit(() -> {
            threadOf.put(owner, Thread.currentThread());
            lock.run();
        });
    }

    private void awaitWaitingOrDone(LockOwner owner, Future<?> queued) {
        while (!queued.isDone() && (owner.waiting() == null || !rests(threadOf.get(owner)))) {
            Thread.onSpinWait();
        }
    }

    /** Returns when the owner's thread rests: by then its wait is in the queue, and not only noted with the owner. */
    private void awaitWaiting(LockOwner owner) {
        while (owner.waiting() == null || !rests(threadOf.get(owner))) {
            Thread.onSpinWait();
        }
    }

    private static boolean rests(Thread thread) {
        return thread.getState() == Thread.State.WAITING || thread.getState() == Thread.State.TIMED_WAITING;
    }

    private static KeyRange range(String lo, String hi) {
        return KeyRange.of(key(lo), key(hi));
    }

    private static byte[] key(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
