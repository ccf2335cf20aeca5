package org.mosslsm.it.bench.kv;

import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import org.iq80.leveldb.CompressionType;
import org.iq80.leveldb.DB;
import org.iq80.leveldb.DBIterator;
import org.iq80.leveldb.Options;
import org.iq80.leveldb.WriteBatch;
import org.iq80.leveldb.WriteOptions;
import org.iq80.leveldb.impl.Iq80DBFactory;

/**
 * LevelDB written in Java by Dain Sundstrom: Snappy, memory-mapped tables and log. It has no block cache (the setting is
 * ignored), no filter, no walk backward, and keeps the arrays it is given.
 */
final class LevelDbKv implements KvEngine {
    private final Settings settings;
    private final DB db;
    private final WriteOptions writes;

    LevelDbKv(Settings settings) throws IOException {
        this.settings = settings;
        Options options = new Options()
                .createIfMissing(true)
                .writeBufferSize((int) settings.writeBufferBytes())
                .cacheSize(settings.cacheBytes())
                .compressionType(CompressionType.SNAPPY);
        writes = new WriteOptions().sync(settings.sync());
        db = new Iq80DBFactory().open(settings.directory().toFile(), options);
    }

    @Override
    public void put(byte[] key, byte[] value) {
        db.put(key.clone(), value.clone(), writes);
    }

    @Override
    public void putAll(byte[][] keys, byte[][] values) throws IOException {
        try (WriteBatch batch = db.createWriteBatch()) {
            for (int i = 0; i < keys.length; i++) {
                batch.put(keys[i].clone(), values[i].clone());
            }
            db.write(batch, writes);
        }
    }

    @Override
    public void delete(byte[] key) {
        db.delete(key.clone(), writes);
    }

    /** It does not say whether it compacts: until its files have not changed for half a second, one minute at most. */
    @Override
    public void settle() throws InterruptedException {
        long last = -1;
        int quiet = 0;
        for (int i = 0; i < 600 && quiet < 5; i++) {
            Thread.sleep(100);
            java.io.File[] files = settings.directory().toFile().listFiles();
            long now = Arrays.stream(files)
                    .mapToLong(f -> f.getName().hashCode() + 31 * f.length())
                    .sum();
            quiet = now == last ? quiet + 1 : 0;
            last = now;
        }
    }

    @Override
    public void close() throws IOException {
        db.close();
    }

    @Override
    public Reader reader() {
        return new LevelDbReader(db);
    }

    /** Reads the newest state. */
    private static final class LevelDbReader implements Reader {
        private final DB db;
        private long seen;

        LevelDbReader(DB db) {
            this.db = db;
        }

        @Override
        public byte[] get(byte[] key) {
            return db.get(key);
        }

        @Override
        public long walk(byte[] from, int limit, boolean backward) throws IOException {
            if (backward) {
                return -1;
            }
            try (DBIterator it = db.iterator()) {
                if (from == null) {
                    it.seekToFirst();
                } else {
                    it.seek(from);
                }
                long count = 0;
                long sum = 0;
                while (count < limit && it.hasNext()) {
                    Map.Entry<byte[], byte[]> entry = it.next();
                    sum += entry.getKey()[0] + entry.getValue()[0];
                    count++;
                }
                seen += sum;
                return count;
            }
        }

        @Override
        public byte[] firstKey() throws IOException {
            try (DBIterator it = db.iterator()) {
                it.seekToFirst();
                return it.hasNext() ? it.peekNext().getKey() : null;
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
