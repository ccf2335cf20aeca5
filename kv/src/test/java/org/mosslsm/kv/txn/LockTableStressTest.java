package org.mosslsm.kv.txn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.mosslsm.kv.KeyRange;
import org.mosslsm.kv.txn.TransactionException.Kind;

/**
 * Random locks in random order by many threads: holders exclude each other, every wait ends (a lost wake-up or a deadlock
 * that was not found would be a timeout), and nothing is left behind.
 */
@Timeout(120)
class LockTableStressTest {
    private static final int THREADS = 6;
    private static final int KEYS = 12;
    private static final int ALONE = 1_000;

    private final LockTable table = new LockTable();

    /** By key: {@link #ALONE} for an owner that has it alone, plus one for each that shares it. */
    private final AtomicIntegerArray holders = new AtomicIntegerArray(KEYS);

    @Test
    void locksExcludeEachOtherAndEveryWaitEnds() throws Exception {
        long seed = Long.getLong("locks.seed", System.nanoTime());
        System.out.println("LockTableStressTest -Dlocks.seed=" + seed);
        List<Callable<int[]>> jobs = new ArrayList<>();
        for (int thread = 0; thread < THREADS; thread++) {
            Random random = new Random(seed + thread);
            jobs.add(() -> run(random));
        }
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        int deadlocks = 0;
        int finished = 0;
        for (Future<int[]> future : threads.invokeAll(jobs)) {
            deadlocks += future.get()[0];
            finished += future.get()[1];
        }
        threads.shutdown();
        System.out.println(finished + " finished, " + deadlocks + " deadlocks");
        assertEquals(0, table.size());
        assertTrue(finished > 0);
    }

    private int[] run(Random random) {
        int deadlocks = 0;
        int finished = 0;
        for (int i = 0; i < 2_000; i++) {
            LockOwner owner = new LockOwner();
            int[] mine = new int[KEYS];
            try {
                for (int n = random.nextInt(4); n >= 0; n--) {
                    lockOne(owner, mine, random);
                }
                finished++;
            } catch (TransactionException e) {
                assertEquals(Kind.DEADLOCK, e.kind(), e.getMessage());
                deadlocks++;
            }
            for (int key = 0; key < KEYS; key++) {
                holders.addAndGet(key, -mine[key]);
            }
            table.releaseAll(owner);
        }
        return new int[] {deadlocks, finished};
    }

    private void lockOne(LockOwner owner, int[] mine, Random random) {
        int key = random.nextInt(KEYS);
        long timeout = TimeUnit.SECONDS.toNanos(60);
        int dice = random.nextInt(12);
        if (dice == 0) {
            int end = Math.min(KEYS, key + 1 + random.nextInt(4));
            table.lockRange(owner, KeyRange.of(key(key), key(end)), timeout);
            for (int k = key; k < end; k++) {
                hold(mine, k, ALONE);
            }
        } else {
            boolean alone = dice < 7;
            table.lockKey(owner, key(key), alone, timeout);
            hold(mine, key, alone ? ALONE : 1);
        }
    }

    /** Notes that the key is held, and checks that others leave room for it. */
    private void hold(int[] mine, int key, int how) {
        int others = holders.get(key) - mine[key];
        if (mine[key] < how) {
            int more = how - mine[key];
            mine[key] = how;
            others = holders.addAndGet(key, more) - how;
        }
        if (mine[key] == ALONE) {
            assertEquals(0, others, "held by others although locked alone");
        } else {
            assertTrue(others < ALONE, "shared although another has it alone");
        }
    }

    private static byte[] key(int i) {
        return new byte[] {(byte) i};
    }
}
