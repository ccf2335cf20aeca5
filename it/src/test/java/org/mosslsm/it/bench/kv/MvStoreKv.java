package org.mosslsm.it.bench.kv;

import org.h2.mvstore.Cursor;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.type.ByteArrayDataType;

/**
 * H2's MVStore: a copy-on-write B-tree without a log. It cannot promise what the others do: a put survives a kill only
 * after the next commit in the background (a second, or the write buffer). Its sync is a commit and a forced file.
 */
final class MvStoreKv implements KvEngine {
    private final MVStore store;
    private final MVMap<byte[], byte[]> map;
    private final boolean sync;

    MvStoreKv(Settings settings) throws java.io.IOException {
        java.nio.file.Files.createDirectories(settings.directory());
        store = new MVStore.Builder()
                .fileName(settings.directory().resolve("mvstore.db").toString())
                .cacheSize((int) Math.max(1, settings.cacheBytes() >> 20))
                .autoCommitBufferSize((int) (settings.writeBufferBytes() >> 10))
                .compress()
                .open();
        sync = settings.sync();
        map = store.openMap(
                "bench",
                new MVMap.Builder<byte[], byte[]>()
                        .keyType(ByteArrayDataType.INSTANCE)
                        .valueType(ByteArrayDataType.INSTANCE));
    }

    @Override
    public void put(byte[] key, byte[] value) {
        map.put(key.clone(), value.clone()); // it keeps the arrays
        synced();
    }

    @Override
    public void putAll(byte[][] keys, byte[][] values) {
        for (int i = 0; i < keys.length; i++) {
            map.put(keys[i].clone(), values[i].clone());
        }
        synced();
    }

    @Override
    public void delete(byte[] key) {
        map.remove(key);
        synced();
    }

    private void synced() {
        if (sync) {
            store.commit();
            store.sync();
        }
    }

    @Override
    public void settle() {
        store.commit();
    }

    @Override
    public void close() {
        store.close();
    }

    @Override
    public Reader reader() {
        return new MvReader(map);
    }

    /** Reads the newest root. */
    private static final class MvReader implements Reader {
        private final MVMap<byte[], byte[]> map;
        private long seen;

        MvReader(MVMap<byte[], byte[]> map) {
            this.map = map;
        }

        @Override
        public byte[] get(byte[] key) {
            return map.get(key);
        }

        @Override
        public long walk(byte[] from, int limit, boolean backward) {
            Cursor<byte[], byte[]> cursor = map.cursor(from, null, backward);
            long count = 0;
            long sum = 0;
            while (count < limit && cursor.hasNext()) {
                sum += cursor.next()[0] + cursor.getValue()[0];
                count++;
            }
            seen += sum;
            return count;
        }

        @Override
        public byte[] firstKey() {
            return map.firstKey();
        }

        @Override
        public void close() {
            if (seen == Long.MIN_VALUE) {
                throw new AssertionError("no sum of bytes is that small");
            }
        }
    }
}
