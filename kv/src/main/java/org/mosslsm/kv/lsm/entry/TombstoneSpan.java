package org.mosslsm.kv.lsm.entry;

/**
 * Keys {@code [lo, hi)} of one source that have the same newest visible range tombstone, or none. Filled in by {@link
 * TombstoneSource#locate} again and again. Thread safety: none.
 */
public final class TombstoneSpan {
    private byte[] lo;
    private byte[] hi;
    private long seq = -1;

    /** Puts a span in. */
    public void set(byte[] lo, byte[] hi, long seq) {
        this.lo = lo;
        this.hi = hi;
        this.seq = seq;
    }

    /** First key; null where the span has no beginning. */
    public byte[] lo() {
        return lo;
    }

    /** First key behind; null where the span has no end. */
    public byte[] hi() {
        return hi;
    }

    /** Sequence number of the newest visible tombstone; -1 where none covers the span. */
    public long seq() {
        return seq;
    }
}
