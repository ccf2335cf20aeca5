package org.mosslsm.kv.lsm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.mosslsm.kv.Cursor;
import org.mosslsm.kv.Durability;
import org.mosslsm.kv.EntryBatch;
import org.mosslsm.kv.KeyRange;
import org.mosslsm.kv.StoreOpenException;
import org.mosslsm.kv.WriteBatch;
import org.mosslsm.kv.lsm.LsmOptions.CompactionStyle;
import org.mosslsm.kv.lsm.table.Compression;
import org.mosslsm.kv.testkit.MemVfs;

/** Whole stores under the options of compaction: what they hold, and what room they take. */
@Timeout(120)
class LsmCompactionTest {
    private static byte[] key(int i) {
        return ByteBuffer.allocate(4).putInt(i).array();
    }

    private static LsmOptions.Builder small() {
        return LsmOptions.builder().durability(Durability.NONE).memtableBytes(32 << 10);
    }

    private static long metric(Lsm store, String name) {
        return store.metrics().number(name).orElseThrow();
    }

    private static long tableBytes(Lsm store) {
        long bytes = 0;
        for (int level = 0; level < 7; level++) {
            bytes += metric(store, "level." + level + ".bytes");
        }
        return bytes;
    }

    @Test
    void manyThreadsAndPartsKeepWhatIsWritten() {
        churn(small().compactionThreads(3).subcompactions(3).build(), null);
    }

    @Test
    void tieredStoresKeepWhatIsWritten() {
        churn(small().compactionStyle(CompactionStyle.TIERED).build(), null);
    }

    @Test
    void aStoreMayChangeItsStyle() {
        churn(
                small().compactionStyle(CompactionStyle.TIERED).build(),
                small().compactionStyle(CompactionStyle.LEVELED).build());
        churn(
                small().compactionStyle(CompactionStyle.LEVELED).build(),
                small().compactionStyle(CompactionStyle.TIERED).build());
    }

    /** So that merges hold a part of the store twice, and not all of it. */
    @Test
    void overwritesAreMergedPieceByPiece() {
        LsmOptions options = LsmOptions.builder()
                .durability(Durability.NONE)
                .memtableBytes(64 << 10)
                .compression(Compression.NONE)
                .build();
        int keys = 2000; // one level of some four tables
        try (Lsm store = Lsm.open(new MemVfs(), options)) {
            Random random = new Random(23);
            Map<Integer, Integer> model = new TreeMap<>();
            for (int i = 0; i < keys; i++) {
                store.put(key(i), value(i));
                model.put(i, i);
            }
            store.compact();
            long live = tableBytes(store);
            long runs = metric(store, "compaction.runs");
            long read = metric(store, "compaction.read.bytes");
            for (int round = 1; round <= 24; round++) {
                for (int i = 0; i < 400; i++) {
                    int k = random.nextInt(keys);
                    store.put(key(k), value(k + round));
                    model.put(k, k + round);
                }
                store.flush();
                if (round == 1) {
                    assertEquals(1, metric(store, "level.0.depth"));
                    assertTrue(metric(store, "level.0.tables") > 1, "the flush is cut");
                }
                store.compact();
            }
            runs = metric(store, "compaction.runs") - runs;
            read = metric(store, "compaction.read.bytes") - read;
            assertTrue(runs >= 4, runs + " merges");
            assertTrue(read / runs < live * 3 / 4, read + " bytes read by " + runs + " merges of a store of " + live);
            assertTrue(tableBytes(store) < live + live / 2, () -> tableBytes(store) + " bytes of " + live);
            model.forEach((k, v) -> assertArrayEquals(value(v), store.get(key(k))));
        }
    }

    private static byte[] value(int i) {
        byte[] value = new byte[100];
        new Random(i).nextBytes(value);
        return value;
    }

    /** Nothing is full here: what the scans walk over in vain is reason enough. */
    @Test
    void scansOverHiddenVersionsHaveThemMerged() {
        int keys = 500;
        LsmOptions options = LsmOptions.builder()
                .durability(Durability.NONE)
                .memtableBytes(4 << 20)
                .build();
        try (Lsm store = Lsm.open(new MemVfs(), options)) {
            putAll(store, keys, 0);
            store.compact();
            for (int round = 1; round <= 20; round++) {
                putAll(store, keys, round);
            }
            scanUntilMergedForIt(store, keys, 20);
            assertEquals(0, metric(store, "level.0.tables"));
            assertEquals(keys, scan(store, 20));
        }
    }

    /** Nothing is hidden here, but every other entry comes from another table. */
    @Test
    void scansThatAlternateBetweenTablesHaveThemMerged() {
        int keys = 4 * ScanWaste.WORTH_TELLING; // each two of them are one turn
        LsmOptions options = LsmOptions.builder()
                .durability(Durability.NONE)
                .memtableBytes(4 << 20)
                .build();
        try (Lsm store = Lsm.open(new MemVfs(), options)) {
            for (int parity = 0; parity < 2; parity++) {
                WriteBatch batch = new WriteBatch();
                for (int i = parity; i < keys; i += 2) {
                    batch.put(key(i), ByteBuffer.allocate(4).putInt(1).array());
                }
                store.write(batch);
                if (parity == 0) {
                    store.compact();
                } else {
                    store.flush();
                }
            }
            assertEquals(1, metric(store, "level.0.tables"));
            scanUntilMergedForIt(store, keys, 1);
            assertEquals(0, metric(store, "level.0.tables"));
            assertEquals(keys, scan(store, 1));
        }
    }

    /** Runs end with their blocks too, but nothing takes turns there, and no merge would help. */
    @Test
    void scansOfBlocksWithOneEntryEachAreNoWasteForWhatComesBehindThem() {
        int keys = 3000;
        LsmOptions options = LsmOptions.builder()
                .durability(Durability.NONE)
                .blockBytes(1024)
                .build();
        try (Lsm store = Lsm.open(new MemVfs(), options)) {
            for (int i = 0; i < keys; i++) {
                store.put(key(i), ByteBuffer.allocate(1024).putInt(1).array());
            }
            store.compact();
            store.put(key(keys), ByteBuffer.allocate(4).putInt(1).array());
            assertEquals(keys + 1, scan(store, 1));
            assertEquals(0, store.reads.waste().entries());
        }
    }

    /** Until level 0 was merged for what scans passed over, which alone makes that less; a merge for its age does not. */
    private static void scanUntilMergedForIt(Lsm store, int keys, int round) {
        long wasted = 0;
        while (store.reads.waste().entries() >= wasted) {
            wasted = store.reads.waste().entries();
            assertEquals(keys, scan(store, round));
        }
    }

    private static void putAll(Lsm store, int keys, int round) {
        WriteBatch batch = new WriteBatch();
        for (int i = 0; i < keys; i++) {
            batch.put(key(i), ByteBuffer.allocate(20).putInt(round).array());
        }
        store.write(batch);
    }

    /** Entries seen; all must be of that round. */
    private static int scan(Lsm store, int round) {
        int count = 0;
        try (Cursor cursor = store.cursor(KeyRange.all(), Cursor.Direction.FORWARD)) {
            for (EntryBatch batch = cursor.nextBatch(); batch != null; batch = cursor.nextBatch()) {
                for (int i = 0; i < batch.size(); i++) {
                    assertEquals(round, ByteBuffer.wrap(batch.copyValue(i)).getInt());
                }
                count += batch.size();
            }
        }
        return count;
    }

    private static void churn(LsmOptions first, LsmOptions second) {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        MemVfs disk = new MemVfs();
        TreeMap<Integer, Integer> model = new TreeMap<>();
        try (Lsm store = Lsm.open(disk, first)) {
            write(store, model, random);
            check(store, model, seed);
            store.compact();
            check(store, model, seed);
            for (int more = 0;
                    more < 3;
                    more++) { // how often the background merged meanwhile depends on how far it lagged
                write(store, model, random);
                store.compact();
                check(store, model, seed);
            }
            assertTrue(metric(store, "compaction.runs") > 3, "compactions");
        }
        try (Lsm store = Lsm.open(disk, second == null ? first : second)) {
            write(store, model, random);
            store.compact();
            check(store, model, seed);
        }
    }

    private static void write(Lsm store, Map<Integer, Integer> model, Random random) {
        byte[] value = new byte[60];
        for (int i = 0; i < 400; i++) {
            WriteBatch batch = new WriteBatch();
            for (int k = 0; k < 30; k++) {
                int key = random.nextInt(3000);
                if (random.nextInt(4) == 0) {
                    batch.delete(key(key));
                    model.remove(key);
                } else {
                    int number = random.nextInt();
                    ByteBuffer.wrap(value).putInt(number);
                    batch.put(key(key), value);
                    model.put(key, number);
                }
            }
            store.write(batch);
        }
    }

    private static void check(Lsm store, Map<Integer, Integer> model, long seed) {
        Map<Integer, Integer> seen = new TreeMap<>();
        try (Cursor cursor = store.cursor(KeyRange.all(), Cursor.Direction.FORWARD)) {
            for (EntryBatch batch = cursor.nextBatch(); batch != null; batch = cursor.nextBatch()) {
                for (int i = 0; i < batch.size(); i++) {
                    seen.put(
                            ByteBuffer.wrap(batch.copyKey(i)).getInt(),
                            ByteBuffer.wrap(batch.copyValue(i)).getInt());
                }
            }
        }
        assertEquals(model, seen, () -> "seed " + seed);
    }

    @Test
    void ascendingKeysAreWrittenOnce() {
        try (Lsm store = Lsm.open(new MemVfs(), small().build())) {
            byte[] value = new byte[100];
            Random random = new Random(1);
            for (int i = 0; i < 10_000; i++) {
                random.nextBytes(value);
                store.put(key(i), value);
            }
            store.compact();
            assertTrue(metric(store, "compaction.tables.moved") > 10, "moved");
            long written = metric(store, "flush.bytes") + metric(store, "compaction.written.bytes");
            assertTrue(written < 1.3 * 10_000 * 104, written + " bytes written: more than once");
        }
    }

    @Test
    void deletedEntriesLeaveNothingBehind() {
        try (Lsm store = Lsm.open(new MemVfs(), small().build())) {
            byte[] value = new byte[100];
            for (int i = 0; i < 5000; i++) {
                store.put(key(i), value);
            }
            store.compact();
            for (int i = 0; i < 5000; i++) {
                store.delete(key(i));
            }
            store.compact();
            store.compact();
            assertNull(store.get(key(77)));
            assertTrue(tableBytes(store) < 5000 * 20, tableBytes(store) + " bytes");
        }
    }

    @Test
    void whatComesAndGoesBetweenFlushesIsNeverWritten() {
        try (Lsm store = Lsm.open(new MemVfs(), small().memtableBytes(1 << 20).build())) {
            for (int i = 0; i < 2000; i++) {
                store.put(key(i), key(i));
                store.delete(key(i));
            }
            store.flush();
            assertEquals(0, metric(store, "flush.bytes"));
            assertEquals(0, metric(store, "level.0.tables"));
            store.put(key(1), key(2));
            store.flush();
            assertArrayEquals(key(2), store.get(key(1)));
        }
    }

    @Test
    void aRateLimitSlowsCompactionsAndLosesNothing() {
        try (Lsm store =
                Lsm.open(new MemVfs(), small().compactionBytesPerSecond(2 << 20).build())) {
            TreeMap<Integer, Integer> model = new TreeMap<>();
            write(store, model, new Random(3));
            store.compact();
            check(store, model, 3);
            long micros = metric(store, "compaction.time");
            long written = metric(store, "compaction.written.bytes");
            assertTrue(micros * 4 > written / 2, written + " bytes in " + micros + " us");
        }
    }

    @Test
    void optionsOfCompactionAreReadAndChecked() {
        LsmOptions options = LsmOptions.parse(Map.of(
                "compactionStyle", "tiered",
                "compactionThreads", "2",
                "subcompactions", "3",
                "compactionBytesPerSecond", "8m"));
        assertEquals(CompactionStyle.TIERED, options.compactionStyle());
        assertEquals(2, options.compactionThreads());
        assertEquals(3, options.subcompactions());
        assertEquals(8 << 20, options.compactionBytesPerSecond());
        for (Map<String, String> wrong : List.of(
                Map.of("compactionStyle", "best"),
                Map.of("compactionThreads", "0"),
                Map.of("subcompactions", "many"),
                Map.of("compactionBytesPerSecond", "1"))) {
            assertThrows(StoreOpenException.class, () -> LsmOptions.parse(wrong));
        }
    }
}
