package org.mosslsm.kv.lsm.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.mosslsm.kv.CorruptionException;
import org.mosslsm.kv.lsm.entry.KeyView;
import org.mosslsm.kv.lsm.entry.Trailer;
import org.mosslsm.kv.lsm.table.testkit.EntryModel;
import org.mosslsm.kv.testkit.MemVfs;
import org.mosslsm.kv.vfs.WritableFile;

/** What tables say of the number of keys in their blocks. */
class BlockCountsTest {
    private static final TableOptions OPTIONS = new TableOptions(1024, Compression.LZ4, 10, 4);

    private final MemVfs disk = new MemVfs();

    private TableReader open(long number) {
        return TableReader.open(disk, "t" + number, number, new BlockCache(4 << 20));
    }

    private static byte[] key(int i) {
        return new byte[] {'k', (byte) (i >> 8), (byte) i};
    }

    private static int number(TableCursor cursor) {
        int at = cursor.keyOffset();
        return (cursor.keyArray()[at + 1] & 0xFF) << 8 | (cursor.keyArray()[at + 2] & 0xFF);
    }

    /** A table of puts, each of its own key. */
    private void plain(long number, int keys, long seq) {
        try (TableBuilder builder = new TableBuilder(disk, "t" + number, number, OPTIONS)) {
            for (int i = 0; i < keys; i++) {
                builder.add(key(i), Trailer.of(seq, Trailer.PUT), new byte[20]);
            }
            builder.finish();
        }
    }

    private record Entry(byte[] key, long trailer) {}

    private static List<List<Entry>> blocks(TableReader table) {
        List<List<Entry>> blocks = new ArrayList<>();
        TableParts parts = table.parts();
        BlockCursor cursor = new BlockCursor();
        for (int i = 0; i < parts.index.count(); i++) {
            List<Entry> block = new ArrayList<>();
            cursor.reset(table.block(parts, i, false));
            for (boolean on = cursor.seekFirst(); on; on = cursor.next()) {
                int at = cursor.keyOffset();
                byte[] key = Arrays.copyOfRange(cursor.keyArray(), at, at + cursor.keyLength());
                block.add(new Entry(key, cursor.trailer()));
            }
            blocks.add(block);
        }
        return blocks;
    }

    /** Number of keys of a block, 0 where one is deleted, or stands twice in the table. */
    private static int keys(List<List<Entry>> blocks, int i) {
        List<Entry> block = blocks.get(i);
        List<Entry> around = new ArrayList<>(block);
        if (i > 0) {
            around.addAll(blocks.get(i - 1));
        }
        if (i + 1 < blocks.size()) {
            around.addAll(blocks.get(i + 1));
        }
        boolean plain = block.stream()
                .allMatch(e -> Trailer.hasValue(e.trailer())
                        && around.stream()
                                        .filter(o -> Arrays.equals(o.key(), e.key()))
                                        .count()
                                == 1);
        return plain ? block.size() : 0;
    }

    @Test
    void blocksOfPutsOfDifferentKeysAreCounted() {
        long seed = new Random().nextLong();
        System.out.println("BlockCountsTest seed " + seed);
        Random random = new Random(seed);
        int counted = 0;
        for (int round = 0; round < 30; round++) {
            EntryModel model = EntryModel.random(random, 1 + random.nextInt(2000));
            try (TableBuilder builder = new TableBuilder(disk, "t" + round, round, OPTIONS)) {
                int dull = random.nextInt(4); // of so many neighbours one is left as it was drawn
                int[] i = {0};
                byte[][] last = {null};
                model.entries().forEach((place, value) -> {
                    boolean same = last[0] != null && Arrays.equals(last[0], place.key());
                    if (dull == 0 || i[0]++ % (100 * dull) == 0) {
                        builder.add(place.key(), place.trailer(), value);
                    } else if (!same) {
                        builder.add(place.key(), Trailer.of(Trailer.seq(place.trailer()), Trailer.PUT), new byte[9]);
                    }
                    last[0] = place.key();
                });
                builder.finish();
            }
            try (TableReader table = open(round)) {
                List<List<Entry>> blocks = blocks(table);
                BlockCounts counts = table.blockCounts(table.parts());
                for (int i = 0; i < blocks.size(); i++) {
                    assertEquals(keys(blocks, i), counts.of(i), "seed " + seed + " round " + round + " block " + i);
                    counted += counts.of(i) > 0 ? 1 : 0;
                }
                table.verify();
            }
        }
        assertTrue(counted > 20, counted + " blocks were counted");
    }

    @Test
    void aCursorPassesWholeBlocksBeforeTheLimit() {
        plain(1, 1000, 5);
        try (TableReader table = open(1)) {
            TableCursor cursor = table.cursor(true);
            for (int limit = 1; limit <= 1000; limit++) {
                KeyView end = limit == 1000 ? null : new KeyView().set(key(limit), 0, 3);
                int looked = 0;
                long total = 0;
                boolean on = cursor.seekFirst();
                while (on && number(cursor) < limit) {
                    looked++;
                    long passed = cursor.countForward(5, 5, end);
                    total += 1 + passed;
                    on = passed > 0 ? cursor.valid() : cursor.next();
                }
                assertEquals(limit, total);
                assertTrue(looked < 100, looked + " looked at before " + limit);
            }
            cursor.seekFirst();
            for (boolean on = true; on; on = cursor.next()) {
                assertEquals(0, cursor.countForward(4, -1, null), "newer than the snapshot");
                assertEquals(0, cursor.countForward(9, 6, null), "hidden");
            }
        }
    }

    @Test
    void aTableThatSaysTooMuchIsFoundOut() throws IOException {
        plain(1, 300, 5);
        TableFooter footer;
        TableProperties said;
        try (TableReader table = open(1)) {
            said = table.readProperties();
            footer = footer();
        }
        ByteWriter content = new ByteWriter(256);
        BlockCounts.Builder wrong = new BlockCounts.Builder();
        for (int i = 0; i < said.dataBlocks(); i++) {
            for (int n = said.blockCounts().of(i) - (i == 2 ? 1 : 0); n > 0; n--) {
                wrong.add(true, true);
            }
            wrong.endBlock();
        }
        said.withBlockCounts(wrong.build()).encode(content);
        assertEquals(footer.propertiesLength(), content.size());
        ByteWriter block = new ByteWriter(256);
        BlockCodec.encode(content, null, 1, footer.propertiesOffset(), block);
        try (WritableFile file = disk.extend("t1", footer.propertiesOffset())) {
            file.append(block.array(), 0, block.size());
            file.sync();
        }
        try (TableReader table = open(1)) {
            assertTrue(assertThrows(CorruptionException.class, table::verify)
                    .getMessage()
                    .contains("block 2 is said to have"));
            List<String> damage = new ArrayList<>();
            TableWalk.walk(table, new TableWalk.Visitor() {
                @Override
                public void entry(byte[] k, int o, int l, long t, byte[] v, int vo, int vl) {
                    // looked at elsewhere
                }

                @Override
                public void damaged(CorruptionException e) {
                    damage.add(e.getMessage());
                }
            });
            assertEquals(1, damage.size(), damage::toString);
        }
    }

    private TableFooter footer() {
        try (TableReader table = open(1)) {
            byte[] bytes = new byte[TableFooter.BYTES];
            long at = table.fileSize() - TableFooter.BYTES;
            table.readFully(at, bytes, bytes.length);
            return TableFooter.decode(bytes, table.name(), 1, at);
        }
    }

    private static BlockCounts decode(long blocks, long entries, int... bytes) {
        byte[] all = new byte[bytes.length];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) bytes[i];
        }
        return BlockCounts.decode(new ByteReader(all, 0, all.length, "t", 0), blocks, entries);
    }

    @Test
    void countsThatCannotBeAreDamage() {
        assertEquals(5, decode(3, 5, 2, 0, 3).sum());
        assertThrows(CorruptionException.class, () -> decode(3, 4, 2, 0, 3), "more keys than entries");
        assertThrows(CorruptionException.class, () -> decode(4, 5, 2, 0, 3), "fewer counts than blocks");
        assertThrows(CorruptionException.class, () -> decode(2, 5, 2, 0, 3), "more counts than blocks");
        assertThrows(CorruptionException.class, () -> decode(1L << 40, 5, 2, 0, 3), "more blocks than bytes");
        assertThrows(CorruptionException.class, () -> decode(-1, 5, 2, 0, 3), "fewer blocks than none");
        assertThrows(CorruptionException.class, () -> decode(1, 1 << 20, 0x80, 0x80, 0x04), "65,536 keys");
        assertEquals(65_535, decode(1, 1 << 20, 0xFF, 0xFF, 0x03).of(0));
    }

    @Test
    void aBlockOfMoreKeysThanCanBeSaidIsNotCounted() {
        for (int keys : new int[] {BlockCounts.MOST, BlockCounts.MOST + 1}) {
            BlockCounts.Builder builder = new BlockCounts.Builder();
            for (int i = 0; i < keys; i++) {
                builder.add(true, true);
            }
            builder.endBlock();
            builder.add(true, true);
            builder.endBlock();
            BlockCounts built = builder.build();
            assertEquals(keys == BlockCounts.MOST ? keys : 0, built.of(0));
            assertEquals(1, built.of(1));
            assertEquals(0, built.of(2), "beyond the last block");
        }
        assertEquals(0, new BlockCounts.Builder().build().size());
    }
}
