package org.mosslsm.kv.lsm.entry;

/** A key within an array, to be pointed at another place without an allocation. Not thread-safe; views nothing at first. */
public final class KeyView {
    private byte[] array;
    private int offset;
    private int length;

    /** Points at a key; the array is not copied. */
    public KeyView set(byte[] inArray, int atOffset, int ofLength) {
        array = inArray;
        offset = atOffset;
        length = ofLength;
        return this;
    }

    /** The array the key lies in. */
    public byte[] array() {
        return array;
    }

    /** Where the key starts. */
    public int offset() {
        return offset;
    }

    /** Length of the key, in bytes. */
    public int length() {
        return length;
    }

    /** Compares this key with another one. */
    public int compareTo(byte[] other, int otherOffset, int otherLength) {
        return EntryOrder.compareKeys(array, offset, length, other, otherOffset, otherLength);
    }
}
