package org.mosslsm.kv.txn;

/** A position in writes ordered by key: on an entry, or nowhere. Thread safety: one thread at a time. */
interface WriteCursor {
    boolean valid();

    /** Not to be changed. */
    byte[] key();

    /** Not to be changed; {@link WriteSet#DELETED} for a deleted key. */
    byte[] value();

    /** Moves nowhere. */
    void leave();

    /** Moves to the first entry. */
    void first();

    /** Moves to the last entry. */
    void last();

    /** Moves to the first entry whose key is {@code >= key}. */
    void ceiling(byte[] key);

    /** Moves to the last entry whose key is {@code < key}. */
    void lower(byte[] key);

    /** Moves to the following entry. */
    void next();

    /** Moves to the preceding entry. */
    void prev();
}
