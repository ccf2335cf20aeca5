package org.mosslsm.kv.lsm.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mosslsm.kv.CorruptionException;
import org.mosslsm.kv.StoreOpenException;
import org.mosslsm.kv.lsm.entry.FoundEntry;
import org.mosslsm.kv.lsm.entry.RangeTombstone;
import org.mosslsm.kv.lsm.entry.RangeTombstones;
import org.mosslsm.kv.lsm.entry.Trailer;
import org.mosslsm.kv.lsm.table.testkit.EntryModel;
import org.mosslsm.kv.testkit.FaultVfs;
import org.mosslsm.kv.vfs.OsVfs;

/** Whatever happens to a table's bytes is noticed and reported with its file, and never read as data. */
class TableDamageTest {
    private static final int NUMBER = 12;
    private static final String NAME = "000012.sst";

    @TempDir
    Path directory;

    private final EntryModel model = EntryModel.random(new Random(4), 600);
    private byte[] whole;

    @BeforeEach
    void writeTable() throws IOException {
        TableOptions options = new TableOptions(1024, Compression.LZ4, 10, 8);
        try (TableBuilder builder = new TableBuilder(new OsVfs(directory), NAME, NUMBER, options)) {
            model.entries().forEach((place, value) -> builder.add(place.key(), place.trailer(), value));
            builder.setRangeTombstones(
                    RangeTombstones.of(List.of(new RangeTombstone(new byte[] {1}, new byte[] {2}, 77))));
            builder.finish();
        }
        whole = Files.readAllBytes(directory.resolve(NAME));
        readAll();
    }

    @Test
    void everyFlippedBitIsNoticed() throws IOException {
        long seed = new Random().nextLong();
        System.out.println("TableDamageTest seed " + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 400; round++) {
            byte[] damaged = whole.clone();
            // Every second time in the tail, where the structure is.
            int at = round % 2 == 0
                    ? random.nextInt(damaged.length)
                    : damaged.length - 1 - random.nextInt(Math.min(1500, damaged.length));
            damaged[at] ^= (byte) (1 << random.nextInt(8));
            expectCorruption(damaged, "bit flipped in byte " + at);
        }
    }

    /** A filter only spares work: without it nothing is missing, and nothing is found that is not there. */
    @Test
    void damagedFilterIsNoticedAndDoneWithout() throws IOException {
        int footerAt = whole.length - TableFooter.BYTES;
        TableFooter footer =
                TableFooter.decode(Arrays.copyOfRange(whole, footerAt, whole.length), NAME, NUMBER, footerAt);
        int end = (int) footer.filterOffset() + footer.filterLength() + BlockCodec.TRAILER_BYTES;
        assertTrue(footer.filterLength() > 100, footer::toString);
        for (int at = (int) footer.filterOffset(); at < end; at++) {
            byte[] damaged = whole.clone();
            damaged[at] ^= (byte) (1 << (at & 7));
            Files.write(directory.resolve(NAME), damaged);
            BlockCache cache = new BlockCache(1 << 20);
            try (TableReader table = open(cache)) {
                assertEquals(NAME, table.filterDamage().file(), "byte " + at);
                table.verify();
                expectAllFound(table);
                assertEquals(1, cache.damagedFilters());
            }
        }
    }

    /** Likewise where the damage comes while the table is open, and is met when the filter is read again. */
    @Test
    void filterDamagedMeanwhileIsNoticedAndDoneWithout() throws IOException {
        int footerAt = whole.length - TableFooter.BYTES;
        TableFooter footer =
                TableFooter.decode(Arrays.copyOfRange(whole, footerAt, whole.length), NAME, NUMBER, footerAt);
        byte[] damaged = whole.clone();
        damaged[(int) footer.filterOffset() + 20] ^= 1;
        BlockCache none = new BlockCache(0);
        try (TableReader table = open(none)) {
            assertNull(table.filterDamage());
            Files.write(directory.resolve(NAME), damaged);
            assertNull(table.filterDamage());
            for (int i = 0; i < 3; i++) {
                open(none).close(); // there is no room for the parts of two
                expectAllFound(table);
            }
            assertNotNull(table.filterDamage());
            table.verify();
        }
    }

    /** Nor is it missed where the device refuses to read it; only a closed table, or want of descriptors, is told of. */
    @Test
    void filterThatCannotBeReadIsDoneWithout() throws IOException {
        int footerAt = whole.length - TableFooter.BYTES;
        TableFooter footer =
                TableFooter.decode(Arrays.copyOfRange(whole, footerAt, whole.length), NAME, NUMBER, footerAt);
        Files.write(directory.resolve(NAME), whole);
        FaultVfs disk = new FaultVfs(new OsVfs(directory)).badSector(NAME, footer.filterOffset() + 20);
        BlockCache cache = new BlockCache(1 << 20);
        try (TableReader table = TableReader.open(disk, NAME, NUMBER, cache)) {
            expectAllFound(table);
            assertEquals(NAME, table.filterDamage().file());
            assertEquals(footer.filterOffset(), table.filterDamage().offset());
            assertEquals(1, cache.damagedFilters());
        }
    }

    private TableReader open(BlockCache cache) {
        return TableReader.open(new OsVfs(directory), NAME, NUMBER, cache);
    }

    private void expectAllFound(TableReader table) {
        FoundEntry found = new FoundEntry();
        model.entries().forEach((place, value) -> {
            byte[] key = place.key();
            long hash = BloomFilter.hash(key, 0, key.length);
            assertTrue(table.mayContain(hash));
            assertTrue(table.get(key, 0, key.length, hash, Trailer.seq(place.trailer()), found));
            assertEquals(place.trailer(), found.trailer());
            assertTrue(Arrays.equals(
                    value,
                    0,
                    value.length,
                    found.valueArray(),
                    found.valueOffset(),
                    found.valueOffset() + found.valueLength()));
        });
        byte[] absent = "no such key, and longer than all".repeat(20).getBytes(StandardCharsets.US_ASCII);
        assertFalse(table.get(
                absent, 0, absent.length, BloomFilter.hash(absent, 0, absent.length), Trailer.MAX_SEQ, found));
    }

    @Test
    void everyTruncationIsNoticed() throws IOException {
        for (int length = 0; length < whole.length; length += length < 200 ? 1 : 97) {
            expectCorruption(Arrays.copyOf(whole, length), "cut to " + length);
        }
    }

    @Test
    void aTableUnderAnotherNumberIsNoticed() throws IOException {
        Files.write(directory.resolve("000013.sst"), whole);
        BlockCache cache = new BlockCache(1 << 20);
        CorruptionException e = assertThrows(
                CorruptionException.class, () -> TableReader.open(new OsVfs(directory), "000013.sst", 13, cache));
        assertEquals("000013.sst", e.file());
        assertEquals(0, cache.reservedBytes());
    }

    @Test
    void twoBlocksExchangedAreNoticed() throws IOException {
        // Two blocks of equal length, each with its own right checksum.
        TableOptions options = new TableOptions(1024, Compression.NONE, 0, 8);
        try (TableBuilder builder = new TableBuilder(new OsVfs(directory), NAME, NUMBER, options)) {
            for (int i = 0; i < 200; i++) {
                builder.add(new byte[] {(byte) i}, 257, new byte[100]);
            }
            builder.finish();
        }
        byte[] bytes = Files.readAllBytes(directory.resolve(NAME));
        int length;
        try (TableReader table = TableReader.open(new OsVfs(directory), NAME, NUMBER, new BlockCache(1 << 20))) {
            length = (int) table.parts().index.offset(1);
            assertEquals(2L * length, table.parts().index.offset(2));
        }
        byte[] first = Arrays.copyOf(bytes, length);
        System.arraycopy(bytes, length, bytes, 0, length);
        System.arraycopy(first, 0, bytes, length, length);
        expectCorruption(bytes, "blocks exchanged");
    }

    @Test
    void aNewerFormatIsTold() throws IOException {
        byte[] newer = whole.clone();
        int footer = whole.length - TableFooter.BYTES;
        newer[footer + 48] = 3;
        ByteWriter checksum = new ByteWriter(4)
                .u32(BlockCodec.checksum(Arrays.copyOfRange(newer, footer, newer.length), 0, 52, NUMBER, footer));
        System.arraycopy(checksum.array(), 0, newer, footer + 52, 4);
        Files.write(directory.resolve(NAME), newer);
        StoreOpenException e = assertThrows(StoreOpenException.class, this::readAll);
        assertEquals(StoreOpenException.Reason.NEWER_FORMAT, e.reason());
    }

    @Test
    void indexesOfRandomBytesAreCorruptionAndNothingElse() {
        long seed = new Random().nextLong();
        System.out.println("TableDamageTest seed " + seed);
        Random random = new Random(seed);
        int refused = 0;
        for (int round = 0; round < 5000; round++) {
            byte[] bytes = new byte[random.nextInt(120)];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) (random.nextInt(4) == 0 ? random.nextInt() : random.nextInt(6));
            }
            try {
                TableIndex.decode(bytes, NAME, 0, random.nextInt(100), 1000);
            } catch (CorruptionException e) {
                refused++;
            }
        }
        assertTrue(refused > 4900, refused + " refused");
    }

    private void expectCorruption(byte[] damaged, String what) throws IOException {
        Files.write(directory.resolve(NAME), damaged);
        CorruptionException e = assertThrows(CorruptionException.class, this::readAll, what);
        assertEquals(NAME, e.file(), what);
        assertTrue(e.offset() >= 0 && e.offset() <= damaged.length, what);
    }

    private void readAll() {
        try (TableReader table = TableReader.open(new OsVfs(directory), NAME, NUMBER, new BlockCache(1 << 20))) {
            TableCursor cursor = table.cursor(true);
            for (boolean at = cursor.seekLast(); at; at = cursor.prev()) {
                assertTrue(cursor.keyLength() >= 0);
            }
            table.verify();
            if (table.filterDamage() != null) {
                throw table.filterDamage();
            }
        }
    }
}
