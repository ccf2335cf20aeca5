package org.mosslsm.kv.txn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.mosslsm.kv.Cursor;
import org.mosslsm.kv.KeyRange;
import org.mosslsm.kv.ScanHints;
import org.mosslsm.kv.Snapshot;

/** Keys of several indexes, looked up in turn. */
class KnownGapsTest {
    private static final int ROWS = 1_000;

    /** The first byte of a key is the number of its index; keys of index 0 are of none. */
    private static final CountedParts INDEXES = new NothingCounted() {
        @Override
        public KeyRange lockedTogether(byte[] key) {
            return key[0] == 0 ? null : KeyRange.prefix(new byte[] {key[0]});
        }
    };

    private final KnownGaps gaps = new KnownGaps(INDEXES);
    private final Stored stored = new Stored();

    private static byte[] key(int index, int i) {
        return ByteBuffer.allocate(5).put((byte) index).putInt(i).array();
    }

    @Test
    void keysInOrderAreLookedUpAFewTimesBesideThoseOfAnotherIndex() {
        Random random = new Random(1);
        for (int i = 0; i < ROWS; i++) {
            assertNull(gaps.get(stored, key(1, i)));
            assertNull(gaps.get(stored, key(2, random.nextInt() >>> 1)));
        }
        assertTrue(stored.gets < ROWS * 3 / 2, "gets: " + stored.gets);
    }

    @Test
    void soAreThoseOfSeveralIndexes() {
        for (int i = 0; i < ROWS; i++) {
            for (int index = 0; index <= 4; index++) {
                assertNull(gaps.get(stored, key(index, i)));
            }
        }
        assertTrue(stored.gets < 50, "gets: " + stored.gets);
    }

    @Test
    void moreIndexesThanThatAreAnsweredRight() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < ROWS; i++) {
            stored.entries.put(key(random.nextInt(7), random.nextInt(ROWS)), new byte[] {(byte) i});
        }
        int found = 0;
        for (int i = 0; i < ROWS; i++) {
            for (int index = 0; index < 7; index++) {
                byte[] key = key(index, random.nextInt(20) == 0 ? random.nextInt(ROWS) : i);
                byte[] expected = stored.entries.get(key);
                assertArrayEquals(expected, gaps.get(stored, key), "seed " + seed);
                found += expected == null ? 0 : 1;
            }
        }
        assertTrue(found > 0);
        assertEquals(
                7,
                stored.entries.keySet().stream()
                        .mapToInt(key -> key[0])
                        .distinct()
                        .count());
    }

    /** Entries in a map, which counts what it is asked. */
    private static final class Stored implements Snapshot {
        final TreeMap<byte[], byte[]> entries = new TreeMap<>(Arrays::compareUnsigned);
        int gets;

        @Override
        public long version() {
            return 1;
        }

        @Override
        public byte[] get(byte[] key) {
            gets++;
            return entries.get(key);
        }

        @Override
        public byte[] emptyUntil(byte[] key) {
            return entries.ceilingKey(key);
        }

        @Override
        public List<byte[]> getAll(List<byte[]> keys) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Cursor scan(KeyRange range, Cursor.Direction direction, ScanHints hints) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void close() {
            // nothing is held
        }
    }
}
