package org.mosslsm.kv.txn;

import org.mosslsm.kv.KeyRange;

/**
 * Parts of the keyspace whose entries are counted as they come and go: the layer above says where they lie. Parts do not
 * overlap and never move. Thread-safe.
 */
public interface CountedParts {
    /** No part at all. */
    long NO_PART = -1;

    /** More than one part, or it is not known which. */
    long SEVERAL = -2;

    /** Nothing is counted. */
    CountedParts NONE = new CountedParts() {
        @Override
        public long partOf(byte[] key) {
            return NO_PART;
        }

        @Override
        public long partOf(KeyRange range) {
            return NO_PART;
        }

        @Override
        public KeyRange range(long part) {
            throw new IllegalArgumentException("there is no part " + part);
        }
    };

    /** Number of the part that the key lies in, not negative, or {@link #NO_PART}. */
    long partOf(byte[] key);

    /** The one part that {@code range} lies in, {@link #NO_PART} where it touches none, else {@link #SEVERAL}. */
    long partOf(KeyRange range);

    /** Where the part lies. */
    KeyRange range(long part);

    /** The keys that many locks like that of {@code key} may be escalated to; null for none. */
    default KeyRange lockedTogether(byte[] key) {
        return null;
    }
}
