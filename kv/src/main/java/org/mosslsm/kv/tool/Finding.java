package org.mosslsm.kv.tool;

import org.mosslsm.kv.CorruptionException;

/**
 * Something wrong in a store.
 *
 * @param file name of the file
 * @param offset byte offset within it, or -1 where the file as a whole is meant
 * @param what what was expected and what was found
 */
public record Finding(String file, long offset, String what) {
    static Finding of(CorruptionException e) {
        return new Finding(e.file(), e.offset(), e.getMessage());
    }

    /** That the logs do not go as far as when the store was closed; {@code file} is the log that ends too early. */
    static Finding notClosedSo(String file, long closedSequence, long found) {
        return new Finding(
                file,
                -1,
                "the store was closed with all commits up to " + closedSequence + ", but tables and logs end at "
                        + found);
    }

    @Override
    public String toString() {
        return what.startsWith(file) ? what : file + (offset < 0 ? "" : " at offset " + offset) + ": " + what;
    }
}
