package org.mosslsm.sql.type;

import java.math.BigInteger;
import java.util.Comparator;

/**
 * A span of time in three parts that do not convert into each other: a month has no fixed number of days.
 *
 * @param months whole months
 * @param days whole days
 * @param micros microseconds
 */
public record Interval(int months, int days, long micros) {
    private static final BigInteger MICROS_PER_DAY = BigInteger.valueOf(86_400_000_000L);
    private static final double SECONDS_PER_DAY = 86_400;

    /** By length, taking a month for 30 days and a day for 24 hours, as PostgreSQL does. */
    public static final Comparator<Interval> ORDER = Comparator.comparing(Interval::lengthMicros);

    BigInteger lengthMicros() {
        return BigInteger.valueOf(months * 30L + days).multiply(MICROS_PER_DAY).add(BigInteger.valueOf(micros));
    }

    /** The span turned round. */
    public Interval negate() {
        return new Interval(Math.negateExact(months), Math.negateExact(days), Math.negateExact(micros));
    }

    /** The sum, part by part. */
    public Interval plus(Interval other) {
        return new Interval(
                Math.addExact(months, other.months),
                Math.addExact(days, other.days),
                Math.addExact(micros, other.micros));
    }

    /**
     * The span {@code factor} times as long; fractions of a month become days of 30 a month, those of a day time.
     *
     * @throws org.mosslsm.sql.error.SqlException 22008
     */
    public Interval times(double factor) {
        return of(months * factor, days * factor, micros * factor);
    }

    /**
     * The span divided by {@code divisor}, which is not 0: each part for itself, since {@code 49 * (1 / 49.0)} is not 1;
     * fractions as in {@link #times}.
     *
     * @throws org.mosslsm.sql.error.SqlException 22008
     */
    public Interval dividedBy(double divisor) {
        return of(months / divisor, days / divisor, micros / divisor);
    }

    /** As PostgreSQL does it: what fractions become is rounded to millionths, lest 0.29999 of a month be 8 days and 24 hours. */
    private static Interval of(double m, double d, double t) {
        double wholeMonths = whole(m);
        double moreDays = millionths((m - wholeMonths) * 30);
        double seconds = millionths((d - whole(d) + moreDays - whole(moreDays)) * SECONDS_PER_DAY);
        double carried = whole(seconds / SECONDS_PER_DAY); // two fractions may be a day
        double wholeDays = whole(d) + whole(moreDays) + carried;
        double micro = Math.rint(t + (seconds - carried * SECONDS_PER_DAY) * 1e6);
        if (!(Math.abs(wholeMonths) <= Integer.MAX_VALUE
                && Math.abs(wholeDays) <= Integer.MAX_VALUE
                && Math.abs(micro) < 0x1p63)) {
            throw DateTimes.overflow("interval");
        }
        return new Interval((int) wholeMonths, (int) wholeDays, (long) micro);
    }

    private static double whole(double v) {
        return v < 0 ? Math.ceil(v) : Math.floor(v);
    }

    private static double millionths(double v) {
        return Math.rint(v * 1e6) / 1e6;
    }
}
