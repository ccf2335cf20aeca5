package org.mosslsm.kv.txn;

import org.mosslsm.kv.KeyRange;

/** No parts at all. Thread-safe. */
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
