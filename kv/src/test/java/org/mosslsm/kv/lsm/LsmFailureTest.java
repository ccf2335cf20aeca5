package org.mosslsm.kv.lsm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;
import org.mosslsm.kv.BulkLoad;
import org.mosslsm.kv.CommitRequest;
import org.mosslsm.kv.Cursor;
import org.mosslsm.kv.Cursor.Direction;
import org.mosslsm.kv.Durability;
import org.mosslsm.kv.KeyRange;
import org.mosslsm.kv.ScanHints;
import org.mosslsm.kv.Snapshot;
import org.mosslsm.kv.Store.CommitStatus;
import org.mosslsm.kv.StoreClosedException;
import org.mosslsm.kv.StoreReadOnlyException;
import org.mosslsm.kv.UnknownOutcomeException;
import org.mosslsm.kv.WriteBatch;
import org.mosslsm.kv.testkit.FaultVfs;
import org.mosslsm.kv.testkit.FaultVfs.Fault;
import org.mosslsm.kv.testkit.FaultVfs.Op;
import org.mosslsm.kv.testkit.MemVfs;

/** What users see when the disk or the machine fails under a store, and after it was closed. */
class LsmFailureTest {
    private final FaultVfs disk = new FaultVfs(new MemVfs());

    private static final LsmOptions TINY =
            LsmOptions.builder().memtableBytes(4 << 10).build();

    private static byte[] key(int i) {
        return new byte[] {(byte) (i >> 8), (byte) i};
    }

    private static CommitRequest put(int i, Durability durability) {
        return CommitRequest.of(new WriteBatch().put(key(i), key(i)), durability);
    }

    @Test
    void aFailedSyncLeavesItsCommitOpenAndTheStoreReadOnly() {
        try (Lsm store = Lsm.open(disk, LsmOptions.defaults())) {
            store.put(key(1), key(1));
            disk.fail(EnumSet.of(Op.SYNC), ".*wal", 1, Fault.IO_ERROR);
            CommitRequest request = put(2, Durability.SYNC);
            UnknownOutcomeException open = assertThrows(UnknownOutcomeException.class, () -> store.commit(request));
            assertEquals(request.id(), open.commitId());
            assertEquals(CommitStatus.UNKNOWN, store.status(request.id()));

            int syncs = disk.count(Op.SYNC);
            StoreReadOnlyException readOnly =
                    assertThrows(StoreReadOnlyException.class, () -> store.put(key(3), key(3)));
            assertNotNull(readOnly.getCause());
            assertThrows(StoreReadOnlyException.class, store::flush);
            assertEquals(syncs, disk.count(Op.SYNC), "a failed sync was tried again");
            assertArrayEquals(key(1), store.get(key(1)));
            assertEquals("read-only", metric(store, "health"));
        }
    }

    @Test
    void aLogThatCannotBeDeletedEndsNoWriting() throws IOException {
        try (Lsm store = Lsm.open(disk, LsmOptions.defaults())) {
            // without syncs no log is kept for reuse: each is deleted
            store.commit(put(1, Durability.PROCESS));
            disk.fail(EnumSet.of(Op.DELETE), ".*wal", 1, Fault.IO_ERROR);
            store.flush();
            store.commit(put(2, Durability.PROCESS));
            store.flush();
            store.commit(put(3, Durability.PROCESS));
            assertTrue(disk.struck() > 0, "no log was to be deleted");
            assertEquals("ok", metric(store, "health"));
        }
        disk.heal();
        try (Lsm store = Lsm.open(disk, LsmOptions.defaults())) {
            assertArrayEquals(key(2), store.get(key(2)));
            assertArrayEquals(key(3), store.get(key(3)));
        }
    }

    @Test
    void aFailedAppendPublishesNothingOfItsGroup() {
        try (Lsm store = Lsm.open(disk, LsmOptions.defaults())) {
            store.put(key(1), key(1));
            disk.fail(EnumSet.of(Op.APPEND), ".*wal", 1, Fault.SHORT_WRITE);
            assertThrows(UnknownOutcomeException.class, () -> store.commit(put(2, Durability.PROCESS)));
            assertNull(store.get(key(2)));
            assertThrows(StoreReadOnlyException.class, () -> store.commit(put(3, Durability.NONE)));
        }
        disk.heal();
        try (Lsm store = Lsm.open(disk, LsmOptions.defaults())) {
            assertArrayEquals(key(1), store.get(key(1)));
        }
    }

    @Test
    void aFailedFlushIsToldToTheNextWriter() {
        try (Lsm store = Lsm.open(disk, TINY)) {
            disk.failFrom(EnumSet.of(Op.CREATE), ".*sst", 1, Fault.IO_ERROR);
            StoreReadOnlyException e = assertThrows(StoreReadOnlyException.class, () -> {
                for (int i = 0; i < 100_000; i++) {
                    store.commit(put(i & 0xFFF, Durability.NONE));
                }
            });
            assertTrue(e.getMessage().contains("injected failure"), e::getMessage);
            assertArrayEquals(key(1), store.get(key(1)));
        }
    }

    @Test
    void runningOutOfMemoryInTheBackgroundIsToldToTheNextWriter() {
        disk.observe((op, name) -> {
            if (op == Op.CREATE && name.endsWith(".sst")) {
                throw new OutOfMemoryError("injected");
            }
        });
        try (Lsm store = Lsm.open(disk, TINY)) {
            StoreReadOnlyException e = assertThrows(StoreReadOnlyException.class, () -> {
                for (int i = 0; i < 100_000; i++) {
                    store.commit(put(i & 0xFFF, Durability.NONE));
                }
            });
            assertEquals(OutOfMemoryError.class, e.getCause().getClass());
        }
    }

    @Test
    void runningOutOfMemoryInTheManifestEndsWritingAtOnce() {
        try (Lsm store = Lsm.open(disk, LsmOptions.defaults())) {
            store.put(key(1), key(1));
            store.flush();
            BulkLoad load = store.bulkLoad(KeyRange.of(key(100), key(200)));
            load.add(key(100), key(1));
            Thread own = Thread.currentThread(); // a compaction may be writing its edit just now
            disk.observe((op, name) -> {
                if (op == Op.SYNC && name.startsWith("MANIFEST") && Thread.currentThread() == own) {
                    throw new OutOfMemoryError("injected");
                }
            });
            assertThrows(OutOfMemoryError.class, load::publish);
            disk.observe((op, name) -> {});
            StoreReadOnlyException e = assertThrows(StoreReadOnlyException.class, () -> store.put(key(2), key(2)));
            assertEquals(OutOfMemoryError.class, e.getCause().getClass());
            assertEquals("read-only", metric(store, "health"));
            assertArrayEquals(key(1), store.get(key(1)));
            load.close();
        }
        try (Lsm store = Lsm.open(disk, LsmOptions.defaults())) {
            assertArrayEquals(key(1), store.get(key(1)));
            assertNull(store.get(key(2)));
        }
    }

    @Test
    void whatIsOpenWhenTheStoreClosesOnlySaysSo() {
        Lsm store = Lsm.open(disk, TINY);
        for (int i = 0; i < 2000; i++) {
            store.commit(put(i, Durability.NONE));
        }
        Snapshot snapshot = store.snapshot();
        Cursor cursor = snapshot.scan(KeyRange.all(), Direction.FORWARD, ScanHints.NONE);
        assertNotNull(cursor.nextBatch());
        Cursor fresh = store.cursor(KeyRange.all(), Direction.BACKWARD);
        store.close();
        store.close();

        assertThrows(StoreClosedException.class, cursor::nextBatch);
        assertThrows(StoreClosedException.class, fresh::nextBatch);
        assertThrows(StoreClosedException.class, () -> snapshot.get(key(1)));
        assertThrows(StoreClosedException.class, () -> store.get(key(1)));
        assertThrows(StoreClosedException.class, store::snapshot);
        assertThrows(StoreClosedException.class, () -> store.put(key(1), key(1)));
        assertThrows(StoreClosedException.class, store::metrics);
        assertThrows(StoreClosedException.class, store::flush);
        assertThrows(StoreClosedException.class, () -> store.approximateBytes(KeyRange.all()));
        assertThrows(StoreClosedException.class, () -> store.bulkLoad(KeyRange.all()));
        cursor.close();
        fresh.close();
        snapshot.close();
    }

    @Test
    void closingLetsGoOfEveryFile() {
        MemVfs counted = new MemVfs();
        Lsm store = Lsm.open(counted, TINY);
        for (int i = 0; i < 5000; i++) {
            store.commit(put(i, Durability.NONE));
        }
        store.compact();
        Cursor cursor = store.cursor(KeyRange.all(), Direction.FORWARD);
        assertNotNull(cursor.nextBatch());
        store.close();
        cursor.close();
        assertEquals(0, counted.openFiles());
        try (Lsm again = Lsm.open(counted, TINY)) {
            assertArrayEquals(key(4999), again.get(key(4999)));
        }
    }

    static Object metric(Lsm store, String name) {
        return store.metrics().metrics().stream()
                .filter(m -> m.name().equals(name))
                .findFirst()
                .orElseThrow()
                .value();
    }
}
