package org.mosslsm.kv.memory;

import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.mosslsm.kv.BulkLoad;
import org.mosslsm.kv.CommitRequest;
import org.mosslsm.kv.Durability;
import org.mosslsm.kv.KeyRange;
import org.mosslsm.kv.Snapshot;
import org.mosslsm.kv.WriteBatch;

/** Collects the entries of a bulk load and commits them at once, provided that nobody wrote into the range meanwhile. */
final class MemoryBulkLoad implements BulkLoad {
    private final MemoryStore store;
    private final Snapshot start;
    private final KeyRange range;
    private final WriteBatch writes = new WriteBatch();
    private byte[] last;
    private boolean finished;

    MemoryBulkLoad(MemoryStore store, Snapshot start, KeyRange range) {
        this.store = store;
        this.start = start;
        this.range = range;
    }

    @Override
    public void add(byte[] keys, int keyOffset, int keyLength, byte[] values, int valueOffset, int valueLength) {
        checkUnfinished();
        byte[] key = Arrays.copyOfRange(keys, keyOffset, keyOffset + keyLength);
        byte[] value = Arrays.copyOfRange(values, valueOffset, valueOffset + valueLength);
        if (!range.contains(key)) {
            throw new IllegalArgumentException("a key outside of the range " + range + " of the bulk load");
        }
        if (last != null && Arrays.compareUnsigned(key, last) <= 0) {
            throw new IllegalArgumentException("a key that is not greater than the one before");
        }
        writes.put(key, value);
        last = key;
    }

    @Override
    public long publish() {
        checkUnfinished();
        long version = store.commit(new CommitRequest(
                UUID.randomUUID(), start.version(), writes, List.of(), List.of(), List.of(range), Durability.SYNC));
        close();
        return version;
    }

    @Override
    public void close() {
        finished = true;
        start.close();
    }

    private void checkUnfinished() {
        if (finished) {
            throw new IllegalStateException("the bulk load was published or closed");
        }
    }
}
