package org.mosslsm.kv.lsm.entry;

/**
 * Where a point read puts the newest visible version of a key that it met: its trailer and a view of its value. Reused
 * from source to source and from read to read, so that a get allocates nothing on its way. Thread safety: none.
 */
public final class FoundEntry {
    private long trailer;
    private byte[] valueArray;
    private int valueOffset;
    private int valueLength;

    /** Puts an entry in. */
    public void set(long trailer, byte[] valueArray, int valueOffset, int valueLength) {
        this.trailer = trailer;
        this.valueArray = valueArray;
        this.valueOffset = valueOffset;
        this.valueLength = valueLength;
    }

    /** Sequence number and kind; see {@link Trailer}. */
    public long trailer() {
        return trailer;
    }

    /** The array the value lies in. */
    public byte[] valueArray() {
        return valueArray;
    }

    /** Where the value starts in {@link #valueArray}. */
    public int valueOffset() {
        return valueOffset;
    }

    /** Length of the value, in bytes. */
    public int valueLength() {
        return valueLength;
    }
}
