package org.mosslsm.sql.type;

import java.util.Optional;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;

/**
 * Intervals as text: {@code 1 year 2 mons 3 days 04:05:06.5} and the standard's literals {@code '1-2' YEAR TO MONTH},
 * {@code '3 04:05' DAY TO MINUTE}, {@code '5' HOUR}, and ISO 8601's {@code P1Y2M3DT4H5M6.5S} and
 * {@code P0001-02-03T04:05:06}.
 */
public final class IntervalText {
    /** A longer text is none of an interval: PostgreSQL's limit. */
    private static final int MAX_LENGTH = 256;

    private static final long MICROS_PER_MINUTE = 60 * DateTimes.MICROS_PER_SECOND;
    private static final long MICROS_PER_HOUR = 60 * MICROS_PER_MINUTE;

    private IntervalText() {}

    /**
     * Reads an interval that names its units.
     *
     * @throws SqlException 22007 where the text is none, 22015 where a part of it is out of range
     */
    public static Interval parse(String text) {
        return parse(text, Optional.empty(), Optional.empty());
    }

    /**
     * Reads the literal of an interval with its qualifier: the last number without a unit counts the field {@code to}, or
     * {@code from} where that is the only one, and what is less than that field is cut off.
     *
     * @param from year, month, day, hour, minute or second
     * @param to a lesser field than {@code from}
     * @throws SqlException as {@link #parse(String)}
     */
    public static Interval parse(String text, Optional<String> from, Optional<String> to) {
        if (text.length() > MAX_LENGTH) {
            throw invalid(text.substring(0, 50) + "...");
        }
        Optional<IntervalUnit> last = to.or(() -> from).flatMap(IntervalUnit::named);
        boolean minutesFirst = from.equals(Optional.of("minute")) && to.isPresent();
        try {
            Optional<Interval> read = text.startsWith("P")
                    ? IsoInterval.read(text)
                    : new IntervalReader(last.orElse(IntervalUnit.SECOND), minutesFirst).read(text);
            Interval whole = read.orElseThrow(() -> invalid(text));
            return last.map(unit -> cut(whole, unit)).orElse(whole);
        } catch (ArithmeticException e) {
            throw outOfRange(text);
        }
    }

    private static Interval cut(Interval i, IntervalUnit last) {
        return switch (last) {
            case YEAR -> new Interval(i.months() / 12 * 12, 0, 0);
            case MONTH -> new Interval(i.months(), 0, 0);
            case DAY -> new Interval(i.months(), i.days(), 0);
            case HOUR -> new Interval(i.months(), i.days(), i.micros() - i.micros() % MICROS_PER_HOUR);
            case MINUTE -> new Interval(i.months(), i.days(), i.micros() - i.micros() % MICROS_PER_MINUTE);
            default -> i;
        };
    }

    /**
     * {@code 1 year 2 mons -3 days +04:05:06.5}: what is positive behind a negative part says so; {@code 00:00:00} for nothing.
     */
    public static String format(Interval interval) {
        StringBuilder sb = new StringBuilder();
        boolean negative = unit(sb, interval.months() / 12, "year", false);
        negative = unit(sb, interval.months() % 12, "mon", negative);
        negative = unit(sb, interval.days(), "day", negative);
        long micros = interval.micros();
        if (micros != 0 || sb.length() == 0) {
            if (sb.length() > 0) {
                sb.append(' ');
            }
            sb.append(micros < 0 ? "-" : negative ? "+" : "");
            DateTimes.appendTime(sb, Math.abs(micros / MICROS_PER_HOUR), Math.abs(micros % MICROS_PER_HOUR));
        }
        return sb.toString();
    }

    /** Whether the part shown last is negative. */
    private static boolean unit(StringBuilder sb, int n, String name, boolean negative) {
        if (n == 0) {
            return negative;
        }
        if (sb.length() > 0) {
            sb.append(' ');
        }
        sb.append(negative && n > 0 ? "+" : "")
                .append(n)
                .append(' ')
                .append(name)
                .append(n == 1 ? "" : "s");
        return n < 0;
    }

    private static SqlException outOfRange(String text) {
        return new SqlException(
                SqlState.INTERVAL_FIELD_OVERFLOW, "a field of the interval is out of range: \"" + text + "\"");
    }

    private static SqlException invalid(String text) {
        return new SqlException(SqlState.INVALID_DATETIME, "invalid input for type INTERVAL: \"" + text + "\"");
    }
}
