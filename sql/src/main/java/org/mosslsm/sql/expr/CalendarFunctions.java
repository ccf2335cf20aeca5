// Reckoning with units of time, names of days and months, OVERLAPS.
package org.mosslsm.sql.expr;

import static org.mosslsm.sql.type.SqlType.BIGINT;
import static org.mosslsm.sql.type.SqlType.BOOLEAN;
import static org.mosslsm.sql.type.SqlType.DATE;
import static org.mosslsm.sql.type.SqlType.INTERVAL;
import static org.mosslsm.sql.type.SqlType.TEXT;
import static org.mosslsm.sql.type.SqlType.TIME;
import static org.mosslsm.sql.type.SqlType.TIMESTAMP;
import static org.mosslsm.sql.type.SqlType.TIMESTAMPTZ;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.format.TextStyle;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;
import org.mosslsm.sql.expr.FunctionBody.Contextual;
import org.mosslsm.sql.expr.FunctionBody.Unary;
import org.mosslsm.sql.expr.FunctionBody.Variadic;
import org.mosslsm.sql.expr.ScalarFunction.Volatility;
import org.mosslsm.sql.type.DateTimes;
import org.mosslsm.sql.type.Interval;
import org.mosslsm.sql.type.SqlType;
import org.mosslsm.sql.type.Words;

/**
 * TIMESTAMPADD and TIMESTAMPDIFF as JDBC's escapes name them (units with or without {@code SQL_TSI_}; the fraction of a
 * second is in nanoseconds), DATEADD and DATEDIFF as other databases do, DAYNAME and MONTHNAME in English, OVERLAPS.
 */
final class CalendarFunctions {
    /** A unit: so many months, or so many microseconds, of which one of the two is 0; nanoseconds are neither. */
    private record TimeUnit(int months, long micros) {}

    private CalendarFunctions() {}

    static void register(Functions.Registrar r) {
        for (String name : List.of("timestampadd", "dateadd")) {
            r.add(name, TIMESTAMP, List.of(TEXT, BIGINT, TIMESTAMP), (Variadic)
                    v -> add((String) v[0], (Long) v[1], (Long) v[2]));
            r.add(name, TIMESTAMPTZ, List.of(TEXT, BIGINT, TIMESTAMPTZ), Volatility.STABLE, (Contextual) (v, ctx) -> {
                return DateTimes.plus((Long) v[2], span((String) v[0], (Long) v[1]), ctx.zone());
            });
        }
        r.add("timestampdiff", BIGINT, List.of(TEXT, TIMESTAMP, TIMESTAMP), (Variadic)
                v -> elapsed((String) v[0], (Long) v[1], (Long) v[2]));
        r.add("datediff", BIGINT, List.of(TEXT, TIMESTAMP, TIMESTAMP), (Variadic)
                v -> crossed((String) v[0], (Long) v[1], (Long) v[2]));
        r.add("dayname", TEXT, List.of(DATE), (Unary) d -> dayName((Long) d));
        r.add("dayname", TEXT, List.of(TIMESTAMP), (Unary) t -> dayName(DateTimes.dayOf((Long) t)));
        r.add("monthname", TEXT, List.of(DATE), (Unary) d -> monthName((Long) d));
        r.add("monthname", TEXT, List.of(TIMESTAMP), (Unary) t -> monthName(DateTimes.dayOf((Long) t)));
        for (SqlType type : List.of(TIMESTAMP, DATE, TIME, TIMESTAMPTZ)) {
            r.add("overlaps", BOOLEAN, List.of(type, type, type, type), (Variadic)
                    v -> overlap((Long) v[0], (Long) v[1], (Long) v[2], (Long) v[3]));
        }
        for (SqlType first : List.of(TIMESTAMP, INTERVAL)) {
            for (SqlType second : List.of(TIMESTAMP, INTERVAL)) {
                if (first.equals(INTERVAL) || second.equals(INTERVAL)) {
                    r.add("overlaps", BOOLEAN, List.of(TIMESTAMP, first, TIMESTAMP, second), (Variadic)
                            v -> overlap((Long) v[0], end(v[0], v[1]), (Long) v[2], end(v[2], v[3])));
                }
            }
        }
    }

    private static String dayName(long day) {
        return LocalDate.ofEpochDay(day).getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
    }

    private static String monthName(long day) {
        return LocalDate.ofEpochDay(day).getMonth().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
    }

    /** The end of a span that is given by its start and its end, or its length. */
    private static long end(Object start, Object end) {
        return end instanceof Interval length ? DateTimes.plus((Long) start, length) : (Long) end;
    }

    private static TimeUnit unit(String word) {
        String name = Words.lower(word);
        String plain = name.startsWith("sql_tsi_") ? name.substring("sql_tsi_".length()) : name;
        return switch (plain) {
            case "frac_second", "nanosecond" -> new TimeUnit(0, 0);
            case "microsecond" -> new TimeUnit(0, 1);
            case "millisecond" -> new TimeUnit(0, 1_000);
            case "second" -> new TimeUnit(0, DateTimes.MICROS_PER_SECOND);
            case "minute" -> new TimeUnit(0, 60 * DateTimes.MICROS_PER_SECOND);
            case "hour" -> new TimeUnit(0, 3_600 * DateTimes.MICROS_PER_SECOND);
            case "day" -> new TimeUnit(0, DateTimes.MICROS_PER_DAY);
            case "week" -> new TimeUnit(0, 7 * DateTimes.MICROS_PER_DAY);
            case "month" -> new TimeUnit(1, 0);
            case "quarter" -> new TimeUnit(3, 0);
            case "year" -> new TimeUnit(12, 0);
            default ->
                throw new SqlException(
                        SqlState.INVALID_PARAMETER_VALUE,
                        "\"" + word
                                + "\" is no unit of time: there are SECOND, MINUTE, HOUR, DAY, WEEK, MONTH, QUARTER,"
                                + " YEAR, MILLISECOND, MICROSECOND and FRAC_SECOND (nanoseconds)");
        };
    }

    private static Long add(String word, long count, long to) {
        return DateTimes.plus(to, span(word, count));
    }

    private static Interval span(String word, long count) {
        TimeUnit unit = unit(word);
        try {
            if (unit.months() > 0) {
                return new Interval(Math.toIntExact(Math.multiplyExact(count, unit.months())), 0, 0);
            }
            long days = unit.micros() / DateTimes.MICROS_PER_DAY;
            if (days > 0) {
                return new Interval(0, Math.toIntExact(Math.multiplyExact(count, days)), 0);
            }
            return new Interval(0, 0, unit.micros() == 0 ? count / 1_000 : Math.multiplyExact(count, unit.micros()));
        } catch (ArithmeticException e) {
            throw new SqlException(SqlState.DATETIME_OVERFLOW, "timestamp out of range", e);
        }
    }

    /** Whole units between two timestamps. */
    private static Long elapsed(String word, long from, long to) {
        TimeUnit unit = unit(word);
        if (unit.months() > 0) {
            LocalDateTime start = DateTimes.toLocalDateTime(from);
            return ChronoUnit.MONTHS.between(start, DateTimes.toLocalDateTime(to)) / unit.months();
        }
        return between(unit, from, to);
    }

    private static Long between(TimeUnit unit, long from, long to) {
        try {
            long micros = Math.subtractExact(to, from);
            return unit.micros() == 0 ? Math.multiplyExact(micros, 1_000L) : micros / unit.micros();
        } catch (ArithmeticException e) {
            throw SqlException.outOfRange("the difference does not fit BIGINT");
        }
    }

    /** How many beginnings of a unit lie between two timestamps. */
    private static Long crossed(String word, long from, long to) {
        TimeUnit unit = unit(word);
        if (unit.months() > 0) {
            return (months(to) / unit.months()) - (months(from) / unit.months());
        }
        if (unit.micros() == 0) {
            return between(unit, from, to);
        }
        // Weeks begin on Monday: 1970-01-01 was a Thursday.
        long shift = unit.micros() == 7 * DateTimes.MICROS_PER_DAY ? 3 * DateTimes.MICROS_PER_DAY : 0;
        return Math.floorDiv(to + shift, unit.micros()) - Math.floorDiv(from + shift, unit.micros());
    }

    private static long months(long micros) {
        LocalDateTime t = DateTimes.toLocalDateTime(micros);
        return t.getYear() * 12L + t.getMonthValue() - 1;
    }

    /** Whether two spans have a moment in common; a span of no length is its one moment, else its end is not part of it. */
    private static boolean overlap(long a, long b, long c, long d) {
        long from1 = Math.min(a, b);
        long from2 = Math.min(c, d);
        return from1 == from2 || (from1 < Math.max(c, d) && from2 < Math.max(a, b));
    }
}
