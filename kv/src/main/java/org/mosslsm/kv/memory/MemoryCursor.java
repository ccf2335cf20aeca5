package org.mosslsm.kv.memory;

import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentNavigableMap;
import org.mosslsm.kv.Cursor;
import org.mosslsm.kv.EntryBatch;
import org.mosslsm.kv.KeyRange;
import org.mosslsm.kv.ScanHints;
import org.mosslsm.kv.StoreClosedException;

/**
 * Walks the visible entries of a range.
 *
 * <p>Invariant: {@code position} stands between the entries delivered and those to come: forward the next entry is the
 * first at or after it, backward the last before it.
 *
 * <p>Thread safety: one thread at a time.
 */
final class MemoryCursor implements Cursor {
    /** Entries in a full batch: enough to make the call per batch cheap. */
    private static final int BATCH_ENTRIES = 256;

    private final MemorySnapshot snapshot;
    private final MemoryState.Pin pin;
    private final KeyRange range;
    private final boolean forward;
    private final int batchEntries;
    private final EntryBatch batch = new EntryBatch();
    private VersionedKey position;
    private boolean closed;

    MemoryCursor(MemorySnapshot snapshot, MemoryState.Pin pin, KeyRange range, Direction direction, ScanHints hints) {
        this.snapshot = snapshot;
        this.pin = pin;
        this.range = range;
        this.forward = direction == Direction.FORWARD;
        this.batchEntries = hints.limit() == 0 ? BATCH_ENTRIES : Math.min(hints.limit(), BATCH_ENTRIES);
        this.position = forward ? before(range.lo()) : backwardStart();
    }

    @Override
    public EntryBatch nextBatch() {
        ConcurrentNavigableMap<VersionedKey, byte[]> entries = openEntries();
        batch.clear();
        if (forward) {
            fillForward(entries);
        } else {
            fillBackward(entries);
        }
        return batch.size() == 0 ? null : batch;
    }

    @Override
    public void seek(byte[] key) {
        openEntries();
        if (forward) {
            boolean beforeRange = Arrays.compareUnsigned(key, range.lo()) < 0;
            position = before(beforeRange ? range.lo() : key);
        } else {
            byte[] hi = range.hiOrNull();
            boolean pastRange = hi != null && Arrays.compareUnsigned(key, hi) >= 0;
            position = pastRange ? before(hi) : after(key);
        }
    }

    @Override
    public void close() {
        closed = true;
    }

    private ConcurrentNavigableMap<VersionedKey, byte[]> openEntries() {
        if (closed) {
            throw new StoreClosedException("the cursor");
        }
        return snapshot.openState().within(range);
    }

    private void fillForward(ConcurrentNavigableMap<VersionedKey, byte[]> entries) {
        VersionedKey decided = null;
        VersionedKey next = entries.ceilingKey(position); // a bounded map refuses a tail from outside of its bounds
        if (next == null) {
            return;
        }
        for (Map.Entry<VersionedKey, byte[]> entry : entries.tailMap(next, true).entrySet()) {
            VersionedKey key = entry.getKey();
            if (key.sequence > pin.version() || (decided != null && decided.sameKey(key))) {
                continue;
            }
            decided = key;
            position = after(key.key);
            if (offer(key, entry.getValue()) && batch.size() == batchEntries) {
                return;
            }
        }
    }

    private void fillBackward(ConcurrentNavigableMap<VersionedKey, byte[]> entries) {
        while (batch.size() < batchEntries) {
            VersionedKey oldest = position == null ? lastOrNull(entries) : lowerOrNull(entries, position);
            if (oldest == null) {
                return;
            }
            position = before(oldest.key);
            Map.Entry<VersionedKey, byte[]> newest = entries.ceilingEntry(new VersionedKey(oldest.key, pin.version()));
            if (newest != null && newest.getKey().sameKey(oldest)) {
                offer(newest.getKey(), newest.getValue());
            }
        }
    }

    private boolean offer(VersionedKey entry, byte[] value) {
        if (MemoryState.isHidden(entry, value, pin.version(), pin.rangeDeletes())) {
            return false;
        }
        batch.add(entry.key, 0, entry.key.length, value, 0, value.length);
        return true;
    }

    private VersionedKey backwardStart() {
        return range.hiOrNull() == null ? null : before(range.hiOrNull());
    }

    private static VersionedKey before(byte[] key) {
        return new VersionedKey(key, VersionedKey.NEWEST);
    }

    private static VersionedKey after(byte[] key) {
        return new VersionedKey(key, VersionedKey.PAST_OLDEST);
    }

    private static VersionedKey lastOrNull(ConcurrentNavigableMap<VersionedKey, byte[]> entries) {
        Map.Entry<VersionedKey, byte[]> last = entries.lastEntry();
        return last == null ? null : last.getKey();
    }

    private static VersionedKey lowerOrNull(
            ConcurrentNavigableMap<VersionedKey, byte[]> entries, VersionedKey position) {
        return entries.lowerKey(position);
    }
}
