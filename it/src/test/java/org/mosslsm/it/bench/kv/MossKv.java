package org.mosslsm.it.bench.kv;

import org.mosslsm.kv.Cursor;
import org.mosslsm.kv.Durability;
import org.mosslsm.kv.EntryBatch;
import org.mosslsm.kv.KeyRange;
import org.mosslsm.kv.ScanHints;
import org.mosslsm.kv.Snapshot;
import org.mosslsm.kv.WriteBatch;
import org.mosslsm.kv.lsm.Lsm;
import org.mosslsm.kv.lsm.LsmOptions;

/** MossLSM: LZ4, Bloom filters and the rest as by default. */
final class MossKv implements KvEngine {
    private final Lsm store;

    MossKv(Settings settings) {
        store = Lsm.open(
                settings.directory(),
                LsmOptions.builder()
                        .durability(settings.sync() ? Durability.SYNC : Durability.PROCESS)
                        .memtableBytes(settings.writeBufferBytes())
                        .cacheBytes(settings.cacheBytes())
                        .build());
    }

    @Override
    public void put(byte[] key, byte[] value) {
        store.put(key, value);
    }

    @Override
    public void putAll(byte[][] keys, byte[][] values) {
        WriteBatch batch = new WriteBatch();
        for (int i = 0; i < keys.length; i++) {
            batch.put(keys[i], values[i]);
        }
        store.write(batch);
    }

    @Override
    public void delete(byte[] key) {
        store.delete(key);
    }

    @Override
    public void settle() {
        store.compact();
    }

    @Override
    public void close() {
        store.close();
    }

    @Override
    public Reader reader() {
        return new MossReader(store);
    }

    /** Reads the newest state. */
    private static final class MossReader implements Reader {
        private final Lsm store;
        private long seen;

        MossReader(Lsm store) {
            this.store = store;
        }

        @Override
        public byte[] get(byte[] key) {
            return store.get(key);
        }

        @Override
        public long walk(byte[] from, int limit, boolean backward) {
            Cursor.Direction direction = backward ? Cursor.Direction.BACKWARD : Cursor.Direction.FORWARD;
            KeyRange range = from == null || backward ? KeyRange.all() : KeyRange.from(from);
            try (Snapshot snapshot = store.snapshot();
                    Cursor cursor = snapshot.scan(range, direction, new ScanHints(limit, false, true))) {
                if (backward && from != null) {
                    cursor.seek(from);
                }
                long count = 0;
                long sum = 0;
                while (count < limit) {
                    EntryBatch batch = cursor.nextBatch();
                    if (batch == null) {
                        break;
                    }
                    int size = (int) Math.min(batch.size(), limit - count);
                    for (int i = 0; i < size; i++) {
                        sum += batch.keys()[batch.keyOffset(i)] + batch.valueArray(i)[batch.valueOffset(i)];
                    }
                    count += size;
                }
                seen += sum;
                return count;
            }
        }

        @Override
        public byte[] firstKey() {
            try (Snapshot snapshot = store.snapshot();
                    Cursor cursor =
                            snapshot.scan(KeyRange.all(), Cursor.Direction.FORWARD, new ScanHints(1, true, true))) {
                EntryBatch batch = cursor.nextBatch();
                return batch == null ? null : batch.copyKey(0);
            }
        }

        @Override
        public void close() {
            if (seen == Long.MIN_VALUE) {
                throw new AssertionError("no sum of bytes is that small");
            }
        }
    }
}
