// One key of ORDER BY.
package org.mosslsm.sql.ast;

/** One key of ORDER BY; an integer literal is an output column's ordinal. */
public record SortItem(Expression key, boolean descending, NullOrder nulls, Position position) implements Node {
    /** Where NULLs stand. */
    public enum NullOrder {
        /** Last ascending, first descending. */
        DEFAULT,
        FIRST,
        LAST
    }
}
