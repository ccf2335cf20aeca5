package org.mosslsm.kv.txn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mosslsm.kv.txn.LargeTransactionTest.ALL;
import static org.mosslsm.kv.txn.LargeTransactionTest.ROWS;
import static org.mosslsm.kv.txn.LargeTransactionTest.STRIDE;
import static org.mosslsm.kv.txn.LargeTransactionTest.TINY;
import static org.mosslsm.kv.txn.LargeTransactionTest.WRITE_BYTES;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.mosslsm.kv.CommitRequest;
import org.mosslsm.kv.Durability;
import org.mosslsm.kv.KvException;
import org.mosslsm.kv.KvIoException;
import org.mosslsm.kv.UnknownOutcomeException;
import org.mosslsm.kv.WriteBatch;
import org.mosslsm.kv.lsm.Lsm;
import org.mosslsm.kv.testkit.CrashPolicy;
import org.mosslsm.kv.testkit.FaultVfs;
import org.mosslsm.kv.testkit.FaultVfs.Fault;
import org.mosslsm.kv.testkit.FaultVfs.Op;
import org.mosslsm.kv.testkit.MemVfs;
import org.mosslsm.kv.tool.Verify;

/**
 * Flushes and compactions fail while a transaction larger than memory is made and committed, and another thread commits
 * small writes beside it: the transaction stands as a whole or is refused as a whole, and of the small writes each one
 * acknowledged is there, and none that was refused.
 *
 * <p>A round is a kind of fault and a number: that operation of the background fails, and none before it. The transaction
 * waits for it at a place that the two choose, while the small writes go on, so that it strikes in every round. {@code
 * -Dfault.start=} takes every seventh round from that number on, {@code -Dfault.stride=1} each instead of one of seven: both
 * together repeat what a failure names. How threads take turns beside that is the machine's.
 */
@Timeout(value = 1, unit = TimeUnit.HOURS)
class LargeTransactionBackgroundTest {
    /** The background comes to many more operations than that, of any kind, before there are so many small writes. */
    private static final int LAST = 84;

    private static final int MOST_SMALL = 10_000;

    /** Draws of the operations to fail, where those before came upon two kinds of operations at most. */
    private static final int MOST_PASSES = 5;

    private static final Integer START = Integer.getInteger("fault.start");

    /** Of the small ones every so-manieth is synced. */
    private static final int SYNCED = 16;

    private static byte[] smallKey(int i) {
        return new byte[] {'s', (byte) (i >> 8), (byte) i};
    }

    /** Commits small writes, one after the other, until it is stopped or the store takes no more. */
    private static final class SmallWrites extends Thread {
        private final Lsm store;
        private final FaultVfs failing;
        private final CountDownLatch over;
        volatile boolean stopped;
        volatile int acknowledged;
        volatile int synced;
        volatile boolean open;
        volatile Throwable wrong;

        /** @param over counted down when it has ended */
        SmallWrites(Lsm store, FaultVfs failing, CountDownLatch over) {
            super("small");
            this.store = store;
            this.failing = failing;
            this.over = over;
        }

        @Override
        public void run() {
            try {
                while (!stopped && acknowledged < MOST_SMALL) {
                    write(acknowledged);
                }
            } catch (UnknownOutcomeException e) {
                open = true;
            } catch (KvException e) {
                wrong = failing.struck() > 0 ? null : e;
            } catch (RuntimeException e) {
                wrong = e;
            } finally {
                over.countDown();
            }
        }

        private void write(int i) {
            boolean sync = i % SYNCED == 0;
            try {
                store.commit(CommitRequest.of(
                        new WriteBatch().put(smallKey(i), new byte[1000]),
                        sync ? Durability.SYNC : Durability.PROCESS));
                acknowledged = i + 1;
                synced = sync ? i + 1 : synced;
            } catch (KvIoException e) {
                if (!KvIoException.isShortage(e) || failing.struck() == 0) {
                    throw e;
                }
                // Nothing was written, and it is tried again.
            }
        }

        void end() throws InterruptedException {
            stopped = true;
            join(TimeUnit.MINUTES.toMillis(2));
            assertFalse(isAlive(), "the small writes hang");
            if (wrong != null) {
                throw new AssertionError("a small write", wrong);
            }
        }

        /** Exactly the first are there: at least so many, and at most those that were tried. */
        void check(Lsm after, int atLeast) {
            int found = 0;
            while (after.get(smallKey(found)) != null) {
                found++;
            }
            int most = open ? acknowledged + 1 : acknowledged;
            assertTrue(found >= atLeast && found <= most, found + " small writes of " + atLeast + " to " + most);
            for (int i = found; i <= acknowledged; i++) {
                assertTrue(after.get(smallKey(i)) == null, "a gap before small write " + i);
            }
        }
    }

    /**
     * One round.
     *
     * @param times how many operations in a row fail
     * @param row the statement before which the transaction waits for that; {@code ROWS}: in its commit
     */
    private record Round(Fault fault, int nth, int times, int row) {
        static Round of(Fault fault, int nth) {
            Random random = new Random(31L * nth + fault.name().hashCode());
            int times = random.nextBoolean() ? 1 : 5;
            return new Round(fault, nth, times, random.nextInt(3) == 0 ? ROWS : random.nextInt(ROWS));
        }

        @Override
        public String toString() {
            return fault + " of operation " + nth + " of the background, " + times + " times, before "
                    + (row == ROWS ? "the commit" : "statement " + row) + " (-Dfault.start=" + nth + ")";
        }
    }

    /** What was struck first, and whether the transaction was committed all the same. */
    private record Struck(String operation, boolean committed) {}

    @Test
    void aFailureInTheBackgroundLeavesAllOrNothing() throws Exception {
        Random random = new Random();
        int rounds = 0;
        int committed = 0;
        for (Fault fault : Fault.values()) {
            Map<String, Integer> struck = new TreeMap<>();
            for (int pass = 0; pass == 0 || (START == null && struck.size() <= 2 && pass < MOST_PASSES); pass++) {
                for (int nth : numbers(random)) {
                    Round round = Round.of(fault, nth);
                    try {
                        Struck found = run(round);
                        struck.merge(found.operation(), 1, Integer::sum);
                        committed += found.committed() ? 1 : 0;
                    } catch (RuntimeException | AssertionError e) {
                        throw new AssertionError(round.toString(), e);
                    }
                    rounds++;
                }
            }
            System.out.println("LargeTransactionBackgroundTest: " + fault + " struck " + struck);
            assertTrue(START != null || struck.size() > 2, fault + " struck " + struck + " only");
        }
        String told = rounds + " rounds; in " + committed + " the transaction was committed at once";
        System.out.println("LargeTransactionBackgroundTest: " + told);
        assertTrue(rounds > 0 && (START != null || (committed > 0 && committed < rounds)), told);
    }

    /**
     * Which operations are to fail: one drawn of each {@code STRIDE}, because the background repeats itself, and at even
     * distances the same operation would fail again and again.
     */
    private static List<Integer> numbers(Random random) {
        List<Integer> numbers = new ArrayList<>();
        for (int first = START != null ? START : 1; first <= LAST; first += STRIDE) {
            numbers.add(START != null ? first : first + random.nextInt(STRIDE));
        }
        return numbers;
    }

    /** One operation of the background fails, or some in a row. */
    private static Struck run(Round round) throws Exception {
        MemVfs disk = new MemVfs();
        FaultVfs failing = new FaultVfs(disk);
        AtomicReference<String> operation = new AtomicReference<>();
        CountDownLatch struckOrOver = new CountDownLatch(1);
        boolean committed = false;
        boolean open = false;
        boolean atOnce = false;
        SmallWrites small = null;
        try (Lsm store = Lsm.open(failing, TINY)) {
            LargeTransactionTest.fill(store);
            failing.observeStrikes((op, name) -> {
                operation.compareAndSet(null, op + " " + name.replaceAll("[0-9]+", "n"));
                struckOrOver.countDown();
            });
            failing.failInBackground(ALL, ".*", round.nth, round.times, round.fault);
            Thread here = Thread.currentThread();
            failing.observe((op, name) -> { // the first table of the commit is made before it takes any lock
                if (Thread.currentThread() == here && op == Op.CREATE && name.endsWith(".sst")) {
                    await(struckOrOver);
                }
            });
            Transactions transactions = new Transactions(store, WRITE_BYTES);
            small = new SmallWrites(store, failing, struckOrOver);
            small.start();
            try (Transaction txn = transactions.begin()) {
                LargeTransactionTest.change(txn, row -> {
                    if (row == round.row) {
                        await(struckOrOver);
                    }
                });
                txn.commit();
                committed = true;
            } catch (UnknownOutcomeException e) {
                open = true;
            } catch (KvException e) {
                assertTrue(failing.struck() > 0, e::toString);
            } finally {
                small.end();
            }
            assertTrue(failing.struck() > 0, "nothing struck, with " + small.acknowledged + " small writes");
            atOnce = committed;
            failing.heal();
            assertEquals(0, transactions.lockedKeys());
            assertEquals(committed, LargeTransactionTest.isChanged(store));
            for (CrashPolicy policy : CrashPolicy.values()) {
                check(disk.crashClone(round.nth, policy), committed, open, small, small.synced);
            }
            if (isWell(store) && !committed) {
                try (Transaction txn = transactions.begin()) {
                    LargeTransactionTest.change(txn);
                    txn.commit();
                }
                committed = true;
                assertTrue(LargeTransactionTest.isChanged(store));
            }
        } catch (KvException e) {
            assertTrue(failing.struck() > 0, e::toString); // what closing says
        }
        assertEquals(0, disk.openFiles());
        check(disk, committed, open, small, small.acknowledged);
        assertEquals(0, LargeTransactionTest.scratchFiles(disk));
        assertEquals(List.of(), Verify.store(disk).findings());
        return new Struck(operation.get(), atOnce);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(2, TimeUnit.MINUTES), "neither has anything failed nor have the small writes ended");
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static boolean isWell(Lsm store) {
        return store.metrics().metrics().stream()
                .anyMatch(m -> m.name().equals("health") && m.value().equals("ok"));
    }

    private static void check(MemVfs disk, boolean committed, boolean open, SmallWrites small, int atLeast)
            throws IOException {
        try (Lsm after = Lsm.open(disk, TINY)) {
            boolean changed = LargeTransactionTest.isChanged(after);
            assertTrue(changed == committed || open, changed ? "half forgotten" : "lost");
            small.check(after, atLeast);
        }
    }
}
