package org.mosslsm.sql.expr;

/**
 * Runs the subqueries of one execution. For equal slot values a subquery gives equal answers within an execution, so
 * they may be remembered; but for one that reads slots and has something volatile in it, which is run for each question, or,
 * where it reads nothing of the row at hand but only what subqueries further out read, once for each run of these.
 * The slot at {@code i} gets {@code values[i]} while the subquery runs.
 */
public interface SubplanRunner {
    /**
     * The single value of a subquery of one column; null where it has no row.
     *
     * @throws org.mosslsm.sql.error.SqlException 21000 when it has more than one row
     */
    Object scalar(Subplan plan, OuterSlots slots, Object[] values);

    /**
     * The value at {@code item} of the single row of a subquery; null where it has no row.
     *
     * @throws org.mosslsm.sql.error.SqlException 21000 when it has more than one row
     */
    Object item(Subquery.Item item, Subplan plan, OuterSlots slots, Object[] values);

    /** Whether the subquery has a row. */
    boolean exists(Subplan plan, OuterSlots slots, Object[] values);

    /** {@code (left...) IN (subquery)}; the subquery's columns have the types of {@code left}. */
    Truth in(Object[] left, Subplan plan, OuterSlots slots, Object[] values);

    /** {@code left op ANY (subquery)}, or ALL; the subquery's column has the type of {@code left}. */
    Truth quantified(CompareOp op, boolean all, Object left, Subplan plan, OuterSlots slots, Object[] values);
}
