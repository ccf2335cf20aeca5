package org.mosslsm.kv.lsm;

import java.util.UUID;
import org.mosslsm.kv.Store;
import org.mosslsm.kv.Store.CommitStatus;

/**
 * Remembers what became of the latest commits of this process, by their identity; the oldest are forgotten.
 *
 * <p>A ring of plain numbers: every commit enters it, hardly anyone ever asks. So entering costs two stores and no
 * allocation, and asking is a walk from the newest to the oldest. Thread-safe.
 */
final class RecentCommits {
    /** Some seconds of commits at full speed, in 160 KB. */
    static final int CAPACITY = 8192;

    private final long[] ids = new long[2 * CAPACITY];
    private final CommitStatus[] statuses = new CommitStatus[CAPACITY];
    private long entered;

    synchronized void put(UUID id, Store.CommitStatus status) {
        int slot = (int) (entered++ % CAPACITY);
        ids[2 * slot] = id.getMostSignificantBits();
        ids[2 * slot + 1] = id.getLeastSignificantBits();
        statuses[slot] = status;
    }

    synchronized Store.CommitStatus get(UUID id) {
        long high = id.getMostSignificantBits();
        long low = id.getLeastSignificantBits();
        for (long i = entered - 1; i >= 0 && i >= entered - CAPACITY; i--) {
            int slot = (int) (i % CAPACITY);
            if (ids[2 * slot] == high && ids[2 * slot + 1] == low) {
                return statuses[slot];
            }
        }
        return CommitStatus.UNKNOWN;
    }
}
