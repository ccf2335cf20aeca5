package org.mosslsm.kv.lsm.entry;

import java.util.Arrays;
import java.util.HexFormat;

/**
 * Deletes every entry of the keys {@code [lo, hi)} with a lower sequence number. Immutable; the arrays must not be changed.
 */
public final class RangeTombstone {
    private final byte[] lo;
    private final byte[] hi;
    private final long seq;

    /**
     * Keeps the arrays.
     *
     * @throws IllegalArgumentException when the range is empty
     */
    public RangeTombstone(byte[] lo, byte[] hi, long seq) {
        if (Arrays.compareUnsigned(lo, hi) >= 0) {
            throw new IllegalArgumentException("a range tombstone of an empty range");
        }
        this.lo = lo;
        this.hi = hi;
        this.seq = seq;
    }

    /** That of a range within an array; null where the range is empty, and nothing is deleted. */
    public static RangeTombstone ofOrNull(
            byte[] array, int loOffset, int loLength, int hiOffset, int hiLength, long seq) {
        byte[] lo = Arrays.copyOfRange(array, loOffset, loOffset + loLength);
        byte[] hi = Arrays.copyOfRange(array, hiOffset, hiOffset + hiLength);
        return Arrays.compareUnsigned(lo, hi) < 0 ? new RangeTombstone(lo, hi, seq) : null;
    }

    /** First key deleted. */
    public byte[] lo() {
        return lo;
    }

    /** First key no longer deleted. */
    public byte[] hi() {
        return hi;
    }

    /** Sequence number; entries of the range with a lower one are deleted. */
    public long seq() {
        return seq;
    }

    /** Whether the key lies in the range. */
    public boolean contains(byte[] key, int offset, int length) {
        return EntryOrder.compareKeys(lo, 0, lo.length, key, offset, length) <= 0
                && EntryOrder.compareKeys(key, offset, length, hi, 0, hi.length) < 0;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RangeTombstone that
                && seq == that.seq
                && Arrays.equals(lo, that.lo)
                && Arrays.equals(hi, that.hi);
    }

    @Override
    public int hashCode() {
        return (31 * Arrays.hashCode(lo) + Arrays.hashCode(hi)) * 31 + Long.hashCode(seq);
    }

    @Override
    public String toString() {
        HexFormat hex = HexFormat.of();
        return "[" + hex.formatHex(lo) + ", " + hex.formatHex(hi) + ")@" + seq;
    }
}
