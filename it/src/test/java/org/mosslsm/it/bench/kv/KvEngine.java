package org.mosslsm.it.bench.kv;

import java.io.IOException;
import java.nio.file.Path;

/**
 * An ordered store as the benchmark sees it: the shortest idiomatic code of each engine, nothing shared that could slow
 * one of them down. Keys are 16 bytes in unsigned byte order. Arrays handed in belong to the caller and are reused.
 *
 * <p>Thread safety: all methods may be called by several threads at a time, but for {@link #settle} and {@link #close}.
 */
public interface KvEngine extends AutoCloseable {
    /**
     * How a store is opened. Compression is LZ4 where the engine has it, else its fast one.
     *
     * @param directory where; created where missing
     * @param sync whether each write is on the device before it returns; else it is handed to the operating system
     * @param writeBufferBytes size of a memtable or of what comes closest
     * @param cacheBytes memory for blocks or pages read
     */
    record Settings(Path directory, boolean sync, long writeBufferBytes, long cacheBytes) {}

    /** Sets one value. */
    void put(byte[] key, byte[] value) throws Exception;

    /** Sets many values atomically, where the engine can. */
    void putAll(byte[][] keys, byte[][] values) throws Exception;

    /** Deletes one key. */
    void delete(byte[] key) throws Exception;

    /** A reader for one thread, which always sees the newest state; closed before the engine. */
    Reader reader() throws Exception;

    /** Flushes and waits until no compaction is due, where the engine has such work. */
    void settle() throws Exception;

    @Override
    void close() throws IOException;

    /** Reads for one thread. */
    interface Reader extends AutoCloseable {
        /** A copy of the value, or null. */
        byte[] get(byte[] key) throws Exception;

        /**
         * Opens a view of the newest state, walks from {@code from} (null: from the end where the walk begins) and looks
         * at key and value of each entry; returns how many there were, at most {@code limit}; -1 where the engine cannot
         * walk backward.
         */
        long walk(byte[] from, int limit, boolean backward) throws Exception;

        /** A copy of the least key, or null. */
        byte[] firstKey() throws Exception;

        @Override
        void close();
    }
}
