package org.mosslsm.kv.lsm.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.mosslsm.kv.lsm.entry.FoundEntry;
import org.mosslsm.kv.lsm.entry.Trailer;
import org.mosslsm.kv.vfs.OsVfs;

/** The cache keeps what is used, within its budget. */
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BlockCacheTest {
    private static final int CHARGE = block().charge();

    @TempDir
    Path directory;

    @Test
    void staysWithinItsBudget() {
        BlockCache cache = new BlockCache(10L * CHARGE);
        TableBlocks table = new TableBlocks(100);
        for (int i = 0; i < 100; i++) {
            cache.insert(table, i, block());
            assertTrue(cache.usedBytes() <= 10L * CHARGE);
        }
        assertEquals(10L * CHARGE, cache.usedBytes());
        assertEquals(90, cache.evictions());
    }

    @Test
    void aScanDoesNotPushOutWhatIsUsed() {
        BlockCache cache = new BlockCache(10L * CHARGE);
        TableBlocks hot = new TableBlocks(5);
        TableBlocks cold = new TableBlocks(1000);
        for (int i = 0; i < 5; i++) {
            cache.insert(hot, i, block());
        }
        for (int i = 0; i < 1000; i++) {
            for (int h = 0; h < 5; h++) {
                assertNotNull(hot.get(h), "hot block " + h + " after " + i);
            }
            cache.insert(cold, i, block());
        }
    }

    @Test
    void aNewBlockStaysForARound() {
        BlockCache cache = new BlockCache(10L * CHARGE);
        TableBlocks table = new TableBlocks(100);
        for (int i = 0; i < 50; i++) {
            cache.insert(table, i, block());
        }
        int recent = 0;
        for (int i = 40; i < 50; i++) {
            recent += table.get(i) != null ? 1 : 0;
        }
        assertTrue(recent >= 6, recent + " of the ten newest blocks are there");
    }

    @Test
    void reservationsTakeFromTheBlocksButNotAll() {
        BlockCache cache = new BlockCache(16L * CHARGE);
        TableBlocks table = new TableBlocks(100);
        for (int i = 0; i < 20; i++) {
            cache.insert(table, i, block());
        }
        cache.reserve(12L * CHARGE);
        assertEquals(4L * CHARGE, cache.usedBytes());
        cache.reserve(100L * CHARGE);
        assertEquals(2L * CHARGE, cache.usedBytes());
        cache.release(112L * CHARGE);
        cache.insert(table, 50, block());
        assertNotNull(table.get(50));
        assertEquals(0, cache.reservedBytes());
        cache.resize(0);
        assertEquals(0, cache.usedBytes());
    }

    @Test
    void blocksOfAClosedTableLeaveAndStayOut() {
        BlockCache cache = new BlockCache(100L * CHARGE);
        TableBlocks closed = new TableBlocks(10);
        TableBlocks open = new TableBlocks(10);
        for (int i = 0; i < 10; i++) {
            cache.insert(closed, i, block());
            cache.insert(open, i, block());
        }
        cache.drop(closed);
        cache.insert(closed, 3, block());
        assertEquals(10L * CHARGE, cache.usedBytes());
        assertNull(closed.get(3));
        assertNotNull(open.get(3));
    }

    @Test
    void manyReadersOfASmallCacheReadWhatWasWritten() throws Exception {
        int keys = 2000;
        try (TableBuilder builder = new TableBuilder(new OsVfs(directory), "t", 1, TableOptions.UPPER)) {
            for (int i = 0; i < keys; i++) {
                builder.add(key(i), Trailer.of(1, Trailer.PUT), new byte[] {(byte) i});
            }
            builder.finish();
        }
        BlockCache cache = new BlockCache(20 << 10);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try (TableReader table = TableReader.open(new OsVfs(directory), "t", 1, cache)) {
            List<Future<?>> readers = new ArrayList<>();
            for (int t = 0; t < 4; t++) {
                Random random = new Random(t);
                readers.add(threads.submit(() -> {
                    FoundEntry found = new FoundEntry();
                    for (int n = 0; n < 5000; n++) {
                        int i = random.nextInt(keys);
                        assertTrue(table.get(key(i), 0, 4, BloomFilter.hash(key(i)), 1, found));
                        assertEquals((byte) i, found.valueArray()[found.valueOffset()]);
                    }
                }));
            }
            for (Future<?> reader : readers) {
                reader.get();
            }
            assertTrue(cache.usedBytes() + cache.reservedBytes() <= 20 << 10);
            assertTrue(cache.evictions() > 0);
        } finally {
            threads.shutdown();
        }
        assertEquals(0, cache.usedBytes());
    }

    private static byte[] key(int i) {
        return new byte[] {0, (byte) (i >> 16), (byte) (i >> 8), (byte) i};
    }

    private static Block block() {
        BlockBuilder builder = new BlockBuilder(16);
        builder.add(0, new byte[4], 0, 4, Trailer.of(1, Trailer.PUT), new byte[1000], 0, 1000);
        byte[] bytes = builder.finish().toByteArray();
        return new Block(bytes, bytes.length, "test", 0);
    }
}
