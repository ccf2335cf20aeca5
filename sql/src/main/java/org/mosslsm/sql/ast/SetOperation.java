// UNION, INTERSECT, EXCEPT.
package org.mosslsm.sql.ast;

/** Two bodies combined; {@code all} keeps duplicates. INTERSECT binds tighter than the other two. */
public record SetOperation(Kind kind, boolean all, QueryBody left, QueryBody right, Position position)
        implements QueryBody {
    /** Which rows the result has. */
    public enum Kind {
        UNION,
        INTERSECT,
        EXCEPT
    }
}
