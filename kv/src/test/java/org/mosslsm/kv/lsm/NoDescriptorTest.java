package org.mosslsm.kv.lsm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mosslsm.kv.lsm.LsmFailureTest.metric;

import java.util.EnumSet;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.mosslsm.kv.CommitRequest;
import org.mosslsm.kv.Durability;
import org.mosslsm.kv.KvIoException;
import org.mosslsm.kv.StoreReadOnlyException;
import org.mosslsm.kv.WriteBatch;
import org.mosslsm.kv.testkit.CrashPolicy;
import org.mosslsm.kv.testkit.FaultVfs;
import org.mosslsm.kv.testkit.FaultVfs.Fault;
import org.mosslsm.kv.testkit.FaultVfs.Op;
import org.mosslsm.kv.testkit.MemVfs;

/**
 * A process that may open no more files: a clear error, nothing acknowledged is lost, and writes go on once others were
 * closed.
 */
class NoDescriptorTest {
    private static final LsmOptions TINY =
            LsmOptions.builder().memtableBytes(4 << 10).build();

    private final FaultVfs disk = new FaultVfs(new MemVfs());

    private static byte[] key(int i) {
        return new byte[] {(byte) (i >> 8), (byte) i};
    }

    private static void put(Lsm store, int i) {
        put(store, i, Durability.PROCESS);
    }

    private static void put(Lsm store, int i, Durability durability) {
        store.commit(CommitRequest.of(new WriteBatch().put(key(i), key(i)), durability));
    }

    /** A flush that was under way when the descriptors came back may still refuse a write. */
    private static void putAtLast(Lsm store, int i) {
        for (int tries = 1; ; tries++) {
            try {
                put(store, i);
                return;
            } catch (KvIoException e) {
                assertTrue(e.isOutOfFiles() && tries < 3, e::toString);
            }
        }
    }

    /** Writes keys from {@code from} on until one is refused, and returns that. */
    private static int fill(Lsm store, int from) {
        int[] next = {from};
        KvIoException refused = assertThrows(KvIoException.class, () -> {
            for (; next[0] < 60_000; next[0]++) {
                put(store, next[0]);
            }
        });
        assertTrue(refused.isOutOfFiles(), refused::toString);
        assertTrue(refused.getMessage().contains("nothing was written"), refused::getMessage);
        return next[0];
    }

    private void writesGoOn(EnumSet<Op> ops, String names) {
        try (Lsm store = Lsm.open(disk, TINY)) {
            put(store, 0);
            disk.failFrom(ops, names, 1, Fault.NO_DESCRIPTOR);
            int refused = fill(store, 1);
            assertEquals(refused, fill(store, refused), "refused again, and nothing else happened");
            disk.heal();
            putAtLast(store, refused);
            store.flush();
            store.compact();
            for (int i = 0; i <= refused; i++) {
                assertArrayEquals(key(i), store.get(key(i)), "key " + i);
            }
            assertEquals("ok", metric(store, "health"));
        }
    }

    @Test
    void flushGoesOnWhenFilesWereClosed() {
        writesGoOn(EnumSet.of(Op.CREATE), ".*sst");
    }

    @Test
    void aTableWhoseNameCannotBeSyncedIsWrittenAgain() {
        writesGoOn(EnumSet.of(Op.OPEN_DIRECTORY), ".*");
    }

    @Test
    void aLogThatCannotBeBegunIsBegunLater() {
        writesGoOn(EnumSet.of(Op.CREATE, Op.REUSE), ".*wal");
    }

    @Test
    void aLogWhoseNameCannotBeSyncedIsBegunLater() {
        writesGoOn(EnumSet.of(Op.SYNC_DIR), ".*");
    }

    @Test
    void aLogThatCannotBeTakenBackEndsWritingAndNotTheStore() {
        MemVfs device = new MemVfs();
        FaultVfs failing = new FaultVfs(device);
        int[] next = {0};
        try (Lsm store = Lsm.open(failing, TINY)) {
            failing.fail(EnumSet.of(Op.SYNC_DIR), ".*", 1, Fault.NO_DESCRIPTOR);
            failing.fail(EnumSet.of(Op.DELETE), ".*wal", 1, Fault.IO_ERROR);
            assertThrows(StoreReadOnlyException.class, () -> {
                for (; next[0] < 1_000; next[0]++) {
                    put(store, next[0], Durability.SYNC);
                }
            });
            assertEquals(2, failing.struck());
            try (Lsm killed = Lsm.open(device.killClone(), TINY)) {
                for (int i = 0; i < next[0]; i++) {
                    assertArrayEquals(key(i), killed.get(key(i)), "key " + i);
                }
            }
        }
    }

    @Test
    void healthSaysWhatIsShort() {
        try (Lsm store = Lsm.open(disk, TINY)) {
            disk.failFrom(EnumSet.of(Op.CREATE), ".*sst", 1, Fault.NO_DESCRIPTOR);
            fill(store, 0);
            assertEquals("too many open files", metric(store, "health"));
            disk.heal();
            putAtLast(store, 0);
            store.flush();
            assertEquals("ok", metric(store, "health"));
        }
    }

    @Test
    void descriptorsThatRunOutAnywhereForAWhileCostNothing() {
        Ledger dry = new Ledger(TRANSACTIONS);
        FaultVfs counted = new FaultVfs(new MemVfs());
        try (Lsm store = Lsm.open(counted, Ledger.OPTIONS)) {
            dry.run(store, 1, TRANSACTIONS);
        }
        int operations = counted.count(FaultVfs.OPENINGS);
        assertTrue(operations > 50, operations + " operations");
        int struck = 0;
        for (int nth = 1; nth <= operations; nth++) {
            for (int times = 1; times <= 4; times += 3) {
                try {
                    struck += check(nth, times);
                } catch (RuntimeException | AssertionError e) {
                    throw new AssertionError("no descriptor at " + nth + ", " + times + " times", e);
                }
            }
        }
        // Nearly five for each: some runs have fewer merges, and so fewer operations.
        assertTrue(struck > 3 * operations, struck + " failures of " + operations + " operations");
    }

    private static final int TRANSACTIONS = 60;

    /** Lets so many openings fail, from the {@code nth} on; returns how many did. */
    private int check(int nth, int times) {
        MemVfs device = new MemVfs();
        FaultVfs disk = new FaultVfs(device);
        disk.fail(FaultVfs.OPENINGS, ".*", nth, times, Fault.NO_DESCRIPTOR);
        Ledger ledger = new Ledger(TRANSACTIONS);
        try (Lsm store = whenThereAreDescriptors(() -> Lsm.open(disk, Ledger.OPTIONS))) {
            for (int i = 1; i <= TRANSACTIONS; ) {
                try {
                    ledger.run(store, i, i);
                    i++;
                } catch (KvIoException e) {
                    assertTrue(e.isOutOfFiles(), e::toString);
                    // a flush of the ledger may be what was refused, after the transaction
                    int done = i - 1;
                    int found = whenThereAreDescriptors(() -> ledger.verify(store, done, done + 1));
                    for (CrashPolicy policy : CrashPolicy.values()) {
                        ledger.verify(device.crashClone(nth, policy), Math.min(ledger.synced(), found), found);
                    }
                    i = found + 1;
                }
            }
            whenThereAreDescriptors(() -> ledger.verify(store, TRANSACTIONS, TRANSACTIONS));
        }
        int struck = disk.struck();
        assertEquals(0, device.openFiles(), "files left open");
        disk.heal();
        ledger.verify(disk, TRANSACTIONS, TRANSACTIONS);
        return struck;
    }

    private static <T> T whenThereAreDescriptors(Supplier<T> work) {
        while (true) {
            try {
                return work.get();
            } catch (KvIoException e) {
                assertTrue(e.isOutOfFiles(), e::toString);
            }
        }
    }
}
