package org.mosslsm.kv.lsm.iter;

import java.util.ArrayList;
import java.util.List;
import org.mosslsm.kv.lsm.entry.EntryOrder;
import org.mosslsm.kv.lsm.entry.RangeTombstone;
import org.mosslsm.kv.lsm.entry.RangeTombstones;

/**
 * The range tombstones of all sources as one snapshot sees them, following a cursor: as long as keys stay in one fragment
 * a look costs two comparisons, and nothing at all where there are no tombstones.
 *
 * <p>Thread safety: none; it belongs to one cursor.
 */
public final class TombstoneMask {
    private final RangeTombstones all;
    private final long snapshot;

    /** The fragment last met: index of its lower bound, -1 before the first bound. */
    private int at = -1;

    private long newest = -1;

    private TombstoneMask(RangeTombstones all, long snapshot) {
        this.all = all;
        this.snapshot = snapshot;
    }

    /**
     * The mask over {@code [lo, hi)} at {@code snapshot}; {@code hi} null means without end.
     *
     * @param sources range tombstones of each source
     */
    public static TombstoneMask of(List<RangeTombstones> sources, byte[] lo, byte[] hi, long snapshot) {
        List<RangeTombstones> some = sources.stream().filter(s -> !s.isEmpty()).toList();
        if (some.isEmpty()) {
            return new TombstoneMask(RangeTombstones.NONE, snapshot);
        } else if (some.size() == 1) {
            return new TombstoneMask(some.get(0), snapshot);
        }
        List<RangeTombstone> within = new ArrayList<>();
        some.forEach(s -> s.collect(lo, hi, snapshot, within));
        return new TombstoneMask(RangeTombstones.of(within), snapshot);
    }

    /** Sequence number of the newest visible tombstone that covers the key; -1 where none does. */
    long covering(byte[] key, int offset, int length) {
        if (all.isEmpty()) {
            return -1;
        }
        if (!inCurrent(key, offset, length)) {
            at = all.find(key, offset, length);
            newest = all.newest(at, snapshot);
        }
        return newest;
    }

    private boolean inCurrent(byte[] key, int offset, int length) {
        boolean behindLo = at < 0 || compare(key, offset, length, all.bound(at)) >= 0;
        return behindLo && (at + 1 == all.boundCount() || compare(key, offset, length, all.bound(at + 1)) < 0);
    }

    private static int compare(byte[] key, int offset, int length, byte[] bound) {
        return EntryOrder.compareKeys(key, offset, length, bound, 0, bound.length);
    }

    /** Start of the fragment that {@link #covering} last found a tombstone in. */
    byte[] start() {
        return all.bound(at);
    }

    /** End of the fragment that {@link #covering} last found a tombstone in. */
    byte[] end() {
        return all.bound(at + 1);
    }
}
