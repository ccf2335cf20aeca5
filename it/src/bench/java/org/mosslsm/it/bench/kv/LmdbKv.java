package org.mosslsm.it.bench.kv;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import org.lmdbjava.Cursor;
import org.lmdbjava.Dbi;
import org.lmdbjava.DbiFlags;
import org.lmdbjava.Env;
import org.lmdbjava.EnvFlags;
import org.lmdbjava.GetOp;
import org.lmdbjava.Txn;

/**
 * LMDB through lmdbjava: a memory-mapped B+tree, one write transaction for each call, no compression, no log. Without
 * sync (NOSYNC) it survives a kill, but a power loss may damage the file. Its cache is the page cache of the system.
 */
final class LmdbKv implements KvEngine {
    private static final long MAP_BYTES = 64L << 30;

    private final Env<ByteBuffer> env;
    private final Dbi<ByteBuffer> dbi;
    private final ThreadLocal<ByteBuffer> keys = ThreadLocal.withInitial(() -> ByteBuffer.allocateDirect(16));
    private final ThreadLocal<ByteBuffer> values = ThreadLocal.withInitial(() -> ByteBuffer.allocateDirect(256));

    LmdbKv(Settings settings) throws java.io.IOException {
        Files.createDirectories(settings.directory());
        EnvFlags[] flags = settings.sync() ? new EnvFlags[0] : new EnvFlags[] {EnvFlags.MDB_NOSYNC};
        env = Env.create()
                .setMapSize(MAP_BYTES)
                .setMaxDbs(1)
                .setMaxReaders(64)
                .open(settings.directory().toFile(), flags);
        dbi = env.openDbi("bench", DbiFlags.MDB_CREATE);
    }

    private static ByteBuffer fill(ByteBuffer buffer, byte[] bytes) {
        return buffer.clear().put(bytes).flip();
    }

    @Override
    public void put(byte[] key, byte[] value) {
        try (Txn<ByteBuffer> txn = env.txnWrite()) {
            dbi.put(txn, fill(keys.get(), key), fill(values.get(), value));
            txn.commit();
        }
    }

    @Override
    public void putAll(byte[][] manyKeys, byte[][] manyValues) {
        try (Txn<ByteBuffer> txn = env.txnWrite()) {
            for (int i = 0; i < manyKeys.length; i++) {
                dbi.put(txn, fill(keys.get(), manyKeys[i]), fill(values.get(), manyValues[i]));
            }
            txn.commit();
        }
    }

    @Override
    public void delete(byte[] key) {
        try (Txn<ByteBuffer> txn = env.txnWrite()) {
            dbi.delete(txn, fill(keys.get(), key));
            txn.commit();
        }
    }

    @Override
    public void settle() {
        // nothing is left for later
    }

    @Override
    public void close() {
        env.close();
    }

    @Override
    public Reader reader() {
        return new LmdbReader();
    }

    /** Reads the newest state: one read transaction, renewed for each call. */
    private final class LmdbReader implements Reader {
        private final Txn<ByteBuffer> txn;
        private final ByteBuffer key = ByteBuffer.allocateDirect(16);
        private long seen;

        LmdbReader() {
            txn = env.txnRead();
            txn.reset();
        }

        @Override
        public byte[] get(byte[] wanted) {
            txn.renew();
            try {
                ByteBuffer found = dbi.get(txn, fill(key, wanted));
                return found == null ? null : copy(found);
            } finally {
                txn.reset();
            }
        }

        private byte[] copy(ByteBuffer found) {
            byte[] copy = new byte[found.remaining()];
            found.get(copy);
            return copy;
        }

        @Override
        public long walk(byte[] from, int limit, boolean backward) {
            txn.renew();
            try (Cursor<ByteBuffer> cursor = dbi.openCursor(txn)) {
                boolean found = start(cursor, from, backward);
                long count = 0;
                long sum = 0;
                while (found && count < limit) {
                    sum += cursor.key().get(0) + cursor.val().get(0);
                    count++;
                    if (count < limit) {
                        found = backward ? cursor.prev() : cursor.next();
                    }
                }
                seen += sum;
                return count;
            } finally {
                txn.reset();
            }
        }

        private boolean start(Cursor<ByteBuffer> cursor, byte[] from, boolean backward) {
            if (from == null) {
                return backward ? cursor.last() : cursor.first();
            }
            boolean found = cursor.get(fill(key, from), GetOp.MDB_SET_RANGE);
            if (!backward) {
                return found;
            }
            if (!found) {
                return cursor.last();
            }
            return java.util.Arrays.equals(copy(cursor.key().duplicate()), from) || cursor.prev();
        }

        @Override
        public byte[] firstKey() {
            txn.renew();
            try (Cursor<ByteBuffer> cursor = dbi.openCursor(txn)) {
                return cursor.first() ? copy(cursor.key()) : null;
            } finally {
                txn.reset();
            }
        }

        @Override
        public void close() {
            txn.close();
            if (seen == Long.MIN_VALUE) {
                throw new AssertionError("no sum of bytes is that small");
            }
        }
    }
}
