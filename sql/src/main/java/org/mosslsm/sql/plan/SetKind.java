// Which rows a set operation has.
package org.mosslsm.sql.plan;

/** Which rows a set operation has; NULLs count as equal. */
public enum SetKind {
    /** Rows of either side. */
    UNION,
    /** Rows of both sides. */
    INTERSECT,
    /** Rows of the left side that the right does not have. */
    EXCEPT
}
