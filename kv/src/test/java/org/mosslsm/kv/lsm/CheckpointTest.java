package org.mosslsm.kv.lsm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mosslsm.kv.KvException;
import org.mosslsm.kv.StoreOpenException;
import org.mosslsm.kv.testkit.FaultVfs;
import org.mosslsm.kv.testkit.FaultVfs.Fault;
import org.mosslsm.kv.testkit.FaultVfs.Op;
import org.mosslsm.kv.testkit.MemVfs;
import org.mosslsm.kv.tool.Verify;
import org.mosslsm.kv.vfs.Vfs;

/** A checkpoint is there as a whole or not at all, of stores without a table too. */
class CheckpointTest {
    private static final String TARGET = "/copy";
    private static final LsmOptions EXISTING =
            LsmOptions.builder().create(false).build();

    private static byte[] key(int i) {
        return new byte[] {(byte) (i >> 8), (byte) i};
    }

    private static void fill(Lsm store, int tables) {
        for (int table = 0; table < tables; table++) {
            for (int i = 0; i < 20; i++) {
                store.put(key(100 * table + i), key(i));
            }
            store.flush();
        }
    }

    private static void assertWhole(Vfs copy, int tables) {
        assertEquals(List.of(), Verify.store(copy).findings());
        try (Lsm store = Lsm.open(copy, EXISTING)) {
            for (int i = 0; i < 100 * tables; i++) {
                assertArrayEquals(i % 100 < 20 ? key(i % 100) : null, store.get(key(i)));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3})
    void crashAtAnyOperationLeavesAllOrNothing(int tables) throws IOException {
        MemVfs disk = new MemVfs();
        FaultVfs watched = new FaultVfs(disk);
        List<MemVfs> crashes;
        try (Lsm store = Lsm.open(watched, LsmOptions.defaults())) {
            fill(store, tables);
            crashes = watched.collectCrashes(disk);
            store.checkpoint(TARGET);
            watched.observe((op, name) -> {});
        }
        assertTrue(crashes.size() > 20, crashes.size() + " crashes");
        int whole = 0;
        for (MemVfs crash : crashes) {
            Vfs copy = crash.child(TARGET);
            if (copy.directoryExists()) {
                assertWhole(copy, tables);
                whole++;
            } else {
                StoreOpenException e = assertThrows(StoreOpenException.class, () -> Lsm.open(copy, EXISTING));
                assertEquals(StoreOpenException.Reason.MISSING, e.reason());
                try (Lsm store = Lsm.open(crash, LsmOptions.defaults())) {
                    store.checkpoint(TARGET); // over what the first one left
                }
                assertWhole(copy, tables);
            }
            assertFalse(crash.child(Checkpoint.unfinished(crash, TARGET)).directoryExists());
        }
        assertTrue(whole > 0 && whole < crashes.size() / 2, whole + " whole of " + crashes.size());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2})
    void anyFailureLeavesNothingAndItCanBeTriedAgain(int tables) throws IOException {
        int failures = 0;
        for (int nth = 1; ; nth++) {
            FaultVfs failing = new FaultVfs(new MemVfs());
            Vfs copy = failing.child(TARGET);
            boolean struck;
            try (Lsm store = Lsm.open(failing, LsmOptions.defaults())) {
                fill(store, tables);
                failing.failHere(FaultVfs.CHANGES, ".*", nth, Fault.NO_SPACE); // a merge behind it has tests of its own
                try {
                    store.checkpoint(TARGET);
                } catch (KvException e) {
                    failures++;
                    assertFalse(copy.directoryExists());
                    failing.heal();
                    store.checkpoint(TARGET);
                }
                struck = failing.struck() > 0;
                failing.heal();
                assertThrows(IllegalArgumentException.class, () -> store.checkpoint(TARGET));
            }
            assertWhole(copy, tables);
            if (!struck) {
                break;
            }
        }
        assertTrue(failures > 5, failures + " failures");
    }

    @ParameterizedTest
    @ValueSource(strings = {"LOCK", "letter.txt", "000009.wal"})
    void whatIsNotLeftByACheckpointStays(String name) throws IOException {
        MemVfs disk = new MemVfs();
        Vfs other = disk.child(Checkpoint.unfinished(disk, TARGET));
        other.createDirectory();
        other.create(name).close();
        other.create("000001.sst").close();
        try (Lsm store = Lsm.open(disk, LsmOptions.defaults())) {
            assertThrows(IllegalArgumentException.class, () -> store.checkpoint(TARGET));
        }
        assertEquals(2, other.list().size());
        assertFalse(disk.child(TARGET).directoryExists());
    }

    /** The first one stops when all its files are linked, until the second one is at its first link, or waits. */
    @Test
    @Timeout(120)
    void oneOfTwoCheckpointsToOneTargetIsWholeAndTheOtherIsToldSo() throws Exception {
        MemVfs disk = new MemVfs();
        FaultVfs watched = new FaultVfs(disk);
        try (Lsm store = Lsm.open(watched, LsmOptions.defaults())) {
            fill(store, 3);
            FutureTask<Void> first = checkpoint(store);
            FutureTask<Void> second = checkpoint(store);
            Thread firstThread = new Thread(first);
            Thread secondThread = new Thread(second);
            CountDownLatch linking = new CountDownLatch(1);
            CountDownLatch firstOver = new CountDownLatch(1);
            AtomicBoolean linked = new AtomicBoolean();
            watched.observe((op, name) -> {
                if (op == Op.LINK && Thread.currentThread() == secondThread && linking.getCount() > 0) {
                    linking.countDown();
                    await(firstOver);
                } else if (op == Op.LINK && Thread.currentThread() == firstThread) {
                    linked.set(true);
                } else if (op == Op.SYNC_DIR && Thread.currentThread() == firstThread && linked.getAndSet(false)) {
                    secondThread.start();
                    while (linking.getCount() > 0 && secondThread.getState() != Thread.State.BLOCKED) {
                        Thread.onSpinWait();
                    }
                }
            });
            firstThread.start();
            firstThread.join();
            firstOver.countDown();
            secondThread.join();
            first.get();
            assertWhole(disk.child(TARGET), 3);
            ExecutionException told = assertThrows(ExecutionException.class, second::get);
            assertInstanceOf(IllegalArgumentException.class, told.getCause());
        }
    }

    private static FutureTask<Void> checkpoint(Lsm store) {
        return new FutureTask<>(() -> {
            store.checkpoint(TARGET);
            return null;
        });
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Each has a directory of its own to fill. */
    @Test
    void checkpointsOfTwoStoresToOneTargetDoNotMeetBefore() throws IOException {
        MemVfs disk = new MemVfs();
        MemVfs other = (MemVfs) disk.child("/other");
        other.createDirectory();
        FaultVfs watched = new FaultVfs(disk);
        AtomicBoolean done = new AtomicBoolean();
        try (Lsm store = Lsm.open(watched, LsmOptions.defaults());
                Lsm second = Lsm.open(other, LsmOptions.defaults())) {
            fill(store, 2);
            fill(second, 1);
            watched.observe((op, name) -> {
                if (op == Op.LINK && !done.getAndSet(true)) {
                    second.checkpoint(TARGET);
                }
            });
            assertThrows(IllegalArgumentException.class, () -> store.checkpoint(TARGET));
            assertTrue(done.get());
            assertWhole(disk.child(TARGET), 1);
        }
    }
}
