package org.mosslsm.it.slt;

import java.util.List;

/** One record of a sqllogictest file. {@code line} is where it starts, from 1. */
sealed interface SltRecord {
    /** Where the record starts in its file. */
    int line();

    /** A statement. */
    record Statement(int line, boolean mustWork, String sql) implements SltRecord {}

    /**
     * A query.
     *
     * @param types one letter a column: I integer, R real, T text
     * @param label queries of one label must have one result; empty for none
     * @param expected values one a line, or one line {@code N values hashing to ...}
     */
    record Query(int line, String types, SltSort sort, String label, String sql, List<String> expected)
            implements SltRecord {
        public Query {
            expected = List.copyOf(expected);
        }
    }

    /** The end of the file, early. */
    record Halt(int line) implements SltRecord {}

    /** A record that is not for this engine. */
    record Skipped(int line) implements SltRecord {}
}
