package org.mosslsm.sql.type;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;

/** Dates and times as numbers: arithmetic, rounding, zones and text (ISO 8601 and the looser forms PostgreSQL reads). */
public final class DateTimes {
    /** Microseconds of a second. */
    public static final long MICROS_PER_SECOND = 1_000_000L;
    /** Microseconds of a day. */
    public static final long MICROS_PER_DAY = 86_400 * MICROS_PER_SECOND;
    /** Last year that can be written: days and microseconds of all years up to it fit their longs with room to spare. */
    public static final int MAX_YEAR = 290_000;

    private DateTimes() {}

    // ---- arithmetic

    /** Midnight at the start of a day, in microseconds. */
    public static long dayStart(long day) {
        try {
            return Math.multiplyExact(day, MICROS_PER_DAY);
        } catch (ArithmeticException e) {
            throw overflow("timestamp");
        }
    }

    /** The day of a local time stamp. */
    public static long dayOf(long micros) {
        return Math.floorDiv(micros, MICROS_PER_DAY);
    }

    /** The time of day of a local time stamp. */
    public static long timeOf(long micros) {
        return Math.floorMod(micros, MICROS_PER_DAY);
    }

    /** The instant at which clocks of {@code zone} show {@code local}; the later one where they show it twice, as in PostgreSQL. */
    public static long toInstant(long local, ZoneId zone) {
        if (zone instanceof ZoneOffset offset) {
            return Math.subtractExact(local, offset.getTotalSeconds() * MICROS_PER_SECOND);
        }
        Instant instant =
                toLocalDateTime(local).atZone(zone).withLaterOffsetAtOverlap().toInstant();
        return micros(instant.getEpochSecond(), instant.getNano());
    }

    /** What clocks of {@code zone} show at {@code instant}. */
    public static long toLocal(long instant, ZoneId zone) {
        ZoneOffset offset = zone.getRules().getOffset(Instant.ofEpochSecond(Math.floorDiv(instant, MICROS_PER_SECOND)));
        return Math.addExact(instant, offset.getTotalSeconds() * MICROS_PER_SECOND);
    }

    /** A local time stamp as java.time has it. */
    public static LocalDateTime toLocalDateTime(long micros) {
        return LocalDateTime.ofEpochSecond(
                Math.floorDiv(micros, MICROS_PER_SECOND),
                (int) Math.floorMod(micros, MICROS_PER_SECOND) * 1000,
                ZoneOffset.UTC);
    }

    /** A local time stamp from java.time; what is finer than a microsecond is cut. */
    public static long fromLocalDateTime(LocalDateTime t) {
        return fromInstant(t.toInstant(ZoneOffset.UTC));
    }

    /** Microseconds since 1970 of an instant from java.time; what is finer than a microsecond is cut. */
    public static long fromInstant(Instant t) {
        return micros(t.getEpochSecond(), t.getNano());
    }

    private static long micros(long seconds, int nanos) {
        try {
            return Math.addExact(Math.multiplyExact(seconds, MICROS_PER_SECOND), nanos / 1000);
        } catch (ArithmeticException e) {
            throw overflow("timestamp");
        }
    }

    /** A time stamp moved by an interval: months first (to the last day of a shorter month), then days, then time. */
    public static long plus(long micros, Interval interval) {
        try {
            LocalDateTime moved = toLocalDateTime(micros)
                    .plusMonths(interval.months())
                    .plusDays(interval.days())
                    .plus(interval.micros(), ChronoUnit.MICROS);
            checkYear(moved.getYear(), "timestamp");
            return fromLocalDateTime(moved);
        } catch (DateTimeException | ArithmeticException e) {
            throw overflow("timestamp");
        }
    }

    /**
     * An instant moved by an interval: months on the calendar of a zone, then days, then time as it passes. After each step it
     * is an instant again: a local time that the clocks of the zone skip is the one they show instead.
     */
    public static long plus(long instant, Interval interval, ZoneId zone) {
        long moved = plusLocal(instant, new Interval(interval.months(), 0, 0), zone);
        moved = plusLocal(moved, new Interval(0, interval.days(), 0), zone);
        return plus(moved, new Interval(0, 0, interval.micros()));
    }

    private static long plusLocal(long instant, Interval dates, ZoneId zone) {
        return dates.months() == 0 && dates.days() == 0
                ? instant
                : toInstant(plus(toLocal(instant, zone), dates), zone);
    }

    /** The time stamp {@code micros}, if it can be shown. */
    public static long checkMicros(long micros) {
        checkDay(dayOf(micros));
        return micros;
    }

    /** The value rounded to the digits of the type's fraction, half up. A time of 24:00 stays. */
    public static long round(long micros, SqlType type) {
        long unit = 1;
        for (int i = type.precision(); i < SqlType.MAX_FRACTION; i++) {
            unit *= 10;
        }
        if (unit == 1) {
            return micros;
        }
        return Math.multiplyExact(Math.floorDiv(Math.addExact(micros, unit / 2), unit), unit);
    }

    /** The day {@code day}, if it can be shown. */
    public static long checkDay(long day) {
        if (Math.abs(day) > 365L * MAX_YEAR) {
            throw overflow("date");
        }
        return day;
    }

    private static void checkYear(int year, String what) {
        if (Math.abs(year) > MAX_YEAR) {
            throw overflow(what);
        }
    }

    static SqlException overflow(String what) {
        return new SqlException(SqlState.DATETIME_OVERFLOW, what + " out of range");
    }

    // ---- reading

    /** Reads a date; a time after it is checked and dropped. */
    public static long parseDate(String text) {
        DateTimeScanner s = new DateTimeScanner(text, SqlType.DATE);
        LocalDate date = s.date();
        s.optionalTimeAndZone();
        s.end();
        return date.toEpochDay();
    }

    /** Reads a time of day. */
    public static long parseTime(String text) {
        DateTimeScanner s = new DateTimeScanner(text, SqlType.TIME);
        s.optionalDate();
        long time = s.time();
        s.zone();
        s.end();
        return time;
    }

    /** Reads a date with or without a time; a zone is checked and ignored, as PostgreSQL does. */
    public static long parseTimestamp(String text) {
        DateTimeScanner s = new DateTimeScanner(text, SqlType.TIMESTAMP);
        LocalDate date = s.date();
        s.optionalTimeAndZone();
        s.end();
        return Math.addExact(dayStart(date.toEpochDay()), s.timeMicros());
    }

    /** Reads a date with or without a time, in the zone it names, else in {@code zone}. */
    public static long parseInstant(String text, ZoneId zone) {
        DateTimeScanner s = new DateTimeScanner(text, SqlType.TIMESTAMPTZ);
        LocalDate date = s.date();
        s.optionalTimeAndZone();
        s.end();
        return toInstant(Math.addExact(dayStart(date.toEpochDay()), s.timeMicros()), s.zoneOr(zone));
    }

    // ---- writing

    /** {@code 2024-02-29}; years before 1 with BC behind. */
    public static String formatDate(long day) {
        StringBuilder sb = new StringBuilder(10);
        LocalDate d = LocalDate.ofEpochDay(day);
        appendDate(sb, d);
        return d.getYear() < 1 ? sb.append(" BC").toString() : sb.toString();
    }

    /** {@code 23:59:59.5}: as many digits as needed. */
    public static String formatTime(long micros) {
        StringBuilder sb = new StringBuilder(15);
        appendTime(sb, micros);
        return sb.toString();
    }

    /** {@code 2024-02-29 23:59:59.5}. */
    public static String formatTimestamp(long micros) {
        StringBuilder sb = new StringBuilder(26);
        LocalDate d = LocalDate.ofEpochDay(dayOf(micros));
        appendDate(sb, d);
        appendTime(sb.append(' '), timeOf(micros));
        return d.getYear() < 1 ? sb.append(" BC").toString() : sb.toString();
    }

    /** {@code 2024-02-29 23:59:59.5+01}: in {@code zone}, with its offset then. */
    public static String formatInstant(long instant, ZoneId zone) {
        long local = toLocal(instant, zone);
        int offset = (int) ((local - instant) / MICROS_PER_SECOND);
        StringBuilder sb = new StringBuilder(32);
        LocalDate d = LocalDate.ofEpochDay(dayOf(local));
        appendDate(sb, d);
        appendTime(sb.append(' '), timeOf(local));
        int minutes = Math.abs(offset) / 60;
        two(sb.append(offset < 0 ? '-' : '+'), minutes / 60);
        if (Math.abs(offset) % 3600 != 0) {
            two(sb.append(':'), minutes % 60);
        }
        if (Math.abs(offset) % 60 != 0) {
            two(sb.append(':'), Math.abs(offset) % 60);
        }
        return d.getYear() < 1 ? sb.append(" BC").toString() : sb.toString();
    }

    private static void appendDate(StringBuilder sb, LocalDate d) {
        int year = d.getYear() < 1 ? 1 - d.getYear() : d.getYear();
        for (int limit = 1000; limit > 1 && year < limit; limit /= 10) {
            sb.append('0');
        }
        two(sb.append(year).append('-'), d.getMonthValue());
        two(sb.append('-'), d.getDayOfMonth());
    }

    static void appendTime(StringBuilder sb, long micros) {
        appendTime(sb, micros / (3600 * MICROS_PER_SECOND), micros % (3600 * MICROS_PER_SECOND));
    }

    /** Any number of hours, and microseconds beyond them. */
    static void appendTime(StringBuilder sb, long hours, long micros) {
        long seconds = micros / MICROS_PER_SECOND;
        if (hours < 10) {
            sb.append('0');
        }
        sb.append(hours);
        two(sb.append(':'), (int) (seconds / 60));
        two(sb.append(':'), (int) (seconds % 60));
        appendFraction(sb, (int) (micros % MICROS_PER_SECOND));
    }

    static void appendFraction(StringBuilder sb, int micros) {
        if (micros != 0) {
            sb.append('.');
            int rest = micros;
            for (int unit = 100_000; rest != 0; unit /= 10) {
                sb.append((char) ('0' + rest / unit));
                rest %= unit;
            }
        }
    }

    private static void two(StringBuilder sb, int n) {
        if (n < 10) {
            sb.append('0');
        }
        sb.append(n);
    }
}
