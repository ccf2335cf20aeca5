package org.mosslsm.kv;

/**
 * Walks the entries of one range of a snapshot, in one direction, a batch at a time. A fresh cursor stands before the
 * first entry. Not thread-safe; one thread at a time.
 */
public interface Cursor extends AutoCloseable {
    /** Which way a cursor walks. */
    enum Direction {
        /** Ascending keys. */
        FORWARD,
        /** Descending keys. */
        BACKWARD
    }

    /**
     * The next entries, at least one, in the cursor's direction; {@code null} at the end of the range. The batch and all
     * views into it are valid until the next call on this cursor: it is reused.
     *
     * @throws StoreClosedException when cursor, snapshot or store were closed
     * @throws CorruptionException when a damaged block was met
     */
    EntryBatch nextBatch();

    /**
     * Moves so that the next batch starts at the first entry that is not before {@code key} in the cursor's direction
     * ({@code >= key} forward, {@code <= key} backward), within the cursor's range. May move either way.
     */
    void seek(byte[] key);

    /** Releases what the cursor holds; harmless when repeated. */
    @Override
    void close();
}
