// Which rows a join has.
package org.mosslsm.sql.plan;

/** Which rows a join has. A pair of rows matches when the condition is true; unknown is no match. */
public enum JoinKind {
    /** Matching pairs. */
    INNER,
    /** Matching pairs, and each left row without a match once, with NULLs for the right. */
    LEFT,
    /** Matching pairs, and each right row without a match once, with NULLs for the left. */
    RIGHT,
    /** Matching pairs, and rows of both sides without a match. */
    FULL,
    /** Left rows, alone, that have a match. */
    SEMI,
    /** Left rows, alone, that have no match. */
    ANTI,
    /**
     * Left rows, alone, for which the condition is false of every right row: unknown counts as a match. This is NOT IN,
     * which keeps all rows when there is none on the right, and none when the right has a NULL.
     */
    NOT_IN;

    /** Whether the join's row is the left row alone. */
    public boolean leftOnly() {
        return this == SEMI || isAnti();
    }

    /** Whether left rows come alone, and because they have no match. */
    public boolean isAnti() {
        return this == ANTI || this == NOT_IN;
    }

    /** Whether left rows may come without a match, so that right columns may be NULL. */
    public boolean keepsLeft() {
        return this == LEFT || this == FULL;
    }

    /** Whether right rows may come without a match, so that left columns may be NULL. */
    public boolean keepsRight() {
        return this == RIGHT || this == FULL;
    }
}
