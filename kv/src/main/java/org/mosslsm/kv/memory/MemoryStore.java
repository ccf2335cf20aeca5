package org.mosslsm.kv.memory;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;
import org.mosslsm.kv.BulkLoad;
import org.mosslsm.kv.Capabilities;
import org.mosslsm.kv.CommitRequest;
import org.mosslsm.kv.Cursor;
import org.mosslsm.kv.EntryBatch;
import org.mosslsm.kv.KeyRange;
import org.mosslsm.kv.ScanHints;
import org.mosslsm.kv.Snapshot;
import org.mosslsm.kv.Store;
import org.mosslsm.kv.StoreClosedException;
import org.mosslsm.kv.StoreMetrics;
import org.mosslsm.kv.WriteBatch;

/**
 * An ordered, multi-version store in memory. Every durability is accepted and none outlives the process; conditions on
 * ranges are honoured, phantoms included. A {@code bulkLoad} into a range that holds entries is an
 * IllegalArgumentException; a {@code checkpoint} creates the store {@code mem:name}, which lives until it was opened and
 * closed again.
 *
 * <p>Thread safety: as the interface says. This object is one opening of a state that others may have opened as well.
 */
public final class MemoryStore implements Store {
    private final MemoryState state;
    private final Runnable onClose;
    private volatile boolean closed;

    /** A fresh store that only this object reaches. */
    public MemoryStore() {
        this(new MemoryState(), () -> {});
    }

    /** Opens {@code state}; {@code onClose} runs once, when this opening is closed. */
    MemoryStore(MemoryState state, Runnable onClose) {
        this.state = state;
        this.onClose = onClose;
    }

    @Override
    public Capabilities capabilities() {
        openState();
        return MemoryState.CAPABILITIES;
    }

    @Override
    public Snapshot snapshot() {
        return new MemorySnapshot(this, openState().pinNewest());
    }

    @Override
    public Snapshot snapshotAt(long version) {
        return new MemorySnapshot(this, openState().pinAt(version));
    }

    @Override
    public long commit(CommitRequest request) {
        return openState().commit(request);
    }

    @Override
    public CommitStatus status(UUID commitId) {
        return openState().status(commitId);
    }

    @Override
    public List<byte[]> splits(KeyRange range, int wanted) {
        List<byte[]> keys = new ArrayList<>();
        visit(range, (batch, i) -> keys.add(batch.copyKey(i)));
        List<byte[]> cuts = new ArrayList<>();
        int last = 0;
        for (int part = 1; part < wanted; part++) {
            int cut = (int) ((long) keys.size() * part / wanted);
            if (cut > last) {
                cuts.add(keys.get(cut));
                last = cut;
            }
        }
        return cuts;
    }

    /** Walks over the range, but only after so much was written that its size may be another by an eighth. */
    @Override
    public long approximateBytes(KeyRange range) {
        MemoryState now = openState();
        OptionalLong known = now.bytesOf(range);
        if (known.isPresent()) {
            return known.getAsLong();
        }
        MemoryState.Pin before = now.pinNewest();
        now.unpin(before);
        long[] found = new long[2];
        visit(range, (batch, i) -> {
            found[0]++;
            found[1] += batch.keyLength(i) + batch.valueLength(i);
        });
        now.remember(range, new MemoryState.Size(before, found[0], found[1]));
        return found[1];
    }

    @Override
    public BulkLoad bulkLoad(KeyRange range) {
        Snapshot start = snapshot();
        try (Cursor cursor = start.scan(range, Cursor.Direction.FORWARD, new ScanHints(1, true, false))) {
            if (cursor.nextBatch() != null) {
                start.close();
                throw new IllegalArgumentException("a bulk load into the range " + range + ", which holds entries");
            }
        }
        return new MemoryBulkLoad(this, start, range);
    }

    @Override
    public LargeCommit largeCommit() {
        openState();
        return new MemoryLargeCommit(this);
    }

    @Override
    public void deleteRange(KeyRange range) {
        openState().deleteRange(range);
    }

    @Override
    public void checkpoint(String target) {
        MemoryState copy = new MemoryState();
        WriteBatch writes = new WriteBatch();
        visit(KeyRange.all(), (batch, i) -> writes.put(batch.copyKey(i), batch.copyValue(i)));
        copy.commit(CommitRequest.of(writes, org.mosslsm.kv.Durability.NONE));
        MemoryProvider.addNamed(target, copy);
    }

    @Override
    public ScratchFile scratchFile() {
        openState();
        return new MemoryScratchFile();
    }

    @Override
    public StoreMetrics metrics() {
        return openState().metrics();
    }

    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        onClose.run();
    }

    /** The state, as long as this opening is not closed. */
    MemoryState openState() {
        if (closed) {
            throw new StoreClosedException("the store");
        }
        return state;
    }

    /** Lets go of a version; allowed after close, because a shared state may live on. */
    void unpin(MemoryState.Pin pin) {
        state.unpin(pin);
    }

    private interface EntryVisitor {
        void visit(EntryBatch batch, int i);
    }

    private void visit(KeyRange range, EntryVisitor visitor) {
        try (Snapshot snapshot = snapshot();
                Cursor cursor = snapshot.scan(range, Cursor.Direction.FORWARD, ScanHints.NONE)) {
            for (EntryBatch batch = cursor.nextBatch(); batch != null; batch = cursor.nextBatch()) {
                for (int i = 0; i < batch.size(); i++) {
                    visitor.visit(batch, i);
                }
            }
        }
    }
}
