package org.mosslsm.sql.expr;

import java.util.Arrays;

/** A row of decoded values. The array is not copied: who made the row must not change it any more. */
public final class ValueRow extends Row {
    /** The row without columns. */
    public static final ValueRow EMPTY = new ValueRow();

    private final Object[] values;

    /** Wraps the values. */
    public ValueRow(Object... values) {
        this.values = values;
    }

    @Override
    public int size() {
        return values.length;
    }

    @Override
    public boolean isNull(int i) {
        return values[i] == null;
    }

    @Override
    public long getLong(int i) {
        return (Long) values[i];
    }

    @Override
    public double getDouble(int i) {
        return (Double) values[i];
    }

    @Override
    public Object get(int i) {
        return values[i];
    }

    @Override
    public ValueRow copy() {
        return this;
    }

    @Override
    public Object[] toArray() {
        return values.clone();
    }

    /** The values themselves, not to be changed. */
    public Object[] values() {
        return values;
    }

    @Override
    public String toString() {
        return Arrays.toString(values);
    }
}
