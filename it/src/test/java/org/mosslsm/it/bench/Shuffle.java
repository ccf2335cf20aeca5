package org.mosslsm.it.bench;

/**
 * A fixed random order of 0 .. n-1 that needs no memory: a bijection of the next power of two (odd multiplications and
 * shifted exclusive ors are both invertible), walked until it falls below n. Immutable.
 */
public final class Shuffle {
    private final long n;
    private final int bits;

    /** The order of 0 .. n-1. */
    public Shuffle(long n) {
        this.n = n;
        this.bits = Math.max(2, 64 - Long.numberOfLeadingZeros(n - 1));
    }

    /** Number {@code i} of the order, 0 <= i < n. */
    public long at(long i) {
        long mask = (1L << bits) - 1;
        long x = i;
        do {
            x = (x * 0x9E3779B97F4A7C15L + 0x7F4A7C15L) & mask;
            x ^= x >>> ((bits + 1) / 2);
            x = (x * 0xD1B54A32D192ED03L) & mask;
            x ^= x >>> ((bits + 1) / 2);
            x = (x * 0xBF58476D1CE4E5B9L) & mask;
        } while (x >= n);
        return x;
    }
}
