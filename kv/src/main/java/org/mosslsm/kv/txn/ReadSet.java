package org.mosslsm.kv.txn;

import java.util.List;
import org.mosslsm.kv.KeyRange;

/**
 * What a transaction read and wants unchanged at its commit, as few ranges: neighbours join, and past a number of ranges
 * they are widened, which may refuse a commit in vain but never lets a wrong one through.
 *
 * <p>Thread safety: one thread at a time.
 */
final class ReadSet {
    /** Ranges kept before they are widened: about a megabyte, and a millisecond to check. */
    static final int MOST_RANGES = 4_096;

    private final IntervalSet ranges = new IntervalSet();
    private long sinceVersion = Long.MAX_VALUE;

    /** Records a read at {@code version}. */
    void add(KeyRange range, long version) {
        ranges.add(range);
        sinceVersion = Math.min(sinceVersion, version);
        if (ranges.count() > MOST_RANGES) {
            ranges.widen();
        }
    }

    /** The oldest version that was read. */
    long sinceVersion() {
        return sinceVersion;
    }

    List<KeyRange> ranges() {
        return ranges.ranges();
    }
}
