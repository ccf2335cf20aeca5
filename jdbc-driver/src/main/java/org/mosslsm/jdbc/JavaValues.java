package org.mosslsm.jdbc;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
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
import java.util.Calendar;
import java.util.UUID;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;
import org.mosslsm.sql.type.DateTimes;
import org.mosslsm.sql.type.Numbers;
import org.mosslsm.sql.type.SqlType;
import org.mosslsm.sql.type.SqlType.Family;
import org.mosslsm.sql.type.SqlType.Kind;
import org.mosslsm.sql.type.ValueText;

/**
 * Engine values as Java wants them. Values that do not fit are an error (22003), never cut; what makes no sense is 22018.
 * Dates and times are zone-free inside; the classes of {@code java.sql} are made with the zone that is the default at the
 * time of the call, or that of the calendar given; text shows an instant in the session's zone.
 */
final class JavaValues {
    private static final long MICROS = 1_000_000L;
    private static final String BAD_CAST = "22018";

    private JavaValues() {}

    // ---- numbers

    static long toLong(Object v, SqlType type, long min, long max, String target) throws SQLException {
        BigDecimal number = v instanceof Long && type.family() == Family.INTEGER
                ? null
                : toBigDecimal(v, type).setScale(0, RoundingMode.DOWN);
        if (number == null) {
            return checkRange((Long) v, min, max, target);
        }
        if (number.compareTo(BigDecimal.valueOf(min)) < 0 || number.compareTo(BigDecimal.valueOf(max)) > 0) {
            throw outOfRange(v, target);
        }
        return number.longValue();
    }

    static long checkRange(long v, long min, long max, String target) throws SQLException {
        if (v < min || v > max) {
            throw outOfRange(v, target);
        }
        return v;
    }

    static double toDouble(Object v, SqlType type) throws SQLException {
        return v instanceof Double d ? d : toBigDecimal(v, type).doubleValue();
    }

    static float toFloat(Object v, SqlType type) throws SQLException {
        double d = toDouble(v, type);
        if (Double.isFinite(d) && Math.abs(d) > Float.MAX_VALUE) {
            throw outOfRange(v, "float");
        }
        return (float) d;
    }

    static BigDecimal toBigDecimal(Object v, SqlType type) throws SQLException {
        if (v instanceof BigDecimal d) {
            return d;
        }
        if (v instanceof Long l && type.family() == Family.INTEGER) {
            return BigDecimal.valueOf(l);
        }
        if (v instanceof Double d) {
            if (!Double.isFinite(d)) {
                throw outOfRange(v, "a number with digits");
            }
            // the shortest digits that name the value: 0.1 stays 0.1, as the text of it would be
            return type.kind() == Kind.REAL ? new BigDecimal(Float.toString(d.floatValue())) : BigDecimal.valueOf(d);
        }
        if (v instanceof Boolean b) {
            return b ? BigDecimal.ONE : BigDecimal.ZERO;
        }
        if (v instanceof String s) {
            try {
                return Numbers.checkSize(new BigDecimal(s.strip())); // written out it may be a gigabyte
            } catch (NumberFormatException e) {
                throw Errors.of(BAD_CAST, "'" + s + "' is not a number", e);
            } catch (SqlException e) {
                throw Errors.from(e);
            }
        }
        throw noConversion(type, "a number");
    }

    static boolean toBoolean(Object v, SqlType type) throws SQLException {
        if (v instanceof Boolean b) {
            return b;
        }
        if (v instanceof String s) {
            String word = s.strip().toLowerCase(java.util.Locale.ROOT);
            return switch (word) {
                case "true", "t", "1", "yes", "y", "on" -> true;
                case "false", "f", "0", "no", "n", "off" -> false;
                default -> throw Errors.of(BAD_CAST, "'" + s + "' is not a boolean");
            };
        }
        return toBigDecimal(v, type).signum() != 0;
    }

    // ---- text and bytes

    /** {@code zone} is that of an instant. */
    static String toText(Object v, SqlType type, ZoneId zone) throws SQLException {
        if (v instanceof String text && type.kind() != Kind.CHAR) {
            return text;
        }
        try {
            return ValueText.format(v, type, zone);
        } catch (SqlException e) {
            throw Errors.from(e);
        }
    }

    static byte[] toBytes(Object v, SqlType type) throws SQLException {
        if (v instanceof byte[] b) {
            return b.clone();
        }
        if (v instanceof String s) {
            return s.getBytes(java.nio.charset.StandardCharsets.UTF_8);
        }
        if (v instanceof UUID u) {
            return java.nio.ByteBuffer.allocate(16)
                    .putLong(u.getMostSignificantBits())
                    .putLong(u.getLeastSignificantBits())
                    .array();
        }
        throw noConversion(type, "bytes");
    }

    // ---- dates and times

    static LocalDate toLocalDate(Object v, SqlType type) throws SQLException {
        return switch (type.kind()) {
            case DATE -> LocalDate.ofEpochDay((Long) v);
            case TIMESTAMP, TIMESTAMPTZ -> toLocalDateTime(v, type).toLocalDate();
            case CHAR, VARCHAR, TEXT, UNKNOWN -> toLocalDateTime(v, type).toLocalDate();
            default -> throw noConversion(type, "a date");
        };
    }

    static LocalTime toLocalTime(Object v, SqlType type) throws SQLException {
        return switch (type.kind()) {
            case TIME -> timeOfDay((Long) v);
            case TIMESTAMP, TIMESTAMPTZ -> toLocalDateTime(v, type).toLocalTime();
            case CHAR, VARCHAR, TEXT, UNKNOWN -> timeOfDay(parse((String) v, SqlType.TIME));
            default -> throw noConversion(type, "a time");
        };
    }

    static LocalDateTime toLocalDateTime(Object v, SqlType type) throws SQLException {
        return switch (type.kind()) {
            case DATE -> LocalDate.ofEpochDay((Long) v).atStartOfDay();
            case TIME -> LocalDate.EPOCH.atTime(timeOfDay((Long) v));
            case TIMESTAMP -> localDateTime((Long) v);
            case TIMESTAMPTZ -> LocalDateTime.ofInstant(instant((Long) v), ZoneId.systemDefault()); // as getTimestamp
            case CHAR, VARCHAR, TEXT, UNKNOWN -> localDateTime(parse((String) v, SqlType.TIMESTAMP));
            default -> throw noConversion(type, "a timestamp");
        };
    }

    static OffsetDateTime toOffsetDateTime(Object v, SqlType type) throws SQLException {
        if (type.kind() == Kind.TIMESTAMPTZ) {
            return instant((Long) v).atOffset(ZoneOffset.UTC);
        }
        return toLocalDateTime(v, type).atZone(ZoneId.systemDefault()).toOffsetDateTime();
    }

    private static Instant toInstant(Object v, SqlType type, Calendar calendar) throws SQLException {
        if (type.kind() == Kind.TIMESTAMPTZ) {
            return instant((Long) v);
        }
        return toLocalDateTime(v, type).atZone(zone(calendar)).toInstant();
    }

    private static ZoneId zone(Calendar calendar) {
        return calendar == null
                ? ZoneId.systemDefault()
                : calendar.getTimeZone().toZoneId();
    }

    static Date toDate(Object v, SqlType type, Calendar calendar) throws SQLException {
        if (calendar == null) {
            return Date.valueOf(toLocalDate(v, type));
        }
        ZoneId zone = zone(calendar);
        LocalDate day =
                type.kind() == Kind.TIMESTAMPTZ ? LocalDate.ofInstant(instant((Long) v), zone) : toLocalDate(v, type);
        return new Date(day.atStartOfDay(zone).toInstant().toEpochMilli());
    }

    static Time toTime(Object v, SqlType type, Calendar calendar) throws SQLException {
        ZoneId zone = zone(calendar);
        LocalTime time =
                type.kind() == Kind.TIMESTAMPTZ ? LocalTime.ofInstant(instant((Long) v), zone) : toLocalTime(v, type);
        return new Time(LocalDate.EPOCH.atTime(time).atZone(zone).toInstant().toEpochMilli());
    }

    static Timestamp toTimestamp(Object v, SqlType type, Calendar calendar) throws SQLException {
        if (calendar == null && type.kind() != Kind.TIMESTAMPTZ) {
            return Timestamp.valueOf(toLocalDateTime(v, type));
        }
        return Timestamp.from(toInstant(v, type, calendar));
    }

    /** 24:00, which no {@code LocalTime} is, is the last one of the day, as PostgreSQL's driver has it. */
    private static LocalTime timeOfDay(long micros) {
        return micros >= DateTimes.MICROS_PER_DAY ? LocalTime.MAX : LocalTime.ofNanoOfDay(micros * 1000);
    }

    private static LocalDateTime localDateTime(long micros) {
        return LocalDateTime.ofEpochSecond(
                Math.floorDiv(micros, MICROS), (int) Math.floorMod(micros, MICROS) * 1000, ZoneOffset.UTC);
    }

    private static Instant instant(long micros) {
        return Instant.ofEpochSecond(Math.floorDiv(micros, MICROS), Math.floorMod(micros, MICROS) * 1000);
    }

    private static long parse(String text, SqlType type) throws SQLException {
        try {
            return (Long) ValueText.parse(text, type, ZoneId.systemDefault());
        } catch (SqlException e) {
            throw Errors.from(e);
        }
    }

    // ---- objects

    /** What {@code getObject(column)} gives: the class {@link JdbcTypes} names for the type. */
    static Object toObject(Object v, SqlType type) throws SQLException {
        if (v == null) {
            return null;
        }
        return switch (type.kind()) {
            case SMALLINT, INTEGER -> (int) toLong(v, type, Integer.MIN_VALUE, Integer.MAX_VALUE, "int");
            case REAL -> toFloat(v, type);
            case DATE -> toDate(v, type, null);
            case TIME -> toTime(v, type, null);
            case TIMESTAMP -> toTimestamp(v, type, null);
            case TIMESTAMPTZ -> toOffsetDateTime(v, type);
            case BINARY, VARBINARY, BLOB -> toBytes(v, type);
            case CHAR, INTERVAL, UNKNOWN -> toText(v, type, ZoneOffset.UTC); // none is an instant
            default -> v;
        };
    }

    /** What {@code getObject(column, target)} gives; {@code zone} is that of an instant as text. */
    static Object toObject(Object v, SqlType type, Class<?> target, ZoneId zone) throws SQLException {
        if (v == null) {
            return null;
        }
        if (target == Object.class) {
            return toObject(v, type);
        }
        if (target == String.class) {
            return toText(v, type, zone);
        }
        if (target == java.sql.Clob.class || target == java.sql.NClob.class) {
            return new MossClob(toText(v, type, zone));
        }
        if (target == java.io.Reader.class) {
            return new java.io.StringReader(toText(v, type, zone));
        }
        Converter converter = Converter.BY_CLASS.get(target);
        if (converter == null) {
            throw Errors.unsupported("getObject as " + target.getName());
        }
        return converter.convert(v, type);
    }

    /** A conversion to one class. */
    @FunctionalInterface
    private interface Converter {
        Object convert(Object v, SqlType type) throws SQLException;

        java.util.Map<Class<?>, Converter> BY_CLASS = java.util.Map.ofEntries(
                java.util.Map.entry(Boolean.class, JavaValues::toBoolean),
                java.util.Map.entry(Byte.class, (v, t) -> (byte) toLong(v, t, Byte.MIN_VALUE, Byte.MAX_VALUE, "byte")),
                java.util.Map.entry(
                        Short.class, (v, t) -> (short) toLong(v, t, Short.MIN_VALUE, Short.MAX_VALUE, "short")),
                java.util.Map.entry(
                        Integer.class, (v, t) -> (int) toLong(v, t, Integer.MIN_VALUE, Integer.MAX_VALUE, "int")),
                java.util.Map.entry(Long.class, (v, t) -> toLong(v, t, Long.MIN_VALUE, Long.MAX_VALUE, "long")),
                java.util.Map.entry(Float.class, JavaValues::toFloat),
                java.util.Map.entry(Double.class, JavaValues::toDouble),
                java.util.Map.entry(BigDecimal.class, JavaValues::toBigDecimal),
                java.util.Map.entry(
                        BigInteger.class, (v, t) -> toBigDecimal(v, t).toBigInteger()),
                java.util.Map.entry(byte[].class, JavaValues::toBytes),
                java.util.Map.entry(Date.class, (v, t) -> toDate(v, t, null)),
                java.util.Map.entry(Time.class, (v, t) -> toTime(v, t, null)),
                java.util.Map.entry(Timestamp.class, (v, t) -> toTimestamp(v, t, null)),
                java.util.Map.entry(java.util.Date.class, (v, t) -> toTimestamp(v, t, null)),
                java.util.Map.entry(LocalDate.class, JavaValues::toLocalDate),
                java.util.Map.entry(LocalTime.class, JavaValues::toLocalTime),
                java.util.Map.entry(LocalDateTime.class, JavaValues::toLocalDateTime),
                java.util.Map.entry(OffsetDateTime.class, JavaValues::toOffsetDateTime),
                java.util.Map.entry(
                        ZonedDateTime.class, (v, t) -> toOffsetDateTime(v, t).toZonedDateTime()),
                java.util.Map.entry(Instant.class, (v, t) -> toInstant(v, t, null)),
                java.util.Map.entry(UUID.class, JavaValues::toUuid),
                java.util.Map.entry(java.sql.Blob.class, (v, t) -> new MossBlob(toBytes(v, t))),
                java.util.Map.entry(
                        java.io.InputStream.class, (v, t) -> new java.io.ByteArrayInputStream(toBytes(v, t))));
    }

    private static UUID toUuid(Object v, SqlType type) throws SQLException {
        if (v instanceof UUID u) {
            return u;
        }
        if (v instanceof String s) {
            try {
                return UUID.fromString(s.strip());
            } catch (IllegalArgumentException e) {
                throw Errors.of(BAD_CAST, "'" + s + "' is not a UUID", e);
            }
        }
        throw noConversion(type, "a UUID");
    }

    private static SQLException outOfRange(Object v, String target) {
        return Errors.of(SqlState.NUMERIC_OUT_OF_RANGE, "value " + v + " does not fit into " + target);
    }

    private static SQLException noConversion(SqlType type, String target) {
        return Errors.of(BAD_CAST, "a value of type " + type + " cannot be read as " + target);
    }
}
