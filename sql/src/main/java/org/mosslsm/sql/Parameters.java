// Parameter values as a plan wants them.
package org.mosslsm.sql;

import java.math.BigDecimal;
import java.time.ZoneId;
import java.util.List;
import java.util.UUID;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;
import org.mosslsm.sql.type.CastMode;
import org.mosslsm.sql.type.Casts;
import org.mosslsm.sql.type.Interval;
import org.mosslsm.sql.type.Numbers;
import org.mosslsm.sql.type.SqlType;

/** Checks the number of values given, and converts those of another type than the statement's as an assignment would. */
final class Parameters {
    private Parameters() {}

    static Object[] of(List<Object> given, List<SqlType> types, ZoneId zone) {
        Object[] values = new Object[types.size()];
        into(values, given, types, zone);
        return values;
    }

    static void into(Object[] values, List<Object> given, List<SqlType> types, ZoneId zone) {
        if (given.size() != types.size()) {
            throw new SqlException(
                    "07001", "the statement has " + types.size() + " parameters, but " + given.size() + " values came");
        }
        List<Object> fitting = given instanceof TypedParameters typed ? typed.madeFor(types) : given;
        for (int i = 0; i < values.length; i++) {
            values[i] = value(fitting.get(i), types.get(i), zone);
        }
    }

    private static Object value(Object value, SqlType type, ZoneId zone) {
        if (value instanceof BigDecimal d) {
            // One made by a program may be of any size: a text of a few bytes that is a gigabyte written out.
            return decimal(Numbers.checkSize(d), type, zone);
        }
        if (value == null || holds(type, value)) {
            return value;
        }
        return Casts.cast(value, natural(value), type, CastMode.ASSIGNMENT, zone);
    }

    private static Object decimal(BigDecimal value, SqlType type, ZoneId zone) {
        return type.family() == SqlType.Family.DECIMAL
                ? value
                : Casts.cast(value, SqlType.DECIMAL, type, CastMode.ASSIGNMENT, zone);
    }

    /** Whether values of the type are of the value's class, so that no question of conversion arises. */
    private static boolean holds(SqlType type, Object value) {
        return switch (type.family()) {
            case BOOLEAN -> value instanceof Boolean;
            case INTEGER, DATE, TIME, TIMESTAMP -> value instanceof Long;
            case DECIMAL -> value instanceof BigDecimal;
            case APPROXIMATE -> value instanceof Double;
            case CHARACTER, UNKNOWN -> value instanceof String;
            case BINARY -> value instanceof byte[];
            case UUID -> value instanceof UUID;
            case INTERVAL -> value instanceof Interval;
        };
    }

    private static SqlType natural(Object value) {
        if (value instanceof Long) {
            return SqlType.BIGINT;
        }
        if (value instanceof Double) {
            return SqlType.DOUBLE;
        }
        if (value instanceof BigDecimal) {
            return SqlType.DECIMAL;
        }
        if (value instanceof Boolean) {
            return SqlType.BOOLEAN;
        }
        if (value instanceof String) {
            return SqlType.UNKNOWN;
        }
        if (value instanceof byte[]) {
            return SqlType.BLOB;
        }
        if (value instanceof UUID) {
            return SqlType.UUID;
        }
        throw new SqlException(
                SqlState.INVALID_PARAMETER_VALUE,
                "a parameter value of class " + value.getClass().getName());
    }
}
