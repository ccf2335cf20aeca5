package org.mosslsm.kv.memory;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.mosslsm.kv.Cursor;
import org.mosslsm.kv.KeyRange;
import org.mosslsm.kv.ScanHints;
import org.mosslsm.kv.Snapshot;
import org.mosslsm.kv.StoreClosedException;

/** A pinned version of the state. Thread-safe: it changes only from open to closed. */
final class MemorySnapshot implements Snapshot {
    private final MemoryStore store;
    private final MemoryState.Pin pin;
    private final AtomicBoolean closed = new AtomicBoolean();

    MemorySnapshot(MemoryStore store, MemoryState.Pin pin) {
        this.store = store;
        this.pin = pin;
    }

    @Override
    public long version() {
        openState();
        return pin.version();
    }

    @Override
    public byte[] get(byte[] key) {
        byte[] value = openState().visibleValue(key, pin.version(), pin.rangeDeletes());
        return value == null ? null : value.clone();
    }

    @Override
    public List<byte[]> getAll(List<byte[]> keys) {
        List<byte[]> values = new ArrayList<>(keys.size());
        for (byte[] key : keys) {
            values.add(get(key));
        }
        return values;
    }

    @Override
    public Cursor scan(KeyRange range, Cursor.Direction direction, ScanHints hints) {
        openState();
        return new MemoryCursor(this, pin, range, direction, hints);
    }

    /** The state, as long as snapshot and store are open. */
    MemoryState openState() {
        MemoryState state = store.openState();
        if (closed.get()) {
            throw new StoreClosedException("the snapshot");
        }
        return state;
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            store.unpin(pin);
        }
    }
}
