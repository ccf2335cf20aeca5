package org.mosslsm.sql.expr;

import java.math.BigDecimal;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.time.temporal.IsoFields;
import java.util.Locale;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;
import org.mosslsm.sql.type.DateTimes;
import org.mosslsm.sql.type.Interval;
import org.mosslsm.sql.type.Numbers;
import org.mosslsm.sql.type.SqlType;
import org.mosslsm.sql.type.SqlType.Family;

/** The fields EXTRACT and DATE_TRUNC know. */
enum DateTimeField {
    MILLENNIUM,
    CENTURY,
    DECADE,
    YEAR,
    ISOYEAR,
    QUARTER,
    MONTH,
    WEEK,
    DAY,
    DOW,
    ISODOW,
    DOY,
    /** Days since the beginning of 4714 BC, at midnight; with the time as a fraction. */
    JULIAN,
    HOUR,
    MINUTE,
    SECOND,
    MILLISECONDS,
    MICROSECONDS,
    EPOCH,
    TIMEZONE,
    TIMEZONE_HOUR,
    TIMEZONE_MINUTE;

    private static final long JULIAN_OF_1970 = 2_440_588;
    private static final BigDecimal MILLION = BigDecimal.valueOf(DateTimes.MICROS_PER_SECOND);

    /** The field called {@code name}; 22023 where there is none, or {@code type} has no such field. */
    static DateTimeField named(String name, SqlType type) {
        String n = name.toUpperCase(Locale.ROOT);
        for (DateTimeField f : values()) {
            if (f.name().equals(n) || (f.name() + "S").equals(n)) {
                if (!f.appliesTo(type)) {
                    throw new SqlException(
                            SqlState.INVALID_PARAMETER_VALUE, "field \"" + name + "\" is not one of type " + type);
                }
                return f;
            }
        }
        throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "field \"" + name + "\" is not known");
    }

    /** Whether values of {@code type} have this field. */
    boolean appliesTo(SqlType type) {
        boolean ofTime =
                switch (this) {
                    case HOUR, MINUTE, SECOND, MILLISECONDS, MICROSECONDS, EPOCH -> true;
                    default -> false;
                };
        return switch (type.family()) {
            case TIME -> ofTime;
            case DATE -> this == EPOCH || (!ofTime && compareTo(HOUR) < 0);
            case INTERVAL ->
                ofTime
                        || this == YEAR
                        || this == QUARTER
                        || this == MONTH
                        || this == DAY
                        || this == DECADE
                        || this == CENTURY
                        || this == MILLENNIUM;
            default -> type.kind() == SqlType.Kind.TIMESTAMPTZ || compareTo(TIMEZONE) < 0;
        };
    }

    /** The field of a value that is no instant. */
    BigDecimal of(Object value, SqlType type) {
        if (type.family() == Family.INTERVAL) {
            return ofInterval((Interval) value);
        }
        long micros =
                switch (type.family()) {
                    case DATE -> DateTimes.dayStart((Long) value);
                    default -> (Long) value;
                };
        if (this == JULIAN && type.family() == Family.DATE) {
            return BigDecimal.valueOf((Long) value + JULIAN_OF_1970);
        }
        return this == EPOCH && type.family() == Family.DATE
                ? BigDecimal.valueOf(micros / DateTimes.MICROS_PER_SECOND)
                : ofLocal(micros);
    }

    /** The field of an instant, on the clocks of {@code zone}. */
    BigDecimal ofInstant(long instant, ZoneId zone) {
        long local = DateTimes.toLocal(instant, zone);
        long offset = (local - instant) / DateTimes.MICROS_PER_SECOND;
        return switch (this) {
            case EPOCH -> BigDecimal.valueOf(instant, 6);
            case TIMEZONE -> BigDecimal.valueOf(offset);
            case TIMEZONE_HOUR -> BigDecimal.valueOf(offset / 3600);
            case TIMEZONE_MINUTE -> BigDecimal.valueOf(offset / 60 % 60);
            default -> ofLocal(local);
        };
    }

    private BigDecimal ofLocal(long micros) {
        LocalDate d = LocalDate.ofEpochDay(DateTimes.dayOf(micros));
        long t = DateTimes.timeOf(micros);
        return switch (this) {
            case HOUR -> BigDecimal.valueOf(t / (3600 * DateTimes.MICROS_PER_SECOND));
            case MINUTE -> BigDecimal.valueOf(t / (60 * DateTimes.MICROS_PER_SECOND) % 60);
            case SECOND -> BigDecimal.valueOf(t % (60 * DateTimes.MICROS_PER_SECOND), 6);
            case MILLISECONDS -> BigDecimal.valueOf(t % (60 * DateTimes.MICROS_PER_SECOND), 3);
            case MICROSECONDS -> BigDecimal.valueOf(t % (60 * DateTimes.MICROS_PER_SECOND));
            case EPOCH -> BigDecimal.valueOf(micros, 6);
            case JULIAN ->
                BigDecimal.valueOf(d.toEpochDay() + JULIAN_OF_1970)
                        .add(Numbers.divide(BigDecimal.valueOf(t), BigDecimal.valueOf(DateTimes.MICROS_PER_DAY)));
            default -> BigDecimal.valueOf(ofDate(d));
        };
    }

    private long ofDate(LocalDate d) {
        int year = d.getYear();
        return switch (this) {
            case MILLENNIUM -> numbered(year, 1000);
            case CENTURY -> numbered(year, 100);
            case DECADE -> Math.floorDiv(year, 10);
            case YEAR -> numbered(year, 1);
            case ISOYEAR -> numbered(d.get(IsoFields.WEEK_BASED_YEAR), 1);
            case QUARTER -> d.get(IsoFields.QUARTER_OF_YEAR);
            case MONTH -> d.getMonthValue();
            case WEEK -> d.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR);
            case DAY -> d.getDayOfMonth();
            case DOW -> d.getDayOfWeek().getValue() % 7;
            case ISODOW -> d.getDayOfWeek().getValue();
            case DOY -> d.getDayOfYear();
            default -> throw new IllegalStateException(name() + " is no field of a date");
        };
    }

    /** Which century, say, the year 0 of java.time and the others are in: of them, as of years, there is none numbered 0. */
    private static long numbered(int year, int years) {
        return year > 0 ? (year + years - 1) / years : -((years - year) / years);
    }

    private BigDecimal ofInterval(Interval i) {
        long t = i.micros();
        return switch (this) {
            case MILLENNIUM -> BigDecimal.valueOf(i.months() / 12_000);
            case CENTURY -> BigDecimal.valueOf(i.months() / 1200);
            case DECADE -> BigDecimal.valueOf(i.months() / 120);
            case YEAR -> BigDecimal.valueOf(i.months() / 12);
            case QUARTER -> BigDecimal.valueOf(i.months() % 12 / 3 + 1);
            case MONTH -> BigDecimal.valueOf(i.months() % 12);
            case DAY -> BigDecimal.valueOf(i.days());
            case HOUR -> BigDecimal.valueOf(t / (3600 * DateTimes.MICROS_PER_SECOND));
            case MINUTE -> BigDecimal.valueOf(t / (60 * DateTimes.MICROS_PER_SECOND) % 60);
            case SECOND -> BigDecimal.valueOf(t % (60 * DateTimes.MICROS_PER_SECOND), 6);
            case MILLISECONDS -> BigDecimal.valueOf(t % (60 * DateTimes.MICROS_PER_SECOND), 3);
            case MICROSECONDS -> BigDecimal.valueOf(t % (60 * DateTimes.MICROS_PER_SECOND));
            // As PostgreSQL: a year has 365.25 days, a month beyond the years 30.
            case EPOCH ->
                BigDecimal.valueOf(i.months() / 12 * 31_557_600L + i.months() % 12 * 2_592_000L)
                        .add(BigDecimal.valueOf(i.days() * 86_400L))
                        .multiply(MILLION)
                        .add(BigDecimal.valueOf(t))
                        .movePointLeft(6)
                        .setScale(6);
            default -> throw new IllegalStateException(name() + " is no field of an interval");
        };
    }

    /**
     * The instant at which the field's current unit began on the clocks of a zone. A day, and what is more, began when the
     * clocks showed its beginning. An hour, and what is less, began as long before the instant as the clocks are past its
     * beginning: so the hour that they show twice, when they are set back, has two beginnings.
     */
    long truncate(long instant, ZoneId zone) {
        long local = DateTimes.toLocal(instant, zone);
        long start = truncate(local);
        return compareTo(HOUR) < 0 ? DateTimes.toInstant(start, zone) : Math.subtractExact(instant, local - start);
    }

    /** The local time stamp at which the field's current unit began. */
    long truncate(long micros) {
        LocalDateTime t = DateTimes.toLocalDateTime(micros);
        LocalDate d = t.toLocalDate();
        int year = d.getYear();
        LocalDate start =
                switch (this) {
                    case MILLENNIUM -> LocalDate.of(Math.floorDiv(year - 1, 1000) * 1000 + 1, 1, 1);
                    case CENTURY -> LocalDate.of(Math.floorDiv(year - 1, 100) * 100 + 1, 1, 1);
                    case DECADE -> LocalDate.of(Math.floorDiv(year, 10) * 10, 1, 1);
                    case YEAR -> LocalDate.of(year, 1, 1);
                    case QUARTER -> LocalDate.of(year, (d.getMonthValue() - 1) / 3 * 3 + 1, 1);
                    case MONTH -> d.withDayOfMonth(1);
                    case WEEK -> d.with(ChronoField.DAY_OF_WEEK, DayOfWeek.MONDAY.getValue());
                    case DAY -> d;
                    default -> null;
                };
        if (start != null) {
            return DateTimes.dayStart(start.toEpochDay());
        }
        ChronoUnit unit =
                switch (this) {
                    case HOUR -> ChronoUnit.HOURS;
                    case MINUTE -> ChronoUnit.MINUTES;
                    case SECOND -> ChronoUnit.SECONDS;
                    case MILLISECONDS -> ChronoUnit.MILLIS;
                    case MICROSECONDS -> ChronoUnit.MICROS;
                    default ->
                        throw new SqlException(
                                SqlState.INVALID_PARAMETER_VALUE,
                                "cannot truncate to field \"" + name().toLowerCase(Locale.ROOT) + "\"");
                };
        return DateTimes.fromLocalDateTime(t.truncatedTo(unit));
    }
}
