package org.mosslsm.kv.lsm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.mosslsm.kv.CommitRequest;
import org.mosslsm.kv.Durability;
import org.mosslsm.kv.KvIoException;
import org.mosslsm.kv.UnknownOutcomeException;
import org.mosslsm.kv.WriteBatch;
import org.mosslsm.kv.lsm.CommitQueue.Pending;

/** The queue alone, with writers that only take notes. */
@Timeout(60)
class CommitQueueTest {
    private static CommitRequest request(int bytes) {
        return CommitRequest.of(new WriteBatch().put(new byte[1], new byte[bytes]), Durability.NONE);
    }

    private static Thread start(Runnable job) {
        Thread thread = new Thread(job);
        thread.start();
        return thread;
    }

    /** Spins until the thread waits for its leader. */
    private static void awaitParked(Thread thread) {
        while (thread.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
    }

    @Test
    void whatComesWhileAGroupIsWrittenFormsTheNextGroup() throws Exception {
        List<Integer> groups = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch firstInside = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        CommitQueue queue = new CommitQueue(group -> {
            groups.add(group.size());
            if (groups.size() == 1) {
                firstInside.countDown();
                awaitUninterrupted(release);
            }
            group.forEach(p -> p.succeed(groups.size()));
        });
        Thread first = start(() -> assertEquals(1, queue.write(request(1))));
        firstInside.await();
        List<Thread> others = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            others.add(start(() -> queue.write(request(1))));
        }
        others.forEach(CommitQueueTest::awaitParked);
        release.countDown();
        first.join();
        for (Thread other : others) {
            other.join();
        }
        assertEquals(List.of(1, 5), groups);
    }

    @Test
    void aGroupIsNotLargerThanItsBound() throws Exception {
        List<Integer> groups = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch firstInside = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        CommitQueue queue = new CommitQueue(group -> {
            groups.add(group.size());
            if (groups.size() == 1) {
                firstInside.countDown();
                awaitUninterrupted(release);
            }
        });
        Thread first = start(() -> queue.write(request(1)));
        firstInside.await();
        List<Thread> others = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            others.add(start(() -> queue.write(request(600 << 10))));
            awaitParked(others.get(i));
        }
        release.countDown();
        first.join();
        for (Thread other : others) {
            other.join();
        }
        assertEquals(List.of(1, 1, 1, 1), groups);
    }

    @Test
    void everyoneGetsHisOwnResultAndNobodyWaitsForEver() throws Exception {
        AtomicLong versions = new AtomicLong();
        AtomicBoolean inside = new AtomicBoolean();
        CommitQueue queue = new CommitQueue(group -> {
            assertTrue(inside.compareAndSet(false, true), "two leaders at a time");
            for (Pending p : group) {
                long version = versions.incrementAndGet();
                if (version % 10 == 0) {
                    p.fail(new IllegalStateException("refused"));
                } else {
                    p.succeed(version);
                }
            }
            inside.set(false);
        });
        Set<Long> seen = Collections.synchronizedSet(new HashSet<>());
        AtomicInteger refused = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            threads.add(start(() -> {
                for (int i = 0; i < 5000; i++) {
                    try {
                        seen.add(queue.write(request(1)));
                    } catch (IllegalStateException e) {
                        refused.incrementAndGet();
                    }
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(18_000, seen.size());
        assertEquals(2000, refused.get());
    }

    @Test
    void aWriterThatThrowsFailsItsGroupAndNotTheNext() {
        RuntimeException thrown = new IllegalStateException("broken");
        AtomicBoolean broken = new AtomicBoolean(true);
        CommitQueue queue = new CommitQueue(group -> {
            if (broken.getAndSet(false)) {
                throw thrown;
            }
            group.forEach(p -> p.succeed(7));
        });
        assertSame(
                thrown,
                assertThrows(UnknownOutcomeException.class, () -> queue.write(request(1)))
                        .getCause());
        assertEquals(7, queue.write(request(1)));
    }

    /** Of a page of the log that was lost the virtual machine tells wherever it likes. */
    @Test
    void anInternalErrorLeavesWhatWasSaidOrAnUnknownOutcome() {
        KvIoException said = new KvIoException("said", new IOException("said"));
        AtomicInteger groups = new AtomicInteger();
        CommitQueue queue = new CommitQueue(group -> {
            int n = groups.incrementAndGet();
            if (n == 1) {
                group.forEach(p -> p.fail(said));
            } else if (n == 2) {
                group.forEach(p -> p.succeed(6));
            }
            if (n < 3) {
                throw new InternalError("a fault");
            }
            group.forEach(p -> p.succeed(7));
        });
        assertSame(said, assertThrows(KvIoException.class, () -> queue.write(request(1))));
        UnknownOutcomeException e = assertThrows(UnknownOutcomeException.class, () -> queue.write(request(1)));
        assertEquals("a fault", e.getCause().getCause().getMessage());
        assertEquals(7, queue.write(request(1)));
    }

    @Test
    void aFollowerOfABrokenLeaderIsNotToldThatItSucceeded() throws Exception {
        CountDownLatch firstInside = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        AtomicInteger groups = new AtomicInteger();
        CommitQueue queue = new CommitQueue(group -> {
            if (groups.incrementAndGet() == 1) {
                firstInside.countDown();
                awaitUninterrupted(release);
            }
            group.forEach(p -> p.succeed(7));
            if (groups.get() == 2) {
                throw new OutOfMemoryError("injected"); // after all was said to be well
            }
        });
        Thread first = start(() -> queue.write(request(1)));
        firstInside.await();
        AtomicInteger unknown = new AtomicInteger();
        List<Thread> others = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            others.add(start(() -> {
                try {
                    queue.write(request(1));
                } catch (UnknownOutcomeException e) {
                    unknown.incrementAndGet();
                }
            }));
        }
        others.forEach(CommitQueueTest::awaitParked);
        release.countDown();
        first.join();
        for (Thread other : others) {
            other.join();
        }
        assertEquals(4, unknown.get());
        assertEquals(7, queue.write(request(1)));
    }

    @Test
    void anInterruptedFollowerStillLearnsItsResult() throws Exception {
        CountDownLatch firstInside = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        CommitQueue queue = new CommitQueue(group -> {
            firstInside.countDown();
            awaitUninterrupted(release);
            group.forEach(p -> p.succeed(3));
        });
        Thread first = start(() -> queue.write(request(1)));
        firstInside.await();
        AtomicBoolean kept = new AtomicBoolean();
        AtomicLong result = new AtomicLong();
        Thread follower = start(() -> {
            result.set(queue.write(request(1)));
            kept.set(Thread.currentThread().isInterrupted());
        });
        awaitParked(follower);
        follower.interrupt();
        release.countDown();
        first.join();
        follower.join();
        assertEquals(3, result.get());
        assertTrue(kept.get());
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        boolean interrupted = false;
        while (latch.getCount() > 0) {
            try {
                latch.await();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
