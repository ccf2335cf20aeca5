package org.mosslsm.kv.lsm.table;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;
import org.junit.jupiter.api.Test;

/** Our LZ4 gives back what it was given, agrees with another implementation both ways, and survives any bytes. */
class Lz4Test {
    private static final LZ4Compressor THEIR_COMPRESSOR =
            LZ4Factory.safeInstance().fastCompressor();
    private static final LZ4SafeDecompressor THEIR_DECOMPRESSOR =
            LZ4Factory.safeInstance().safeDecompressor();

    private final Lz4.Compressor compressor = new Lz4.Compressor();

    @Test
    void roundTripsAndAgreesWithAnotherImplementation() throws Lz4.MalformedException {
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        for (int round = 0; round < 2000; round++) {
            byte[] block = block(random);
            int packedLength = compressor.compress(block, block.length);
            byte[] packed = Arrays.copyOf(compressor.output(), packedLength);
            String what = "seed " + seed + " round " + round + " of " + block.length;
            assertArrayEquals(block, decompress(packed, block.length), what);
            assertArrayEquals(block, THEIR_DECOMPRESSOR.decompress(packed, block.length), what);
            assertArrayEquals(block, decompress(THEIR_COMPRESSOR.compress(block), block.length), what);
        }
    }

    @Test
    void compressesRepetition() {
        assertTrue(compressor.compress(new byte[100_000], 100_000) < 500);
    }

    @Test
    void refusesOrDecodesDamagedBlocksButNeverLeavesThem() {
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        int refused = 0;
        for (int round = 0; round < 20_000; round++) {
            byte[] block = block(random);
            int packedLength = compressor.compress(block, block.length);
            byte[] packed = Arrays.copyOf(compressor.output(), random.nextInt(packedLength) + 1);
            for (int i = random.nextInt(4); i >= 0; i--) {
                packed[random.nextInt(packed.length)] = (byte) random.nextInt();
            }
            refused += refuses(packed, block.length + random.nextInt(3) - 1, seed) ? 1 : 0;
            byte[] noise = new byte[random.nextInt(64)];
            random.nextBytes(noise);
            refused += refuses(noise, random.nextInt(256), seed) ? 1 : 0;
        }
        assertTrue(refused > 20_000, "only " + refused + " refused, seed " + seed);
    }

    @Test
    void refusesEachWayToBeWrong() {
        assertEquals("does not end with literals", wrong(0));
        assertEquals("ends within a length", wrong(5, 0xF0));
        assertEquals("ends within a length", wrong(5, 0x1F, 'a', 1, 0));
        assertEquals("ends within an offset", wrong(5, 0x10, 'a', 1));
        assertEquals("has literals that leave the block", wrong(5, 0x20, 'a'));
        assertEquals("has literals that leave the block", wrong(1, 0x20, 'a', 'b'));
        assertEquals("has a match that leaves the block", wrong(9, 0x10, 'a', 2, 0, 0));
        assertEquals("has a match that leaves the block", wrong(9, 0x10, 'a', 0, 0, 0));
        assertEquals("has a match that leaves the block", wrong(4, 0x10, 'a', 1, 0, 0));
        assertEquals("gives 2 bytes instead of 3", wrong(3, 0x20, 'a', 'b'));
    }

    private static String wrong(int length, int... packed) {
        byte[] bytes = new byte[packed.length];
        for (int i = 0; i < packed.length; i++) {
            bytes[i] = (byte) packed[i];
        }
        return assertThrows(Lz4.MalformedException.class, () -> decompress(bytes, length))
                .getMessage();
    }

    private static boolean refuses(byte[] packed, int length, long seed) {
        try {
            decompress(packed, Math.max(0, length));
            return false;
        } catch (Lz4.MalformedException e) {
            return true;
        } catch (RuntimeException e) {
            throw new AssertionError("seed " + seed, e);
        }
    }

    private static byte[] decompress(byte[] packed, int length) throws Lz4.MalformedException {
        byte[] out = new byte[length];
        // Not at the start of its array, as in a file.
        byte[] in = new byte[packed.length + 20];
        System.arraycopy(packed, 0, in, 7, packed.length);
        Lz4.decompress(in, 7, packed.length, out);
        return out;
    }

    /** From noise to repetition, with matches near and far, of all lengths. */
    private static byte[] block(Random random) {
        byte[] block = new byte[random.nextInt(random.nextInt(10) == 0 ? 100_000 : 3000)];
        int at = 0;
        while (at < block.length) {
            int run = Math.min(block.length - at, 1 + random.nextInt(random.nextBoolean() ? 20 : 600));
            int kind = random.nextInt(3);
            int back = at == 0 ? 0 : 1 + random.nextInt(random.nextBoolean() ? Math.min(at, 20) : at);
            for (int i = 0; i < run; i++, at++) {
                block[at] =
                        kind == 0 || at == 0 ? (byte) random.nextInt() : kind == 1 ? block[at - back] : block[at - 1];
            }
        }
        return block;
    }
}
