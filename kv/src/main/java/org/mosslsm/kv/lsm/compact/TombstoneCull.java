package org.mosslsm.kv.lsm.compact;

import java.util.Arrays;
import org.mosslsm.kv.lsm.entry.RangeTombstones;
import org.mosslsm.kv.lsm.entry.Stripes;
import org.mosslsm.kv.lsm.version.Version;

/** Which range tombstones a compaction or flush carries on. */
final class TombstoneCull {
    private TombstoneCull() {}

    /**
     * Those of {@code inputs}, which are cut for {@code stripes}, that the outputs must carry: all but those of the oldest
     * stripe over keys that no deeper level has. What these hide is among the inputs, and dropped with them.
     */
    static RangeTombstones carried(RangeTombstones inputs, Stripes stripes, Version version, int outputLevel) {
        RangeTombstones.Builder kept = new RangeTombstones.Builder();
        for (int i = 0; i + 1 < inputs.boundCount(); i++) {
            long[] seqs = inputs.seqs(i);
            if (seqs.length == 0) {
                continue;
            }
            byte[] lo = inputs.bound(i);
            byte[] hi = inputs.bound(i + 1);
            boolean idle = stripes.isOldest(seqs[seqs.length - 1]) && !version.mayBeBelow(outputLevel, lo, hi);
            long[] left = idle ? Arrays.copyOf(seqs, seqs.length - 1) : seqs;
            if (left.length > 0) {
                kept.add(lo, hi, left);
            }
        }
        return kept.build();
    }
}
