package org.mosslsm.kv.lsm;

import org.mosslsm.kv.CommitRequest;
import org.mosslsm.kv.ConflictException;
import org.mosslsm.kv.ConflictException.Reason;
import org.mosslsm.kv.KeyRange;
import org.mosslsm.kv.lsm.entry.Trailer;

/**
 * Whether what a commit presumes still holds, in the newest state: commits that are applied but not yet visible count.
 * Called under the commit lock, so that nothing changes between the answer and the write.
 */
final class Conditions {
    private final StoreReads reads;

    Conditions(StoreReads reads) {
        this.reads = reads;
    }

    /**
     * Checks all conditions. Those on a version that no snapshot keeps, and whose history may have been reclaimed, count as
     * not held: a delete that came after it may be gone without a trace.
     *
     * @throws ConflictException naming the first that does not hold
     */
    void check(CommitRequest request) {
        for (byte[] key : request.absent()) {
            if (reads.points().exists(key, Trailer.MAX_SEQ)) {
                throw new ConflictException(Reason.KEY_EXISTS, key);
            }
        }
        if (request.unchanged().isEmpty() && request.unchangedRanges().isEmpty()) {
            return;
        }
        boolean whole = reads.snapshots().isWhole(request.readVersion());
        for (byte[] key : request.unchanged()) {
            if (!whole || reads.points().newestSeq(key, Trailer.MAX_SEQ) > request.readVersion()) {
                throw new ConflictException(Reason.KEY_CHANGED, key);
            }
        }
        for (KeyRange range : request.unchangedRanges()) {
            if (!range.isEmpty() && (!whole || reads.anyNewer(range, request.readVersion()))) {
                throw new ConflictException(Reason.RANGE_CHANGED, range.lo());
            }
        }
        // A flush or compaction that began meanwhile may have taken a delete from under the reads: it says so before.
        if (!reads.snapshots().isWhole(request.readVersion())) {
            throw request.unchanged().isEmpty()
                    ? new ConflictException(
                            Reason.RANGE_CHANGED,
                            request.unchangedRanges().get(0).lo())
                    : new ConflictException(
                            Reason.KEY_CHANGED, request.unchanged().get(0));
        }
    }
}
