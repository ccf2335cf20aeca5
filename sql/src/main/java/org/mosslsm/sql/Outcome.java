// What a statement brought about.
package org.mosslsm.sql;

import java.util.List;
import java.util.Optional;

/**
 * What came of an executed statement.
 *
 * @param rows the rows, where the statement delivers rows; the caller closes them
 * @param updateCount rows inserted, updated or deleted; 0 for other statements; -1 where there are rows only
 * @param generatedKeys values of identity columns (else of the primary key) of the rows an INSERT wrote, where there
 *     are any; columns as {@link PreparedSql#generatedKeyColumns()}
 * @param notices remarks for the user, e.g. that a table to be dropped does not exist
 */
public record Outcome(
        Optional<RowCursor> rows, long updateCount, Optional<RowCursor> generatedKeys, List<String> notices) {
    /** Freezes the list. */
    public Outcome {
        notices = List.copyOf(notices);
    }

    /** Nothing but having been done. */
    public static Outcome done() {
        return count(0);
    }

    /** A number of rows changed. */
    public static Outcome count(long updateCount) {
        return new Outcome(Optional.empty(), updateCount, Optional.empty(), List.of());
    }

    /** Rows. */
    public static Outcome rows(RowCursor rows) {
        return new Outcome(Optional.of(rows), -1, Optional.empty(), List.of());
    }
}
