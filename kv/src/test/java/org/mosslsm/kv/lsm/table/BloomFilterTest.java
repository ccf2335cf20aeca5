package org.mosslsm.kv.lsm.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.mosslsm.kv.CorruptionException;

/** The filter lets every key pass that is in it, and few others. */
class BloomFilterTest {
    @Test
    void everyKeyPassesAndAboutOnePercentOfOthers() {
        int n = 20_000;
        long[] hashes = new long[n];
        for (int i = 0; i < n; i++) {
            hashes[i] = hash("key" + i);
        }
        BloomFilter filter = filter(hashes, 10);
        for (int i = 0; i < n; i++) {
            assertTrue(filter.mayContain(hash("key" + i)));
        }
        int falsePositives = 0;
        for (int i = n; i < 6 * n; i++) {
            falsePositives += filter.mayContain(hash("key" + i)) ? 1 : 0;
        }
        double rate = falsePositives / (5.0 * n);
        assertTrue(rate < 0.016, "false positive rate " + rate);
    }

    @Test
    void oneKeyAndAnyBitsWork() {
        for (int bits = 1; bits <= 40; bits++) {
            BloomFilter filter = filter(new long[] {hash("only")}, bits);
            assertTrue(filter.mayContain(hash("only")));
        }
    }

    @Test
    void hashIsPartOfTheFormat() {
        // Changing any of these values makes the filters of existing tables lie.
        assertEquals("e6d24d7e0390ae94", Long.toHexString(hash("")));
        assertEquals("d6cac1b9abeec1cb", Long.toHexString(hash("a")));
        assertEquals("8a7523f291373b02", Long.toHexString(hash("abcde")));
        assertEquals("5a08503ad07e7127", Long.toHexString(hash("the quick brown fox jumps")));
    }

    @Test
    void hashesOfShortKeysDiffer() {
        Set<Long> seen = new HashSet<>();
        byte[] key = new byte[12];
        for (int length = 0; length <= 12; length++) {
            for (int i = 0; i < length; i++) {
                for (int b = 1; b < 256; b++) {
                    key[i] = (byte) b;
                    assertTrue(seen.add(BloomFilter.hash(key, 0, length)), "collision at length " + length);
                    key[i] = 0;
                }
            }
            assertTrue(seen.add(BloomFilter.hash(key, 0, length)), "collision of zeros at length " + length);
        }
    }

    @Test
    void damagedFilterIsCorruption() {
        long seed = new Random().nextLong();
        System.out.println("BloomFilterTest seed " + seed);
        Random random = new Random(seed);
        int refused = 0;
        for (int round = 0; round < 1000; round++) {
            byte[] bytes = new byte[random.nextInt(300)];
            random.nextBytes(bytes);
            if (bytes.length > 1) {
                bytes[0] = 1;
            }
            try {
                BloomFilter.decode(bytes, "test", 0);
            } catch (CorruptionException e) {
                refused++;
            }
        }
        assertEquals(1000, refused);
    }

    private static BloomFilter filter(long[] hashes, int bits) {
        ByteWriter out = new ByteWriter(100);
        BloomFilter.encode(hashes, hashes.length, bits, out);
        return BloomFilter.decode(out.toByteArray(), "test", 0);
    }

    private static long hash(String key) {
        return BloomFilter.hash(key.getBytes(StandardCharsets.UTF_8));
    }
}
