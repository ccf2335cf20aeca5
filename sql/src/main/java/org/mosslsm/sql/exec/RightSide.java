package org.mosslsm.sql.exec;

import java.util.BitSet;
import org.mosslsm.sql.expr.Row;

/** Walks over the right rows of a RIGHT or FULL join that found no match, after the left rows. Not thread-safe. */
final class RightSide {
    private final BitSet matched = new BitSet();
    private int next;

    void matched(int row) {
        matched.set(row);
    }

    /** The next row without a match, beside a left side of NULLs; null when there is none. */
    Row nextUnmatched(java.util.function.IntFunction<Row> rows, int count, JoinedRow pair) {
        next = matched.nextClearBit(next);
        if (next >= count) {
            return null;
        }
        pair.clearLeft();
        pair.setRight(rows.apply(next++));
        return pair.pair();
    }
}
