package org.mosslsm.sql.expr;

import static org.mosslsm.sql.type.SqlType.BIGINT;
import static org.mosslsm.sql.type.SqlType.DATE;
import static org.mosslsm.sql.type.SqlType.DECIMAL;
import static org.mosslsm.sql.type.SqlType.DOUBLE;
import static org.mosslsm.sql.type.SqlType.INTEGER;
import static org.mosslsm.sql.type.SqlType.INTERVAL;
import static org.mosslsm.sql.type.SqlType.TEXT;
import static org.mosslsm.sql.type.SqlType.TIME;
import static org.mosslsm.sql.type.SqlType.TIMESTAMP;
import static org.mosslsm.sql.type.SqlType.TIMESTAMPTZ;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;
import org.mosslsm.sql.expr.FunctionBody.Binary;
import org.mosslsm.sql.expr.FunctionBody.Contextual;
import org.mosslsm.sql.expr.FunctionBody.Nullary;
import org.mosslsm.sql.expr.FunctionBody.Unary;
import org.mosslsm.sql.expr.FunctionBody.Variadic;
import org.mosslsm.sql.expr.ScalarFunction.Volatility;
import org.mosslsm.sql.type.DateTimes;
import org.mosslsm.sql.type.Interval;
import org.mosslsm.sql.type.SqlType;
import org.mosslsm.sql.type.ZoneNames;

/** The clock, parts of dates and times, and making one from the other. */
final class DateTimeFunctions {
    /** Functions that give one field as a number; JDBC's escapes and other systems have them. */
    private static final Map<String, DateTimeField> FIELD_FUNCTIONS = Map.ofEntries(
            Map.entry("year", DateTimeField.YEAR),
            Map.entry("quarter", DateTimeField.QUARTER),
            Map.entry("month", DateTimeField.MONTH),
            Map.entry("week", DateTimeField.WEEK),
            Map.entry("day", DateTimeField.DAY),
            Map.entry("dayofmonth", DateTimeField.DAY),
            Map.entry("day_of_month", DateTimeField.DAY),
            Map.entry("dayofyear", DateTimeField.DOY),
            Map.entry("day_of_year", DateTimeField.DOY),
            Map.entry("hour", DateTimeField.HOUR),
            Map.entry("minute", DateTimeField.MINUTE),
            Map.entry("second", DateTimeField.SECOND));

    private DateTimeFunctions() {}

    static void register(Functions.Registrar r) {
        clock(r);
        extract(r);
        truncate(r);
        makers(r);
    }

    private static void clock(Functions.Registrar r) {
        for (String name : List.of("now", "current_timestamp", "transaction_timestamp", "statement_timestamp")) {
            stable(r, name, TIMESTAMPTZ, EvalContext::nowMicros);
        }
        r.add("clock_timestamp", TIMESTAMPTZ, List.of(), Volatility.VOLATILE, (Nullary)
                ctx -> DateTimes.fromInstant(Instant.now()));
        for (String name : List.of("current_date", "curdate", "today")) {
            stable(r, name, DATE, ctx -> DateTimes.dayOf(local(ctx)));
        }
        for (String name : List.of("current_time", "localtime", "curtime")) {
            stable(r, name, TIME, ctx -> DateTimes.timeOf(local(ctx)));
        }
        stable(r, "localtimestamp", TIMESTAMP, DateTimeFunctions::local);
        precise(r, "current_timestamp", TIMESTAMPTZ, EvalContext::nowMicros);
        precise(r, "localtimestamp", TIMESTAMP, DateTimeFunctions::local);
        precise(r, "current_time", TIME, ctx -> DateTimes.timeOf(local(ctx)));
        precise(r, "localtime", TIME, ctx -> DateTimes.timeOf(local(ctx)));
    }

    private static Long local(EvalContext ctx) {
        return DateTimes.toLocal(ctx.nowMicros(), ctx.zone());
    }

    private static long midnight(EvalContext ctx) {
        return DateTimes.dayStart(DateTimes.dayOf(local(ctx)));
    }

    private static void stable(Functions.Registrar r, String name, SqlType type, Nullary body) {
        r.add(name, type, List.of(), Volatility.STABLE, body);
    }

    /** The clock to a number of digits of the second's fraction. */
    private static void precise(Functions.Registrar r, String name, SqlType type, Nullary body) {
        r.add(name, type, List.of(INTEGER), Volatility.STABLE, (Contextual) (v, ctx) -> {
            long digits = Math.max(0, Math.min((Long) v[0], SqlType.MAX_FRACTION));
            return DateTimes.round((Long) body.apply(ctx), SqlType.fractional(type.kind(), (int) digits));
        });
    }

    private static void extract(Functions.Registrar r) {
        for (String name : List.of("extract", "date_part")) {
            boolean exact = name.equals("extract");
            SqlType type = exact ? DECIMAL : DOUBLE;
            for (SqlType from : List.of(TIMESTAMP, DATE, TIME, INTERVAL)) {
                r.add(name, type, List.of(TEXT, from), (Binary)
                        (f, v) -> number(field(f, from).of(v, from), exact));
            }
            r.add(name, type, List.of(TEXT, TIMESTAMPTZ), Volatility.STABLE, (Contextual)
                    (v, ctx) -> number(field(v[0], TIMESTAMPTZ).ofInstant((Long) v[1], ctx.zone()), exact));
        }
        FIELD_FUNCTIONS.forEach((name, field) -> fieldFunction(r, name, field, 0));
        // JDBC counts the days of the week from Sunday = 1.
        fieldFunction(r, "dayofweek", DateTimeField.DOW, 1);
        fieldFunction(r, "day_of_week", DateTimeField.DOW, 1);
    }

    private static void fieldFunction(Functions.Registrar r, String name, DateTimeField field, long plus) {
        for (SqlType from : List.of(TIMESTAMP, DATE, TIME)) {
            if (field.appliesTo(from)) {
                r.add(name, INTEGER, List.of(from), (Unary)
                        v -> field.of(v, from).longValue() + plus);
            }
        }
        r.add(name, INTEGER, List.of(TIMESTAMPTZ), Volatility.STABLE, (Contextual)
                (v, ctx) -> field.ofInstant((Long) v[0], ctx.zone()).longValue() + plus);
    }

    private static Object number(BigDecimal value, boolean exact) {
        return exact ? value : (Object) value.doubleValue();
    }

    private static DateTimeField field(Object name, SqlType type) {
        return DateTimeField.named((String) name, type);
    }

    private static void truncate(Functions.Registrar r) {
        r.add("date_trunc", TIMESTAMP, List.of(TEXT, TIMESTAMP), (Binary)
                (f, v) -> field(f, TIMESTAMP).truncate((Long) v));
        r.add("date_trunc", TIMESTAMPTZ, List.of(TEXT, TIMESTAMPTZ), Volatility.STABLE, (Contextual) (v, ctx) -> {
            return field(v[0], TIMESTAMPTZ).truncate((Long) v[1], ctx.zone());
        });
        r.add("date_trunc", TIMESTAMPTZ, List.of(TEXT, TIMESTAMPTZ, TEXT), (Variadic) v -> {
            return field(v[0], TIMESTAMPTZ).truncate((Long) v[1], zone((String) v[2]));
        });
    }

    private static void makers(Functions.Registrar r) {
        inZone(r, TEXT, z -> zone((String) z));
        inZone(r, INTERVAL, z -> zone((Interval) z));
        r.add("make_date", DATE, List.of(INTEGER, INTEGER, INTEGER), (Variadic)
                v -> date((Long) v[0], (Long) v[1], (Long) v[2]));
        r.add("make_time", TIME, List.of(INTEGER, INTEGER, DOUBLE), (Variadic)
                v -> time((Long) v[0], (Long) v[1], (Double) v[2]));
        r.add("make_timestamp", TIMESTAMP, List.of(INTEGER, INTEGER, INTEGER, INTEGER, INTEGER, DOUBLE), (Variadic)
                DateTimeFunctions::timestamp);
        r.add(
                "make_timestamptz",
                TIMESTAMPTZ,
                List.of(INTEGER, INTEGER, INTEGER, INTEGER, INTEGER, DOUBLE),
                Volatility.STABLE,
                (Contextual) (v, ctx) -> DateTimes.toInstant(timestamp(v), ctx.zone()));
        r.add(
                "make_timestamptz",
                TIMESTAMPTZ,
                List.of(INTEGER, INTEGER, INTEGER, INTEGER, INTEGER, DOUBLE, TEXT),
                (Variadic) v -> DateTimes.toInstant(timestamp(v), zone((String) v[6])));
        r.add("to_timestamp", TIMESTAMPTZ, List.of(DOUBLE), (Unary) seconds -> instant((Double) seconds));
        r.add("age", INTERVAL, List.of(TIMESTAMP, TIMESTAMP), (Binary) (a, b) -> age((Long) a, (Long) b));
        r.add("age", INTERVAL, List.of(TIMESTAMPTZ, TIMESTAMPTZ), Volatility.STABLE, (Contextual) (v, ctx) -> {
            return age(DateTimes.toLocal((Long) v[0], ctx.zone()), DateTimes.toLocal((Long) v[1], ctx.zone()));
        });
        r.add("age", INTERVAL, List.of(TIMESTAMP), Volatility.STABLE, (Contextual)
                (v, ctx) -> age(midnight(ctx), (Long) v[0]));
        r.add("age", INTERVAL, List.of(TIMESTAMPTZ), Volatility.STABLE, (Contextual)
                (v, ctx) -> age(midnight(ctx), DateTimes.toLocal((Long) v[0], ctx.zone())));
        r.add("last_day", DATE, List.of(DATE), (Unary) v -> {
            LocalDate d = LocalDate.ofEpochDay((Long) v);
            return d.withDayOfMonth(d.lengthOfMonth()).toEpochDay();
        });
        r.add("to_days", BIGINT, List.of(DATE), (Unary) v -> (Long) v + 719_528L);
    }

    /** AT TIME ZONE. A day is an instant, its beginning in the session's zone, as in PostgreSQL. */
    private static void inZone(Functions.Registrar r, SqlType type, Function<Object, ZoneId> zone) {
        r.add("timezone", TIMESTAMPTZ, List.of(type, TIMESTAMP), (Binary)
                (z, v) -> DateTimes.toInstant((Long) v, zone.apply(z)));
        r.add("timezone", TIMESTAMP, List.of(type, TIMESTAMPTZ), (Binary)
                (z, v) -> DateTimes.toLocal((Long) v, zone.apply(z)));
        r.add("timezone", TIMESTAMP, List.of(type, DATE), Volatility.STABLE, (Contextual) (v, ctx) -> {
            long instant = DateTimes.toInstant(DateTimes.dayStart((Long) v[1]), ctx.zone());
            return DateTimes.toLocal(instant, zone.apply(v[0]));
        });
    }

    /** Of year, month, day, hour, minute, second. */
    private static Long timestamp(Object[] v) {
        return Math.addExact(
                DateTimes.dayStart(date((Long) v[0], (Long) v[1], (Long) v[2])),
                time((Long) v[3], (Long) v[4], (Double) v[5]));
    }

    /** A zone by its name; 22023 where there is none. */
    static ZoneId zone(String name) {
        return ZoneNames.findOfTime(name)
                .orElseThrow(() ->
                        new SqlException(SqlState.INVALID_PARAMETER_VALUE, "time zone \"" + name + "\" is not known"));
    }

    /** The zone so far to the east of UTC; 22023 where there is none. */
    private static ZoneId zone(Interval east) {
        long seconds = east.micros() / DateTimes.MICROS_PER_SECOND;
        if (east.months() != 0 || east.days() != 0 || Math.abs(seconds) > ZoneOffset.MAX.getTotalSeconds()) {
            throw new SqlException(
                    SqlState.INVALID_PARAMETER_VALUE,
                    "a time zone given as an interval is at most 18 hours, and neither days nor months");
        }
        return ZoneOffset.ofTotalSeconds((int) seconds);
    }

    private static Long instant(double seconds) {
        double micros = Math.rint(seconds * DateTimes.MICROS_PER_SECOND);
        if (!(Math.abs(micros) < 0x1p63)) {
            throw outOfRange();
        }
        return DateTimes.checkMicros((long) micros);
    }

    /** A year below 0 is one before Christ; there is no year 0. */
    private static Long date(long year, long month, long day) {
        if (year == 0) {
            throw outOfRange();
        }
        try {
            int proleptic = Math.toIntExact(year < 0 ? year + 1 : year);
            return DateTimes.checkDay(LocalDate.of(proleptic, Math.toIntExact(month), Math.toIntExact(day))
                    .toEpochDay());
        } catch (DateTimeException | ArithmeticException e) {
            throw outOfRange();
        }
    }

    private static Long time(long hour, long minute, double second) {
        if (hour < 0 || hour > 24 || minute < 0 || minute > 59 || !(second >= 0 && second < 60)) {
            throw outOfRange();
        }
        long micros = (hour * 60 + minute) * 60 * DateTimes.MICROS_PER_SECOND
                + Math.round(second * DateTimes.MICROS_PER_SECOND);
        if (micros > DateTimes.MICROS_PER_DAY) {
            throw outOfRange();
        }
        return micros;
    }

    /**
     * The difference field by field, as PostgreSQL counts it: a day that is missing is borrowed from the month of the
     * earlier date.
     */
    private static Interval age(long a, long b) {
        if (a < b) {
            return age(b, a).negate();
        }
        LocalDateTime from = DateTimes.toLocalDateTime(b);
        LocalDateTime to = DateTimes.toLocalDateTime(a);
        int months = (to.getYear() - from.getYear()) * 12 + to.getMonthValue() - from.getMonthValue();
        int days = to.getDayOfMonth() - from.getDayOfMonth();
        long micros = DateTimes.timeOf(a) - DateTimes.timeOf(b);
        if (micros < 0) {
            micros += DateTimes.MICROS_PER_DAY;
            days--;
        }
        if (days < 0) {
            days += from.toLocalDate().lengthOfMonth();
            months--;
        }
        return new Interval(months, days, micros);
    }

    private static SqlException outOfRange() {
        return new SqlException(SqlState.DATETIME_OVERFLOW, "date or time field value out of range");
    }
}
