package org.mosslsm.kv.lsm.version;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mosslsm.kv.WriteBatch;
import org.mosslsm.kv.lsm.entry.FoundEntry;
import org.mosslsm.kv.lsm.entry.Trailer;
import org.mosslsm.kv.lsm.table.BlockCache;
import org.mosslsm.kv.lsm.table.BloomFilter;
import org.mosslsm.kv.lsm.table.TableCursor;
import org.mosslsm.kv.lsm.table.TableReader;
import org.mosslsm.kv.lsm.wal.LogReader;
import org.mosslsm.kv.vfs.OsVfs;

/** Files that an earlier build wrote in format version 1 are read for ever. */
class GoldenStoreTest {
    private static final List<String> FILES =
            List.of("CURRENT", "MANIFEST-000001", "000002.sst", "000003.sst", "000004.wal");

    @TempDir
    Path directory;

    @BeforeEach
    void copyFiles() throws IOException {
        for (String name : FILES) {
            try (InputStream in = GoldenStoreTest.class.getResourceAsStream("/golden/format-1/" + name)) {
                Files.copy(in, directory.resolve(name));
            }
        }
    }

    @Test
    void theManifestIsRead() {
        try (VersionSet set = open()) {
            assertEquals(4, set.logNumber());
            assertEquals(GoldenStore.YOUNG_SEQ + 200, set.lastSequence());
            assertEquals(1, set.current().files(0).size());
            assertEquals(1, set.current().files(6).size());
            FileMeta deep = set.current().files(6).get(0);
            assertEquals(2, deep.number());
            assertArrayEquals(GoldenStore.key(0), deep.smallest());
            assertArrayEquals(GoldenStore.key(GoldenStore.DEEP_KEYS - 2), deep.largest());
            assertTrue(set.newFileNumber() > 4);
        }
    }

    @Test
    void theCompressedTableIsRead() {
        try (VersionSet set = open()) {
            TableReader table = set.tables().reader(set.current().files(6).get(0));
            table.verify();
            TableCursor cursor = table.cursor(true);
            boolean at = cursor.seekFirst();
            for (boolean on = at; on; on = cursor.next()) {
                assertEquals(0, cursor.countForward(Long.MAX_VALUE, -1, null), "it does not say what its blocks hold");
            }
            at = cursor.seekFirst();
            for (int i = 0; i < GoldenStore.DEEP_KEYS; i += 2) {
                long seq = GoldenStore.DEEP_SEQ + 2L * i;
                if (i % 3 == 0) {
                    assertTrue(at);
                    int kind = i % 4 == 0 ? Trailer.DELETE : Trailer.PUT;
                    assertEquals(Trailer.of(seq + 1, kind), cursor.trailer());
                    assertArrayEquals(kind == Trailer.PUT ? GoldenStore.value(i, seq + 1) : new byte[0], value(cursor));
                    at = cursor.next();
                }
                assertTrue(at);
                assertEquals(Trailer.of(seq, Trailer.PUT), cursor.trailer());
                assertArrayEquals(GoldenStore.value(i, seq), value(cursor));
                at = cursor.next();

                FoundEntry found = new FoundEntry();
                byte[] key = GoldenStore.key(i);
                assertTrue(table.get(key, 0, key.length, BloomFilter.hash(key), seq, found));
                assertEquals(seq, Trailer.seq(found.trailer()));
            }
            assertFalse(at);
        }
    }

    @Test
    void theFilterStillKnowsItsKeys() {
        try (VersionSet set = open()) {
            TableReader table = set.tables().reader(set.current().files(6).get(0));
            int passed = 0;
            for (int i = 0; i < GoldenStore.DEEP_KEYS; i += 2) {
                assertTrue(table.mayContain(BloomFilter.hash(GoldenStore.key(i))));
                passed += table.mayContain(BloomFilter.hash(GoldenStore.key(i + 1))) ? 1 : 0;
            }
            assertTrue(passed < 15, passed + " keys passed that are not there");
        }
    }

    @Test
    void rangeTombstonesAreRead() {
        try (VersionSet set = open()) {
            TableReader table = set.tables().reader(set.current().files(0).get(0));
            assertEquals(
                    GoldenStore.TOMBSTONES.fragments(), table.rangeTombstones().fragments());
            assertEquals(GoldenStore.YOUNG_KEYS, table.properties().entries());
            table.verify();
        }
    }

    @Test
    void theLogIsRead() throws IOException {
        try (LogReader log = LogReader.open(new OsVfs(directory), "000004.wal", 4)) {
            for (WriteBatch batch : GoldenStore.batches()) {
                assertTrue(log.next());
                assertArrayEquals(
                        Arrays.copyOf(batch.array(), batch.byteSize()),
                        Arrays.copyOfRange(log.array(), log.offset(), log.offset() + log.length()));
            }
            assertFalse(log.next());
            assertTrue(log.endedCleanly());
        }
    }

    private static byte[] value(TableCursor cursor) {
        return Arrays.copyOfRange(
                cursor.valueArray(), cursor.valueOffset(), cursor.valueOffset() + cursor.valueLength());
    }

    private VersionSet open() {
        return VersionSet.open(new OsVfs(directory), new BlockCache(1 << 20));
    }
}
