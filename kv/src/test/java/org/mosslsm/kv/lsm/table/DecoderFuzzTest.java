package org.mosslsm.kv.lsm.table;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.mosslsm.kv.CorruptionException;
import org.mosslsm.kv.StoreOpenException;
import org.mosslsm.kv.lsm.entry.FoundEntry;
import org.mosslsm.kv.lsm.entry.Trailer;
import org.mosslsm.kv.lsm.table.testkit.EntryModel;

/**
 * The decoders of a table's parts, given random bytes and parts of good tables that were changed, past the checksums that
 * else keep such bytes away from them: they end, with a result or a {@link CorruptionException}, and allocate no more than
 * a small multiple of what they read. {@code -Dseed=} repeats a run, {@code -Dfuzz.rounds=} lengthens it.
 */
class DecoderFuzzTest {
    private static final int ROUNDS = Integer.getInteger("fuzz.rounds", 20_000);
    private static final String FILE = "000001.sst";

    private final long seed = Long.getLong("seed", System.nanoTime());
    private final Random random = new Random(seed);
    private int refused;

    private interface Decoder {
        void decode(byte[] bytes);
    }

    /** Decodes random bytes, and changes of good ones. */
    private void fuzz(List<byte[]> good, Decoder decoder) {
        for (byte[] bytes : good) {
            decoder.decode(bytes.clone()); // must not be refused
        }
        for (int round = 0; round < ROUNDS; round++) {
            byte[] bytes = round % 4 == 0 ? noise() : changed(good.get(random.nextInt(good.size())));
            try {
                decoder.decode(bytes);
            } catch (CorruptionException | StoreOpenException e) {
                refused++;
            } catch (RuntimeException | Error e) {
                throw new AssertionError("-Dseed=" + seed + ", round " + round + ": " + e, e);
            }
        }
        assertTrue(refused > ROUNDS / 100, () -> "-Dseed=" + seed + ": only " + refused + " were refused");
    }

    private byte[] noise() {
        byte[] bytes = new byte[random.nextInt(300)];
        random.nextBytes(bytes);
        return bytes;
    }

    private byte[] changed(byte[] good) {
        byte[] bytes = good.clone();
        for (int n = random.nextInt(4); n >= 0; n--) {
            switch (random.nextInt(5)) {
                case 0 -> bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
                case 1 -> bytes = Arrays.copyOf(bytes, bytes.length + random.nextInt(20));
                case 2 -> set(bytes, (byte) (random.nextBoolean() ? 0xFF : 0x7F), 1 + random.nextInt(9));
                case 3 -> set(bytes, (byte) 0, 1 + random.nextInt(9));
                default -> set(bytes, (byte) random.nextInt(), 1);
            }
        }
        return bytes;
    }

    private void set(byte[] bytes, byte to, int length) {
        if (bytes.length > 0) {
            int at = random.nextInt(bytes.length);
            Arrays.fill(bytes, at, Math.min(bytes.length, at + length), to);
        }
    }

    private List<byte[]> goodBlocks() {
        return List.of(block(1, 1), block(40, 4), block(200, 16));
    }

    private byte[] block(int entries, int restartInterval) {
        ByteWriter content = Blocks.of(EntryModel.random(new Random(entries), entries), restartInterval)
                .finish();
        return Arrays.copyOf(content.array(), content.size());
    }

    @Test
    void blocksAreWalkedSoughtAndLeft() {
        BlockCursor cursor = new BlockCursor();
        FoundEntry found = new FoundEntry();
        fuzz(goodBlocks(), bytes -> {
            Block block = new Block(bytes, bytes.length, FILE, 0);
            byte[] key = {(byte) random.nextInt(), (byte) random.nextInt()};
            block.get(key, 0, random.nextInt(3), Trailer.FIRST, found);
            cursor.reset(block);
            int steps = 0;
            for (boolean on = cursor.seekFirst(); on; on = cursor.next()) {
                assertTrue(++steps <= bytes.length, "more entries than bytes");
                assertTrue(cursor.keyLength() >= 0 && cursor.valueOffset() + cursor.valueLength() <= bytes.length);
            }
            for (boolean on = cursor.seekLast(); on; on = cursor.prev()) {
                assertTrue(++steps <= 3 * bytes.length, "more entries than bytes");
            }
            cursor.seek(key, 0, random.nextInt(3), Trailer.FIRST);
        });
    }

    @Test
    void properties() {
        ByteWriter out = new ByteWriter(64);
        new TableProperties(
                        9,
                        2,
                        1,
                        100,
                        200,
                        3,
                        5,
                        900,
                        new byte[] {1, 2},
                        new byte[] {9},
                        false,
                        77,
                        Compression.LZ4,
                        ValueRefs.NONE,
                        17,
                        counts(4, 0, 3))
                .encode(out);
        fuzz(List.of(Arrays.copyOf(out.array(), out.size())), bytes -> TableProperties.decode(bytes, FILE, 0));
    }

    private static BlockCounts counts(int... keys) {
        BlockCounts.Builder counts = new BlockCounts.Builder();
        for (int n : keys) {
            for (int i = 0; i < n; i++) {
                counts.add(true, true);
            }
            counts.endBlock();
        }
        return counts.build();
    }

    @Test
    void filters() {
        ByteWriter out = new ByteWriter(64);
        BloomFilter.encode(random.longs(100).toArray(), 100, 10, out);
        fuzz(List.of(Arrays.copyOf(out.array(), out.size())), bytes -> {
            BloomFilter.decode(bytes, FILE, 0).mayContain(random.nextLong());
        });
    }

    @Test
    void footers() {
        ByteWriter out = new ByteWriter(64);
        TableFooter.encode(
                new TableFooter(1000, 50, 1055, 0, 1055, 80, 1140, 90, 1000, TableFooter.FIRST_VERSION), 1, 1235, out);
        byte[] good = Arrays.copyOf(out.array(), out.size());
        fuzz(List.of(good), bytes -> {
            byte[] whole = Arrays.copyOf(bytes, TableFooter.BYTES);
            if (random.nextBoolean()) { // as if the damage had come before the checksum
                int sum = BlockCodec.checksum(whole, 0, 52, 1, 1235);
                for (int i = 0; i < 4; i++) {
                    whole[52 + i] = (byte) (sum >>> (8 * i));
                }
            }
            TableFooter.decode(whole, FILE, 1, 1235);
        });
    }
}
