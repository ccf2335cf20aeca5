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
        double m = months * factor;
        double wholeMonths = m < 0 ? Math.ceil(m) : Math.floor(m);
        double d = days * factor + (m - wholeMonths) * 30;
        double wholeDays = d < 0 ? Math.ceil(d) : Math.floor(d);
        double micro = Math.rint(micros * factor + (d - wholeDays) * DateTimes.MICROS_PER_DAY);
        if (!(Math.abs(wholeMonths) <= Integer.MAX_VALUE
                && Math.abs(wholeDays) <= Integer.MAX_VALUE
                && Math.abs(micro) < 0x1p63)) {
            throw DateTimes.overflow("interval");
        }
        return new Interval((int) wholeMonths, (int) wholeDays, (long) micro);
    }
}
