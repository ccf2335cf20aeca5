package org.mosslsm.kv.lsm.compact;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.mosslsm.kv.lsm.entry.RangeTombstone;
import org.mosslsm.kv.lsm.entry.RangeTombstones;
import org.mosslsm.kv.lsm.version.Version;

/**
 * Which range tombstones a compaction carries on, and cuts them to its outputs.
 *
 * <p>Of the tombstones of one fragment in one stripe the newest is enough. In the oldest stripe it goes as well, if no
 * deeper level has keys of the fragment: the entries it hides are inputs, and dropped by the same compaction.
 */
final class TombstoneCull {
    private TombstoneCull() {}

    /** Those of {@code inputs} that the outputs must carry. */
    static RangeTombstones carried(RangeTombstones inputs, Stripes stripes, Version version, int outputLevel) {
        List<RangeTombstone> kept = new ArrayList<>();
        RangeTombstone newer = null;
        for (RangeTombstone t : inputs.fragments()) { // within a range the newest first
            boolean repeated = newer != null
                    && Arrays.equals(newer.lo(), t.lo())
                    && stripes.of(newer.seq()) == stripes.of(t.seq());
            newer = t;
            boolean idle = stripes.isOldest(t.seq()) && !version.mayBeBelow(outputLevel, t.lo(), t.hi());
            if (!repeated && !idle) {
                kept.add(t);
            }
        }
        return RangeTombstones.of(kept);
    }

    /** The parts of the tombstones within {@code [lo, hi)}; {@code hi} null means without end. */
    static RangeTombstones cut(RangeTombstones all, byte[] lo, byte[] hi) {
        List<RangeTombstone> parts = new ArrayList<>();
        all.collect(lo, hi, Long.MAX_VALUE, parts);
        parts.replaceAll(t -> {
            boolean before = Arrays.compareUnsigned(t.lo(), lo) < 0;
            boolean behind = hi != null && Arrays.compareUnsigned(t.hi(), hi) > 0;
            return before || behind ? new RangeTombstone(before ? lo : t.lo(), behind ? hi : t.hi(), t.seq()) : t;
        });
        return RangeTombstones.of(parts);
    }
}
