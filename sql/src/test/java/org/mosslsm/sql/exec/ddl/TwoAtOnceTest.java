package org.mosslsm.sql.exec.ddl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** However one of two pieces of work ends, the other has ended too, and so has its thread. */
@Timeout(60)
class TwoAtOnceTest {
    private final AtomicReference<Thread> beside = new AtomicReference<>();

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Works until it is told to end. */
    private static void goOn(TwoAtOnce both) {
        while (true) {
            both.check();
            Thread.onSpinWait();
        }
    }

    @Test
    void theyRunAtTheSameTime() {
        CountDownLatch one = new CountDownLatch(1);
        CountDownLatch two = new CountDownLatch(1);
        AtomicReference<Thread> here = new AtomicReference<>();
        new TwoAtOnce(() -> {})
                .run(
                        () -> {
                            here.set(Thread.currentThread());
                            one.countDown();
                            await(two);
                        },
                        () -> {
                            beside.set(Thread.currentThread());
                            two.countDown();
                            await(one);
                        });
        assertSame(Thread.currentThread(), here.get());
        assertNotSame(Thread.currentThread(), beside.get());
        assertFalse(beside.get().isAlive());
    }

    @Test
    void whatFailsBesideEndsTheOther() {
        TwoAtOnce both = new TwoAtOnce(() -> {});
        IllegalStateException mine = new IllegalStateException("mine");
        IllegalStateException e = assertThrows(
                IllegalStateException.class,
                () -> both.run(() -> goOn(both), () -> {
                    beside.set(Thread.currentThread());
                    throw mine;
                }));
        assertSame(mine, e);
        assertFalse(beside.get().isAlive());
    }

    @Test
    void whatFailsHereEndsTheOther() {
        TwoAtOnce both = new TwoAtOnce(() -> {});
        OutOfMemoryError mine = new OutOfMemoryError("mine");
        CountDownLatch running = new CountDownLatch(1);
        OutOfMemoryError e = assertThrows(
                OutOfMemoryError.class,
                () -> both.run(
                        () -> {
                            await(running);
                            throw mine;
                        },
                        () -> {
                            beside.set(Thread.currentThread());
                            running.countDown();
                            goOn(both);
                        }));
        assertSame(mine, e);
        assertFalse(beside.get().isAlive());
    }

    @Test
    void aCancelEndsBoth() {
        CountDownLatch running = new CountDownLatch(2);
        IllegalArgumentException cancelled = new IllegalArgumentException("cancelled");
        TwoAtOnce both = new TwoAtOnce(() -> {
            if (running.getCount() == 0) {
                throw cancelled;
            }
        });
        Runnable work = () -> {
            running.countDown();
            goOn(both);
        };
        assertSame(cancelled, assertThrows(IllegalArgumentException.class, () -> both.run(work, work)));
    }

    @Test
    void anInterruptEndsNeitherAndStays() {
        AtomicInteger done = new AtomicInteger();
        Thread.currentThread().interrupt();
        new TwoAtOnce(() -> {}).run(done::incrementAndGet, done::incrementAndGet);
        assertTrue(Thread.interrupted());
        assertEquals(2, done.get());
    }

    @Test
    void withoutAThreadTheyRunOneAfterTheOther() {
        StringBuilder done = new StringBuilder();
        TwoAtOnce both = new TwoAtOnce(() -> {}, thread -> {
            throw new OutOfMemoryError("unable to create native thread");
        });
        both.run(() -> done.append("h"), () -> done.append("b"));
        assertEquals("hb", done.toString());
    }

    @Test
    void withoutAThreadTheSecondIsNotBegunInVain() {
        TwoAtOnce both = new TwoAtOnce(() -> {}, thread -> {
            throw new OutOfMemoryError("unable to create native thread");
        });
        IllegalStateException mine = new IllegalStateException("mine");
        assertSame(
                mine,
                assertThrows(
                        IllegalStateException.class,
                        () -> both.run(
                                () -> {
                                    throw mine;
                                },
                                () -> goOn(both))));
    }
}
