package org.mosslsm.kv.lsm;

import org.mosslsm.kv.KeyRange;
import org.mosslsm.kv.lsm.iter.VisibleCursor;
import org.mosslsm.kv.lsm.version.TableCache;

/**
 * What readers of one store share: its states, tables, registered snapshots and health. Immutable; thread-safe.
 */
record StoreReads(ReadStates states, TableCache tables, Snapshots snapshots, Health health, PointReads points) {
    StoreReads(ReadStates states, TableCache tables, Snapshots snapshots, Health health) {
        this(states, tables, snapshots, health, new PointReads(states, tables, health));
    }

    /** What {@code seq} sees of the range, read from {@code state}, whose version the caller has referenced. */
    VisibleCursor visible(ReadState state, KeyRange range, long seq, boolean fillCache) {
        return CursorSources.visible(state, tables, range, seq, fillCache);
    }

    /** Whether something newer than {@code seq}, a delete included, was written into the range. */
    boolean anyNewer(KeyRange range, long seq) {
        ReadState state = states.acquire();
        try {
            return CursorSources.anyNewer(state, tables, range, seq);
        } finally {
            state.version().release();
        }
    }
}
