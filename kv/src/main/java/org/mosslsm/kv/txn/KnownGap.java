package org.mosslsm.kv.txn;

import java.util.Arrays;
import org.mosslsm.kv.Snapshot;

/**
 * Looks keys up in a snapshot, and notices when they are new ones in ascending order, as those of rows that are inserted one
 * after the other: then it asks once where what is stored goes on, and need not look for the keys before that.
 *
 * <pre>
 *   last missed                  until
 *   |     known to be empty      |  stored, whatever it is
 * </pre>
 *
 * <p>Invariant: while {@code known}, no key behind {@code last} and before {@code until} (null: without end) has a value in
 * {@code of}. A snapshot does not change, so that this stays true.
 *
 * <p>Thread safety: none, as the transaction's.
 */
final class KnownGap {
    /** So many misses in order, the first time, before the look ahead, which costs as much as ten gets. */
    private static final int FIRST_MISSES = 4;

    private static final int MOST_MISSES = 1024;

    private Snapshot of;
    private byte[] last;
    private boolean known;
    private byte[] until;
    private int misses;
    private int missesWanted = FIRST_MISSES;

    /** What the snapshot has under the key. */
    byte[] get(Snapshot snapshot, byte[] key) {
        if (snapshot != of) {
            of = snapshot;
            last = null;
            known = false;
            misses = 0;
        }
        boolean behind = last != null && Arrays.compareUnsigned(last, key) < 0;
        if (known && behind && (until == null || Arrays.compareUnsigned(key, until) < 0)) {
            misses++;
            return null;
        }
        byte[] value = snapshot.get(key);
        if (value == null) {
            missed(key, behind);
        }
        return value;
    }

    private void missed(byte[] key, boolean behind) {
        if (known) { // and left: a gap that saved no look is not soon worth another
            missesWanted = misses < missesWanted ? Math.min(2 * missesWanted, MOST_MISSES) : FIRST_MISSES;
            known = false;
            misses = 0;
        }
        misses = behind ? misses + 1 : 0;
        last = key.clone(); // the caller may write into it
        if (misses >= missesWanted) {
            until = of.emptyUntil(last); // may be that very array: ours, not the caller's
            known = true;
            misses = 0;
        }
    }
}
