package org.mosslsm.kv.txn;

import java.util.Arrays;
import java.util.function.Consumer;
import org.mosslsm.kv.Cursor;
import org.mosslsm.kv.EntryBatch;
import org.mosslsm.kv.KeyRange;
import org.mosslsm.kv.StoreClosedException;

/**
 * Merges the entries of a snapshot with the writes of a transaction, in either direction.
 *
 * <p>Invariants:
 *
 * <ol>
 *   <li>{@code own} stands on the next own entry of the range in the direction, or nowhere when there is none left;
 *       {@code baseIndex} on the next entry of {@code base}, the batch at hand.
 *   <li>Values are views: a batch handed out holds views of one batch of the store only, and the store's cursor moves
 *       only in a later call.
 *   <li>{@code gap} stands on the deleted range that is next in the direction, so all before it are behind the cursor.
 * </ol>
 *
 * <p>Batches of the store go up as they are where no own write falls among them. Not thread-safe.
 */
final class OverlayCursor implements Cursor {
    /** Own entries in a batch at most: a large write set is delivered in pieces, too. */
    private static final int BATCH_ENTRIES = 512;

    private final SnapshotLease lease;
    private final Cursor store;
    private final KeyRange range;
    private final boolean forward;
    private final WriteSet.View writes;
    private final WriteCursor own;
    private final TreeCursor gap;
    private final EntryBatch merged = new EntryBatch();
    private EntryBatch base;
    private int baseIndex;
    private boolean baseEnded;
    private ScanExtent extent; // null unless somebody wants to know what was read
    private Consumer<ScanExtent> onClose;
    private byte[] seekBefore; // where the store's cursor must be moved to before its next batch, or null
    private boolean closed;

    /** Takes over the store's cursor and one use of the lease. */
    OverlayCursor(SnapshotLease lease, Cursor store, WriteSet.View writes, KeyRange range, Direction direction) {
        this.lease = lease;
        this.store = store;
        this.range = range;
        this.forward = direction == Direction.FORWARD;
        this.writes = writes;
        writes.hold();
        this.own = writes.cursor();
        this.gap = new TreeCursor(writes.deleted());
        boolean done = false;
        try {
            if (forward) {
                positionForward(range.lo());
            } else {
                positionBackward(range.hiOrNull());
            }
            done = true;
        } finally {
            if (!done) {
                close(); // a scratch file could not be read
            }
        }
    }

    /** Keeps {@code readExtent} up to date, and hands it to {@code closed} when the cursor is closed. */
    void track(ScanExtent readExtent, Consumer<ScanExtent> closed) {
        extent = readExtent;
        onClose = closed;
    }

    @Override
    public EntryBatch nextBatch() {
        checkOpen();
        EntryBatch batch = mergedBatch();
        if (extent != null) {
            if (batch == null) {
                extent.readWhole();
            } else {
                extent.reached(batch.copyKey(batch.size() - 1));
            }
        }
        return batch;
    }

    private EntryBatch mergedBatch() {
        merged.clear();
        while (merged.size() == 0) {
            if (!baseEnded && (base == null || baseIndex == base.size())) {
                fetch();
            }
            if (baseEnded && !own.valid()) {
                return null;
            }
            if (passesAsItIs()) {
                baseIndex = base.size();
                return base;
            }
            merge();
        }
        return merged;
    }

    @Override
    public void seek(byte[] key) {
        checkOpen();
        if (extent != null) {
            extent.readWhole();
        }
        seekBefore = null;
        store.seek(key);
        base = null;
        baseEnded = false;
        if (forward) {
            positionForward(Arrays.compareUnsigned(key, range.lo()) < 0 ? range.lo() : key);
        } else {
            byte[] hi = range.hiOrNull();
            boolean pastRange = hi != null && Arrays.compareUnsigned(key, hi) >= 0;
            positionBackward(pastRange ? hi : Arrays.copyOf(key, key.length + 1));
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            store.close();
            writes.letGo();
            lease.release();
            if (extent != null) {
                onClose.accept(extent);
            }
        }
    }

    private void checkOpen() {
        if (closed) {
            throw new StoreClosedException("the cursor");
        }
    }

    private void fetch() {
        if (seekBefore != null) {
            store.seek(seekBefore);
            seekBefore = null;
        }
        base = store.nextBatch();
        baseIndex = 0;
        baseEnded = base == null;
    }

    /** Own entries and deleted ranges from {@code key} on. */
    private void positionForward(byte[] key) {
        own.ceiling(key);
        stopOwnAtBound();
        gap.floor(key);
        if (!gap.valid()) {
            gap.first();
        }
    }

    /** Own entries and deleted ranges below {@code end}, {@code null} for no bound. */
    private void positionBackward(byte[] end) {
        if (end == null) {
            own.last();
            gap.last();
        } else {
            own.lower(end);
            gap.lower(end);
        }
        stopOwnAtBound();
    }

    private void stopOwnAtBound() {
        if (own.valid() && !range.contains(own.key())) {
            own.leave();
        }
    }

    private void advanceOwn() {
        if (forward) {
            own.next();
        } else {
            own.prev();
        }
        stopOwnAtBound();
    }

    /** Whether the whole batch of the store comes before the next own entry and the next deleted range. */
    private boolean passesAsItIs() {
        if (baseEnded || baseIndex != 0) {
            return false;
        }
        int last = base.size() - 1;
        if (gap.valid()) {
            leaveGapsBehind();
        }
        return compareToOwn(last) < 0 && (!gap.valid() || isGapAhead(last));
    }

    /** Delivers entries in order until the batch of the store, or the room, is used up. */
    private void merge() {
        while (baseEnded ? own.valid() : baseIndex < base.size()) {
            if (merged.size() == BATCH_ENTRIES) {
                return;
            }
            int order = baseEnded ? 1 : compareToOwn(baseIndex);
            if (order < 0) {
                if (!skipGap()) {
                    addBase();
                }
            } else {
                if (order == 0) {
                    baseIndex++;
                }
                addOwn();
            }
        }
    }

    private void addBase() {
        merged.add(base, baseIndex);
        baseIndex++;
    }

    private void addOwn() {
        byte[] key = own.key();
        byte[] value = own.value();
        if (value != WriteSet.DELETED) {
            merged.add(key, 0, key.length, value, 0, value.length);
        }
        advanceOwn();
    }

    /** Where entry {@code i} of the store stands to the next own one, in the direction: negative when it comes first. */
    private int compareToOwn(int i) {
        if (!own.valid()) {
            return -1;
        }
        int order = compareBase(i, own.key());
        return forward ? order : -order;
    }

    private int compareBase(int i, byte[] key) {
        int from = base.keyOffset(i);
        return Arrays.compareUnsigned(base.keys(), from, from + base.keyLength(i), key, 0, key.length);
    }

    /**
     * Moves past the entry of the store at hand, and all that follow in the batch, if a deleted range covers it. When
     * the batch ends within the range, the store's cursor is to jump over the rest.
     */
    private boolean skipGap() {
        leaveGapsBehind();
        if (!gap.valid() || !isInGap()) {
            return false;
        }
        do {
            baseIndex++;
        } while (baseIndex < base.size() && isInGap());
        boolean moreInGap = baseIndex == base.size() && (forward || compareBase(baseIndex - 1, gap.key()) > 0);
        if (moreInGap) {
            seekBefore = forward ? gap.value() : gap.key();
        }
        return true;
    }

    private void leaveGapsBehind() {
        while (gap.valid() && isGapBehind()) {
            if (forward) {
                gap.next();
            } else {
                gap.prev();
            }
        }
    }

    private boolean isGapAhead(int i) {
        return forward ? compareBase(i, gap.key()) < 0 : compareBase(i, gap.value()) >= 0;
    }

    private boolean isGapBehind() {
        return forward ? compareBase(baseIndex, gap.value()) >= 0 : compareBase(baseIndex, gap.key()) < 0;
    }

    private boolean isInGap() {
        return compareBase(baseIndex, gap.key()) >= 0 && compareBase(baseIndex, gap.value()) < 0;
    }
}
