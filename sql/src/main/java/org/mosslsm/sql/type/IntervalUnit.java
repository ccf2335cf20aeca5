// Units of intervals.
package org.mosslsm.sql.type;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** A unit in which a text counts time: so many months, days or microseconds, two of the three being 0. */
enum IntervalUnit {
    MILLENNIUM(12_000, 0, 0, "millennium millennia millenniums mil mils"),
    CENTURY(1_200, 0, 0, "century centuries cent c"),
    DECADE(120, 0, 0, "decade decades dec decs"),
    YEAR(12, 0, 0, "year years y yr yrs"),
    MONTH(1, 0, 0, "month months mon mons"),
    WEEK(0, 7, 0, "week weeks w"),
    DAY(0, 1, 0, "day days d"),
    HOUR(0, 0, 3_600_000_000L, "hour hours h hr hrs"),
    MINUTE(0, 0, 60_000_000L, "minute minutes m min mins"),
    SECOND(0, 0, 1_000_000L, "second seconds s sec secs"),
    MILLISECOND(0, 0, 1_000L, "millisecond milliseconds ms msec msecs msecond mseconds"),
    MICROSECOND(0, 0, 1L, "microsecond microseconds us usec usecs usecond useconds");

    private static final Map<String, IntervalUnit> BY_NAME = new HashMap<>();

    static {
        for (IntervalUnit unit : values()) {
            for (String name : unit.names.split(" ", -1)) {
                BY_NAME.put(name, unit);
            }
        }
    }

    private final int months;
    private final int days;
    private final long micros;
    private final String names;

    IntervalUnit(int months, int days, long micros, String names) {
        this.months = months;
        this.days = days;
        this.micros = micros;
        this.names = names;
    }

    /** The unit called so, its letters large or small; empty where there is none. */
    static Optional<IntervalUnit> named(String word) {
        return Optional.ofNullable(BY_NAME.get(Words.lower(word)));
    }

    /**
     * So many of the unit, as PostgreSQL counts a fraction: that of a year, or more, is rounded to months; that of a month is
     * days of 30 a month, and that of a day time.
     *
     * @throws ArithmeticException when a part does not fit
     */
    Interval times(BigDecimal n) {
        BigDecimal whole = n.setScale(0, RoundingMode.DOWN);
        BigDecimal fraction = n.subtract(whole);
        long count = whole.longValueExact();
        if (months > 1) {
            BigDecimal rest = fraction.multiply(BigDecimal.valueOf(months));
            return new Interval(
                    Math.toIntExact(Math.addExact(
                            Math.multiplyExact(count, months),
                            rest.setScale(0, RoundingMode.HALF_EVEN).longValueExact())),
                    0,
                    0);
        }
        if (micros > 0) {
            return new Interval(0, 0, Math.addExact(Math.multiplyExact(count, micros), rounded(fraction, micros)));
        }
        BigDecimal rest = fraction.multiply(BigDecimal.valueOf(months == 1 ? 30 : days));
        BigDecimal restDays = rest.setScale(0, RoundingMode.DOWN);
        long wholeDays = Math.addExact(Math.multiplyExact(count, days), restDays.longValueExact());
        return new Interval(
                Math.toIntExact(count * months),
                Math.toIntExact(wholeDays),
                rounded(rest.subtract(restDays), DateTimes.MICROS_PER_DAY));
    }

    private static long rounded(BigDecimal fraction, long micros) {
        return fraction.multiply(BigDecimal.valueOf(micros))
                .setScale(0, RoundingMode.HALF_DOWN)
                .longValueExact();
    }
}
