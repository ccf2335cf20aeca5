package org.mosslsm.kv.lsm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.mosslsm.kv.BulkLoad;
import org.mosslsm.kv.ConflictException;
import org.mosslsm.kv.Cursor;
import org.mosslsm.kv.Cursor.Direction;
import org.mosslsm.kv.Durability;
import org.mosslsm.kv.EntryBatch;
import org.mosslsm.kv.KeyRange;
import org.mosslsm.kv.KvIoException;
import org.mosslsm.kv.ScanHints;
import org.mosslsm.kv.Snapshot;
import org.mosslsm.kv.StoreReadOnlyException;
import org.mosslsm.kv.testkit.FaultVfs;
import org.mosslsm.kv.testkit.FaultVfs.Fault;
import org.mosslsm.kv.testkit.FaultVfs.Op;
import org.mosslsm.kv.testkit.MemVfs;

/** Bulk loads go into tables and get their sequence number when they are published. */
class LsmBulkLoadTest {
    private static final int ENTRIES = 3000;
    private static final LsmOptions TINY = LsmOptions.builder()
            .memtableBytes(4 << 10)
            .durability(Durability.PROCESS)
            .build();

    private final MemVfs disk = new MemVfs();

    private static byte[] key(int i) {
        return new byte[] {'k', (byte) (i >> 8), (byte) i};
    }

    private static void load(BulkLoad load) {
        for (int i = 0; i < ENTRIES; i++) {
            load.add(key(i), key(i));
        }
    }

    private static int count(Lsm store, Direction direction) {
        int n = 0;
        try (Cursor cursor = store.cursor(KeyRange.all(), direction)) {
            for (EntryBatch batch = cursor.nextBatch(); batch != null; batch = cursor.nextBatch()) {
                n += batch.size();
            }
        }
        return n;
    }

    @Test
    void anOlderSnapshotDoesNotSeeTheLoad() {
        try (Lsm store = Lsm.open(disk, TINY);
                Snapshot before = store.snapshot();
                BulkLoad load = store.bulkLoad(KeyRange.all())) {
            load(load);
            long version = load.publish();
            try (Cursor none = before.scan(KeyRange.all(), Direction.FORWARD, ScanHints.NONE);
                    Snapshot after = store.snapshot()) {
                assertNull(none.nextBatch());
                assertNull(before.get(key(5)));
                assertEquals(version, after.version());
                assertArrayEquals(key(5), after.get(key(5)));
            }
            assertEquals(ENTRIES, count(store, Direction.FORWARD));
            assertEquals(ENTRIES, count(store, Direction.BACKWARD));
        }
    }

    @Test
    void aRangeThatCannotBeReadLeavesNoSnapshotOpen() {
        try (Lsm store = Lsm.open(disk, TINY)) {
            store.put(key(1), key(1));
            store.compact(); // the table is where it stays: no merge opens it below
        }
        FaultVfs failing = new FaultVfs(disk);
        try (Lsm store = Lsm.open(failing, TINY)) {
            failing.failHere(EnumSet.of(Op.OPEN), ".*sst", 1, Fault.IO_ERROR);
            assertThrows(KvIoException.class, () -> store.bulkLoad(KeyRange.all()));
            assertThrows(IllegalArgumentException.class, () -> store.bulkLoad(KeyRange.all()));
            assertEquals(0, store.metrics().number("snapshots.open").orElseThrow());
        }
    }

    @Test
    void deletesFromBeforeTheLoadDoNotHideIt() {
        try (Lsm store = Lsm.open(disk, TINY)) {
            store.put(key(1), key(1));
            store.delete(key(1));
            store.put(key(2), key(2));
            store.deleteRange(key(2), key(500));
            try (BulkLoad load = store.bulkLoad(KeyRange.all())) {
                load(load);
                load.publish();
            }
            assertArrayEquals(key(1), store.get(key(1)));
            assertArrayEquals(key(2), store.get(key(2)));
            store.compact();
            assertArrayEquals(key(2), store.get(key(2)));
            assertEquals(ENTRIES, count(store, Direction.FORWARD));
        }
    }

    @Test
    void whatIsLoadedIsWrittenOverDeletedCompactedAndReopened() {
        try (Lsm store = Lsm.open(disk, TINY)) {
            try (BulkLoad load = store.bulkLoad(KeyRange.all())) {
                load(load);
                load.publish();
            }
            for (int round = 0; round < 20; round++) {
                for (int i = 0; i < 100; i++) {
                    store.put(key(i), new byte[] {(byte) round});
                }
                store.deleteRange(key(1000 + 10 * round), key(1005 + 10 * round));
                store.delete(key(2000 + round));
            }
            store.compact();
        }
        try (Lsm store = Lsm.open(disk, TINY)) {
            assertArrayEquals(new byte[] {19}, store.get(key(99)));
            assertArrayEquals(key(100), store.get(key(100)));
            assertNull(store.get(key(1001)));
            assertArrayEquals(key(1005), store.get(key(1005)));
            assertNull(store.get(key(2019)));
            assertEquals(ENTRIES - 100 - 20, count(store, Direction.FORWARD));
            assertEquals(ENTRIES - 100 - 20, count(store, Direction.BACKWARD));
        }
    }

    @Test
    void aWriteIntoTheRangeMeanwhileIsAConflict() {
        try (Lsm store = Lsm.open(disk, TINY);
                BulkLoad load = store.bulkLoad(KeyRange.of(key(0), key(5000)))) {
            load(load);
            store.put(key(4999), key(0));
            ConflictException e = assertThrows(ConflictException.class, load::publish);
            assertEquals(ConflictException.Reason.RANGE_CHANGED, e.reason());
            assertEquals(1, count(store, Direction.FORWARD));
        }
    }

    @Test
    void aCrashFindsTheWholeLoadOrNothingOfIt() {
        FaultVfs watched = new FaultVfs(disk);
        List<MemVfs> crashes;
        try (Lsm store = Lsm.open(watched, TINY)) {
            crashes = watched.collectCrashes(disk);
            try (BulkLoad load = store.bulkLoad(KeyRange.all())) {
                load(load);
                load.publish();
            }
            watched.observe((op, name) -> {});
        }
        int[] found = new int[2];
        for (int i = 0; i < crashes.size(); i++) {
            try (Lsm after = Lsm.open(crashes.get(i), TINY)) {
                int n = count(after, Direction.FORWARD);
                assertTrue(n == 0 || n == ENTRIES, n + " entries after crash " + i);
                found[n == 0 ? 0 : 1]++;
            }
        }
        assertTrue(found[0] > 0 && found[1] > 0, () -> found[0] + " without, " + found[1] + " with");
    }

    @Test
    void aManifestThatFailsLeavesTheTablesToTheNextOpen() {
        FaultVfs failing = new FaultVfs(disk);
        try (Lsm store = Lsm.open(failing, TINY)) {
            BulkLoad load = store.bulkLoad(KeyRange.all());
            load(load);
            failing.failHere(EnumSet.of(Op.SYNC), "MANIFEST.*", 1, Fault.IO_ERROR);
            assertThrows(StoreReadOnlyException.class, load::publish);
            load.close();
            assertThrows(StoreReadOnlyException.class, () -> store.put(key(1), key(1)));
            assertEquals(0, count(store, Direction.FORWARD));
        }
        failing.heal();
        try (Lsm store = Lsm.open(disk, TINY)) {
            int n = count(store, Direction.FORWARD);
            assertTrue(n == 0 || n == ENTRIES, () -> n + " entries");
        }
    }

    @Test
    void aLoadThatIsGivenUpLeavesNoFiles() throws Exception {
        try (Lsm store = Lsm.open(disk, TINY)) {
            int files = disk.list().size();
            try (BulkLoad load = store.bulkLoad(KeyRange.all())) {
                load(load);
            }
            assertEquals(files, disk.list().size());
        }
    }
}
