package org.mosslsm.kv.lsm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.mosslsm.kv.CorruptionException;
import org.mosslsm.kv.Cursor;
import org.mosslsm.kv.Cursor.Direction;
import org.mosslsm.kv.Durability;
import org.mosslsm.kv.EntryBatch;
import org.mosslsm.kv.KeyRange;
import org.mosslsm.kv.ScanHints;
import org.mosslsm.kv.Snapshot;
import org.mosslsm.kv.lsm.LsmOptions.CompactionStyle;
import org.mosslsm.kv.testkit.MemVfs;
import org.mosslsm.kv.tool.Verify;

/** Values kept apart from their keys: they are found, they live as long as somebody sees them, and their room comes back. */
class LargeValuesTest {
    private static final int SIZE = 1000;

    private static final byte[] FIRST = {};
    private static final byte[] LAST = {-1};

    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);

    private static byte[] key(int i) {
        return ByteBuffer.allocate(4).putInt(i).array();
    }

    private static byte[] value(int i, int version) {
        byte[] value = new byte[SIZE];
        new Random(31L * i + version).nextBytes(value);
        return value;
    }

    private static LsmOptions.Builder options() {
        return LsmOptions.builder()
                .durability(Durability.NONE)
                .memtableBytes(64 << 10)
                .largeValueBytes(500);
    }

    private static long metric(Lsm store, String name) {
        return store.metrics().number(name).orElseThrow();
    }

    /** Merges all levels, by giving level 0 four tables that reach from the first key to the last. */
    private static void settle(Lsm store) {
        for (int i = 0; i < 4; i++) {
            store.put(FIRST, new byte[1]);
            store.put(LAST, new byte[1]);
            store.flush();
        }
        store.compact();
    }

    private static List<String> valueFiles(MemVfs disk) throws IOException {
        return disk.list().stream().filter(name -> name.endsWith(".val")).toList();
    }

    @Test
    void largeValuesAreFoundAndSmallOnesStayInTheTable() throws IOException {
        MemVfs disk = new MemVfs();
        try (Lsm store = Lsm.open(disk, options().build())) {
            store.put(key(1), value(1, 0));
            store.put(key(2), new byte[10]);
            store.put(key(3), value(3, 0));
            store.flush();
            assertEquals(1, metric(store, "values.files"));
            assertTrue(metric(store, "level.0.bytes") + metric(store, "level.6.bytes") < 1000);
            assertArrayEquals(value(1, 0), store.get(key(1)));
            assertArrayEquals(new byte[10], store.get(key(2)));
            byte[] into = new byte[SIZE];
            assertEquals(SIZE, store.get(key(3), into));
            assertArrayEquals(value(3, 0), into);
            assertEquals(SIZE, store.get(key(1), new byte[3]));
            try (Snapshot snapshot = store.snapshot()) {
                List<byte[]> all = snapshot.getAll(List.of(key(3), key(9), key(1)));
                assertArrayEquals(value(3, 0), all.get(0));
                assertNull(all.get(1));
                assertArrayEquals(value(1, 0), all.get(2));
            }
            assertTrue(store.approximateBytes(KeyRange.all()) > 2 * SIZE);
        }
        assertEquals(1, valueFiles(disk).size());
        try (Lsm store = Lsm.open(disk, options().largeValueBytes(0).build())) {
            assertArrayEquals(value(3, 0), store.get(key(3)));
        }
    }

    @Test
    void aCursorReadsAValueWhenItIsAskedFor() {
        try (Lsm store = Lsm.open(new MemVfs(), options().build())) {
            for (int i = 0; i < 10; i++) {
                store.put(key(i), i % 3 == 0 ? new byte[] {(byte) i} : value(i, 0));
            }
            store.flush();
            for (Direction direction : Direction.values()) {
                long before = metric(store, "values.reads");
                try (Cursor cursor = store.cursor(KeyRange.all(), direction)) {
                    EntryBatch batch = cursor.nextBatch();
                    assertEquals(10, batch.size());
                    assertEquals(before, metric(store, "values.reads"));
                    int at = direction == Direction.FORWARD ? 4 : 5;
                    assertEquals(SIZE, batch.valueLength(at));
                    assertArrayEquals(value(4, 0), batch.copyValue(at));
                    assertArrayEquals(value(4, 0), batch.copyValue(at));
                    assertEquals(before + 1, metric(store, "values.reads"));
                    for (int i = 0; i < 10; i++) {
                        int n = direction == Direction.FORWARD ? i : 9 - i;
                        assertArrayEquals(n % 3 == 0 ? new byte[] {(byte) n} : value(n, 0), batch.copyValue(i));
                    }
                }
            }
            try (Snapshot snapshot = store.snapshot();
                    Cursor keys = snapshot.scan(KeyRange.all(), Direction.FORWARD, new ScanHints(0, true, true))) {
                long before = metric(store, "values.reads");
                EntryBatch batch = keys.nextBatch();
                assertEquals(10, batch.size());
                assertEquals(0, batch.copyValue(4).length);
                assertEquals(before, metric(store, "values.reads"));
            }
        }
    }

    @Test
    void aValueNotYetAskedForOutlivesItsFile() throws IOException {
        MemVfs disk = new MemVfs();
        List<String> first;
        try (Lsm store = Lsm.open(disk, options().build())) {
            for (int i = 0; i < 20; i++) {
                store.put(key(i), value(i, 0));
            }
            store.flush();
            first = valueFiles(disk);
            try (Cursor cursor = store.cursor(KeyRange.all(), Direction.FORWARD)) {
                EntryBatch batch = cursor.nextBatch();
                for (int i = 0; i < 20; i += 2) {
                    store.put(key(i), value(i, 1));
                }
                settle(store);
                for (int i = 0; i < batch.size(); i++) {
                    assertArrayEquals(value(i, 0), batch.copyValue(i));
                }
            }
            store.put(key(0), value(0, 2));
            settle(store);
        } // who merged them away deletes them, beside compact()
        assertFalse(first.isEmpty());
        for (String name : first) {
            assertFalse(disk.exists(name), name);
        }
    }

    @Test
    void snapshotsKeepTheirValues() {
        try (Lsm store = Lsm.open(new MemVfs(), options().build())) {
            store.put(key(1), value(1, 0));
            try (Snapshot snapshot = store.snapshot()) {
                for (int version = 1; version < 20; version++) {
                    store.put(key(1), value(1, version));
                    store.flush();
                }
                settle(store);
                assertArrayEquals(value(1, 0), snapshot.get(key(1)));
                assertArrayEquals(value(1, 19), store.get(key(1)));
            }
            store.put(key(1), value(1, 20));
            settle(store);
            assertTrue(metric(store, "values.bytes") < 2 * SIZE, () -> store.metrics()
                    .toString());
        }
    }

    @Test
    void overwrittenValuesGiveTheirRoomBack() {
        churn(options().build());
        churn(options().compactionStyle(CompactionStyle.TIERED).build());
        churn(options().compactionThreads(3).subcompactions(3).build());
    }

    private void churn(LsmOptions options) {
        MemVfs disk = new MemVfs();
        Map<Integer, Integer> model = new TreeMap<>();
        try (Lsm store = Lsm.open(disk, options)) {
            for (int n = 0; n < 5000; n++) {
                int i = random.nextInt(500);
                if (random.nextInt(10) == 0) {
                    store.delete(key(i));
                    model.remove(i);
                } else {
                    store.put(key(i), value(i, n));
                    model.put(i, n);
                }
            }
            settle(store);
            check(store, model);
            long live = (long) model.size() * SIZE;
            long bytes = metric(store, "values.bytes");
            assertTrue(bytes < live * 3 / 2, () -> bytes + " bytes for " + live + ", seed " + seed);
            assertTrue(metric(store, "values.files") < 60, () -> store.metrics().toString());
        }
        try (Lsm store = Lsm.open(disk, options)) {
            check(store, model);
        }
        assertTrue(Verify.store(disk).ok(), () -> Verify.store(disk).toString());
    }

    private void check(Lsm store, Map<Integer, Integer> model) {
        TreeMap<Integer, byte[]> found = new TreeMap<>();
        try (Cursor cursor = store.cursor(KeyRange.all(), Direction.FORWARD)) {
            for (EntryBatch batch = cursor.nextBatch(); batch != null; batch = cursor.nextBatch()) {
                for (int i = 0; i < batch.size(); i++) {
                    if (batch.keyLength(i) != 4) {
                        continue;
                    }
                    found.put(ByteBuffer.wrap(batch.copyKey(i)).getInt(), batch.copyValue(i));
                }
            }
        }
        assertEquals(model.keySet(), found.keySet(), () -> "seed " + seed);
        model.forEach((i, version) -> {
            assertArrayEquals(value(i, version), found.get(i), () -> "key " + i + ", seed " + seed);
            assertArrayEquals(value(i, version), store.get(key(i)), () -> "key " + i + ", seed " + seed);
        });
    }

    @Test
    void aDroppedRangeFreesItsValuesUnread() throws IOException {
        MemVfs disk = new MemVfs();
        try (Lsm store = Lsm.open(disk, options().build())) {
            for (int i = 0; i < 300; i++) {
                store.put(key(i), value(i, 0));
            }
            settle(store);
            long reads = metric(store, "values.reads");
            store.deleteRange(KeyRange.of(key(0), key(1000)));
            settle(store);
            assertEquals(0, metric(store, "values.files"));
            assertEquals(reads, metric(store, "values.reads"));
        } // who dropped them deletes them, beside compact()
        assertEquals(List.of(), valueFiles(disk));
    }

    @Test
    void aCheckpointHasItsValues() throws IOException {
        MemVfs disk = new MemVfs();
        try (Lsm store = Lsm.open(disk, options().build())) {
            store.put(key(1), value(1, 0));
            store.checkpoint("/copy");
            store.put(key(1), value(1, 1));
            settle(store);
        }
        try (Lsm copy = Lsm.open(disk.child("/copy"), options().build())) {
            assertArrayEquals(value(1, 0), copy.get(key(1)));
        }
        assertTrue(Verify.store(disk.child("/copy")).ok());
    }

    @Test
    void whatACrashLeavesIsSweptUp() throws IOException {
        MemVfs disk = new MemVfs();
        try (Lsm store = Lsm.open(disk, options().build())) {
            store.put(key(1), value(1, 0));
        }
        disk.create("000099.val").close();
        try (Lsm store = Lsm.open(disk, options().build())) {
            assertFalse(disk.exists("000099.val"));
            assertArrayEquals(value(1, 0), store.get(key(1)));
        }
    }

    @Test
    void damageIsToldWithFileAndOffset() throws IOException {
        MemVfs disk = new MemVfs();
        try (Lsm store = Lsm.open(disk, options().build())) {
            store.put(key(1), value(1, 0));
            store.put(key(2), value(2, 0));
        }
        try (Lsm store = Lsm.open(disk, options().build())) {
            store.flush();
        }
        String name = valueFiles(disk).get(0);
        disk.corrupt(name, 300, 4);
        try (Lsm store = Lsm.open(disk, options().build())) {
            CorruptionException e = assertThrows(CorruptionException.class, () -> store.get(key(1)));
            assertEquals(name, e.file());
            assertEquals(20, e.offset());
            assertArrayEquals(value(2, 0), store.get(key(2)));
            try (Cursor cursor = store.cursor(KeyRange.all(), Direction.FORWARD)) {
                EntryBatch batch = cursor.nextBatch();
                assertThrows(CorruptionException.class, () -> batch.copyValue(0));
                assertArrayEquals(value(2, 0), batch.copyValue(1));
            }
        }
        assertFalse(Verify.store(disk).ok());
    }

    @Test
    void theLastValueFileGoesWithTheLastPointer() {
        MemVfs disk = new MemVfs();
        try (Lsm store = Lsm.open(disk, options().build())) {
            store.put(key(1), value(1, 0));
            store.flush();
            assertEquals(1, metric(store, "values.files"));
            store.delete(key(1));
            settle(store);
            assertEquals(0, metric(store, "values.files"));
        }
        try (Lsm store = Lsm.open(disk, options().build())) {
            assertNull(store.get(key(1)));
        }
    }
}
