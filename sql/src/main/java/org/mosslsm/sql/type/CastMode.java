package org.mosslsm.sql.type;

/** How strict a cast is where a value does not fit its new type. */
public enum CastMode {
    /** {@code CAST(x AS t)}: a string that is too long is cut, as the standard asks. */
    EXPLICIT,
    /** Storing into a column: a string that is too long is an error (22001), unless only blanks would be lost. */
    ASSIGNMENT
}
