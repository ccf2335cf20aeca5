package org.mosslsm.kv.txn;

import java.util.Arrays;
import org.mosslsm.kv.KeyRange;

/**
 * How far a scan has read: what its transaction must find unchanged at commit. A scan that stops early, because of a
 * LIMIT say, depends on nothing beyond the entry it stopped at.
 *
 * <p>Thread safety: one thread at a time.
 */
final class ScanExtent {
    private final KeyRange range;
    private final boolean forward;
    private byte[] reached; // the last key delivered, null before the first
    private boolean whole;

    ScanExtent(KeyRange range, boolean forward) {
        this.range = range;
        this.forward = forward;
    }

    /** The scan delivered everything up to {@code key}. */
    void reached(byte[] key) {
        reached = key;
    }

    /** The scan came to its end, or moved about. */
    void readWhole() {
        whole = true;
    }

    /** The part of the range that was read; empty when nothing was. */
    KeyRange read() {
        if (whole) {
            return range;
        }
        if (reached == null) {
            return KeyRange.of(range.lo(), range.lo());
        }
        if (forward) {
            return KeyRange.of(range.lo(), Arrays.copyOf(reached, reached.length + 1));
        }
        return range.hiOrNull() == null ? KeyRange.from(reached) : KeyRange.of(reached, range.hiOrNull());
    }
}
