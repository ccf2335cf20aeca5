package org.mosslsm.sql.expr;

/**
 * A row as the operators pass it on: columns by position, values as package {@code type} tells. It has exactly two
 * implementations, {@link ValueRow} and the lazily decoding view of an encoded row, so that calls in the operators'
 * loops stay cheap. A row handed out by an operator stays valid until the operator's next move; who keeps it calls
 * {@link #copy}.
 */
public abstract class Row {
    /** Number of columns. */
    public abstract int size();

    /** Whether column {@code i} is NULL. */
    public abstract boolean isNull(int i);

    /** Value of a column whose type holds a {@code Long}; only where not NULL. */
    public abstract long getLong(int i);

    /** Value of a column whose type holds a {@code Double}; only where not NULL. */
    public abstract double getDouble(int i);

    /** Value of column {@code i}; null where NULL. */
    public abstract Object get(int i);

    /** A row with the same values that stays valid for ever. */
    public ValueRow copy() {
        return new ValueRow(toArray());
    }

    /** The values, in an array of the caller's own. */
    public Object[] toArray() {
        Object[] values = new Object[size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = get(i);
        }
        return values;
    }
}
