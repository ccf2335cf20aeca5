package org.mosslsm.kv;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Which keys a range holds, by unsigned bytes, and which ranges are none. */
class KeyRangeTest {
    @Test
    void boundsAreHalfOpenAndUnsigned() {
        KeyRange range = KeyRange.of(bytes(1), bytes(0x80));
        assertTrue(range.contains(bytes(1)));
        assertTrue(range.contains(bytes(0x7F, 0xFF)));
        assertFalse(range.contains(bytes(0x80)));
        assertFalse(range.contains(bytes(0xFF)));
        assertFalse(range.contains(bytes()));
        assertTrue(KeyRange.from(bytes(1)).contains(bytes(0xFF)));
        assertTrue(KeyRange.all().contains(bytes()));
    }

    @Test
    void pointHoldsExactlyItsKey() {
        KeyRange point = KeyRange.point(bytes(5));
        assertTrue(point.contains(bytes(5)));
        assertFalse(point.contains(bytes(5, 0)));
        assertFalse(point.contains(bytes(4, 0xFF)));
    }

    @Test
    void emptyRangesAreKnown() {
        assertTrue(KeyRange.of(bytes(2), bytes(2)).isEmpty());
        assertTrue(KeyRange.of(bytes(2), bytes(1)).isEmpty());
        assertFalse(KeyRange.of(bytes(2), bytes(2, 0)).isEmpty());
        assertFalse(KeyRange.all().isEmpty());
    }

    @Test
    void nullUpperBoundIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> KeyRange.of(bytes(), null));
        assertTrue(KeyRange.from(bytes()).hi().isEmpty());
        assertNull(KeyRange.all().hiOrNull());
    }

    @Test
    void successorIsTheFirstKeyAfterAPrefix() {
        assertArrayEquals(bytes(2), KeyRange.successor(bytes(1)));
        assertArrayEquals(bytes(2), KeyRange.successor(bytes(1, 0xFF, 0xFF)));
        assertArrayEquals(bytes(0x80), KeyRange.successor(bytes(0x7F)));
        assertNull(KeyRange.successor(bytes(0xFF, 0xFF)));
        assertNull(KeyRange.successor(bytes()));
    }

    @Test
    void prefixHoldsExactlyTheKeysThatStartWithIt() {
        long seed = System.nanoTime();
        System.out.println("KeyRangeTest.prefix seed=" + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 10_000; round++) {
            byte[] prefix = randomKey(random);
            byte[] key = randomKey(random);
            boolean starts =
                    key.length >= prefix.length && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
            assertEquals(starts, KeyRange.prefix(prefix).contains(key), "seed " + seed);
        }
    }

    @Test
    void equalityIsByBytes() {
        assertEquals(KeyRange.of(bytes(1), bytes(2)), KeyRange.of(bytes(1), bytes(2)));
        assertEquals(
                KeyRange.of(bytes(1), bytes(2)).hashCode(),
                KeyRange.of(bytes(1), bytes(2)).hashCode());
        assertNotEquals(KeyRange.of(bytes(1), bytes(2)), KeyRange.from(bytes(1)));
        assertEquals("[01, end)", KeyRange.from(bytes(1)).toString());
    }

    private static byte[] randomKey(Random random) {
        byte[] key = new byte[random.nextInt(3)];
        for (int i = 0; i < key.length; i++) {
            key[i] = (byte) (random.nextInt(3) - 1);
        }
        return key;
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }
}
