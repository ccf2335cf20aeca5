package org.mosslsm.kv.memory;

import java.util.Arrays;

/** A key as of one sequence number. Order: key bytes ascending, then newest first. Immutable. */
final class VersionedKey implements Comparable<VersionedKey> {
    /** A sequence number before all real ones in the order: the position just before a key's newest version. */
    static final long NEWEST = Long.MAX_VALUE;

    /** A sequence number after all real ones in the order: the position just after a key's oldest version. */
    static final long PAST_OLDEST = -1;

    final byte[] key;
    final long sequence;

    VersionedKey(byte[] key, long sequence) {
        this.key = key;
        this.sequence = sequence;
    }

    boolean sameKey(VersionedKey other) {
        return Arrays.equals(key, other.key);
    }

    @Override
    public int compareTo(VersionedKey other) {
        int byKey = Arrays.compareUnsigned(key, other.key);
        return byKey != 0 ? byKey : Long.compare(other.sequence, sequence);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof VersionedKey that && sequence == that.sequence && Arrays.equals(key, that.key);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(key) + Long.hashCode(sequence);
    }
}
