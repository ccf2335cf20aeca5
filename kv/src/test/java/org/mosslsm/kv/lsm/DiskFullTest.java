package org.mosslsm.kv.lsm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mosslsm.kv.lsm.LsmFailureTest.metric;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.mosslsm.kv.CommitRequest;
import org.mosslsm.kv.Durability;
import org.mosslsm.kv.KvIoException;
import org.mosslsm.kv.Snapshot;
import org.mosslsm.kv.StoreReadOnlyException;
import org.mosslsm.kv.UnknownOutcomeException;
import org.mosslsm.kv.WriteBatch;
import org.mosslsm.kv.testkit.CrashPolicy;
import org.mosslsm.kv.testkit.FaultVfs;
import org.mosslsm.kv.testkit.FaultVfs.Fault;
import org.mosslsm.kv.testkit.FaultVfs.Op;
import org.mosslsm.kv.testkit.MemVfs;

/** A full device: a clear error, reads go on, nothing acknowledged is lost, and writes go on by themselves with space. */
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DiskFullTest {
    /** What takes space; a sync may too, but must not be tried again. */
    private static final Set<Op> GROWING = EnumSet.of(Op.CREATE, Op.APPEND);

    private static final LsmOptions TINY =
            LsmOptions.builder().memtableBytes(4 << 10).build();

    private final MemVfs device = new MemVfs();
    private final FaultVfs disk = new FaultVfs(device);

    private static byte[] key(int i) {
        return new byte[] {(byte) (i >> 8), (byte) i};
    }

    private static void put(Lsm store, int i, Durability durability) {
        store.commit(CommitRequest.of(new WriteBatch().put(key(i), key(i)), durability));
    }

    /** Writes keys from {@code from} on until the device is full; returns the first that was refused. */
    private static int fill(Lsm store, int from) {
        int[] next = {from};
        KvIoException full = assertThrows(KvIoException.class, () -> {
            for (; next[0] < 60_000; next[0]++) {
                put(store, next[0], Durability.PROCESS);
            }
        });
        assertTrue(full.isDiskFull(), full::toString);
        assertTrue(full.getMessage().contains("nothing was written"), full::getMessage);
        return next[0];
    }

    private static void verify(Lsm store, int count) {
        for (int i = 0; i < count; i++) {
            assertArrayEquals(key(i), store.get(key(i)), "key " + i);
        }
        assertNull(store.get(key(count)));
    }

    @Test
    void flushGoesOnWhenThereIsSpaceAgain() {
        try (Lsm store = Lsm.open(disk, TINY)) {
            put(store, 0, Durability.SYNC);
            disk.failFrom(GROWING, ".*sst", 1, Fault.FULL_HALFWAY);
            int refused = fill(store, 1);
            assertEquals(refused, fill(store, refused), "refused again, and nothing else happened");
            verify(store, refused);
            assertEquals("disk full", metric(store, "health"));
            assertTrue(assertThrows(KvIoException.class, store::flush).isDiskFull());

            disk.heal();
            put(store, refused, Durability.SYNC);
            store.flush();
            verify(store, refused + 1);
            assertEquals("ok", metric(store, "health"));
        }
    }

    /** Each try to flush while there was no space left a memtable behind, and a log. */
    @Test
    void flushesInVainHoldNoMoreMemtablesThanWritesInVain() {
        try (Lsm store = Lsm.open(disk, LsmOptions.builder().build())) {
            disk.failFrom(GROWING, ".*sst", 1, Fault.FULL_HALFWAY);
            for (int i = 0; i < 10; i++) {
                put(store, i, Durability.PROCESS);
                assertTrue(assertThrows(KvIoException.class, store::flush).isDiskFull());
            }
            assertEquals((long) MemTableRotation.MAX_IMMUTABLES, metric(store, "memtable.immutable"));
            verify(store, 10);

            disk.heal();
            store.flush();
            assertEquals(0L, metric(store, "memtable.immutable"));
            verify(store, 10);
        }
    }

    /** A flush found no space, but has not said so yet; now there is some, and a writer comes and waits for room. */
    @Test
    void aTryThatBeganBeforeThereWasSpaceRefusesNobody() throws Exception {
        CountDownLatch given = new CountDownLatch(1);
        CountDownLatch told = new CountDownLatch(1);
        disk.fail(EnumSet.of(Op.APPEND), ".*sst", 1, Fault.FULL_HALFWAY);
        disk.observe((op, name) -> {
            if (op == Op.DELETE && name.endsWith(".sst") && given.getCount() > 0) { // of what was begun
                given.countDown();
                awaitAll(told);
            }
        });
        try (Lsm store = Lsm.open(disk, TINY)) {
            AtomicReference<Throwable> refused = new AtomicReference<>();
            Thread writer = new Thread(() -> {
                for (int i = 0; i < 1000; i++) {
                    put(store, i, Durability.PROCESS);
                    if (metric(store, "memtable.immutable").equals(1L)) {
                        awaitAll(given); // the try is to have begun before there is anything to wait for
                    }
                }
            });
            writer.setUncaughtExceptionHandler((thread, e) -> refused.set(e));
            writer.start();
            awaitAll(given);
            while (writer.isAlive() && !waitsForRoom(writer)) {
                Thread.onSpinWait();
            }
            told.countDown();
            writer.join();
            assertEquals(null, refused.get());
            verify(store, 1000);
        }
    }

    private static boolean waitsForRoom(Thread writer) {
        return writer.getState() == Thread.State.TIMED_WAITING
                && Arrays.stream(writer.getStackTrace())
                        .anyMatch(frame -> frame.getMethodName().equals("stallForRoom"));
    }

    private static void awaitAll(CountDownLatch latch) {
        try {
            assertTrue(latch.await(60, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Looks a thousand times a second, for a background that nobody can be told of by; the test's timeout ends it. */
    private static void awaitThat(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    @Test
    void compactionGoesOnWhenThereIsSpaceAgain() {
        try (Lsm store = Lsm.open(disk, TINY)) {
            for (int table = 0; table < 3; table++) {
                put(store, 0, Durability.NONE);
                put(store, 1, Durability.NONE);
                store.flush();
            }
            for (int table = 0; table < 40; table++) {
                put(store, 0, Durability.NONE);
                put(store, 1, Durability.NONE);
                if (table == 0) {
                    disk.failFrom(EnumSet.of(Op.APPEND), "MANIFEST.*", 1, Fault.FULL_HALFWAY);
                }
                if (table == 5) {
                    assertTrue(assertThrows(KvIoException.class, store::compact).isDiskFull());
                    disk.heal();
                }
            }
            store.compact();
            verify(store, 2);
            assertEquals("ok", metric(store, "health"));
        }
    }

    /** No new log could be begun, and so nothing was dropped either, which would have made room for it. */
    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void tablesAreDroppedThoughNoMemtableCanBeFlushedEarly() {
        LsmOptions options = LsmOptions.builder()
                .durability(Durability.NONE)
                .compactionThreads(1)
                .build();
        try (Lsm store = Lsm.open(disk, options)) {
            for (int i = 0; i < 100; i++) {
                put(store, i, Durability.NONE);
            }
            store.flush();
            try (Snapshot old = store.snapshot()) {
                store.deleteRange(key(0), key(200));
                store.flush(); // it covers the table before, which the snapshot reads
                disk.failFrom(EnumSet.of(Op.CREATE), ".*wal", 1, Fault.NO_SPACE);
                store.deleteRange(key(0), key(200)); // worth a flush for the same reason
                // Twice: the one compactor has then noted that the first try failed, and has looked for tables to drop
                // since.
                awaitThat(() -> disk.struck() >= 2);
                assertArrayEquals(key(70), old.get(key(70)));
                assertEquals("disk full", metric(store, "health"));
            }
            awaitThat(() -> !metric(store, "compaction.tables.dropped").equals(0L));
            assertNull(store.get(key(70)));
            assertEquals("disk full", metric(store, "health"));
            disk.heal();
        }
    }

    @Test
    void whatTheLogHasNoSpaceForNeverHappened() {
        try (Lsm store = Lsm.open(disk, LsmOptions.defaults())) {
            put(store, 0, Durability.SYNC);
            put(store, 1, Durability.NONE); // still in memory, and acknowledged
            disk.failFrom(EnumSet.of(Op.APPEND), ".*wal", 1, Fault.FULL_HALFWAY);
            assertEquals(2, fill(store, 2));
            CommitRequest large = CommitRequest.of(new WriteBatch().put(key(2), new byte[300_000]), Durability.NONE);
            assertTrue(
                    assertThrows(KvIoException.class, () -> store.commit(large)).isDiskFull());
            verify(store, 2);

            disk.heal();
            put(store, 2, Durability.SYNC);
            for (CrashPolicy policy : CrashPolicy.values()) {
                try (Lsm crashed = Lsm.open(device.crashClone(1, policy), LsmOptions.defaults())) {
                    verify(crashed, 3);
                }
            }
            verify(store, 3);
        }
        try (Lsm store = Lsm.open(disk, LsmOptions.defaults())) {
            verify(store, 3);
        }
    }

    @Test
    void whatCannotBeTakenBackFromTheLogEndsWriting() {
        try (Lsm store = Lsm.open(disk, LsmOptions.defaults())) {
            put(store, 0, Durability.SYNC);
            disk.fail(EnumSet.of(Op.APPEND), ".*wal", 1, Fault.FULL_HALFWAY);
            disk.fail(EnumSet.of(Op.TRUNCATE), ".*wal", 1, Fault.IO_ERROR);
            assertThrows(UnknownOutcomeException.class, () -> put(store, 1, Durability.PROCESS));
            assertThrows(StoreReadOnlyException.class, () -> put(store, 2, Durability.PROCESS));
            verify(store, 1);
        }
    }

    @Test
    void aSyncThatFailsForWantOfSpaceIsNotTriedAgain() {
        try (Lsm store = Lsm.open(disk, LsmOptions.defaults())) {
            disk.fail(EnumSet.of(Op.SYNC), ".*wal", 1, Fault.NO_SPACE);
            assertThrows(UnknownOutcomeException.class, () -> put(store, 0, Durability.SYNC));
            int syncs = disk.count(Op.SYNC);
            assertThrows(StoreReadOnlyException.class, () -> put(store, 1, Durability.SYNC));
            assertEquals(syncs, disk.count(Op.SYNC));
        }
    }

    /** How the stores are opened. */
    LsmOptions options() {
        return Ledger.OPTIONS;
    }

    @Test
    void spaceThatRunsOutAnywhereForAWhileCostsNothing() {
        Ledger dry = new Ledger(TRANSACTIONS, options());
        FaultVfs counted = new FaultVfs(new MemVfs());
        try (Lsm store = Lsm.open(counted, options())) {
            dry.run(store, 1, TRANSACTIONS);
        }
        int operations = counted.count(GROWING);
        assertTrue(operations > 100, operations + " operations");
        for (int nth = 1; nth <= operations; nth++) {
            for (int times = 1; times <= 4; times += 3) {
                try {
                    check(nth, times);
                } catch (RuntimeException | AssertionError e) {
                    throw new AssertionError("no space at " + nth + ", " + times + " times", e);
                }
            }
        }
    }

    private static final int TRANSACTIONS = 60;

    private void check(int nth, int times) {
        MemVfs device = new MemVfs();
        FaultVfs disk = new FaultVfs(device);
        disk.fail(GROWING, ".*", nth, times, Fault.FULL_HALFWAY);
        Ledger ledger = new Ledger(TRANSACTIONS, options());
        Lsm store = openWhenThereIsSpace(disk);
        try (store) {
            for (int i = 1; i <= TRANSACTIONS; ) {
                try {
                    ledger.run(store, i, i);
                    i++;
                } catch (KvIoException e) {
                    assertTrue(e.isDiskFull(), e::toString);
                    // a flush of the ledger may be what failed, after the transaction
                    int found = ledger.verify(store, i - 1, i);
                    for (CrashPolicy policy : CrashPolicy.values()) {
                        ledger.verify(device.crashClone(nth, policy), Math.min(ledger.synced(), found), found);
                    }
                    i = found + 1;
                }
            }
            ledger.verify(store, TRANSACTIONS, TRANSACTIONS);
        } catch (KvIoException e) {
            assertTrue(e.isDiskFull(), e::toString); // in close: what had no durability may be gone
        }
        assertEquals(0, device.openFiles(), "files left open");
        disk.heal();
        ledger.verify(disk, ledger.handedOver(), TRANSACTIONS);
    }

    private Lsm openWhenThereIsSpace(FaultVfs disk) {
        while (true) {
            try {
                return Lsm.open(disk, options());
            } catch (KvIoException e) {
                assertTrue(e.isDiskFull(), e::toString);
            }
        }
    }
}
