package org.mosslsm.kv.lsm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.mosslsm.kv.CommitRequest;
import org.mosslsm.kv.Durability;
import org.mosslsm.kv.StoreClosedException;
import org.mosslsm.kv.WriteBatch;
import org.mosslsm.kv.testkit.FaultVfs;
import org.mosslsm.kv.testkit.MemVfs;

/**
 * A store is opened, given work for each of its threads, and closed while they are at it: close ends, leaves no thread
 * behind, and what was committed is there the next time.
 */
@Timeout(value = 900, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CloseUnderWorkTest {
    private static final int ROUNDS = 200;
    private static final int BATCH = 1_024;
    private static final String NAME = "/closed-under-work";

    /** What every store of this test calls its threads. */
    private static final String PREFIX = "mosslsm-" + NAME + "-";

    private static final LsmOptions OPTIONS = LsmOptions.builder()
            .memtableBytes(32 << 10)
            .cacheBytes(1 << 20)
            .compactionThreads(2)
            .subcompactions(2)
            .build();

    private final MemVfs device = (MemVfs) new MemVfs().child(NAME);
    private final FaultVfs disk = new FaultVfs(device);

    private static byte[] key(int i) {
        return ByteBuffer.allocate(4).putInt(i).array();
    }

    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith(PREFIX))
                .sorted()
                .toList();
    }

    private static void commit(Lsm store, WriteBatch batch) {
        store.commit(CommitRequest.of(batch, Durability.interval(1)));
    }

    /**
     * Puts that are flushed and merged, or deletes of them, and a range delete worth a flush; in two rounds of ten so many
     * that the deletes are a run for the scout.
     */
    private static void giveWork(Lsm store, int round) {
        int keys = round % 10 < 2 ? DeadRunScout.PIECE : 2 * BATCH;
        for (int from = 0; from < keys; from += BATCH) {
            WriteBatch batch = new WriteBatch();
            for (int i = from; i < from + BATCH; i++) {
                if (round % 2 == 0) {
                    batch.put(key(i), key(round));
                } else {
                    batch.delete(key(i));
                }
            }
            commit(store, batch);
        }
        commit(store, new WriteBatch().deleteRange(key(0), key(keys / 2)).put(key(-1), key(round)));
    }

    @Test
    void closeEndsAndLeavesNoThread() throws InterruptedException {
        Set<String> workers = ConcurrentHashMap.newKeySet();
        disk.observe((op, name) -> workers.add(Thread.currentThread().getName()));
        AtomicInteger cutShort = new AtomicInteger();
        for (int round = 0; round < ROUNDS; round++) {
            int now = round;
            Lsm store = Lsm.open(disk, OPTIONS);
            checkHolds(store, round - 1);
            CountDownLatch committed = new CountDownLatch(1);
            AtomicReference<Throwable> failure = new AtomicReference<>();
            Thread writer = new Thread(() -> {
                try {
                    giveWork(store, now);
                    committed.countDown();
                    giveWork(store, now + 1);
                } catch (StoreClosedException e) {
                    cutShort.incrementAndGet();
                } catch (Throwable t) {
                    failure.set(t);
                } finally {
                    committed.countDown();
                }
            });
            writer.start();
            committed.await();
            workers.addAll(threads());
            if (round % 3 == 0) {
                Thread.currentThread().interrupt();
            }
            store.close();
            assertEquals(round % 3 == 0, Thread.interrupted(), "an interrupt is not lost");
            assertEquals(List.of(), threads(), "left behind in round " + round);
            writer.join();
            assertNull(failure.get(), () -> "round " + now + ": " + failure.get());
            assertEquals(List.of(), threads(), "begun after the close of round " + round);
        }
        assertTrue(cutShort.get() > 0, "never closed while somebody wrote");
        for (String work : List.of("flush", "compact", "compact-1", "compact-part-1", "sync", "scout")) {
            assertTrue(workers.contains(PREFIX + work), () -> work + " had nothing to do; these had: " + workers);
        }
    }

    /** What the round before committed, and perhaps more, is there. */
    private static void checkHolds(Lsm store, int round) {
        byte[] last = store.get(key(-1));
        int found = last == null ? -1 : ByteBuffer.wrap(last).getInt();
        assertTrue(found == round || found == round + 1, "round " + found + " in the place of " + round);
    }
}
