package org.mosslsm.kv.lsm.table;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mosslsm.kv.lsm.entry.FoundEntry;
import org.mosslsm.kv.lsm.entry.RangeTombstone;
import org.mosslsm.kv.lsm.entry.RangeTombstones;
import org.mosslsm.kv.lsm.entry.Trailer;
import org.mosslsm.kv.lsm.table.testkit.EntryModel;
import org.mosslsm.kv.lsm.table.testkit.EntryModel.Place;
import org.mosslsm.kv.vfs.OsVfs;
import org.mosslsm.kv.vfs.Vfs;

/** Tables against a sorted map. */
class TableTest {
    @TempDir
    Path directory;

    @Test
    void walksSeeksAndFindsAsASortedMap() {
        long seed = new Random().nextLong();
        System.out.println("TableTest seed " + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 8; round++) {
            EntryModel model = EntryModel.random(random, 1 + random.nextInt(800));
            TableOptions options = new TableOptions(
                    1024 << random.nextInt(4),
                    random.nextBoolean() ? Compression.LZ4 : Compression.NONE,
                    random.nextInt(3) * 8,
                    1 + random.nextInt(20));
            BlockCache cache = new BlockCache(random.nextBoolean() ? 4 << 20 : 10 << 10);
            TableProperties written = write(model, options, round);
            try (TableReader table = TableReader.open(vfs(), "t" + round, round, cache)) {
                assertEquals(written.entries(), table.properties().entries());
                model.check(table.cursor(true), random);
                model.check(table.cursor(false), random);
                model.check(table.sequentialCursor(20_000), random);
                checkGets(table, model, random);
                table.verify();
            }
            assertEquals(0, cache.usedBytes());
            assertEquals(0, cache.reservedBytes());
        }
    }

    @Test
    void tableOfMoreKeysThanAFilterMayHaveIsReadWithoutOne() {
        TableOptions options = new TableOptions(1024, Compression.LZ4, 10, 16);
        for (int n : new int[] {1999, 2000, 2001, 5000}) {
            try (TableBuilder builder = new TableBuilder(vfs(), "n" + n, n, options)) {
                builder.mostFilterKeys = 2000;
                for (int k = 0; k < n; k++) {
                    builder.add(longKey(k), Trailer.of(2, Trailer.PUT), new byte[] {(byte) k});
                    builder.add(longKey(k), Trailer.of(1, Trailer.PUT), new byte[0]); // no other key
                }
                builder.finish();
            }
            try (TableReader table = TableReader.open(vfs(), "n" + n, n, new BlockCache(4 << 20))) {
                assertNull(table.filterDamage());
                assertEquals(n > 2000, table.parts().filter == BloomFilter.ALL);
                table.verify();
                FoundEntry found = new FoundEntry();
                byte[] key = longKey(n - 1);
                assertTrue(table.get(key, 0, key.length, BloomFilter.hash(key), 3, found));
                byte[] missing = longKey(n);
                assertFalse(table.get(missing, 0, missing.length, BloomFilter.hash(missing), 3, found));
            }
        }
    }

    @Test
    void filterIsReadAndChargedOnceManyKeysWereLookedFor() {
        int n = 100_000;
        try (TableBuilder builder = new TableBuilder(vfs(), "f", 1, new TableOptions(4096, Compression.LZ4, 10, 16))) {
            for (int k = 0; k < n; k++) {
                builder.add(shortKey(2 * k), Trailer.of(1, Trailer.PUT), new byte[] {1});
            }
            builder.finish();
        }
        BlockCache cache = new BlockCache(64 << 20);
        try (TableReader table = TableReader.open(vfs(), "f", 1, cache)) {
            TableCursor cursor = table.cursor(true);
            assertTrue(cursor.seekFirst());
            long withoutFilter = cache.reservedBytes();
            assertFalse(isFound(table, 1));
            assertTrue(isFound(table, 2));
            assertNull(table.parts().filter);
            assertEquals(withoutFilter, cache.reservedBytes());
            for (int k = 3; k < 50; k += 2) {
                assertFalse(isFound(table, k));
            }
            BloomFilter filter = table.parts().filter;
            assertTrue(filter.byteSize() >= n * 10 / 8, filter.byteSize() + " bytes");
            assertEquals(withoutFilter + filter.byteSize(), cache.reservedBytes());
            long misses = cache.misses();
            for (int k = 1001; k < 3001; k += 2) {
                assertFalse(isFound(table, k));
            }
            assertTrue(cache.misses() - misses < 100, cache.misses() - misses + " blocks for keys that are not there");
        }
        assertEquals(0, cache.reservedBytes());
    }

    private static boolean isFound(TableReader table, int k) {
        byte[] key = shortKey(k);
        return table.get(key, 0, key.length, BloomFilter.hash(key), 1, new FoundEntry());
    }

    private static byte[] shortKey(int i) {
        return ByteBuffer.allocate(8).putLong(i).array();
    }

    /** Keys of a kilobyte that do not all begin alike, a block each: the index is as large as all of them. */
    @Test
    void indexThatHasGrownLargeGrowsByLargerBlocks() {
        TableOptions options = new TableOptions(1024, Compression.LZ4, 10, 16);
        int n = 2000;
        long[] blocks = new long[2];
        for (int i = 0; i < 2; i++) {
            try (TableBuilder builder = new TableBuilder(vfs(), "t" + i, i, options)) {
                builder.denseFrom = i == 0 ? builder.denseFrom : 100_000;
                builder.add(new byte[] {1}, Trailer.of(1, Trailer.PUT), new byte[2000]);
                for (int k = 0; k < n; k++) {
                    builder.add(longKey(k), Trailer.of(2, Trailer.PUT), new byte[] {(byte) k});
                }
                blocks[i] = builder.finish().dataBlocks();
                assertTrue(builder.indexBytes() > 1000 * (blocks[i] - 2), builder.indexBytes() + " bytes");
            }
            BlockCache cache = new BlockCache(4 << 20);
            try (TableReader table = TableReader.open(vfs(), "t" + i, i, cache)) {
                table.verify();
                for (int k = 0; k < n; k++) {
                    FoundEntry found = new FoundEntry();
                    byte[] key = longKey(k);
                    assertTrue(table.get(key, 0, key.length, BloomFilter.hash(key), 3, found), "key " + k);
                    assertEquals((byte) k, found.valueArray()[found.valueOffset()]);
                }
            }
        }
        assertTrue(blocks[0] >= n, blocks[0] + " blocks");
        assertTrue(blocks[1] <= 100, blocks[1] + " blocks");
    }

    private static byte[] longKey(int i) {
        byte[] key = new byte[1100];
        Arrays.fill(key, (byte) 2);
        ByteBuffer.wrap(key).putInt(key.length - 4, i);
        return key;
    }

    private void checkGets(TableReader table, EntryModel model, Random random) {
        for (Place place : model.places(random)) {
            byte[] key = place.key();
            long seq = Trailer.seq(place.trailer());
            FoundEntry found = new FoundEntry();
            boolean is = table.get(key, 0, key.length, BloomFilter.hash(key), seq, found);
            Map.Entry<Place, byte[]> expected = model.entries().ceilingEntry(new Place(key, Trailer.seekTo(seq)));
            if (expected == null || !Arrays.equals(expected.getKey().key(), key)) {
                assertFalse(is);
            } else {
                assertTrue(is);
                assertEquals(expected.getKey().trailer(), found.trailer());
                assertArrayEquals(
                        expected.getValue(),
                        Arrays.copyOfRange(
                                found.valueArray(), found.valueOffset(), found.valueOffset() + found.valueLength()));
            }
        }
    }

    @Test
    void versionsOfOneKeySpreadOverManyBlocks() {
        byte[] key = bytes("hot");
        int versions = 3000;
        try (TableBuilder builder = new TableBuilder(vfs(), "t", 1, new TableOptions(1024, Compression.NONE, 10, 16))) {
            builder.add(bytes("a"), Trailer.of(1, Trailer.PUT), bytes("first"));
            for (int seq = versions; seq > 0; seq--) {
                builder.add(key, Trailer.of(seq, Trailer.PUT), bytes("value" + seq));
            }
            builder.add(bytes("z"), Trailer.of(1, Trailer.PUT), bytes("last"));
            builder.finish();
        }
        BlockCache cache = new BlockCache(1 << 20);
        try (TableReader table = TableReader.open(vfs(), "t", 1, cache)) {
            assertTrue(table.properties().dataBlocks() > 20);
            for (int seq = 1; seq <= versions; seq++) {
                FoundEntry found = new FoundEntry();
                assertTrue(table.get(key, 0, key.length, BloomFilter.hash(key), seq, found));
                assertEquals(seq, Trailer.seq(found.trailer()));
            }
            FoundEntry found = new FoundEntry();
            assertFalse(table.get(key, 0, key.length, BloomFilter.hash(key), 0, found));
        }
    }

    @Test
    void propertiesSayWhatIsInTheTable() {
        RangeTombstones tombstones = RangeTombstones.of(List.of(
                new RangeTombstone(bytes("b"), bytes("f"), 50), new RangeTombstone(bytes("d"), bytes("z"), 60)));
        TableProperties p;
        try (TableBuilder builder = new TableBuilder(vfs(), "t", 9, TableOptions.UPPER)) {
            assertTrue(builder.isEmpty());
            builder.add(bytes("a"), Trailer.of(7, Trailer.PUT), bytes("one"));
            builder.add(bytes("mm"), Trailer.of(6, Trailer.DELETE), bytes(""));
            builder.setRangeTombstones(tombstones);
            assertFalse(builder.isEmpty());
            builder.finish();
        }
        try (TableReader table = TableReader.open(vfs(), "t", 9, new BlockCache(1 << 20))) {
            p = table.properties();
            assertEquals(tombstones.fragments(), table.rangeTombstones().fragments());
        }
        assertEquals(2, p.entries());
        assertEquals(1, p.deletes());
        assertEquals(4, p.rangeDeletes());
        assertEquals(3, p.rawKeyBytes());
        assertEquals(3, p.rawValueBytes());
        assertEquals(1, p.dataBlocks());
        assertEquals(6, p.minSeq());
        assertEquals(60, p.maxSeq());
        assertArrayEquals(bytes("a"), p.smallest());
        assertArrayEquals(bytes("z"), p.largest());
        assertTrue(p.largestExclusive());
        assertTrue(p.createdMillis() > 0);
    }

    @Test
    void aTableOfRangeTombstonesAloneWorks() {
        RangeTombstones tombstones = RangeTombstones.of(List.of(new RangeTombstone(bytes(""), bytes("q"), 3)));
        try (TableBuilder builder = new TableBuilder(vfs(), "t", 2, TableOptions.LOWER)) {
            builder.setRangeTombstones(tombstones);
            builder.finish();
        }
        try (TableReader table = TableReader.open(vfs(), "t", 2, new BlockCache(1 << 20))) {
            assertEquals(tombstones.fragments(), table.rangeTombstones().fragments());
            TableCursor cursor = table.cursor(true);
            assertFalse(cursor.seekFirst());
            assertFalse(cursor.seekLast());
            assertFalse(cursor.seek(bytes("a"), 0, 1, Trailer.FIRST));
            assertFalse(cursor.seekForPrev(bytes("a"), 0, 1, Trailer.FIRST));
            assertEquals(0, table.approximateBytes(bytes(""), null));
        }
    }

    @Test
    void entriesOutOfOrderAreRefused() {
        try (TableBuilder builder = new TableBuilder(vfs(), "t", 1, TableOptions.UPPER)) {
            builder.add(bytes("b"), Trailer.of(5, Trailer.PUT), bytes(""));
            assertThrows(
                    IllegalArgumentException.class,
                    () -> builder.add(bytes("a"), Trailer.of(9, Trailer.PUT), bytes("")));
            assertThrows(
                    IllegalArgumentException.class,
                    () -> builder.add(bytes("b"), Trailer.of(5, Trailer.PUT), bytes("")));
            assertThrows(
                    IllegalArgumentException.class,
                    () -> builder.add(bytes("b"), Trailer.of(6, Trailer.PUT), bytes("")));
            builder.add(bytes("b"), Trailer.of(4, Trailer.PUT), bytes(""));
            assertEquals(2, builder.entries());
        }
    }

    @Test
    void largeValuesHaveBlocksOfTheirOwn() {
        Random random = new Random(5);
        EntryModel model = new EntryModel();
        for (int i = 0; i < 5; i++) {
            byte[] value = new byte[200_000 + i];
            random.nextBytes(value);
            model.entries().put(new Place(bytes("k" + i), Trailer.of(i, Trailer.PUT)), value);
        }
        write(model, TableOptions.LOWER, 3);
        try (TableReader table = TableReader.open(vfs(), "t3", 3, new BlockCache(1 << 20))) {
            assertEquals(5, table.properties().dataBlocks());
            model.check(table.cursor(true), random);
            model.check(table.sequentialCursor(1000), random);
        }
    }

    /** A table that may not end is read nevertheless, whatever the size of its values. */
    @Test
    void largeValuesHaveNoBlocksOfTheirOwnWhereTheIndexHasGrownLarge() {
        TableOptions options = new TableOptions(1024, Compression.LZ4, 10, 16);
        try (TableBuilder builder = new TableBuilder(vfs(), "t", 1, options)) {
            builder.denseFrom = 100_000;
            builder.add(
                    new byte[] {1}, Trailer.of(1, Trailer.PUT), new byte[0]); // so that the keys do not all begin alike
            for (int k = 0; k < 1000; k++) {
                builder.add(longKey(k), Trailer.of(2, Trailer.PUT), new byte[4096]);
            }
            long blocks = builder.finish().dataBlocks();
            assertTrue(blocks < 200, blocks + " blocks, though 8 MB have 1600 of them");
        }
    }

    /** Or else whoever looks for a small one decodes the large one beside it too. */
    @Test
    void smallNeighboursOfALargeValueAreNotInItsBlock() {
        Random random = new Random(6);
        EntryModel model = new EntryModel();
        for (int i = 0; i < 30; i++) {
            model.entries()
                    .put(new Place(bytes(String.format("k%02d", i)), Trailer.of(9, Trailer.PUT)), bytes("v" + i));
        }
        byte[] large = new byte[4 * 4096];
        random.nextBytes(large);
        model.entries().put(new Place(bytes("k09+"), Trailer.of(9, Trailer.PUT)), large);
        model.entries().put(new Place(bytes("k19"), Trailer.of(8, Trailer.PUT)), large); // an older version
        write(model, TableOptions.LOWER, 4);
        try (TableReader table = TableReader.open(vfs(), "t4", 4, new BlockCache(1 << 20))) {
            assertEquals(5, table.properties().dataBlocks(), "small ones three times, large ones twice");
            model.check(table.cursor(true), random);
            model.check(table.cursor(false), random);
            checkGets(table, model, random);
            table.verify();
        }
    }

    @Test
    void readingAClosedTableIsTold() {
        EntryModel model = EntryModel.random(new Random(1), 500);
        write(model, TableOptions.UPPER, 1);
        TableReader table = TableReader.open(vfs(), "t1", 1, new BlockCache(1 << 20));
        TableCursor cursor = table.cursor(true);
        assertTrue(cursor.seekFirst());
        table.close();
        table.close();
        assertThrows(TableClosedException.class, cursor::seekLast);
    }

    @Test
    void compressionMakesTheFileSmallerAndKeepsWhatDoesNotShrink() {
        EntryModel model = new EntryModel();
        Random random = new Random(3);
        for (int i = 0; i < 1000; i++) {
            byte[] value = new byte[100];
            if (i >= 500) {
                random.nextBytes(value);
            }
            model.entries().put(new Place(bytes(String.format("key%06d", i)), Trailer.of(i, Trailer.PUT)), value);
        }
        write(model, new TableOptions(4096, Compression.NONE, 10, 16), 1);
        write(model, new TableOptions(4096, Compression.LZ4, 10, 16), 2);
        try (TableReader raw = TableReader.open(vfs(), "t1", 1, new BlockCache(1 << 20));
                TableReader packed = TableReader.open(vfs(), "t2", 2, new BlockCache(1 << 20))) {
            assertTrue(packed.fileSize() < raw.fileSize() * 3 / 5, packed.fileSize() + " of " + raw.fileSize());
            model.check(packed.cursor(true), random);
        }
    }

    @Test
    void cursorsAllocateNothingForAnEntry() {
        int entries = 50_000;
        try (TableBuilder builder = new TableBuilder(vfs(), "t", 1, TableOptions.UPPER)) {
            for (int i = 0; i < entries; i++) {
                builder.add(bytes(String.format("key%08d", i)), Trailer.of(1, Trailer.PUT), new byte[20]);
            }
            builder.finish();
        }
        try (TableReader table = TableReader.open(vfs(), "t", 1, new BlockCache(16 << 20))) {
            TableCursor cursor = table.cursor(true);
            assertEquals(entries, walk(cursor, true) + 1, "warms up the cache and the cursor's buffers");
            walk(cursor, false);
            long before = allocatedBytes();
            int steps = walk(cursor, true) + walk(cursor, false);
            long allocated = allocatedBytes() - before;
            assertEquals(2 * entries, steps + 2);
            assertTrue(allocated < 10_000, allocated + " bytes for " + steps + " steps");
        }
    }

    private static int walk(TableCursor cursor, boolean forward) {
        int steps = 0;
        assertTrue(forward ? cursor.seekFirst() : cursor.seekLast());
        while (forward ? cursor.next() : cursor.prev()) {
            steps++;
        }
        return steps;
    }

    private static long allocatedBytes() {
        return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean())
                .getThreadAllocatedBytes(Thread.currentThread().getId());
    }

    private TableProperties write(EntryModel model, TableOptions options, long number) {
        try (TableBuilder builder = new TableBuilder(vfs(), "t" + number, number, options)) {
            model.entries().forEach((place, value) -> builder.add(place.key(), place.trailer(), value));
            TableProperties properties = builder.finish();
            assertEquals(directory.resolve("t" + number).toFile().length(), builder.fileSize());
            return properties;
        }
    }

    private Vfs vfs() {
        return new OsVfs(directory);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
