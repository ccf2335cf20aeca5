// Values of one table as keys of another.
package org.mosslsm.sql.exec.dml;

import java.math.BigDecimal;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.mosslsm.sql.catalog.Table;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.expr.Row;
import org.mosslsm.sql.type.CastMode;
import org.mosslsm.sql.type.Casts;
import org.mosslsm.sql.type.SqlType;
import org.mosslsm.sql.type.ValueOrder;

/**
 * Turns column values of one table into the types of another's columns, where they can be equal at all: INTEGER 7 is
 * BIGINT 7 and DECIMAL 7.0, but DECIMAL 7.5 is no INTEGER. Immutable.
 */
final class KeyConversion {
    private final SqlType[] from;
    private final SqlType[] to;
    private final boolean[] free;

    private KeyConversion(SqlType[] from, SqlType[] to) {
        this.from = from;
        this.to = to;
        this.free = new boolean[from.length];
        for (int i = 0; i < from.length; i++) {
            free[i] = from[i].equals(to[i]);
        }
    }

    static KeyConversion between(Table a, List<Integer> fromColumns, Table b, List<Integer> toColumns) {
        return new KeyConversion(types(a, fromColumns), types(b, toColumns));
    }

    private static SqlType[] types(Table table, List<Integer> columnIds) {
        return columnIds.stream().map(c -> table.column(c).type()).toArray(SqlType[]::new);
    }

    /** The values of the columns at {@code ordinals}, none NULL, as the other types; empty where one has no equal. */
    Optional<Object[]> convert(Row row, int[] ordinals) {
        Object[] values = new Object[ordinals.length];
        for (int i = 0; i < values.length; i++) {
            Object value = row.get(ordinals[i]);
            values[i] = free[i] ? value : convert(value, i);
            if (values[i] == null) {
                return Optional.empty();
            }
        }
        return Optional.of(values);
    }

    /** One value, as an assignment converts it; null stays null. */
    Object assign(Object value, int i) {
        return value == null || free[i]
                ? value
                : Casts.cast(value, from[i], to[i], CastMode.ASSIGNMENT, ZoneOffset.UTC);
    }

    private Object convert(Object value, int i) {
        try {
            Object there = Casts.cast(value, from[i], to[i], CastMode.ASSIGNMENT, ZoneOffset.UTC);
            return equal(value, there, i) ? there : null;
        } catch (SqlException e) {
            return null; // out of range, too long: no row of the other table has it
        }
    }

    private boolean equal(Object a, Object b, int i) {
        if (a.getClass() == b.getClass()) {
            return ValueOrder.of(to[i]).compare(a, b) == 0;
        }
        return a instanceof Number x && b instanceof Number y && decimal(x).compareTo(decimal(y)) == 0;
    }

    private static BigDecimal decimal(Number n) {
        return n instanceof BigDecimal d ? d : new BigDecimal(n.toString());
    }
}
