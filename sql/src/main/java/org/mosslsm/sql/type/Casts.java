package org.mosslsm.sql.type;

import java.math.BigDecimal;
import java.time.ZoneId;
import java.util.Arrays;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;
import org.mosslsm.sql.type.SqlType.Family;
import org.mosslsm.sql.type.SqlType.Kind;

/** Converts values from type to type. Which casts exist at all, {@link Coercion} tells. */
public final class Casts {
    private Casts() {}

    /** Converts one value; null stays null. For many values take {@link #conversion}. */
    public static Object cast(Object value, SqlType from, SqlType to, CastMode mode, ZoneId zone) {
        return value == null || from.equals(to)
                ? value
                : conversion(from, to, mode).apply(value, zone);
    }

    /**
     * Whether every value of {@code from} is the same object in {@code to}, so that the cast needs no work.
     */
    public static boolean isFree(SqlType from, SqlType to) {
        if (from.equals(to)) {
            return true;
        }
        if (from.kind() == to.kind()) {
            return switch (from.kind()) {
                case DECIMAL -> to.precision() == 0;
                case CHAR, VARCHAR, VARBINARY ->
                    to.length() == 0 || (from.length() > 0 && from.length() <= to.length());
                case TIME, TIMESTAMP, TIMESTAMPTZ -> from.precision() <= to.precision();
                default -> from.length() == to.length();
            };
        }
        return switch (to.kind()) {
            case INTEGER -> from.kind() == Kind.SMALLINT;
            case BIGINT -> from.family() == Family.INTEGER;
            case DOUBLE -> from.kind() == Kind.REAL;
            case TEXT -> from.isCharacter();
            case VARCHAR -> from.isCharacter() && to.length() == 0;
            case BLOB -> from.family() == Family.BINARY;
            case VARBINARY -> from.family() == Family.BINARY && to.length() == 0;
            default -> false;
        };
    }

    /**
     * The cast from {@code from} to {@code to}.
     *
     * @throws SqlException 42846 when there is none
     */
    public static Conversion conversion(SqlType from, SqlType to, CastMode mode) {
        if (isFree(from, to)) {
            return (v, zone) -> v;
        }
        if (!Coercion.castable(from, to)) {
            throw new SqlException(SqlState.CANNOT_COERCE, "cannot cast type " + from + " to " + to);
        }
        if (to.isCharacter()) {
            return from.isCharacter()
                    ? (v, zone) -> fitText((String) v, to, mode)
                    : (v, zone) -> fitText(ValueText.format(v, from, zone), to, mode);
        }
        if (from.isCharacter() || from.isUnknown()) {
            return to.family() == Family.BINARY && mode == CastMode.EXPLICIT
                    ? (v, zone) -> fitBytes((byte[]) ValueText.parse((String) v, SqlType.BLOB, zone), to, mode)
                    : (v, zone) -> ValueText.parse((String) v, to, zone);
        }
        return switch (from.family()) {
            case INTEGER -> fromLong(to);
            case DECIMAL -> fromDecimal(to);
            case APPROXIMATE -> fromDouble(from, to);
            case BOOLEAN -> (v, zone) -> (Boolean) v ? 1L : 0L;
            case BINARY -> (v, zone) -> fitBytes((byte[]) v, to, mode);
            case DATE -> fromDate(to);
            case TIMESTAMP -> from.kind() == Kind.TIMESTAMP ? fromTimestamp(to) : fromInstant(to);
            case TIME -> (v, zone) -> DateTimes.round((Long) v, to);
            default -> (v, zone) -> v;
        };
    }

    private static Conversion fromLong(SqlType to) {
        return switch (to.family()) {
            case INTEGER -> (v, zone) -> Numbers.checkRange((Long) v, to);
            case DECIMAL -> (v, zone) -> Numbers.fit(BigDecimal.valueOf((Long) v), to);
            case BOOLEAN -> (v, zone) -> (Long) v != 0;
            default ->
                to.kind() == Kind.REAL
                        ? (v, zone) -> (double) (float) (long) (Long) v
                        : (v, zone) -> (double) (long) (Long) v;
        };
    }

    private static Conversion fromDecimal(SqlType to) {
        return switch (to.family()) {
            case INTEGER -> (v, zone) -> Numbers.checkRange(Numbers.toLong((BigDecimal) v), to);
            case DECIMAL -> (v, zone) -> Numbers.fit((BigDecimal) v, to);
            default ->
                to.kind() == Kind.REAL
                        ? (v, zone) -> Numbers.toReal(Numbers.toDouble((BigDecimal) v))
                        : (v, zone) -> Numbers.toDouble((BigDecimal) v);
        };
    }

    private static Conversion fromDouble(SqlType from, SqlType to) {
        return switch (to.family()) {
            case INTEGER -> (v, zone) -> Numbers.checkRange(Numbers.toLong((Double) v), to);
            case DECIMAL -> (v, zone) -> Numbers.fit(Numbers.toDecimal((Double) v, from), to);
            default -> (v, zone) -> Numbers.toReal((Double) v);
        };
    }

    private static Conversion fromDate(SqlType to) {
        return to.kind() == Kind.TIMESTAMPTZ
                ? (v, zone) -> DateTimes.toInstant(DateTimes.dayStart((Long) v), zone)
                : (v, zone) -> DateTimes.dayStart((Long) v);
    }

    private static Conversion fromTimestamp(SqlType to) {
        return switch (to.kind()) {
            case DATE -> (v, zone) -> DateTimes.dayOf((Long) v);
            case TIME -> (v, zone) -> DateTimes.round(DateTimes.timeOf((Long) v), to);
            case TIMESTAMPTZ -> (v, zone) -> DateTimes.round(DateTimes.toInstant((Long) v, zone), to);
            default -> (v, zone) -> DateTimes.round((Long) v, to);
        };
    }

    private static Conversion fromInstant(SqlType to) {
        return switch (to.kind()) {
            case DATE -> (v, zone) -> DateTimes.dayOf(DateTimes.toLocal((Long) v, zone));
            case TIME -> (v, zone) -> DateTimes.round(DateTimes.timeOf(DateTimes.toLocal((Long) v, zone)), to);
            case TIMESTAMP -> (v, zone) -> DateTimes.round(DateTimes.toLocal((Long) v, zone), to);
            default -> (v, zone) -> DateTimes.round((Long) v, to);
        };
    }

    /** The string as a value of a string type: trimmed for CHAR, cut or refused where too long. */
    static String fitText(String s, SqlType to, CastMode mode) {
        String value = to.kind() == Kind.CHAR ? trimEnd(s) : s;
        int length = to.length();
        if (length == 0 || value.length() <= length || value.codePointCount(0, value.length()) <= length) {
            return value;
        }
        int cut = value.offsetByCodePoints(0, length);
        if (mode == CastMode.ASSIGNMENT && !trimEnd(value.substring(cut)).isEmpty()) {
            throw new SqlException(
                    SqlState.STRING_TOO_LONG,
                    "value of " + value.codePointCount(0, value.length()) + " characters is too long for type " + to);
        }
        String head = value.substring(0, cut);
        return to.kind() == Kind.CHAR ? trimEnd(head) : head;
    }

    /** The bytes as a value of a byte string type: zero-padded for BINARY, cut or refused where too long. */
    static byte[] fitBytes(byte[] b, SqlType to, CastMode mode) {
        int length = to.length();
        if (length == 0 || b.length == length || (b.length < length && to.kind() != Kind.BINARY)) {
            return b;
        }
        if (b.length > length && mode == CastMode.ASSIGNMENT) {
            throw new SqlException(
                    SqlState.STRING_TOO_LONG, "value of " + b.length + " bytes is too long for type " + to);
        }
        return Arrays.copyOf(b, length);
    }

    private static String trimEnd(String s) {
        int end = s.length();
        while (end > 0 && s.charAt(end - 1) == ' ') {
            end--;
        }
        return s.substring(0, end);
    }
}
