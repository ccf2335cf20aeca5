package org.mosslsm.kv.txn;

import org.mosslsm.kv.KeyRange;
import org.mosslsm.kv.Snapshot;

/**
 * A {@link KnownGap} for each of the indexes whose keys are looked up in turn: a row that is inserted asks for its own key and
 * then for those of the unique indexes, so that the keys in order of one lie between those of the others.
 *
 * <p>Invariant: each key is asked for in one gap, that of the range in {@code of} that has it; so what a gap knows is of its range.
 *
 * <p>Thread safety: none, as the transaction's.
 */
final class KnownGaps {
    /** Of so many indexes; most tables have one or two, and each is looked at for each key. */
    private static final int MOST = 4;

    private final CountedParts parts;

    /** The range of each gap; null where there is none yet. */
    private final KeyRange[] of = new KeyRange[MOST];

    private final KnownGap[] gaps = new KnownGap[MOST];
    private final KnownGap ofTheRest = new KnownGap();

    /** The one that is given up for the next range. */
    private int oldest;

    /** Of the indexes that {@code parts} knows. */
    KnownGaps(CountedParts parts) {
        this.parts = parts;
    }

    /** What the snapshot has under the key. */
    byte[] get(Snapshot snapshot, byte[] key) {
        for (int i = 0; i < MOST && of[i] != null; i++) {
            if (of[i].contains(key)) {
                return gaps[i].get(snapshot, key);
            }
        }
        KeyRange range = parts.lockedTogether(key);
        if (range == null) {
            return ofTheRest.get(snapshot, key);
        }
        of[oldest] = range;
        gaps[oldest] = new KnownGap();
        byte[] value = gaps[oldest].get(snapshot, key);
        oldest = (oldest + 1) % MOST;
        return value;
    }
}
