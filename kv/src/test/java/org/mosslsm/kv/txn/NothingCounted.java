package org.mosslsm.kv.txn;

import org.mosslsm.kv.KeyRange;

/** As {@link CountedParts#NONE}, for tests that give a part of it a meaning. Thread-safe. */
class NothingCounted implements CountedParts {
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
}
