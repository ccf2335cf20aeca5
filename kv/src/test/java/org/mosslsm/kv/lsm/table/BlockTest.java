package org.mosslsm.kv.lsm.table;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.mosslsm.kv.CorruptionException;
import org.mosslsm.kv.lsm.entry.EntryCursor;
import org.mosslsm.kv.lsm.entry.EntryOrder;
import org.mosslsm.kv.lsm.entry.FoundEntry;
import org.mosslsm.kv.lsm.entry.Trailer;
import org.mosslsm.kv.lsm.table.testkit.EntryModel;
import org.mosslsm.kv.lsm.table.testkit.EntryModel.Place;

/** Data blocks against a sorted map, and against bytes that are none. */
class BlockTest {
    @Test
    void walksAndSeeksAsASortedMap() {
        long seed = new Random().nextLong();
        System.out.println("BlockTest seed " + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 60; round++) {
            EntryModel model = EntryModel.random(random, 1 + random.nextInt(120));
            Block block = block(model, 1 + random.nextInt(20));
            model.check(new OneBlock(block), random);
        }
    }

    @Test
    void findsTheNewestVersionASnapshotSees() {
        long seed = new Random().nextLong();
        System.out.println("BlockTest seed " + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 60; round++) {
            EntryModel model = EntryModel.random(random, 1 + random.nextInt(120));
            Block block = block(model, 1 + random.nextInt(20));
            for (Place place : model.places(random)) {
                FoundEntry found = new FoundEntry();
                boolean is = block.get(place.key(), 0, place.key().length, place.trailer(), found);
                Map.Entry<Place, byte[]> expected = model.entries().ceilingEntry(place);
                boolean wanted =
                        expected != null && Arrays.equals(expected.getKey().key(), place.key());
                assertEquals(wanted, is);
                if (wanted) {
                    assertEquals(expected.getKey().trailer(), found.trailer());
                    assertArrayEquals(
                            expected.getValue(),
                            Arrays.copyOfRange(
                                    found.valueArray(),
                                    found.valueOffset(),
                                    found.valueOffset() + found.valueLength()));
                }
            }
        }
    }

    @Test
    void entriesOfOneVersionedKeyComeNewestFirst() {
        BlockBuilder builder = new BlockBuilder(4);
        byte[] key = {7};
        for (int seq = 50; seq > 0; seq--) {
            builder.add(seq == 50 ? 0 : 1, key, 0, 1, Trailer.of(seq, Trailer.PUT), new byte[] {(byte) seq}, 0, 1);
        }
        byte[] bytes = builder.finish().toByteArray();
        Block block = new Block(bytes, bytes.length, "test", 0);
        for (int seq = 1; seq <= 50; seq++) {
            FoundEntry found = new FoundEntry();
            assertTrue(block.get(key, 0, 1, Trailer.seekTo(seq), found));
            assertEquals(seq, Trailer.seq(found.trailer()));
        }
    }

    @Test
    void damagedBytesAreCorruptionAndNothingElse() {
        long seed = new Random().nextLong();
        System.out.println("BlockTest seed " + seed);
        Random random = new Random(seed);
        int refused = 0;
        for (int round = 0; round < 4000; round++) {
            byte[] bytes;
            if (round % 2 == 0) {
                bytes = new byte[random.nextInt(200)];
                random.nextBytes(bytes);
                if (bytes.length > 8) {
                    Arrays.fill(bytes, bytes.length - 4, bytes.length, (byte) 0);
                    bytes[bytes.length - 4] = 1; // one restart, at 0: reaches the entries
                    Arrays.fill(bytes, bytes.length - 8, bytes.length - 4, (byte) 0);
                }
            } else {
                bytes = Blocks.of(EntryModel.random(random, 30), 4).finish().toByteArray();
                for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
                    bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
                }
            }
            refused += usesUp(bytes, random) ? 1 : 0;
        }
        assertTrue(refused > 1000, refused + " damaged blocks were noticed");
    }

    @Test
    void anEmptyBlockIsDamage() {
        assertThrows(CorruptionException.class, () -> new Block(new byte[0], 0, "test", 0));
        assertThrows(CorruptionException.class, () -> new Block(new byte[8], 8, "test", 0));
    }

    /** Does everything that can be done with a block; returns whether damage was reported. */
    private static boolean usesUp(byte[] bytes, Random random) {
        boolean refused = false;
        for (int use = 0; use < 4; use++) {
            byte[] key = EntryModel.randomKey(random, random.nextInt(5));
            try {
                Block block = new Block(bytes, bytes.length, "test", 0);
                OneBlock cursor = new OneBlock(block);
                switch (use) {
                    case 0 -> {
                        for (boolean at = cursor.seekFirst(); at; at = cursor.next()) {
                            assertTrue(cursor.keyLength() <= bytes.length);
                        }
                    }
                    case 1 -> {
                        for (boolean at = cursor.seekLast(); at; at = cursor.prev()) {
                            assertTrue(cursor.keyLength() <= bytes.length);
                        }
                    }
                    case 2 -> cursor.seek(key, 0, key.length, random.nextInt());
                    default -> block.get(key, 0, key.length, random.nextInt(), new FoundEntry());
                }
            } catch (CorruptionException e) {
                assertEquals("test", e.file());
                refused = true;
            }
        }
        return refused;
    }

    private static Block block(EntryModel model, int restartInterval) {
        byte[] bytes = Blocks.of(model, restartInterval).finish().toByteArray();
        return new Block(bytes, bytes.length, "test", 0);
    }

    /** A cursor over a single block. */
    private static final class OneBlock extends EntryCursor {
        private final BlockCursor cursor = new BlockCursor();
        private final Block block;

        OneBlock(Block block) {
            this.block = block;
            cursor.reset(block);
        }

        @Override
        public boolean seekFirst() {
            return cursor.seekFirst();
        }

        @Override
        public boolean seekLast() {
            return cursor.seekLast();
        }

        @Override
        public boolean seek(byte[] key, int offset, int length, long trailer) {
            return cursor.seek(key, offset, length, trailer);
        }

        @Override
        public boolean seekForPrev(byte[] key, int offset, int length, long trailer) {
            if (!cursor.seek(key, offset, length, trailer)) {
                return cursor.seekLast();
            }
            int order =
                    EntryOrder.compare(key, offset, length, trailer, keyArray(), keyOffset(), keyLength(), trailer());
            return order == 0 || cursor.prev();
        }

        @Override
        public boolean next() {
            return cursor.next();
        }

        @Override
        public boolean prev() {
            return cursor.prev();
        }

        @Override
        public boolean valid() {
            return cursor.valid();
        }

        @Override
        public byte[] keyArray() {
            return cursor.keyArray();
        }

        @Override
        public int keyOffset() {
            return cursor.keyOffset();
        }

        @Override
        public int keyLength() {
            return cursor.keyLength();
        }

        @Override
        public long trailer() {
            return cursor.trailer();
        }

        @Override
        public byte[] valueArray() {
            return block.bytes();
        }

        @Override
        public int valueOffset() {
            return cursor.valueOffset();
        }

        @Override
        public int valueLength() {
            return cursor.valueLength();
        }

        @Override
        public void close() {
            cursor.reset(null);
        }
    }
}
