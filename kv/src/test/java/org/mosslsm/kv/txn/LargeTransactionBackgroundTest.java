package org.mosslsm.kv.txn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mosslsm.kv.txn.LargeTransactionTest.ALL;
import static org.mosslsm.kv.txn.LargeTransactionTest.STRIDE;
import static org.mosslsm.kv.txn.LargeTransactionTest.TINY;
import static org.mosslsm.kv.txn.LargeTransactionTest.WRITE_BYTES;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
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
import org.mosslsm.kv.testkit.MemVfs;
import org.mosslsm.kv.tool.Verify;

/**
 * Flushes and compactions fail while a transaction larger than memory is made and committed, and another thread commits
 * small writes beside it: the transaction stands as a whole or is refused as a whole, and of the small writes each one
 * acknowledged is there, and none that was refused. {@code -Dfault.stride=1} takes every operation of the background.
 */
class LargeTransactionBackgroundTest {
    private static final int MOST_SMALL = 4000;
    private static final int MOST_OPERATIONS = 1000;

    /** Of the small ones every so-manieth is synced. */
    private static final int SYNCED = 16;

    private static byte[] smallKey(int i) {
        return new byte[] {'s', (byte) (i >> 8), (byte) i};
    }

    /** Commits small writes, one after the other, until it is stopped or the store takes no more. */
    private static final class SmallWrites extends Thread {
        private final Lsm store;
        private final FaultVfs failing;
        volatile boolean stopped;
        volatile int acknowledged;
        volatile int synced;
        volatile boolean open;
        volatile Throwable wrong;

        SmallWrites(Lsm store, FaultVfs failing) {
            super("small");
            this.store = store;
            this.failing = failing;
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
            join();
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

    @Test
    void aFailureInTheBackgroundLeavesAllOrNothing() throws Exception {
        int start = 1 + (int) Math.floorMod(System.nanoTime(), (long) STRIDE);
        AtomicInteger struck = new AtomicInteger();
        int committed = 0;
        int runs = 0;
        for (Fault fault : Fault.values()) {
            // Until the background does not come so far any more; no two runs are alike.
            int ofOthers = struck.get();
            for (int nth = start, missed = 0; missed < 3 && nth < MOST_OPERATIONS; nth += STRIDE, runs++) {
                int before = struck.get();
                int times = runs % 2 == 0 ? 1 : 5;
                try {
                    committed += run(fault, nth, times, struck) ? 1 : 0;
                } catch (RuntimeException | AssertionError e) {
                    throw new AssertionError(fault + " at " + nth + ", " + times + " times", e);
                }
                missed = struck.get() == before ? missed + 1 : 0;
            }
            assertTrue(struck.get() > ofOthers, fault + " never struck");
        }
        String told = runs + " runs, " + struck + " with a failure in the background, from " + start + " by " + STRIDE
                + "; in " + committed + " of these the transaction was committed at once";
        System.out.println("LargeTransactionBackgroundTest: " + told);
        // How many strike depends on how far the background is, and on the machine; none of the kinds may go without.
        assertTrue(committed > 0 && committed < struck.get(), told);
    }

    /** Whether the {@code nth} operation of the background failed and the transaction was committed all the same. */
    private static boolean run(Fault fault, int nth, int times, AtomicInteger struck) throws Exception {
        MemVfs disk = new MemVfs();
        FaultVfs failing = new FaultVfs(disk);
        boolean committed = false;
        boolean open = false;
        boolean atOnce = false;
        SmallWrites small = null;
        try (Lsm store = Lsm.open(failing, TINY)) {
            LargeTransactionTest.fill(store);
            failing.failInBackground(ALL, ".*", nth, times, fault);
            Transactions transactions = new Transactions(store, WRITE_BYTES);
            small = new SmallWrites(store, failing);
            small.start();
            try (Transaction txn = transactions.begin()) {
                LargeTransactionTest.change(txn);
                txn.commit();
                committed = true;
            } catch (UnknownOutcomeException e) {
                open = true;
            } catch (KvException e) {
                assertTrue(failing.struck() > 0, e::toString);
            } finally {
                small.end();
            }
            atOnce = committed && failing.struck() > 0;
            struck.addAndGet(failing.struck() > 0 ? 1 : 0);
            failing.heal();
            assertEquals(0, transactions.lockedKeys());
            assertEquals(committed, LargeTransactionTest.isChanged(store));
            for (CrashPolicy policy : CrashPolicy.values()) {
                check(disk.crashClone(nth, policy), committed, open, small, small.synced);
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
        return atOnce;
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
