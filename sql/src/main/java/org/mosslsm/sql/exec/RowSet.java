package org.mosslsm.sql.exec;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.mosslsm.sql.expr.Row;
import org.mosslsm.sql.expr.Truth;
import org.mosslsm.sql.type.SqlType;
import org.mosslsm.sql.type.ValueKeys;

/** The rows of a subquery that IN looks into, hashed; those with a NULL aside, because they may equal anything. */
final class RowSet {
    private final List<SqlType> types;
    private final Set<Object> keys = new HashSet<>();
    private final List<Object[]> withNull = new ArrayList<>();
    private final Set<Object> withNullKeys = new HashSet<>();
    private boolean empty = true;

    RowSet(List<SqlType> types) {
        this.types = types;
    }

    void add(Row row) {
        empty = false;
        Object[] parts = new Object[types.size()];
        boolean hasNull = false;
        for (int i = 0; i < parts.length; i++) {
            parts[i] = ValueKeys.key(row.get(i), types.get(i));
            hasNull |= parts[i] == null;
        }
        if (!hasNull) {
            keys.add(GroupKey.of(parts));
        } else if (withNullKeys.add(GroupKey.of(parts))) {
            withNull.add(parts);
        }
    }

    /** Whether {@code (left...)} is among the rows. */
    Truth contains(Object[] left) {
        if (empty) {
            return Truth.FALSE;
        }
        Object[] parts = new Object[left.length];
        boolean hasNull = false;
        for (int i = 0; i < left.length; i++) {
            parts[i] = ValueKeys.key(left[i], types.get(i));
            hasNull |= parts[i] == null;
        }
        if (!hasNull && keys.contains(GroupKey.of(parts))) {
            return Truth.TRUE;
        }
        if (left.length == 1) {
            return hasNull || !withNull.isEmpty() ? Truth.UNKNOWN : Truth.FALSE;
        }
        return hasNull ? searchAll(parts) : searchNulls(parts);
    }

    private Truth searchNulls(Object[] parts) {
        for (Object[] row : withNull) {
            if (mayEqual(row, parts)) {
                return Truth.UNKNOWN;
            }
        }
        return Truth.FALSE;
    }

    private Truth searchAll(Object[] parts) {
        for (Object key : keys) {
            if (mayEqual(((GroupKey) key).parts(), parts)) {
                return Truth.UNKNOWN;
            }
        }
        return searchNulls(parts);
    }

    private static boolean mayEqual(Object[] a, Object[] b) {
        for (int i = 0; i < a.length; i++) {
            if (a[i] != null && b[i] != null && !a[i].equals(b[i])) {
                return false;
            }
        }
        return true;
    }
}
