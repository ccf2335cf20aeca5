package org.mosslsm.kv.lsm;

import org.mosslsm.kv.KeyRange;
import org.mosslsm.kv.lsm.iter.DeadGaps;
import org.mosslsm.kv.lsm.iter.VisibleCursor;
import org.mosslsm.kv.lsm.version.TableCache;
import org.mosslsm.kv.lsm.version.ValueFiles;

/**
 * What readers of one store share: its states, tables, registered snapshots and health. Immutable; thread-safe.
 */
record StoreReads(
        ReadStates states,
        TableCache tables,
        ValueFiles values,
        Snapshots snapshots,
        Health health,
        PointReads points,
        DeadGaps gaps,
        ScanWaste waste) {
    StoreReads(ReadStates states, TableCache tables, ValueFiles values, Snapshots snapshots, Health health) {
        this(
                states,
                tables,
                values,
                snapshots,
                health,
                new PointReads(states, tables, values, health),
                new DeadGaps(snapshots::newestBelow),
                new ScanWaste());
        health.whenChanged(states::wake);
    }

    /**
     * What {@code seq} sees of the range, read from {@code state}, whose version the caller has referenced.
     *
     * @param epoch {@link DeadGaps#epoch} before the state was taken
     */
    VisibleCursor visible(ReadState state, KeyRange range, long seq, boolean fillCache, long epoch) {
        return CursorSources.visible(state, tables, range, seq, fillCache, gaps, epoch);
    }

    /** The first key, from {@code key} on, of which memtables or tables hold any write, seen or not; null where there is none. */
    byte[] nextStored(byte[] key) {
        ReadState state = states.acquire();
        try {
            return CursorSources.firstKey(state, tables, KeyRange.from(key));
        } finally {
            state.version().release();
        }
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
