package org.mosslsm.kv.lsm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.mosslsm.kv.CommitRequest;
import org.mosslsm.kv.Durability;
import org.mosslsm.kv.Snapshot;
import org.mosslsm.kv.WriteBatch;
import org.mosslsm.kv.testkit.MemVfs;

/**
 * Writers commit in groups while readers look: afterwards the versions the commits returned put all of them into one
 * order, and every look is the state after a first part of that order, never half a commit, never without one that had
 * returned before the look began. {@code -Dseed=} repeats the choices, not the timing.
 */
@Timeout(value = 3, unit = TimeUnit.HOURS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class GroupCommitHistoryTest {
    private static final int WRITERS = 4;
    private static final int COMMITS = Integer.getInteger("commits", 400);

    /** What a reader saw: for each writer both its registers. */
    private record Look(long version, long returnedBefore, int[] left, int[] right) {}

    private final MemVfs disk = new MemVfs();
    private final ConcurrentSkipListMap<Long, int[]> commits = new ConcurrentSkipListMap<>();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    @Test
    void everyLookIsAFirstPartOfOneOrder() throws Exception {
        long seed = Long.getLong("seed", System.nanoTime());
        String note = "-Dseed=" + seed;
        List<List<Look>> looks = List.of(new ArrayList<>(), new ArrayList<>());
        LsmOptions options = LsmOptions.builder().memtableBytes(32 << 10).build();
        try (Lsm store = Lsm.open(disk, options)) {
            CyclicBarrier start = new CyclicBarrier(WRITERS + looks.size());
            CountDownLatch looked = new CountDownLatch(looks.size());
            List<Thread> threads = new ArrayList<>();
            for (int t = 0; t < WRITERS; t++) {
                int writer = t;
                threads.add(new Thread(() -> guarded(() -> {
                    start.await();
                    write(store, writer, new Random(seed + writer), looked);
                })));
            }
            List<Thread> writers = List.copyOf(threads);
            for (List<Look> mine : looks) {
                threads.add(new Thread(() -> guarded(() -> {
                    start.await();
                    try {
                        mine.add(look(store));
                    } finally {
                        looked.countDown();
                    }
                    while (writers.stream().anyMatch(Thread::isAlive)) {
                        mine.add(look(store));
                    }
                })));
            }
            threads.forEach(Thread::start);
            for (Thread thread : threads) {
                thread.join();
            }
        }
        assertNull(failure.get(), () -> note + ": " + failure.get());
        assertEquals(WRITERS * COMMITS, commits.size(), note + ": versions are given once");
        int checked = 0;
        for (List<Look> mine : looks) {
            for (Look look : mine) {
                check(look, note);
                checked++;
            }
        }
        assertTrue(checked > 0, note);
    }

    private interface Work {
        void run() throws Exception;
    }

    private void guarded(Work work) {
        try {
            work.run();
        } catch (Exception | AssertionError e) {
            failure.compareAndSet(null, e);
        }
    }

    /** Goes beyond the middle only when each reader has looked: some looks are in the midst of the commits. */
    private void write(Lsm store, int writer, Random random, CountDownLatch looked) throws InterruptedException {
        for (int n = 1; n <= COMMITS; n++) {
            if (n == COMMITS / 2 + 1) {
                looked.await();
            }
            WriteBatch batch =
                    new WriteBatch().put(register(writer, 0), number(n)).put(register(writer, 1), number(n));
            Durability durability =
                    switch (random.nextInt(4)) {
                        case 0 -> Durability.SYNC;
                        case 1 -> Durability.PROCESS;
                        default -> Durability.NONE;
                    };
            commits.put(store.commit(CommitRequest.of(batch, durability)), new int[] {writer, n});
        }
    }

    private Look look(Lsm store) {
        Map.Entry<Long, int[]> newest = commits.lastEntry();
        long returned = newest == null ? 0 : newest.getKey();
        int[] left = new int[WRITERS];
        int[] right = new int[WRITERS];
        try (Snapshot snapshot = store.snapshot()) {
            for (int t = 0; t < WRITERS; t++) {
                left[t] = number(snapshot.get(register(t, 0)));
                right[t] = number(snapshot.get(register(t, 1)));
            }
            return new Look(snapshot.version(), returned, left, right);
        }
    }

    private void check(Look look, String note) {
        assertTrue(look.version >= look.returnedBefore, () -> note + ": a commit had returned, and was not seen");
        int[] expected = new int[WRITERS];
        commits.headMap(look.version, true).values().forEach(c -> expected[c[0]] = c[1]);
        for (int t = 0; t < WRITERS; t++) {
            String where = note + ": writer " + t + " at version " + look.version;
            assertEquals(expected[t], look.left[t], where);
            assertEquals(expected[t], look.right[t], where);
        }
    }

    private static byte[] register(int writer, int side) {
        return new byte[] {(byte) writer, (byte) side};
    }

    private static byte[] number(int n) {
        return ByteBuffer.allocate(4).putInt(n).array();
    }

    private static int number(byte[] bytes) {
        return bytes == null ? 0 : ByteBuffer.wrap(bytes).getInt();
    }
}
