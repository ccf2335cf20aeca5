package org.mosslsm.kv.lsm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableSet;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.mosslsm.kv.BulkLoad;
import org.mosslsm.kv.CommitRequest;
import org.mosslsm.kv.Cursor;
import org.mosslsm.kv.Durability;
import org.mosslsm.kv.EntryBatch;
import org.mosslsm.kv.KeyRange;
import org.mosslsm.kv.Snapshot;
import org.mosslsm.kv.WriteBatch;
import org.mosslsm.kv.testkit.MemVfs;
import org.mosslsm.kv.tool.Verify;

/** Counts of ranges: right whatever lies over what, and without reading the blocks that nothing overlaps. */
class LsmCountTest {
    private static final int KEYS = 40_000;

    private static final LsmOptions OPTIONS = LsmOptions.builder()
            .durability(Durability.NONE)
            .memtableBytes(16 << 20)
            .cacheBytes(16 << 20)
            .build();

    private static byte[] key(int i) {
        return ByteBuffer.allocate(4).putInt(i).array();
    }

    private static KeyRange range(int lo, int hi) {
        return KeyRange.of(key(lo), key(hi));
    }

    // Right

    /** A snapshot, and what it sees. */
    /** Counts are never given up. */
    private static void never() {}

    private record Seen(Snapshot snapshot, TreeSet<Integer> keys) {}

    @Test
    void whatASnapshotSeesIsCounted() {
        long seed = Long.getLong("count.seed", System.nanoTime());
        System.out.println("LsmCountTest -Dcount.seed=" + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 6; round++) {
            LsmOptions options = LsmOptions.builder()
                    .durability(Durability.NONE)
                    .blockBytes(1 << 10)
                    .memtableBytes(64 << 10)
                    .largeValueBytes(round % 3 == 0 ? 64 : 0)
                    .build();
            MemVfs disk = new MemVfs();
            try (Lsm store = Lsm.open(disk, options)) {
                history(store, disk, options, random, "seed " + seed + " round " + round);
            }
            assertEquals(List.of(), Verify.store(disk).findings());
        }
    }

    private static void history(Lsm store, MemVfs disk, LsmOptions options, Random random, String name) {
        int keys = 2000;
        TreeSet<Integer> model = new TreeSet<>();
        List<Seen> taken = new ArrayList<>();
        for (int step = 0; step < 150; step++) {
            int lo = random.nextInt(keys);
            int hi = lo + 1 + random.nextInt(random.nextBoolean() ? 20 : keys);
            int dice = random.nextInt(40);
            if (dice < 8) {
                write(store, model, lo, hi, random);
            } else if (dice < 12) {
                WriteBatch few = new WriteBatch();
                for (int n = random.nextInt(4); n >= 0; n--) {
                    change(few, model, random.nextInt(keys), random);
                }
                store.commit(CommitRequest.of(few, Durability.NONE));
            } else if (dice < 14) {
                store.deleteRange(key(lo), key(hi));
                model.subSet(lo, hi).clear();
            } else if (dice < 15) {
                store.deleteRange(range(lo, hi));
                model.subSet(lo, hi).clear();
                try (BulkLoad load = store.bulkLoad(range(lo, hi))) {
                    for (int i = lo; i < hi; i += 2) {
                        load.add(key(i), new byte[random.nextInt(90)]);
                        model.add(i);
                    }
                    load.publish();
                }
            } else if (dice < 16) {
                TreeMap<String, String> table = new TreeMap<>();
                for (int i = lo; i < hi; i += 3) {
                    table.put(new String(key(i), StandardCharsets.ISO_8859_1), "ingested");
                    model.add(i);
                }
                ExternalTables.ingest(store, disk, table, options);
            } else if (dice < 20) {
                store.flush();
            } else if (dice < 21) {
                store.compact();
            } else if (dice < 24) {
                taken.add(new Seen(store.snapshot(), new TreeSet<>(model)));
            } else if (dice < 26 && !taken.isEmpty()) {
                taken.remove(random.nextInt(taken.size())).snapshot().close();
            } else if (dice < 33 && !taken.isEmpty()) {
                check(taken.get(random.nextInt(taken.size())), lo, hi, name + " step " + step);
            } else {
                try (Snapshot newest = store.snapshot()) {
                    check(new Seen(newest, model), lo, hi, name + " step " + step);
                }
            }
        }
        for (Seen seen : taken) {
            check(seen, 0, keys, name + " at the end");
            seen.snapshot().close();
        }
    }

    /** Changes the keys of a range, or most of them, or only few. */
    private static void write(Lsm store, NavigableSet<Integer> model, int lo, int hi, Random random) {
        WriteBatch batch = new WriteBatch();
        int sparse = 1 + random.nextInt(random.nextBoolean() ? 2 : 100);
        boolean puts = random.nextBoolean();
        for (int i = lo; i < hi; i += 1 + random.nextInt(sparse)) {
            if (puts) {
                batch.put(key(i), new byte[random.nextInt(90)]);
                model.add(i);
            } else {
                change(batch, model, i, random);
            }
        }
        store.commit(CommitRequest.of(batch, Durability.NONE));
    }

    private static void change(WriteBatch batch, NavigableSet<Integer> model, int i, Random random) {
        if (random.nextInt(3) == 0) {
            batch.delete(key(i));
            model.remove(i);
        } else {
            batch.put(key(i), new byte[random.nextInt(90)]);
            model.add(i);
        }
    }

    private static void check(Seen seen, int lo, int hi, String name) {
        assertEquals(seen.keys().size(), seen.snapshot().count(KeyRange.all(), LsmCountTest::never), name);
        assertEquals(
                seen.keys().subSet(lo, hi).size(), seen.snapshot().count(range(lo, hi), LsmCountTest::never), name);
        assertEquals(
                seen.keys().tailSet(lo).size(),
                seen.snapshot().count(KeyRange.from(key(lo)), LsmCountTest::never),
                name);
    }

    // Cheap

    /** Counts the range; returns how many blocks had to be read for it. */
    private static long misses(Lsm store, KeyRange range, long expected) {
        long before = store.metrics().number("cache.misses").orElseThrow();
        try (Snapshot snapshot = store.snapshot()) {
            assertEquals(expected, snapshot.count(range, LsmCountTest::never));
        }
        return store.metrics().number("cache.misses").orElseThrow() - before;
    }

    private static long tables(Lsm store) {
        long tables = 0;
        for (int level = 0; level < 7; level++) {
            tables += store.metrics().number("level." + level + ".tables").orElseThrow();
        }
        return tables;
    }

    /** Walks over all entries; returns how many blocks had to be read for it. */
    private static long walk(Lsm store) {
        long before = store.metrics().number("cache.misses").orElseThrow();
        try (Cursor cursor = store.cursor(KeyRange.all(), Cursor.Direction.FORWARD)) {
            for (EntryBatch batch = cursor.nextBatch(); batch != null; batch = cursor.nextBatch()) {
                assertTrue(batch.size() > 0);
            }
        }
        return store.metrics().number("cache.misses").orElseThrow() - before;
    }

    /** Fills the store in five parts: the first one goes down as it is, and four in level 0 are merged, if they overlap. */
    private static void fill(Lsm store, int[] order) {
        int part = KEYS / 5;
        for (int i = 0; i < order.length; i++) {
            store.put(key(order[i]), new byte[100]);
            if (i == part - 1) {
                store.compact();
            } else if (i % part == part - 1) {
                store.flush();
            }
        }
    }

    private static int[] inOrder() {
        int[] order = new int[KEYS];
        Arrays.setAll(order, i -> i);
        return order;
    }

    private static int[] atRandom() {
        int[] order = inOrder();
        Random random = new Random(7);
        for (int i = KEYS - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int swapped = order[i];
            order[i] = order[j];
            order[j] = swapped;
        }
        return order;
    }

    @Test
    void blocksThatNothingOverlapsAreNotRead() {
        for (int[] order : List.of(inOrder(), atRandom())) {
            MemVfs disk = new MemVfs();
            try (Lsm store = Lsm.open(disk, OPTIONS)) {
                fill(store, order);
                store.compact();
            }
            try (Lsm store = Lsm.open(disk, OPTIONS)) {
                long tables = tables(store);
                long all = misses(store, KeyRange.all(), KEYS);
                assertTrue(all <= 2 * tables, () -> all + " blocks read of " + tables + " tables");
                long part = misses(store, range(1000, 39_000), 38_000);
                assertTrue(part <= 2 * tables + 2, () -> part + " blocks read of a range");
                long walked = walk(store);
                assertTrue(walked > 1000, () -> "there are but " + walked + " blocks");
            }
        }
    }

    @Test
    void fewChangesCostTheBlocksTheyLieIn() {
        try (Lsm store = Lsm.open(new MemVfs(), OPTIONS)) {
            fill(store, inOrder());
            store.compact();
            for (int i = 1; i <= 20; i++) {
                store.put(key(i * 1000), new byte[10]);
                store.delete(key(i * 1000 + 500));
                store.put(key(KEYS + i), new byte[10]);
            }
            long all = misses(store, KeyRange.all(), KEYS);
            assertTrue(all <= 4 * 40 + 10, () -> all + " blocks read for 40 changes");
        }
    }

    @Test
    void rangesDeletedAreJumpedOver() {
        try (Lsm store = Lsm.open(new MemVfs(), OPTIONS)) {
            fill(store, inOrder());
            store.compact();
            for (int i = 0; i < 10; i++) {
                store.deleteRange(key(4000 * i), key(4000 * i + 2000));
            }
            long all = misses(store, KeyRange.all(), KEYS / 2);
            assertTrue(all <= 50, () -> all + " blocks read for 10 ranges");
        }
    }

    @Test
    void whatIsNewerThanTheSnapshotIsLookedAt() {
        try (Lsm store = Lsm.open(new MemVfs(), OPTIONS)) {
            fill(store, inOrder());
            try (Snapshot before = store.snapshot()) {
                for (int i = 0; i < 2000; i++) {
                    store.put(key(KEYS + i), new byte[100]);
                    store.delete(key(i));
                }
                store.compact();
                assertEquals(KEYS, before.count(KeyRange.all(), LsmCountTest::never));
                assertEquals(2000, before.count(range(0, 2000), LsmCountTest::never));
                assertEquals(0, before.count(range(KEYS, KEYS + 2000), LsmCountTest::never));
            }
            assertEquals(0, count(store, range(0, 2000)));
            assertEquals(2000, count(store, range(KEYS, KEYS + 2000)));
        }
    }

    private static long count(Lsm store, KeyRange range) {
        try (Snapshot newest = store.snapshot()) {
            return newest.count(range, LsmCountTest::never);
        }
    }

    @Test
    void loadedTablesAreCountedToo() {
        MemVfs disk = new MemVfs();
        try (Lsm store = Lsm.open(disk, OPTIONS)) {
            try (BulkLoad load = store.bulkLoad(range(0, KEYS / 2))) {
                for (int i = 0; i < KEYS / 2; i++) {
                    load.add(key(i), new byte[100]);
                }
                load.publish();
            }
            TreeMap<String, String> table = new TreeMap<>();
            for (int i = KEYS / 2; i < KEYS; i++) {
                table.put(new String(key(i), StandardCharsets.ISO_8859_1), "of an external table");
            }
            ExternalTables.ingest(store, disk, table, OPTIONS);
        }
        try (Lsm store = Lsm.open(disk, OPTIONS)) {
            long tables = tables(store);
            long all = misses(store, KeyRange.all(), KEYS);
            assertTrue(all <= 2 * tables, () -> all + " blocks read of " + tables + " tables");
        }
    }

    // Given up

    @Test
    void aCountIsGivenUpByItsPulse() {
        try (Lsm store = Lsm.open(new MemVfs(), OPTIONS)) {
            for (int i = 0; i < KEYS; i++) {
                store.put(key(i), new byte[10]);
            }
            int[] pulses = {0};
            try (Snapshot snapshot = store.snapshot()) {
                IllegalStateException thrown = assertThrows(
                        IllegalStateException.class,
                        () -> snapshot.count(KeyRange.all(), () -> {
                            if (++pulses[0] == 10) {
                                throw new IllegalStateException("enough");
                            }
                        }));
                assertEquals("enough", thrown.getMessage());
                pulses[0] = 100;
                assertEquals(KEYS, snapshot.count(KeyRange.all(), () -> pulses[0]++));
            }
            assertTrue(pulses[0] > 150, () -> pulses[0] + " pulses");
            assertEquals(0, store.metrics().number("cursors.open").orElseThrow());
        }
    }
}
