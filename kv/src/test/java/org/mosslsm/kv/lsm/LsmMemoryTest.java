package org.mosslsm.kv.lsm;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.mosslsm.kv.Cursor;
import org.mosslsm.kv.Durability;
import org.mosslsm.kv.EntryBatch;
import org.mosslsm.kv.KeyRange;
import org.mosslsm.kv.WriteBatch;
import org.mosslsm.kv.testkit.MemVfs;

/** Memtables, blocks, indexes and filters stay within one budget, however much data there is. */
class LsmMemoryTest {
    private static final int KEYS = 60_000;

    @Test
    void staysWithinTheBudgetWhileWritingReadingAndScanning() {
        long budget = 512 << 10;
        LsmOptions options = LsmOptions.builder()
                .memoryBytes(budget)
                .blockBytes(1 << 10)
                .durability(Durability.NONE)
                .build();
        assertTrue(options.memoryBytes() <= budget, () -> options.memoryBytes() + " bytes");
        try (Lsm store = Lsm.open(new MemVfs(), options)) {
            byte[] value = new byte[100];
            for (int i = 0; i < KEYS; i += 100) {
                WriteBatch batch = new WriteBatch();
                for (int j = i; j < i + 100; j++) {
                    batch.put(key(j), value);
                }
                store.write(batch);
                assertWithin(store, budget);
            }
            store.compact();
            long seed = System.nanoTime();
            Random random = new Random(seed);
            for (int i = 0; i < 20_000; i++) {
                int key = random.nextInt(KEYS);
                assertArrayEquals(value, store.get(key(key)), () -> "key " + key + " seed " + seed);
                if (i % 1000 == 0) {
                    assertWithin(store, budget);
                }
            }
            long seen = 0;
            try (Cursor cursor = store.cursor(KeyRange.all(), Cursor.Direction.BACKWARD)) {
                for (EntryBatch batch = cursor.nextBatch(); batch != null; batch = cursor.nextBatch()) {
                    seen += batch.size();
                }
            }
            assertEquals(KEYS, seen);
            assertWithin(store, budget);
            assertTrue(
                    number(store, "tables.memory.drops") > 0, "all indexes and filters fitted: the test is too small");
            assertNotNull(store.get(key(7)));
        }
    }

    private static void assertWithin(Lsm store, long budget) {
        long used = number(store, "memory.bytes");
        assertTrue(used <= budget, () -> used + " bytes of " + budget);
    }

    @Test
    void derivesTheSharesFromTheBudgetUnlessTheyAreGiven() {
        LsmOptions shares = LsmOptions.parse(Map.of("memoryBytes", "70m"));
        assertEquals(10 << 20, shares.memtableBytes());
        assertEquals(40 << 20, shares.cacheBytes());
        assertEquals(70 << 20, shares.memoryBytes());
        LsmOptions given = LsmOptions.parse(Map.of("memoryBytes", "70m", "cacheBytes", "1m", "memtableBytes", "2m"));
        assertEquals(2 << 20, given.memtableBytes());
        assertEquals(1 << 20, given.cacheBytes());
        assertEquals(7 << 20, given.memoryBytes());
        LsmOptions tiny = LsmOptions.parse(Map.of("memoryBytes", "128k"));
        assertTrue(tiny.memoryBytes() <= 160 << 10, () -> tiny.memoryBytes() + " bytes");
    }

    private static long number(Lsm store, String name) {
        return store.metrics().number(name).orElseThrow();
    }

    private static byte[] key(int i) {
        return String.format("%016d", i).getBytes(UTF_8);
    }
}
