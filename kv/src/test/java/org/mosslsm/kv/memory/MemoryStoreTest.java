package org.mosslsm.kv.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.mosslsm.kv.CommitRequest;
import org.mosslsm.kv.Durability;
import org.mosslsm.kv.KeyRange;
import org.mosslsm.kv.Snapshot;
import org.mosslsm.kv.Store;
import org.mosslsm.kv.StoreClosedException;
import org.mosslsm.kv.StoreOpenException;
import org.mosslsm.kv.StoreProvider;
import org.mosslsm.kv.WriteBatch;

/** What a store in memory does beyond what all stores do: names, and versions that nobody reads. */
class MemoryStoreTest {
    @Test
    void storesWithoutANameAreApart() {
        try (Store one = StoreProvider.openStore("mem:", Map.of());
                Store two = StoreProvider.openStore("mem:", Map.of())) {
            put(one, "a", "1");
            assertNull(get(two, "a"));
        }
    }

    @Test
    void storesOfOneNameAreSharedWhileOneIsOpen() {
        Store one = StoreProvider.openStore("mem:shared", Map.of());
        Store two = StoreProvider.openStore("mem:shared", Map.of());
        put(one, "a", "1");
        assertEquals("1", get(two, "a"));
        one.close();
        one.close();
        assertThrows(StoreClosedException.class, () -> get(one, "a"));
        assertEquals("1", get(two, "a"));
        two.close();
        try (Store fresh = StoreProvider.openStore("mem:shared", Map.of())) {
            assertNull(get(fresh, "a"));
        }
    }

    @Test
    void unknownOptionsAreRefused() {
        StoreOpenException e =
                assertThrows(StoreOpenException.class, () -> StoreProvider.openStore("mem:x", Map.of("cache", "1"))
                        .close());
        assertEquals(StoreOpenException.Reason.UNSUPPORTED, e.reason());
        StoreProvider.openStore("mem:x", Map.of("durability", "process", "create", "true"))
                .close();
    }

    @Test
    void versionsNobodyReadsAreCollected() {
        try (Store store = new MemoryStore()) {
            for (int i = 0; i < 50_000; i++) {
                put(store, "k" + i % 10, "v" + i);
            }
            assertTrue(entries(store) < 5_000, entries(store) + " entries are kept for 10 keys");
            assertEquals("v49999", get(store, "k9"));
        }
    }

    @Test
    void versionsOfAnOpenSnapshotAreKept() {
        try (Store store = new MemoryStore()) {
            put(store, "a", "old");
            put(store, "b", "old");
            try (Snapshot snapshot = store.snapshot()) {
                commit(store, new WriteBatch().deleteRange(bytes("b"), bytes("c")));
                for (int i = 0; i < 20_000; i++) {
                    put(store, "a", "v" + i);
                }
                assertEquals("old", text(snapshot.get(bytes("a"))));
                assertEquals("old", text(snapshot.get(bytes("b"))));
                long version = snapshot.version();
                store.snapshotAt(version).close();
            }
            for (int i = 0; i < 20_000; i++) {
                put(store, "a", "w" + i);
            }
            assertTrue(entries(store) < 5_000, entries(store) + " entries are kept for 1 key");
            assertNull(get(store, "b"));
            assertThrows(IllegalArgumentException.class, () -> store.snapshotAt(1));
        }
    }

    @Test
    void manyRangeDeletesAreCollected() {
        try (Store store = new MemoryStore()) {
            for (int i = 0; i < 2_000; i++) {
                put(store, "a" + i, "1");
                commit(store, new WriteBatch().deleteRange(bytes("a"), bytes("b")));
            }
            assertTrue(store.metrics().number("memory.range.deletes").orElseThrow() < 200);
            assertNull(get(store, "a7"));
        }
    }

    /** Whoever plans a statement asks for sizes: a walk each time would cost as much as the statement. */
    @Test
    void sizesFollowTheEntriesAtADistanceOfAnEighth() {
        try (Store store = new MemoryStore()) {
            KeyRange range = KeyRange.prefix(bytes("k"));
            assertEquals(0, store.approximateBytes(range));
            int each = "k00000v".length();
            int seen = 0;
            for (int i = 0; i < 3_000; i++) {
                put(store, String.format("k%05d", i), "v");
                long bytes = store.approximateBytes(range);
                long exact = (i + 1L) * each;
                assertTrue(bytes <= exact && bytes * 9 >= exact * 8, bytes + " for " + exact);
                seen += bytes == exact ? 1 : 0;
            }
            assertTrue(seen < 200, seen + " of 3000 sizes were looked up anew");
            commit(store, new WriteBatch().deleteRange(bytes("k"), bytes("l")));
            assertEquals(0, store.approximateBytes(range));
        }
    }

    private static long entries(Store store) {
        return store.metrics().number("memory.entries").orElseThrow();
    }

    private static void put(Store store, String key, String value) {
        commit(store, new WriteBatch().put(bytes(key), bytes(value)));
    }

    private static void commit(Store store, WriteBatch batch) {
        store.commit(CommitRequest.of(batch, Durability.NONE));
    }

    private static String get(Store store, String key) {
        try (Snapshot snapshot = store.snapshot()) {
            return text(snapshot.get(bytes(key)));
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
    }
}
