package org.mosslsm.it.bench.kv;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.CompressionType;
import org.rocksdb.FlushOptions;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/** RocksDB through its own JNI library: LZ4, LRU cache, Bloom filters of 10 bits, 2 background jobs, log on. */
final class RocksKv implements KvEngine {
    static {
        RocksDB.loadLibrary(); // the cache is native and is made before the first open
    }

    private final RocksDB db;
    private final Options options;
    private final WriteOptions writes;

    RocksKv(Settings settings) throws Exception {
        Files.createDirectories(settings.directory());
        BlockBasedTableConfig table = new BlockBasedTableConfig()
                .setBlockCache(new LRUCache(settings.cacheBytes()))
                .setFilterPolicy(new BloomFilter(10));
        options = new Options()
                .setCreateIfMissing(true)
                .setWriteBufferSize(settings.writeBufferBytes())
                .setCompressionType(CompressionType.LZ4_COMPRESSION)
                .setMaxBackgroundJobs(2)
                .setTableFormatConfig(table);
        writes = new WriteOptions().setSync(settings.sync());
        db = RocksDB.open(options, settings.directory().toString());
    }

    @Override
    public void put(byte[] key, byte[] value) throws RocksDBException {
        db.put(writes, key, value);
    }

    @Override
    public void putAll(byte[][] keys, byte[][] values) throws RocksDBException {
        try (WriteBatch batch = new WriteBatch()) {
            for (int i = 0; i < keys.length; i++) {
                batch.put(keys[i], values[i]);
            }
            db.write(writes, batch);
        }
    }

    @Override
    public void delete(byte[] key) throws RocksDBException {
        db.delete(writes, key);
    }

    @Override
    public void settle() throws RocksDBException, InterruptedException {
        try (FlushOptions wait = new FlushOptions().setWaitForFlush(true)) {
            db.flush(wait);
        }
        for (int quiet = 0; quiet < 3; quiet = busy() ? 0 : quiet + 1) {
            Thread.sleep(20);
        }
    }

    private boolean busy() throws RocksDBException {
        return db.getLongProperty("rocksdb.num-running-compactions") > 0
                || db.getLongProperty("rocksdb.num-running-flushes") > 0
                || db.getLongProperty("rocksdb.compaction-pending") > 0;
    }

    @Override
    public void close() {
        db.close();
        writes.close();
        options.close();
    }

    @Override
    public Reader reader() {
        return new RocksReader(db);
    }

    /** Reads the newest state; keys and values of walks go through direct buffers, the cheapest way across JNI. */
    private static final class RocksReader implements Reader {
        private final RocksDB db;
        private final ReadOptions reads = new ReadOptions();
        private final ByteBuffer key = ByteBuffer.allocateDirect(64);
        private final ByteBuffer value = ByteBuffer.allocateDirect(256);
        private long seen;

        RocksReader(RocksDB db) {
            this.db = db;
        }

        @Override
        public byte[] get(byte[] key) throws RocksDBException {
            return db.get(reads, key);
        }

        @Override
        public long walk(byte[] from, int limit, boolean backward) {
            try (RocksIterator it = db.newIterator(reads)) {
                if (from == null) {
                    if (backward) {
                        it.seekToLast();
                    } else {
                        it.seekToFirst();
                    }
                } else if (backward) {
                    it.seekForPrev(from);
                } else {
                    it.seek(from);
                }
                long count = 0;
                long sum = 0;
                while (count < limit && it.isValid()) {
                    key.clear();
                    value.clear();
                    it.key(key);
                    it.value(value);
                    sum += key.get(0) + value.get(0);
                    count++;
                    if (backward) {
                        it.prev();
                    } else {
                        it.next();
                    }
                }
                seen += sum;
                return count;
            }
        }

        @Override
        public byte[] firstKey() {
            try (RocksIterator it = db.newIterator(reads)) {
                it.seekToFirst();
                return it.isValid() ? it.key() : null;
            }
        }

        @Override
        public void close() {
            reads.close();
            if (seen == Long.MIN_VALUE) {
                throw new AssertionError("no sum of bytes is that small");
            }
        }
    }
}
