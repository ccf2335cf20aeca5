package org.mosslsm.kv.lsm.entry;

import java.util.Arrays;

/**
 * The sequence numbers as the open snapshots cut them: two versions of a key in one stripe cannot be told apart by any
 * reader, so that the newer hides the older for all.
 *
 * <pre>
 * snapshots          5          9
 * stripes     0 .. 5 | 6  ..  9 | 10 ...
 *                0   |     1    |    2
 * </pre>
 *
 * <p>Immutable.
 */
public final class Stripes {
    /** No snapshot is open: all versions are in one stripe, and of each key the newest is enough. */
    public static final Stripes ONE = new Stripes(new long[0]);

    private final long[] snapshots;

    /** Cut by those snapshots, ascending. */
    public Stripes(long[] snapshots) {
        this.snapshots = snapshots.clone();
        for (int i = 1; i < snapshots.length; i++) {
            if (snapshots[i - 1] >= snapshots[i]) {
                throw new IllegalArgumentException("snapshots must ascend: " + Arrays.toString(snapshots));
            }
        }
    }

    /** The stripe of a sequence number. */
    public int of(long seq) {
        if (snapshots.length == 0) {
            return 0;
        }
        int i = Arrays.binarySearch(snapshots, seq);
        return i >= 0 ? i : -i - 1;
    }

    /** Greatest sequence number of a stripe. */
    public long last(int stripe) {
        return stripe == snapshots.length ? Long.MAX_VALUE : snapshots[stripe];
    }

    /** Least sequence number of a stripe. */
    public long first(int stripe) {
        return stripe == 0 ? 0 : snapshots[stripe - 1] + 1;
    }

    /** Whether no reader sees an older version than this: only then may a delete go. */
    public boolean isOldest(long seq) {
        return snapshots.length == 0 || seq <= snapshots[0];
    }
}
