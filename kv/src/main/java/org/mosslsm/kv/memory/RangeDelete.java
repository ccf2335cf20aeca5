package org.mosslsm.kv.memory;

import org.mosslsm.kv.KeyRange;

/**
 * A deleted range: hides every entry in it whose sequence number is smaller than its own.
 *
 * @param range what was deleted
 * @param sequence when
 */
record RangeDelete(KeyRange range, long sequence) {
    /** Whether the two ranges have a key in common. */
    boolean overlaps(KeyRange other) {
        return !other.isEmpty() && !range.isEmpty() && startsBefore(range, other) && startsBefore(other, range);
    }

    private static boolean startsBefore(KeyRange a, KeyRange b) {
        return b.hiOrNull() == null || java.util.Arrays.compareUnsigned(a.lo(), b.hiOrNull()) < 0;
    }
}
