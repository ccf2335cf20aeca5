package org.mosslsm.kv.lsm.table;

import java.util.Arrays;

/**
 * Writes a data block.
 *
 * <pre>
 * block := entry+  restart:u32le+  restartCount:u32le
 *
 * entry := shared:varint  unshared:varint  valueLength:varint  trailer:u64le  key suffix  value
 *
 *            user key = first `shared` bytes of the key before + the `unshared` bytes of the suffix
 *            trailer  = sequence number << 8 | kind
 *
 * restart  offset of an entry whose key is whole (shared = 0); the first is 0, one every few entries follows
 * </pre>
 *
 * The lengths stand together at the front, because all three are mostly below 128: one byte each, tested at once. The
 * trailer has a fixed width, because compression takes care of the deeper levels and decoding it is a single load.
 *
 * <p>Not thread-safe.
 */
final class BlockBuilder {
    private final int restartInterval;
    private final ByteWriter out = new ByteWriter(8 << 10);
    private int[] restarts = new int[16];
    private int restartCount;
    private int sinceRestart;

    BlockBuilder(int restartInterval) {
        this.restartInterval = restartInterval;
    }

    boolean isEmpty() {
        return restartCount == 0;
    }

    /** Size of the block if it were finished now, in bytes. */
    int size() {
        return out.size() + (restartCount + 1) * Integer.BYTES;
    }

    /**
     * Appends an entry, which must be greater than the one before.
     *
     * @param common how many bytes its key starts with that the key before starts with too; anything for the first
     */
    void add(
            int common,
            byte[] key,
            int keyOffset,
            int keyLength,
            long trailer,
            byte[] value,
            int valueOffset,
            int valueLength) {
        int shared = common;
        if (restartCount == 0 || sinceRestart == restartInterval) {
            restart();
            shared = 0;
        }
        sinceRestart++;
        out.varint(shared).varint(keyLength - shared).varint(valueLength).u64(trailer);
        out.raw(key, keyOffset + shared, keyLength - shared).raw(value, valueOffset, valueLength);
    }

    private void restart() {
        if (restartCount == restarts.length) {
            restarts = Arrays.copyOf(restarts, 2 * restartCount);
        }
        restarts[restartCount++] = out.size();
        sinceRestart = 0;
    }

    /** The finished block; a view until {@link #clear}. */
    ByteWriter finish() {
        for (int i = 0; i < restartCount; i++) {
            out.u32(restarts[i]);
        }
        return out.u32(restartCount);
    }

    /** Starts the next block. */
    void clear() {
        out.clear();
        restartCount = 0;
        sinceRestart = 0;
    }
}
