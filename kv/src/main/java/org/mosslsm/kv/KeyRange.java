package org.mosslsm.kv;

import java.util.Arrays;
import java.util.Optional;

/**
 * A half-open range {@code [lo, hi)} of keys in unsigned byte order. Immutable; the arrays are not copied and must not
 * be changed after they were handed in, nor when they come from {@link #lo()} or {@link #hi()}.
 */
public final class KeyRange {
    private static final byte[] EMPTY = new byte[0];
    private static final KeyRange ALL = new KeyRange(EMPTY, null);

    private final byte[] lo;
    private final byte[] hi;

    private KeyRange(byte[] lo, byte[] hi) {
        this.lo = lo;
        this.hi = hi;
    }

    /** Every key. */
    public static KeyRange all() {
        return ALL;
    }

    /** Keys from {@code lo} on, before {@code hi}; empty where {@code lo >= hi}. */
    public static KeyRange of(byte[] lo, byte[] hi) {
        if (hi == null) {
            throw new IllegalArgumentException("hi is null; use from(lo) for a range without an upper bound");
        }
        return new KeyRange(lo, hi);
    }

    /** Keys from {@code lo} on, without an upper bound. */
    public static KeyRange from(byte[] lo) {
        return new KeyRange(lo, null);
    }

    /** Keys that start with {@code prefix}. */
    public static KeyRange prefix(byte[] prefix) {
        byte[] end = successor(prefix);
        return end == null ? from(prefix) : of(prefix, end);
    }

    /** The one key {@code key}. */
    public static KeyRange point(byte[] key) {
        return of(key, Arrays.copyOf(key, key.length + 1));
    }

    /** The least key greater than every key with this prefix, or {@code null} where there is none (all 0xFF). */
    public static byte[] successor(byte[] prefix) {
        int n = prefix.length;
        while (n > 0 && prefix[n - 1] == (byte) 0xFF) {
            n--;
        }
        if (n == 0) {
            return null;
        }
        byte[] end = Arrays.copyOf(prefix, n);
        end[n - 1]++;
        return end;
    }

    /** Least key of the range; empty array where it is unbounded below. */
    public byte[] lo() {
        return lo;
    }

    /** First key after the range; empty where it is unbounded above. */
    public Optional<byte[]> hi() {
        return Optional.ofNullable(hi);
    }

    /** As {@link #hi()}, {@code null} where unbounded: for loops that must not allocate. */
    public byte[] hiOrNull() {
        return hi;
    }

    /** Whether no key can be in the range. */
    public boolean isEmpty() {
        return hi != null && Arrays.compareUnsigned(lo, hi) >= 0;
    }

    /** Whether {@code key} lies in the range. */
    public boolean contains(byte[] key) {
        return Arrays.compareUnsigned(key, lo) >= 0 && (hi == null || Arrays.compareUnsigned(key, hi) < 0);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof KeyRange that && Arrays.equals(lo, that.lo) && Arrays.equals(hi, that.hi);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(lo) + Arrays.hashCode(hi);
    }

    @Override
    public String toString() {
        return "[" + hex(lo) + ", " + (hi == null ? "end" : hex(hi)) + ")";
    }

    private static String hex(byte[] bytes) {
        return java.util.HexFormat.of().formatHex(bytes);
    }
}
