package org.mosslsm.kv.lsm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;
import org.mosslsm.kv.Cursor;
import org.mosslsm.kv.Cursor.Direction;
import org.mosslsm.kv.Durability;
import org.mosslsm.kv.EntryBatch;
import org.mosslsm.kv.KeyRange;
import org.mosslsm.kv.testkit.MemVfs;

/** Walks over more than the cache holds, again and again, and what they leave in it. */
class LongWalksTest {
    /** About 1.2 times what the cache holds. */
    private static final int KEYS = 40_000;

    private static final LsmOptions OPTIONS =
            LsmOptions.builder().durability(Durability.NONE).cacheBytes(4 << 20).build();

    private static byte[] key(int i) {
        return ByteBuffer.allocate(4).putInt(i).array();
    }

    private static Lsm filled() {
        Lsm store = Lsm.open(new MemVfs(), OPTIONS);
        for (int i = 0; i < KEYS; i++) {
            store.put(key(i), new byte[100]);
        }
        store.compact();
        return store;
    }

    /** Walks over the range; returns how many blocks had to be read for it. */
    private static long misses(Lsm store, int lo, int hi, Direction direction) {
        long before = store.metrics().number("cache.misses").orElseThrow();
        int seen = 0;
        try (Cursor cursor = store.cursor(KeyRange.of(key(lo), key(hi)), direction)) {
            for (EntryBatch batch = cursor.nextBatch(); batch != null; batch = cursor.nextBatch()) {
                seen += batch.size();
            }
        }
        assertEquals(hi - lo, seen);
        return store.metrics().number("cache.misses").orElseThrow() - before;
    }

    @Test
    void aWalkOverMoreThanTheCacheHoldsFindsMostOfItThere() {
        for (Direction direction : EnumSet.allOf(Direction.class)) {
            try (Lsm store = filled()) {
                long all = misses(store, 0, KEYS, direction);
                assertTrue(all > 1000, () -> all + " blocks");
                misses(store, 0, KEYS, direction);
                long again = misses(store, 0, KEYS, direction);
                assertTrue(again < all / 2, () -> direction + ": " + again + " of " + all + " blocks read again");
            }
        }
    }

    @Test
    void aCacheFullOfSomethingElseTakesInWhatIsWalkedOverNow() {
        try (Lsm store = filled()) {
            misses(store, 0, KEYS / 2, Direction.FORWARD);
            misses(store, 0, KEYS / 2, Direction.FORWARD);
            long first = misses(store, KEYS / 2, KEYS, Direction.FORWARD);
            for (int walk = 0; walk < 20; walk++) {
                misses(store, KEYS / 2, KEYS, Direction.FORWARD);
            }
            long later = misses(store, KEYS / 2, KEYS, Direction.FORWARD);
            assertTrue(later < first / 10, () -> later + " of " + first + " blocks read again");
        }
    }
}
