package org.mosslsm.kv;

/**
 * Loads many entries in key order past the log, into a range that nobody reads yet. Nothing is visible before {@link
 * #publish}; {@code close} without it discards all. Not thread-safe.
 */
public interface BulkLoad extends AutoCloseable {
    /**
     * Adds an entry.
     *
     * @throws IllegalArgumentException when the key is not greater than the one before, or outside the range
     */
    default void add(byte[] key, byte[] value) {
        add(key, 0, key.length, value, 0, value.length);
    }

    /** As {@link #add(byte[], byte[])}, of parts of arrays, which are copied. */
    void add(byte[] keys, int keyOffset, int keyLength, byte[] values, int valueOffset, int valueLength);

    /** Makes all entries durable and visible at once; returns the version that sees them. */
    long publish();

    /** Discards what was not published; harmless when repeated. */
    @Override
    void close();
}
