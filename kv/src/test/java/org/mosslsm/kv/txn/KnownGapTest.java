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

/** Keys looked up through what is known of the gaps between those stored: the answers, and how many looks they take. */
class KnownGapTest {
    private final KnownGap gap = new KnownGap();
    private final Fake snapshot = new Fake();

    @Test
    void newKeysInOrderAreLookedUpAFewTimesOnly() {
        snapshot.entries.put(key(100), key(1));
        for (int i = 101; i < 1101; i++) {
            assertNull(gap.get(snapshot, key(i)));
        }
        assertEquals(1, snapshot.looksAhead);
        assertTrue(snapshot.gets <= 10, "gets: " + snapshot.gets);
    }

    @Test
    void whatLiesBehindTheGapIsFound() {
        snapshot.entries.put(key(500), key(7));
        for (int i = 0; i < 500; i++) {
            assertNull(gap.get(snapshot, key(i)));
        }
        assertArrayEquals(key(7), gap.get(snapshot, key(500)));
        assertNull(gap.get(snapshot, key(501)));
    }

    @Test
    void whatLiesBeforeTheGapIsFound() {
        snapshot.entries.put(key(3), key(7));
        for (int i = 10; i < 50; i++) {
            assertNull(gap.get(snapshot, key(i)));
        }
        assertArrayEquals(key(7), gap.get(snapshot, key(3)));
        assertNull(gap.get(snapshot, key(50)));
    }

    @Test
    void anotherSnapshotIsAskedAnew() {
        for (int i = 0; i < 50; i++) {
            assertNull(gap.get(snapshot, key(i)));
        }
        Fake later = new Fake();
        later.entries.put(key(60), key(7));
        assertArrayEquals(key(7), gap.get(later, key(60)));
    }

    @Test
    void aKeyIsNotRememberedByItsArray() {
        byte[] reused = key(0);
        for (int i = 0; i < 20; i++) {
            ByteBuffer.wrap(reused).putInt(1000 + i);
            assertNull(gap.get(snapshot, reused));
        }
        snapshot.entries.put(key(5), key(7));
        ByteBuffer.wrap(reused).putInt(0); // a gap from 0 on would hold 5
        assertArrayEquals(key(7), gap.get(snapshot, key(5)));
    }

    @Test
    void theEndOfAGapIsNotRememberedByTheCallersArray() {
        Fake blind = new Fake();
        blind.blind = true; // knows of no gap: answers with the array it was asked with
        blind.entries.put(key(1500), key(7));
        blind.entries.put(key(2000), key(8));
        byte[] reused = key(0);
        for (int i = 1000; i < 1005; i++) {
            ByteBuffer.wrap(reused).putInt(i);
            assertNull(gap.get(blind, reused));
        }
        ByteBuffer.wrap(reused).putInt(2000);
        assertArrayEquals(key(8), gap.get(blind, reused));
        assertArrayEquals(key(7), gap.get(blind, key(1500)));
    }

    @Test
    void gapsOfOneKeyAreAskedForMoreAndMoreSeldom() {
        for (int i = 0; i < 20_000; i += 2) {
            snapshot.entries.put(key(i), key(1));
        }
        for (int i = 1; i < 20_000; i += 2) {
            assertNull(gap.get(snapshot, key(i)));
        }
        assertTrue(snapshot.looksAhead <= 20, "looks ahead: " + snapshot.looksAhead);
    }

    @Test
    void anyOrderOfKeysIsAnsweredRight() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            Fake of = new Fake();
            int span = 1 + random.nextInt(400);
            for (int i = random.nextInt(20); i > 0; i--) {
                of.entries.put(key(random.nextInt(span)), key(i));
            }
            int at = 0;
            for (int i = 0; i < 300; i++) {
                at = random.nextInt(10) == 0 ? random.nextInt(span) : at + random.nextInt(3);
                byte[] expected = of.entries.get(key(at));
                assertArrayEquals(expected, gap.get(of, key(at)), "seed " + seed + ", round " + round + ", key " + at);
            }
        }
    }

    private static byte[] key(int i) {
        return ByteBuffer.allocate(4).putInt(i).array();
    }

    /** Entries in a map, which counts what it is asked. */
    private static final class Fake implements Snapshot {
        final TreeMap<byte[], byte[]> entries = new TreeMap<>(Arrays::compareUnsigned);
        int gets;
        int looksAhead;
        boolean blind;

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
            looksAhead++;
            return blind ? key : entries.ceilingKey(key);
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
