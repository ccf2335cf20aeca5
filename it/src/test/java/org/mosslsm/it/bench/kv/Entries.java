package org.mosslsm.it.bench.kv;

import java.util.Random;
import org.mosslsm.it.bench.Shuffle;

/**
 * Keys and values of the benchmark, written into arrays that are reused. A key is a number of 15 decimal digits and the
 * digit 0; one that ends in 5 lies between two that exist. A value is 100 bytes of which half can be compressed away. Not
 * thread-safe.
 */
final class Entries {
    static final int KEY_BYTES = 16;
    static final int VALUE_BYTES = 100;
    static final int ENTRY_BYTES = KEY_BYTES + VALUE_BYTES;

    /** Where values come from; one for all, so that making an Entries costs nothing. */
    private static final byte[] TEXT = halfCompressible(new Random(301));

    private final byte[] key = new byte[KEY_BYTES];
    private final byte[] value = new byte[VALUE_BYTES];
    private final Shuffle order;
    private int at;

    /** Keys 0 .. n-1; the values differ by {@code seed}. */
    Entries(long n, long seed) {
        this.order = new Shuffle(n);
        this.at = Math.floorMod(seed * 104_729, TEXT.length - VALUE_BYTES);
    }

    /** As in db_bench: each piece of 100 bytes is 50 random ones, twice. */
    private static byte[] halfCompressible(Random random) {
        byte[] text = new byte[1 << 20];
        byte[] half = new byte[VALUE_BYTES / 2];
        for (int i = 0; i < text.length; i++) {
            int within = i % VALUE_BYTES;
            if (within == 0) {
                for (int j = 0; j < half.length; j++) {
                    half[j] = (byte) (' ' + random.nextInt(95));
                }
            }
            text[i] = half[within % half.length];
        }
        return text;
    }

    /** The key of number {@code i}; valid until the next call for a key. */
    byte[] key(long i) {
        return write(key, i, '0');
    }

    /** A key that is never written, just behind that of number {@code i}. */
    byte[] missingKey(long i) {
        return write(key, i, '5');
    }

    /** Writes the key of number {@code i} into {@code target}. */
    static byte[] write(byte[] target, long i, char last) {
        target[KEY_BYTES - 1] = (byte) last;
        long rest = i;
        for (int p = KEY_BYTES - 2; p >= 0; p--) {
            target[p] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        return target;
    }

    /** The next value; valid until the next call for one. */
    byte[] value() {
        return value(value);
    }

    /** Writes the next value into {@code target}. */
    byte[] value(byte[] target) {
        if (at + VALUE_BYTES > TEXT.length) {
            at = 0;
        }
        System.arraycopy(TEXT, at, target, 0, VALUE_BYTES);
        at += VALUE_BYTES;
        return target;
    }

    /** Number {@code i} of a fixed random order of 0 .. n-1. */
    long shuffled(long i) {
        return order.at(i);
    }
}
