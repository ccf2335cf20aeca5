package org.mosslsm.kv.lsm.entry;

import java.util.Arrays;

/** The one order of entries: user keys as unsigned bytes ascending; within a key the newest, greatest trailer first. */
public final class EntryOrder {
    private EntryOrder() {}

    /** Compares two user keys as unsigned bytes. */
    public static int compareKeys(byte[] a, int aOffset, int aLength, byte[] b, int bOffset, int bLength) {
        return Arrays.compareUnsigned(a, aOffset, aOffset + aLength, b, bOffset, bOffset + bLength);
    }

    /** Whether two user keys are equal. */
    public static boolean sameKey(byte[] a, int aOffset, int aLength, byte[] b, int bOffset, int bLength) {
        return aLength == bLength && Arrays.equals(a, aOffset, aOffset + aLength, b, bOffset, bOffset + bLength);
    }

    /** Compares two entries: by key ascending, then by trailer descending. */
    public static int compare(
            byte[] a, int aOffset, int aLength, long aTrailer, byte[] b, int bOffset, int bLength, long bTrailer) {
        int byKey = Arrays.compareUnsigned(a, aOffset, aOffset + aLength, b, bOffset, bOffset + bLength);
        return byKey != 0 ? byKey : Long.compare(bTrailer, aTrailer);
    }
}
