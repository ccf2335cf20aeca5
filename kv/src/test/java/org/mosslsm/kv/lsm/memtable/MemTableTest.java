package org.mosslsm.kv.lsm.memtable;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.mosslsm.kv.lsm.entry.EntryOrder;
import org.mosslsm.kv.lsm.entry.FoundEntry;
import org.mosslsm.kv.lsm.entry.RangeTombstone;
import org.mosslsm.kv.lsm.entry.Stripes;
import org.mosslsm.kv.lsm.entry.Trailer;

@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MemTableTest {
    private static final class Key implements Comparable<Key> {
        private final byte[] key;
        private final long trailer;

        Key(byte[] key, long trailer) {
            this.key = key;
            this.trailer = trailer;
        }

        @Override
        public int compareTo(Key that) {
            return EntryOrder.compare(key, 0, key.length, trailer, that.key, 0, that.key.length, that.trailer);
        }
    }

    private static void add(MemTable table, byte[] key, long trailer, byte[] value) {
        table.add(trailer, key, 0, key.length, value, 0, value.length);
    }

    private static byte[] randomKey(Random random) {
        byte[] key = new byte[random.nextInt(22)];
        for (int i = 0; i < key.length; i++) {
            key[i] = (byte) (random.nextInt(3)
                    - 1); // -1, 0, 1: many equal prefixes, zeros at ends, high bytes; shorter and longer than a prefix
        }
        return key;
    }

    @Test
    void tellsAboutHowManyEntriesARangeHas() {
        MemTable table = new MemTable();
        int n = 100_000;
        for (int i = 0; i < n; i++) {
            byte[] key = ByteBuffer.allocate(12).putInt(7).putLong(i).array();
            add(table, key, Trailer.of(i + 1L, Trailer.PUT), new byte[] {1});
        }
        for (int size : new int[] {0, 1, 20, 500, 20_000, 90_000}) {
            byte[] lo = ByteBuffer.allocate(12).putInt(7).putLong(5_000).array();
            byte[] hi = ByteBuffer.allocate(12).putInt(7).putLong(5_000 + size).array();
            long told = table.estimatedPoints(lo, hi);
            assertTrue(told >= size / 2 && told <= 2L * size, () -> told + " of " + size);
        }
        long all = table.estimatedPoints(new byte[0], null);
        assertTrue(all >= n / 2 && all <= 2L * n, () -> all + " of " + n);
        assertEquals(0, table.estimatedPoints(new byte[] {9}, null));
        assertEquals(0, new MemTable().estimatedPoints(new byte[0], null));
    }

    /** Slabs of bytes that are full to the last one, whatever their size: the next entry has none, or many. */
    @Test
    void entriesWithoutBytesFollowAFullSlab() {
        for (int filled = 1 << 14; filled <= 1 << 18; filled *= 2) {
            for (int length : new int[] {0, 1, 1 << 19}) {
                MemTable table = new MemTable();
                add(table, new byte[] {1}, Trailer.of(1, Trailer.PUT), new byte[filled - 1]);
                add(table, new byte[0], Trailer.of(2, Trailer.DELETE), new byte[0]);
                add(table, new byte[0], Trailer.of(3, Trailer.PUT), new byte[length]);
                FoundEntry found = new FoundEntry();
                assertTrue(table.get(new byte[0], 0, 0, 3, found));
                assertEquals(length, found.valueLength());
            }
        }
    }

    @Test
    void agreesWithATreeMap() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 20; round++) {
            MemTable table = new MemTable();
            TreeMap<Key, byte[]> model = new TreeMap<>();
            int n = random.nextInt(2000);
            for (long seq = 1; seq <= n; seq++) {
                byte[] key = randomKey(random);
                byte[] value = new byte[random.nextInt(random.nextInt(100) == 0 ? 100_000 : 30)];
                random.nextBytes(value);
                long trailer = Trailer.of(seq, random.nextInt(4) == 0 ? Trailer.DELETE : Trailer.PUT);
                add(table, key, trailer, value);
                model.put(new Key(key, trailer), value);
            }
            MemTableCursor cursor = table.cursor();
            boolean on = cursor.seekFirst();
            for (Map.Entry<Key, byte[]> e : model.entrySet()) {
                assertTrue(on, () -> "seed " + seed);
                assertAt(cursor, e, seed);
                on = cursor.next();
            }
            assertFalse(on, () -> "seed " + seed);
            on = cursor.seekLast();
            for (Map.Entry<Key, byte[]> e : model.descendingMap().entrySet()) {
                assertTrue(on, () -> "seed " + seed);
                assertAt(cursor, e, seed);
                on = cursor.prev();
            }
            assertFalse(on, () -> "seed " + seed);
            for (int i = 0; i < 300; i++) {
                Key probe = new Key(randomKey(random), Trailer.seekTo(random.nextInt(n + 1)));
                assertAt(
                        cursor.seek(probe.key, 0, probe.key.length, probe.trailer) ? cursor : null,
                        model.ceilingEntry(probe),
                        seed);
                assertAt(
                        cursor.seekForPrev(probe.key, 0, probe.key.length, probe.trailer) ? cursor : null,
                        model.floorEntry(probe),
                        seed);
                FoundEntry found = new FoundEntry();
                Map.Entry<Key, byte[]> want = model.ceilingEntry(probe);
                boolean hit = table.get(probe.key, 0, probe.key.length, Trailer.seq(probe.trailer), found);
                assertEquals(want != null && Arrays.equals(want.getKey().key, probe.key), hit, () -> "seed " + seed);
                if (hit) {
                    assertEquals(want.getKey().trailer, found.trailer(), () -> "seed " + seed);
                    assertArrayEquals(
                            want.getValue(),
                            Arrays.copyOfRange(
                                    found.valueArray(),
                                    found.valueOffset(),
                                    found.valueOffset() + found.valueLength()));
                }
            }
            for (Key exact : model.keySet().stream().limit(100).toList()) {
                assertTrue(cursor.seekForPrev(exact.key, 0, exact.key.length, exact.trailer));
                assertAt(cursor, model.floorEntry(exact), seed);
            }
        }
    }

    private static void assertAt(MemTableCursor cursor, Map.Entry<Key, byte[]> want, long seed) {
        if (want == null) {
            assertNull(cursor, () -> "seed " + seed);
            return;
        }
        assertEquals(want.getKey().trailer, cursor.trailer(), () -> "seed " + seed);
        int k = cursor.keyOffset();
        assertArrayEquals(want.getKey().key, Arrays.copyOfRange(cursor.keyArray(), k, k + cursor.keyLength()));
        int v = cursor.valueOffset();
        assertArrayEquals(want.getValue(), Arrays.copyOfRange(cursor.valueArray(), v, v + cursor.valueLength()));
    }

    @Test
    void ascendingKeysAreFoundInBothDirections() {
        MemTable table = new MemTable();
        for (int i = 0; i < 50_000; i++) {
            byte[] key = ByteBuffer.allocate(8).putLong(i).array();
            add(table, key, Trailer.of(i + 1, Trailer.PUT), key);
        }
        MemTableCursor cursor = table.cursor();
        int count = 0;
        for (boolean on = cursor.seekLast(); on; on = cursor.prev()) {
            count++;
        }
        assertEquals(50_000, count);
        assertEquals(50_000, table.pointCount());
        assertTrue(table.byteSize() > 50_000 * 16 && table.byteSize() < 50_000 * 80, table.toString());
    }

    @Test
    void largeValuesUseUpNoMoreOfTheArenaThanTheirBytes() {
        Arena arena = new Arena();
        assertTrue(arena.roomBytes() > 1000L << 20, "room for the largest commit beside another: " + arena.roomBytes());
        int[] sizes = {66_000, 88_000, 131_073, 250_000, 262_144, 262_145, 300_000, 1};
        long before = arena.roomBytes();
        long bytes = 0;
        Random random = new Random(3);
        for (int i = 0; i < 400; i++) {
            int size = sizes[random.nextInt(sizes.length)];
            int at = arena.allocateBytes(size);
            assertTrue((at & Arena.BYTE_MASK) + size <= arena.bytes(at).length);
            bytes += size;
            assertTrue(
                    before - arena.roomBytes() <= bytes + (1 << 20),
                    bytes + " bytes took " + (before - arena.roomBytes()));
            assertTrue(arena.used() >= bytes);
        }
    }

    @Test
    void aTableIsFullByItsBytesOrWhenTheLargestCommitMightNotFit() {
        MemTable table = new MemTable();
        assertFalse(table.isFull(1000, 512 << 20));
        assertTrue(table.isFull(1000, 2L << 30));
        add(table, new byte[16], Trailer.of(1, Trailer.PUT), new byte[1000]);
        assertTrue(table.isFull(1000, 512 << 20));
    }

    @Test
    void rangeTombstonesCoverWithAndWithoutFragments() {
        MemTable table = new MemTable();
        assertTrue(table.isEmpty());
        for (int i = 0; i < 200; i++) {
            table.addRange(new RangeTombstone(new byte[] {(byte) i}, new byte[] {(byte) i, 5}, i + 1));
            byte[] inside = {(byte) i, 3};
            assertEquals(i + 1, table.coveringRange(inside, 0, 2, 1000));
            assertEquals(-1, table.coveringRange(inside, 0, 2, i));
            assertEquals(i / 2 + 1, table.coveringRange(new byte[] {(byte) (i / 2)}, 0, 1, 1000));
        }
        assertEquals(200, table.rangeTombstones(Stripes.ONE).fragments().size());
        assertEquals(7, table.rangeTombstones(Stripes.ONE).covering(new byte[] {6, 1}, 0, 2, 1000));
        assertFalse(table.isEmpty());
    }

    @Test
    void readersSeeEverythingPublishedWhileTheWriterGoesOn() throws InterruptedException {
        MemTable table = new MemTable();
        AtomicLong visible = new AtomicLong();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        int n = 100_000;
        Runnable reader = () -> {
            try {
                Random random = new Random(7);
                FoundEntry found = new FoundEntry();
                MemTableCursor cursor = table.cursor();
                for (long seen = 0; seen < n; ) {
                    seen = visible.get();
                    if (seen == 0) {
                        continue;
                    }
                    long seq = 1L + random.nextInt((int) seen);
                    byte[] key = scattered(seq);
                    assertTrue(table.get(key, 0, 8, seen, found));
                    assertEquals(seq, Trailer.seq(found.trailer()));
                    assertTrue(cursor.seek(key, 0, 8, Trailer.FIRST));
                    byte[] last = key;
                    for (int i = 0; i < 10 && cursor.next(); i++) {
                        byte[] now = Arrays.copyOfRange(
                                cursor.keyArray(), cursor.keyOffset(), cursor.keyOffset() + cursor.keyLength());
                        assertTrue(Arrays.compareUnsigned(last, now) < 0);
                        last = now;
                    }
                    for (int i = 0; i < 10 && cursor.valid() && cursor.prev(); i++) {
                        byte[] now = Arrays.copyOfRange(
                                cursor.keyArray(), cursor.keyOffset(), cursor.keyOffset() + cursor.keyLength());
                        assertTrue(Arrays.compareUnsigned(last, now) > 0);
                        last = now;
                    }
                }
            } catch (Throwable t) {
                failure.set(t);
            }
        };
        Thread[] readers = {new Thread(reader), new Thread(reader)};
        for (Thread t : readers) {
            t.start();
        }
        for (long seq = 1; seq <= n; seq++) {
            byte[] key = scattered(seq);
            add(table, key, Trailer.of(seq, Trailer.PUT), key);
            visible.set(seq);
        }
        for (Thread t : readers) {
            t.join();
        }
        assertNull(failure.get(), () -> "reader failed: " + failure.get());
    }

    @Test
    void aReaderMeetsItsOwnVersionWhileNewerOnesAreAddedBesideIt() throws InterruptedException {
        MemTable table = new MemTable();
        AtomicLong visible = new AtomicLong();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        int n = 400_000;
        int keys = 4;
        Runnable reader = () -> {
            try {
                FoundEntry found = new FoundEntry();
                for (long seen = 0; seen < n; ) {
                    seen = visible.get();
                    for (int k = 0; k < keys && seen >= keys; k++) {
                        assertTrue(table.get(new byte[] {(byte) k}, 0, 1, seen, found));
                        long newest = seen - (seen - k + keys) % keys; // version s is of key s % keys
                        assertEquals(newest, Trailer.seq(found.trailer()));
                    }
                }
            } catch (Throwable t) {
                failure.set(t);
            }
        };
        Thread thread = new Thread(reader);
        thread.start();
        for (long seq = 1; seq <= n; seq++) {
            byte[] key = {(byte) (seq % keys)};
            add(table, key, Trailer.of(seq, Trailer.PUT), key);
            visible.set(seq);
        }
        thread.join();
        assertNull(failure.get(), () -> "reader failed: " + failure.get());
    }

    private static byte[] scattered(long seq) {
        return ByteBuffer.allocate(8).putLong(seq * 0x9E3779B97F4A7C15L).array();
    }
}
