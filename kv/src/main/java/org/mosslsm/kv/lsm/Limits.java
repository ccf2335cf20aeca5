package org.mosslsm.kv.lsm;

import org.mosslsm.kv.Capabilities;
import org.mosslsm.kv.WriteBatch;

/** How large things may be, and the check of it. */
final class Limits {
    /** A key stands whole at every restart of a block, in index and manifest: beyond this it would swamp them. */
    static final int MAX_KEY_BYTES = (1 << 16) - 1;

    /** A value is held in memory whole, several times on its way: larger ones belong in pieces. */
    static final int MAX_VALUE_BYTES = 256 << 20;

    /** A commit is one record of the log and goes into one memtable, whose arena ends at 2 GB. */
    static final long MAX_COMMIT_BYTES = 512 << 20;

    private Limits() {}

    static Capabilities capabilities() {
        return new Capabilities(MAX_KEY_BYTES, MAX_VALUE_BYTES, MAX_COMMIT_BYTES, true, false);
    }

    /**
     * Checks the sizes in a batch.
     *
     * @throws IllegalArgumentException naming what is too large
     */
    static void check(WriteBatch writes) {
        if (writes.byteSize() <= MAX_KEY_BYTES) {
            return; // nothing in it can be too large
        }
        if (writes.byteSize() > MAX_COMMIT_BYTES) {
            throw tooLarge("a commit", writes.byteSize(), MAX_COMMIT_BYTES);
        }
        writes.forEach(new WriteBatch.Visitor() {
            @Override
            public void put(byte[] array, int keyOffset, int keyLength, int valueOffset, int valueLength) {
                checkKey(keyLength);
                if (valueLength > MAX_VALUE_BYTES) {
                    throw tooLarge("a value", valueLength, MAX_VALUE_BYTES);
                }
            }

            @Override
            public void delete(byte[] array, int keyOffset, int keyLength) {
                checkKey(keyLength);
            }

            @Override
            public void deleteRange(byte[] array, int loOffset, int loLength, int hiOffset, int hiLength) {
                checkKey(loLength);
                checkKey(hiLength - 1); // the end of a range may be the successor of the largest key
            }
        });
    }

    /** Checks one entry; as {@link #check(WriteBatch)}. */
    static void check(byte[] key, byte[] value) {
        check(key.length, value.length);
    }

    /** Checks the lengths of an entry; as {@link #check(WriteBatch)}. */
    static void check(int keyLength, int valueLength) {
        checkKey(keyLength);
        if (valueLength > MAX_VALUE_BYTES) {
            throw tooLarge("a value", valueLength, MAX_VALUE_BYTES);
        }
    }

    private static void checkKey(int length) {
        if (length > MAX_KEY_BYTES) {
            throw tooLarge("a key", length, MAX_KEY_BYTES);
        }
    }

    private static IllegalArgumentException tooLarge(String what, long bytes, long limit) {
        return new IllegalArgumentException(what + " of " + bytes + " bytes; at most " + limit + " are possible");
    }
}
