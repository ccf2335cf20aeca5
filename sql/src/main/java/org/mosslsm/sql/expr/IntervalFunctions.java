package org.mosslsm.sql.expr;

import static org.mosslsm.sql.type.SqlType.BOOLEAN;
import static org.mosslsm.sql.type.SqlType.DATE;
import static org.mosslsm.sql.type.SqlType.DOUBLE;
import static org.mosslsm.sql.type.SqlType.INTEGER;
import static org.mosslsm.sql.type.SqlType.INTERVAL;
import static org.mosslsm.sql.type.SqlType.TEXT;
import static org.mosslsm.sql.type.SqlType.TIMESTAMP;
import static org.mosslsm.sql.type.SqlType.TIMESTAMPTZ;

import java.time.ZoneId;
import java.util.List;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;
import org.mosslsm.sql.expr.FunctionBody.Binary;
import org.mosslsm.sql.expr.FunctionBody.Contextual;
import org.mosslsm.sql.expr.FunctionBody.Unary;
import org.mosslsm.sql.expr.FunctionBody.Variadic;
import org.mosslsm.sql.expr.ScalarFunction.Volatility;
import org.mosslsm.sql.type.DateTimes;
import org.mosslsm.sql.type.Interval;
import org.mosslsm.sql.type.SqlType;
import org.mosslsm.sql.type.Words;

/** Making spans of time, and adding them, cutting them, turning their parts into larger ones, and bins of time. */
final class IntervalFunctions {
    private static final int DAYS_PER_MONTH = 30;

    private IntervalFunctions() {}

    static void register(Functions.Registrar r) {
        r.add("date_trunc", INTERVAL, List.of(TEXT, INTERVAL), (Binary)
                (field, v) -> truncate(Words.lower((String) field), (Interval) v));
        r.add(
                "make_interval",
                INTERVAL,
                List.of(INTEGER, INTEGER, INTEGER, INTEGER, INTEGER, INTEGER, DOUBLE),
                (Variadic) IntervalFunctions::made);
        added(r);
        r.add("justify_hours", INTERVAL, List.of(INTERVAL), (Unary) v -> justified((Interval) v, true, false));
        r.add("justify_days", INTERVAL, List.of(INTERVAL), (Unary) v -> justified((Interval) v, false, true));
        r.add("justify_interval", INTERVAL, List.of(INTERVAL), (Unary) v -> justified((Interval) v, true, true));
        for (SqlType type : List.of(TIMESTAMP, TIMESTAMPTZ)) {
            r.add("date_bin", type, List.of(INTERVAL, type, type), (Variadic)
                    v -> bin((Interval) v[0], (Long) v[1], (Long) v[2]));
        }
        for (SqlType type : List.of(DATE, TIMESTAMP, TIMESTAMPTZ, INTERVAL)) {
            r.add("isfinite", BOOLEAN, List.of(type), (Unary) v -> true);
        }
    }

    /** DATE_ADD and DATE_SUBTRACT: by the clock of a zone. */
    private static void added(Functions.Registrar r) {
        for (boolean add : new boolean[] {true, false}) {
            String name = add ? "date_add" : "date_subtract";
            r.add(name, TIMESTAMPTZ, List.of(TIMESTAMPTZ, INTERVAL), Volatility.STABLE, (Contextual)
                    (v, ctx) -> added((Long) v[0], (Interval) v[1], ctx.zone(), add));
            r.add(name, TIMESTAMPTZ, List.of(TIMESTAMPTZ, INTERVAL, TEXT), (Variadic)
                    v -> added((Long) v[0], (Interval) v[1], DateTimeFunctions.zone((String) v[2]), add));
        }
    }

    private static Long added(long instant, Interval span, ZoneId zone, boolean add) {
        try {
            return DateTimes.plus(instant, add ? span : span.negate(), zone);
        } catch (ArithmeticException e) {
            throw overflow("timestamp");
        }
    }

    private static SqlException overflow(String what) {
        return new SqlException(SqlState.DATETIME_OVERFLOW, what + " out of range");
    }

    /** Of years, months, weeks, days, hours, minutes and seconds. */
    private static Interval made(Object[] v) {
        try {
            double micros = Math.rint((Double) v[6] * DateTimes.MICROS_PER_SECOND);
            if (!(Math.abs(micros) < 0x1p62)) {
                throw overflow("interval");
            }
            return new Interval(
                    Math.toIntExact(Math.addExact((Long) v[0] * 12, (Long) v[1])),
                    Math.toIntExact(Math.addExact((Long) v[2] * 7, (Long) v[3])),
                    Math.addExact(((Long) v[4] * 60 + (Long) v[5]) * 60 * DateTimes.MICROS_PER_SECOND, (long) micros));
        } catch (ArithmeticException e) {
            throw overflow("interval");
        }
    }

    private static Interval truncate(String field, Interval v) {
        int months =
                switch (field) {
                    case "millennium", "millennia" -> 12_000;
                    case "century", "centuries" -> 1_200;
                    case "decade", "decades" -> 120;
                    case "year", "years" -> 12;
                    case "quarter", "quarters" -> 3;
                    case "month", "months" -> 1;
                    default -> 0;
                };
        if (months > 0) {
            return new Interval(v.months() - v.months() % months, 0, 0);
        }
        long micros =
                switch (field) {
                    case "day", "days" -> Long.MAX_VALUE;
                    case "hour", "hours" -> 3_600 * DateTimes.MICROS_PER_SECOND;
                    case "minute", "minutes" -> 60 * DateTimes.MICROS_PER_SECOND;
                    case "second", "seconds" -> DateTimes.MICROS_PER_SECOND;
                    case "millisecond", "milliseconds" -> 1_000;
                    case "microsecond", "microseconds" -> 1;
                    default ->
                        throw new SqlException(
                                SqlState.INVALID_PARAMETER_VALUE, "field \"" + field + "\" is not one of an INTERVAL");
                };
        return new Interval(v.months(), v.days(), v.micros() - v.micros() % micros);
    }

    /** The parts with one sign, 24 hours as a day and 30 days as a month where that is asked for. */
    private static Interval justified(Interval v, boolean hours, boolean days) {
        long d = v.days();
        long m = v.months();
        long micros = v.micros();
        if (hours) {
            d += micros / DateTimes.MICROS_PER_DAY;
            micros %= DateTimes.MICROS_PER_DAY;
        }
        if (days) {
            m += d / DAYS_PER_MONTH;
            d %= DAYS_PER_MONTH;
            long rest = d != 0 || !hours ? d : micros;
            if (m > 0 && rest < 0) {
                d += DAYS_PER_MONTH;
                m--;
            } else if (m < 0 && rest > 0) {
                d -= DAYS_PER_MONTH;
                m++;
            }
        }
        if (hours && d > 0 && micros < 0) {
            micros += DateTimes.MICROS_PER_DAY;
            d--;
        } else if (hours && d < 0 && micros > 0) {
            micros -= DateTimes.MICROS_PER_DAY;
            d++;
        }
        if (m != (int) m || d != (int) d) {
            throw new SqlException(SqlState.DATETIME_OVERFLOW, "interval out of range");
        }
        return new Interval((int) m, (int) d, micros);
    }

    /** The beginning of the bin that {@code at} is in, of bins as long as {@code stride}, one of which begins at {@code origin}. */
    private static Long bin(Interval stride, long at, long origin) {
        if (stride.months() != 0) {
            throw SqlException.notSupported("bins of time of months or years, which differ in length,");
        }
        try {
            long width =
                    Math.addExact(Math.multiplyExact((long) stride.days(), DateTimes.MICROS_PER_DAY), stride.micros());
            if (width <= 0) {
                throw new SqlException(SqlState.DATETIME_OVERFLOW, "bins of time must be longer than nothing");
            }
            return DateTimes.checkMicros(Math.subtractExact(at, Math.floorMod(Math.subtractExact(at, origin), width)));
        } catch (ArithmeticException e) {
            throw new SqlException(SqlState.DATETIME_OVERFLOW, "timestamp out of range", e);
        }
    }
}
