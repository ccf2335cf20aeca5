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
    void add(byte[] key, byte[] value);

    /** Makes all entries durable and visible at once; returns the version that sees them. */
    long publish();

    /** Discards what was not published; harmless when repeated. */
    @Override
    void close();
}
