package org.mosslsm.kv.lsm.entry;

/** The range tombstones of one source of entries, a memtable or a table. Safe for use by any number of threads. */
public interface TombstoneSource {
    /** Whether there is no tombstone at all. */
    boolean isEmpty();

    /**
     * Puts into {@code into} what a reader at {@code snapshot} meets at the key: the newest visible tombstone over it, and
     * the span of keys around it for which that is the answer. Costs a binary search, and allocates nothing.
     */
    void locate(byte[] key, int offset, int length, long snapshot, TombstoneSpan into);

    /** Whether a tombstone that meets {@code [lo, hi)} has a sequence number above {@code seq}; a null hi has no end. */
    boolean anyNewer(byte[] lo, byte[] hi, long seq);
}
