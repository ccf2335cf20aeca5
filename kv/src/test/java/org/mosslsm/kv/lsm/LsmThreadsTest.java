package org.mosslsm.kv.lsm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.mosslsm.kv.CommitRequest;
import org.mosslsm.kv.Cursor;
import org.mosslsm.kv.Cursor.Direction;
import org.mosslsm.kv.Durability;
import org.mosslsm.kv.EntryBatch;
import org.mosslsm.kv.KeyRange;
import org.mosslsm.kv.ScanHints;
import org.mosslsm.kv.Snapshot;
import org.mosslsm.kv.WriteBatch;
import org.mosslsm.kv.testkit.FaultVfs;
import org.mosslsm.kv.testkit.FaultVfs.Op;
import org.mosslsm.kv.testkit.MemVfs;

/** Writers, readers and the background beside each other. Latches make the order, nothing sleeps. */
@Timeout(120)
class LsmThreadsTest {
    private static final LsmOptions TINY =
            LsmOptions.builder().memtableBytes(4 << 10).build();

    @TempDir
    Path directory;

    private static byte[] key(int i) {
        return new byte[] {(byte) (i >> 8), (byte) i};
    }

    private static void put(Lsm store, int i, Durability durability) {
        store.commit(CommitRequest.of(new WriteBatch().put(key(i), key(i)), durability));
    }

    private static <T> List<T> together(List<Callable<T>> jobs) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(jobs.size());
        try {
            List<T> results = new ArrayList<>();
            for (Future<T> f : threads.invokeAll(jobs, 100, TimeUnit.SECONDS)) {
                results.add(f.get());
            }
            return results;
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void oneSyncServesAllCommitsThatWaitForIt() throws Exception {
        FaultVfs disk = new FaultVfs(new MemVfs());
        int writers = 8;
        try (Lsm store = Lsm.open(disk, LsmOptions.defaults())) {
            AtomicBoolean first = new AtomicBoolean(true);
            int before = disk.count(Op.SYNC);
            List<Callable<Void>> jobs = new ArrayList<>();
            AtomicInteger number = new AtomicInteger();
            for (int i = 0; i < writers; i++) {
                jobs.add(() -> {
                    put(store, number.incrementAndGet(), Durability.SYNC);
                    return null;
                });
            }
            disk.observe((op, name) -> {
                // The first sync is so slow that all others have appended and published meanwhile.
                while (op == Op.SYNC && first.get()) {
                    first.set(store.metrics().number("version.visible").orElseThrow() < writers);
                }
            });
            together(jobs);
            assertTrue(disk.count(Op.SYNC) - before <= 2, () -> disk.count(Op.SYNC) - before + " syncs");
        }
    }

    @Test
    void anIntervalCommitIsSyncedInTheBackground() {
        FaultVfs disk = new FaultVfs(new MemVfs());
        CountDownLatch synced = new CountDownLatch(1);
        try (Lsm store = Lsm.open(disk, LsmOptions.defaults())) {
            disk.observe((op, name) -> {
                if (op == Op.SYNC && name.endsWith(".wal")) {
                    synced.countDown();
                }
            });
            put(store, 1, Durability.interval(1));
            await(synced);
        }
    }

    @Test
    void anInterruptDoesNotEndTheSyncsInTheBackground() {
        FaultVfs disk = new FaultVfs(new MemVfs());
        CountDownLatch first = new CountDownLatch(1);
        CountDownLatch later = new CountDownLatch(1);
        try (Lsm store = Lsm.open(disk, LsmOptions.defaults())) {
            disk.observe((op, name) -> {
                if (op == Op.SYNC && name.endsWith(".wal")) {
                    (first.getCount() > 0 ? first : later).countDown();
                }
            });
            put(store, 1, Durability.interval(1));
            await(first);
            List<Thread> syncers = Thread.getAllStackTraces().keySet().stream()
                    .filter(thread -> thread.getName().equals("mosslsm-" + disk.path() + "-sync"))
                    .toList();
            assertEquals(1, syncers.size());
            syncers.get(0).interrupt();
            put(store, 2, Durability.interval(1));
            await(later);
            assertTrue(syncers.get(0).isAlive());
        }
    }

    @Test
    void writersWaitForASlowFlushAndGoOn() throws Exception {
        FaultVfs disk = new FaultVfs(new MemVfs());
        CountDownLatch release = new CountDownLatch(1);
        try (Lsm store = Lsm.open(disk, TINY)) {
            disk.observe((op, name) -> {
                if (op == Op.CREATE && name.endsWith(".sst")) {
                    await(release);
                }
            });
            Thread writer = new Thread(() -> {
                for (int i = 0; i < 2000; i++) {
                    put(store, i, Durability.NONE);
                }
            });
            writer.start();
            while (store.metrics().number("memtable.immutable").orElseThrow() < 2
                    || store.metrics().number("memtable.bytes").orElseThrow() < 3 * (4 << 10)) {
                Thread.onSpinWait();
            }
            long version = visible(store);
            assertTrue(version < 2000, "the memory was bounded");
            assertArrayEquals(key((int) version - 1), store.get(key((int) version - 1)));
            release.countDown();
            writer.join();
            assertEquals(2000, visible(store));
            assertTrue(store.metrics().number("write.stalled").orElseThrow() > 0);
        }
    }

    @Test
    void aCursorOutlivesFlushesAndCompactions() {
        try (Lsm store = Lsm.open(new MemVfs(), TINY)) {
            for (int i = 0; i < 3000; i++) {
                put(store, i, Durability.NONE);
            }
            int seen = 0;
            try (Cursor cursor = store.cursor(KeyRange.all(), Direction.FORWARD)) {
                for (EntryBatch batch = cursor.nextBatch(); batch != null; batch = cursor.nextBatch()) {
                    for (int i = 0; i < batch.size(); i++) {
                        assertArrayEquals(key(seen), batch.copyKey(i));
                        assertArrayEquals(key(seen++), batch.copyValue(i));
                    }
                    store.deleteRange(KeyRange.from(key(seen))); // what the cursor is still to see
                    store.compact();
                }
            }
            assertEquals(3000, seen);
            assertNull(store.get(key(2500)));
        }
    }

    @Test
    void gettersMeetEveryKeyWhileTablesComeAndGo() throws Exception {
        try (Lsm store = Lsm.open(new MemVfs(), TINY)) {
            for (int i = 0; i < 500; i++) {
                put(store, i, Durability.NONE);
            }
            AtomicBoolean writing = new AtomicBoolean(true);
            List<Callable<Void>> jobs = new ArrayList<>();
            jobs.add(() -> {
                for (int round = 0; round < 40; round++) {
                    for (int i = 0; i < 500; i++) {
                        put(store, i, Durability.NONE);
                    }
                }
                writing.set(false);
                return null;
            });
            for (int reader = 0; reader < 2; reader++) {
                jobs.add(() -> {
                    for (int i = 0; writing.get(); i = (i + 37) % 500) {
                        assertArrayEquals(key(i), store.get(key(i)));
                        try (Snapshot snapshot = store.snapshot();
                                Cursor cursor =
                                        snapshot.scan(KeyRange.point(key(i)), Direction.BACKWARD, ScanHints.NONE)) {
                            assertArrayEquals(key(i), snapshot.get(key(i)));
                            assertArrayEquals(key(i), cursor.nextBatch().copyValue(0));
                        }
                    }
                    return null;
                });
            }
            together(jobs);
        }
    }

    @Test
    void aCheckpointTakenWhileWritingHoldsOneVersion() throws Exception {
        Path copy = directory.resolve("copy");
        try (Lsm store = Lsm.open(directory.resolve("store"), TINY)) {
            AtomicBoolean writing = new AtomicBoolean(true);
            CountDownLatch some = new CountDownLatch(300);
            Callable<Void> writer = () -> {
                for (int i = 0; writing.get() || i < 1000; i++) {
                    put(store, i & 0xFFFF, Durability.PROCESS);
                    some.countDown();
                }
                return null;
            };
            Callable<Void> copier = () -> {
                await(some);
                store.checkpoint(copy.toString());
                writing.set(false);
                return null;
            };
            together(List.of(writer, copier));
        }
        try (Lsm opened = Lsm.open(copy, TINY)) {
            long version = visible(opened);
            assertTrue(version >= 300);
            int entries = 0;
            try (Cursor cursor = opened.cursor(KeyRange.all(), Direction.FORWARD)) {
                for (EntryBatch batch = cursor.nextBatch(); batch != null; batch = cursor.nextBatch()) {
                    entries += batch.size();
                }
            }
            assertEquals(Math.min(version, 0x10000), entries, "entry i was written by commit i + 1");
            put(opened, 7, Durability.SYNC);
        }
    }

    @Test
    void anInterruptDisturbsNothingAndIsKept() {
        try (Lsm store = Lsm.open(directory.resolve("store"), TINY)) {
            Thread.currentThread().interrupt();
            for (int i = 0; i < 1000; i++) {
                put(store, i, i % 100 == 0 ? Durability.SYNC : Durability.PROCESS);
            }
            assertArrayEquals(key(5), store.get(key(5)));
            store.compact();
            assertArrayEquals(key(6), store.get(key(6)));
            assertTrue(Thread.interrupted());
        }
    }

    private static long visible(Lsm store) {
        try (Snapshot snapshot = store.snapshot()) {
            return snapshot.version();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(60, TimeUnit.SECONDS)) {
                throw new AssertionError("waited for a minute");
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
