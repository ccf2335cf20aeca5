package org.mosslsm.jdbc;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.Date;
import java.sql.SQLException;
import java.sql.Time;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Calendar;
import java.util.UUID;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;
import org.mosslsm.sql.type.CastMode;
import org.mosslsm.sql.type.Casts;
import org.mosslsm.sql.type.DateTimes;
import org.mosslsm.sql.type.Numbers;
import org.mosslsm.sql.type.SqlType;
import org.mosslsm.sql.type.ValueText;

/**
 * Java values as the engine wants them: first the value of the SQL type the Java class stands for, then a cast to the
 * type the statement gives the parameter, so that a string is taken for a number or a date and the other way round.
 */
final class ParameterValues {
    /** An engine value and the type it is of. */
    private record Typed(Object value, SqlType type) {}

    /**
     * A date or timestamp of {@code java.sql} with the zone of the calendar that came with it: an instant where the target
     * has a zone, else what that calendar shows.
     */
    private record InZone(java.util.Date value, ZoneId zone) {}

    private ParameterValues() {}

    /** Where the session's time zone comes from, which most values do not ask for. */
    @FunctionalInterface
    interface SessionZone {
        ZoneId zone() throws SQLException;
    }

    /**
     * The engine's value of {@code java} for a parameter of type {@code target}. Text, and dates and times without a zone,
     * become an instant (and an instant becomes them) in the session's zone, as in SQL; the older classes of Java, which
     * show their instant in the JVM's zone, in that.
     */
    static Object convert(Object java, SqlType target, SessionZone session) throws SQLException {
        if (java == null) {
            return null;
        }
        Object same = unchanged(java, target);
        if (same != null) {
            return same;
        }
        try {
            Typed typed = typed(java, target);
            ZoneId zone = zone(java, typed.type(), target, session);
            if (typed.value() instanceof String text) {
                return target.isUnknown() || target.isCharacter() ? text : ValueText.parse(text, unsized(target), zone);
            }
            if (target.isUnknown()) {
                return ValueText.format(typed.value(), typed.type(), zone);
            }
            checkWhole(typed.value(), target);
            return Casts.cast(typed.value(), typed.type(), unsized(target), CastMode.EXPLICIT, zone);
        } catch (SqlException e) {
            throw Errors.from(e);
        } catch (ArithmeticException e) {
            throw Errors.of(SqlState.DATETIME_OVERFLOW, "the value " + java + " is out of range", e);
        }
    }

    private static ZoneId zone(Object java, SqlType from, SqlType to, SessionZone session) throws SQLException {
        if (from.kind() != SqlType.Kind.TIMESTAMPTZ && to.kind() != SqlType.Kind.TIMESTAMPTZ) {
            return ZoneOffset.UTC; // nothing asks
        }
        if (java instanceof InZone shown) {
            return shown.zone();
        }
        return java instanceof java.util.Date || java instanceof Calendar ? ZoneId.systemDefault() : session.zone();
    }

    /** The value where it is of the target's own class and needs no look at a length or scale; else null. */
    private static Object unchanged(Object java, SqlType target) {
        switch (target.kind()) {
            case BIGINT, INTEGER, SMALLINT -> {
                if (java instanceof Integer || java instanceof Long) {
                    long v = ((Number) java).longValue();
                    boolean fits = target.kind() == SqlType.Kind.BIGINT
                            || (target.kind() == SqlType.Kind.INTEGER ? v == (int) v : v == (short) v);
                    return !fits ? null : java instanceof Long ? java : (Object) v;
                }
            }
            case CHAR, VARCHAR, TEXT, UNKNOWN -> {
                return java instanceof String ? java : null;
            }
            case DOUBLE -> {
                return java instanceof Double ? java : null;
            }
            case DECIMAL -> {
                return java instanceof BigDecimal ? java : null;
            }
            default -> {
                // the long way
            }
        }
        return null;
    }

    /** A fraction for a whole number is refused: rounded, {@code WHERE id = ?} would find, or delete, another row. */
    private static void checkWhole(Object value, SqlType target) throws SQLException {
        if (target.family() != SqlType.Family.INTEGER) {
            return;
        }
        boolean fraction =
                (value instanceof BigDecimal d && d.stripTrailingZeros().scale() > 0)
                        || (value instanceof Double r && r != Math.rint(r));
        if (fraction) {
            throw Errors.of(
                    SqlState.NUMERIC_OUT_OF_RANGE,
                    "the value " + value + " is no whole number, which the parameter's type " + target + " asks for");
        }
    }

    /** Lengths and scales are the assignment's business, which complains instead of cutting. */
    private static SqlType unsized(SqlType type) {
        return switch (type.kind()) {
            case CHAR, VARCHAR -> SqlType.TEXT;
            case BINARY, VARBINARY -> SqlType.BLOB;
            case DECIMAL -> SqlType.DECIMAL;
            case TIME -> SqlType.TIME;
            case TIMESTAMP -> SqlType.TIMESTAMP;
            case TIMESTAMPTZ -> SqlType.TIMESTAMPTZ;
            default -> type;
        };
    }

    /**
     * What the application gave, as it is now: a copy of what it may change later, and what it streams, read. Of this {@link
     * #convert} may make a value more than once.
     */
    @SuppressWarnings("JavaUtilDate") // what applications give
    static Object frozen(Object java) throws SQLException {
        if (java == null || java instanceof Number || java instanceof String) {
            return java;
        }
        if (java instanceof java.util.Date date) {
            return date.clone();
        }
        if (java instanceof Calendar calendar) {
            return calendar.clone();
        }
        if (java instanceof byte[] bytes) {
            return bytes.clone();
        }
        boolean streams =
                java instanceof Clob || java instanceof Blob || java instanceof InputStream || java instanceof Reader;
        return streams ? stream(java).value() : java;
    }

    private static Typed typed(Object java, SqlType target) throws SQLException {
        if (java instanceof String || java instanceof Character || java instanceof Enum<?>) {
            return new Typed(java.toString(), SqlType.TEXT);
        }
        if (java instanceof Number number) {
            return number(number);
        }
        if (java instanceof Boolean) {
            return new Typed(java, SqlType.BOOLEAN);
        }
        if (java instanceof byte[] bytes) {
            return new Typed(bytes, SqlType.BLOB);
        }
        if (java instanceof UUID) {
            return new Typed(java, SqlType.UUID);
        }
        if (java instanceof java.util.Date date) {
            return sqlDate(date, target);
        }
        if (java instanceof InZone shown) {
            return shown(shown, target);
        }
        if (java instanceof java.time.temporal.Temporal temporal) {
            return temporal(temporal);
        }
        if (java instanceof Calendar calendar) {
            return new Typed(micros(calendar.toInstant()), SqlType.TIMESTAMPTZ);
        }
        return stream(java);
    }

    private static Typed number(Number number) throws SQLException {
        if (number instanceof Integer || number instanceof Long || number instanceof Short || number instanceof Byte) {
            return new Typed(number.longValue(), SqlType.BIGINT);
        }
        if (number instanceof Float real) {
            return new Typed(real.doubleValue(), SqlType.REAL);
        }
        if (number instanceof Double) {
            return new Typed(number, SqlType.DOUBLE);
        }
        if (number instanceof BigInteger integer) {
            return new Typed(Numbers.checkSize(new BigDecimal(integer)), SqlType.DECIMAL);
        }
        if (number instanceof BigDecimal decimal) {
            return new Typed(Numbers.checkSize(decimal), SqlType.DECIMAL);
        }
        throw unknown(number);
    }

    @SuppressWarnings("JavaUtilDate") // what applications give
    private static Typed shown(InZone shown, SqlType target) {
        Instant instant = Instant.ofEpochMilli(shown.value().getTime());
        if (!(shown.value() instanceof Timestamp timestamp)) {
            long day = instant.atZone(shown.zone()).toLocalDate().toEpochDay();
            return new Typed(DateTimes.checkDay(day), SqlType.DATE);
        }
        return target.kind() == SqlType.Kind.TIMESTAMPTZ
                ? new Typed(micros(timestamp.toInstant()), SqlType.TIMESTAMPTZ)
                : new Typed(micros(timestamp.toInstant().atZone(shown.zone()).toLocalDateTime()), SqlType.TIMESTAMP);
    }

    private static Typed sqlDate(java.util.Date date, SqlType target) {
        if (date instanceof Timestamp timestamp && target.kind() == SqlType.Kind.TIMESTAMPTZ) {
            return new Typed(micros(timestamp.toInstant()), SqlType.TIMESTAMPTZ); // its hour may be one of two
        }
        if (date instanceof Timestamp timestamp) {
            return new Typed(micros(timestamp.toLocalDateTime()), SqlType.TIMESTAMP);
        }
        if (date instanceof Date day) {
            return new Typed(DateTimes.checkDay(day.toLocalDate().toEpochDay()), SqlType.DATE);
        }
        if (date instanceof Time time) {
            long micros = time.toLocalTime().toNanoOfDay() / 1000;
            return new Typed(micros + 1000 * Math.floorMod(time.getTime(), 1000L), SqlType.TIME);
        }
        return new Typed(micros(date.toInstant()), SqlType.TIMESTAMPTZ);
    }

    private static Typed temporal(java.time.temporal.Temporal temporal) throws SQLException {
        if (temporal instanceof LocalDate day) {
            return new Typed(DateTimes.checkDay(day.toEpochDay()), SqlType.DATE);
        }
        if (temporal instanceof LocalTime time) {
            return new Typed(time.toNanoOfDay() / 1000, SqlType.TIME);
        }
        if (temporal instanceof LocalDateTime local) {
            return new Typed(micros(local), SqlType.TIMESTAMP);
        }
        if (temporal instanceof OffsetDateTime offset) {
            return new Typed(micros(offset.toInstant()), SqlType.TIMESTAMPTZ);
        }
        if (temporal instanceof ZonedDateTime zoned) {
            return new Typed(micros(zoned.toInstant()), SqlType.TIMESTAMPTZ);
        }
        if (temporal instanceof Instant instant) {
            return new Typed(micros(instant), SqlType.TIMESTAMPTZ);
        }
        if (temporal instanceof java.time.Year year) {
            return new Typed((long) year.getValue(), SqlType.BIGINT);
        }
        throw unknown(temporal);
    }

    private static Typed stream(Object java) throws SQLException {
        try {
            if (java instanceof Clob clob) {
                return new Typed(clob.getSubString(1, Math.toIntExact(clob.length())), SqlType.TEXT);
            }
            if (java instanceof Blob blob) {
                return new Typed(blob.getBytes(1, Math.toIntExact(blob.length())), SqlType.BLOB);
            }
            if (java instanceof InputStream in) {
                return new Typed(in.readAllBytes(), SqlType.BLOB);
            }
            if (java instanceof Reader reader) {
                java.io.StringWriter text = new java.io.StringWriter();
                reader.transferTo(text);
                return new Typed(text.toString(), SqlType.TEXT);
            }
        } catch (IOException e) {
            throw Errors.of(SqlState.IO_ERROR, "cannot read the parameter's stream: " + e.getMessage(), e);
        }
        throw unknown(java);
    }

    private static SQLException unknown(Object java) {
        return Errors.of(
                "22005", "a parameter of class " + java.getClass().getName() + " has no SQL type; convert it first");
    }

    private static long micros(LocalDateTime local) {
        return micros(local.toInstant(ZoneOffset.UTC));
    }

    private static long micros(Instant instant) {
        return DateTimes.checkMicros(ChronoUnit.MICROS.between(Instant.EPOCH, instant));
    }

    // ---- what the setters with a calendar or a length hand over

    /** A date or timestamp as the calendar's zone has it. */
    @SuppressWarnings("JavaUtilDate") // what applications give
    static Object inZone(java.util.Date value, Calendar calendar) {
        return value == null || calendar == null
                ? value
                : new InZone(
                        (java.util.Date) value.clone(), calendar.getTimeZone().toZoneId());
    }

    static Object time(Time value, Calendar calendar) {
        return value == null || calendar == null
                ? value
                : Instant.ofEpochMilli(value.getTime())
                        .atZone(calendar.getTimeZone().toZoneId())
                        .toLocalTime();
    }

    /** The first {@code length} bytes; fewer are an error, as JDBC asks. */
    static byte[] bytes(InputStream in, long length) throws SQLException {
        if (in == null) {
            return null;
        }
        try {
            byte[] read = length < 0 ? in.readAllBytes() : in.readNBytes(Math.toIntExact(length));
            if (length >= 0 && read.length < length) {
                throw Errors.badArgument("the stream has " + read.length + " bytes, not " + length);
            }
            return read;
        } catch (IOException e) {
            throw Errors.of(SqlState.IO_ERROR, "cannot read the parameter's stream: " + e.getMessage(), e);
        }
    }

    static String ascii(InputStream in, long length) throws SQLException {
        byte[] bytes = bytes(in, length);
        return bytes == null ? null : new String(bytes, StandardCharsets.US_ASCII);
    }

    /** The first {@code length} characters; fewer are an error. */
    static String text(Reader reader, long length) throws SQLException {
        if (reader == null) {
            return null;
        }
        try {
            java.io.StringWriter text = new java.io.StringWriter();
            reader.transferTo(text);
            String all = text.toString();
            if (length >= 0 && all.length() < length) {
                throw Errors.badArgument("the stream has " + all.length() + " characters, not " + length);
            }
            return length < 0 ? all : all.substring(0, Math.toIntExact(length));
        } catch (IOException e) {
            throw Errors.of(SqlState.IO_ERROR, "cannot read the parameter's stream: " + e.getMessage(), e);
        }
    }
}
