package org.mosslsm.sql.expr;

/** The three values of a predicate. */
public enum Truth {
    /** Known to be false. */
    FALSE,
    /** Known to be true: the only one that lets a row pass a filter. */
    TRUE,
    /** Not known, because of a NULL. */
    UNKNOWN;

    /** The truth of a known answer. */
    public static Truth of(boolean b) {
        return b ? TRUE : FALSE;
    }

    /** The truth of a BOOLEAN value, where NULL is unknown. */
    public static Truth ofValue(Object value) {
        return value == null ? UNKNOWN : of((Boolean) value);
    }

    /** The BOOLEAN value, where unknown is NULL. */
    public Object value() {
        return this == UNKNOWN ? null : (Object) (this == TRUE);
    }

    /** NOT. */
    public Truth not() {
        return this == UNKNOWN ? UNKNOWN : of(this == FALSE);
    }

    /** AND. */
    public Truth and(Truth other) {
        if (this == FALSE || other == FALSE) {
            return FALSE;
        }
        return this == TRUE && other == TRUE ? TRUE : UNKNOWN;
    }

    /** OR. */
    public Truth or(Truth other) {
        if (this == TRUE || other == TRUE) {
            return TRUE;
        }
        return this == FALSE && other == FALSE ? FALSE : UNKNOWN;
    }
}
