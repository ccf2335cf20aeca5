package org.mosslsm.kv;

import java.util.List;
import java.util.UUID;

/**
 * An ordered, multi-version, byte-keyed store: the one thing the layers above know. See the package documentation for
 * the semantics that all implementations keep.
 *
 * <p>Thread safety: every method may be called by any thread at any time. After {@code close} every method throws {@link
 * StoreClosedException}.
 */
public interface Store extends AutoCloseable {
    /** What became of a commit. */
    enum CommitStatus {
        /** It took effect. */
        COMMITTED,
        /** It did not and never will. */
        ABORTED,
        /** The store does not remember it. */
        UNKNOWN
    }

    /**
     * A file for what does not fit into memory while a statement runs: appended to, then read at any position, and gone
     * when it is closed, when its store is closed, or when the process dies. Nothing of it is durable.
     *
     * <p>Errors: {@link KvIoException} when the disk refuses, a full one included; the file is then good for closing only.
     * {@link StoreClosedException} once the store is closed. Thread safety: none; one thread at a time.
     */
    interface ScratchFile extends AutoCloseable {
        /** Appends bytes. */
        void append(byte[] bytes, int offset, int length);

        /**
         * Reads {@code length} bytes from {@code position} on, all of which were appended before.
         *
         * @throws IllegalArgumentException when they were not
         */
        void read(long position, byte[] into, int offset, int length);

        /** Bytes appended so far. */
        long size();

        /** Deletes the file; harmless when repeated. */
        @Override
        void close();
    }

    /**
     * A commit whose entries go past the log, into tables, so that it may be larger than memory: collected in key order,
     * and invisible until {@link #commit}, which is as atomic, and at least as durable, as any other.
     *
     * <p>Not thread-safe. Errors while it is filled leave it good for closing only.
     */
    interface LargeCommit extends AutoCloseable {
        /**
         * Sets the value of a key; parts of arrays, which are copied.
         *
         * @throws IllegalArgumentException when the key is not greater than the one before, or something is too large
         */
        void put(byte[] keys, int keyOffset, int keyLength, byte[] values, int valueOffset, int valueLength);

        /** Deletes a key; otherwise as {@link #put}. */
        void delete(byte[] keys, int keyOffset, int keyLength);

        /**
         * Commits, as {@link Store#commit} does, and synced whatever the durability asked for.
         *
         * @param request identity and conditions, and as writes nothing but deletes of ranges: they come before the entries
         */
        long commit(CommitRequest request);

        /** Discards what was not committed; harmless when repeated. */
        @Override
        void close();
    }

    /** What this store can do and how large things may be. */
    Capabilities capabilities();

    /** The newest committed state. The caller closes it. */
    Snapshot snapshot();

    /**
     * The state as of an earlier version.
     *
     * @throws IllegalArgumentException when {@code version} is in the future or may have been reclaimed
     */
    Snapshot snapshotAt(long version);

    /**
     * Applies the writes atomically, if the conditions hold; returns the version that sees them.
     *
     * @throws ConflictException when a condition does not hold; nothing was applied
     * @throws UnknownOutcomeException when it is not known whether it was applied
     * @throws CorruptionException when damage lies where a condition had to be checked; nothing was applied
     * @throws KvIoException when the disk refused, a full one say; nothing was applied
     * @throws StoreReadOnlyException when the store takes no writes; nothing was applied
     * @throws StoreClosedException when it was closed before; nothing was applied
     * @throws IllegalArgumentException when a key, value or the whole is larger than {@link #capabilities()} allow
     */
    long commit(CommitRequest request);

    /** Starts a commit of any size; the caller closes it. */
    LargeCommit largeCommit();

    /** What became of the commit with that identity. */
    CommitStatus status(UUID commitId);

    /** Up to {@code wanted - 1} ascending keys inside {@code range} that cut it into parts of similar size; a hint. */
    List<byte[]> splits(KeyRange range, int wanted);

    /** About how many bytes the entries of {@code range} take in the store; a hint. */
    long approximateBytes(KeyRange range);

    /** Starts a bulk load into {@code range}, which must hold no entries. */
    BulkLoad bulkLoad(KeyRange range);

    /** Deletes every entry of {@code range}, durably, at a cost that does not grow with their number. */
    void deleteRange(KeyRange range);

    /**
     * Copies the newest committed state to {@code target} while reads and writes go on; the copy opens as a store.
     *
     * @param target a location of the same provider that does not exist yet
     */
    void checkpoint(String target);

    /**
     * A new, empty file for what does not fit into memory meanwhile; the caller closes it.
     *
     * @throws KvIoException when the disk refuses
     */
    ScratchFile scratchFile();

    /** What the store measures about itself, now. */
    StoreMetrics metrics();

    /** Flushes what the durability of past commits demands and lets go of everything; harmless when repeated. */
    @Override
    void close();
}
