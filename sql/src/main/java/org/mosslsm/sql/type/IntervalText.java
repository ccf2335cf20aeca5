package org.mosslsm.sql.type;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;

/**
 * Intervals as text: {@code 1 year 2 mons 3 days 04:05:06.5} and the standard's literals {@code '1-2' YEAR TO MONTH},
 * {@code '3 04:05' DAY TO MINUTE}, {@code '5' HOUR}, and ISO 8601's {@code P1Y2M3DT4H5M6.5S} and
 * {@code P0001-02-03T04:05:06}.
 */
public final class IntervalText {
    private static final Pattern PART = Pattern.compile(
            "([+-]?)(\\d+)-(\\d+)" // 1: years and months
                    + "|([+-]?)(\\d+):(\\d{1,2})(?::(\\d{1,2}(?:\\.\\d*)?))?" // 4: hours, minutes, seconds
                    + "|([+-]?\\d*\\.?\\d+)\\s*([a-zA-Z]+)?"); // 8: a number and its unit

    private static final String ISO_NUMBER = "([+-]?\\d+(?:\\.\\d*)?)";

    /**
     * A date and, after T, a time, at least one of them: with units, of which there is at least one; as digits alone, eight
     * and six; or with what stands between the parts of a date and of a time. A group a part, as {@link #ISO_UNITS}.
     */
    private static final Pattern ISO = Pattern.compile(("P(?=[-+\\dT])"
                    + "(?:(?:nY)?(?:nM)?(?:nW)?(?:nD)?|(\\d{4})(\\d\\d)(\\d\\d)|n(?:-n(?:-n)?)?)"
                    + "(?:T(?=[-+\\d])(?:(?:nH)?(?:nM)?(?:nS)?|(\\d\\d)(\\d\\d)(\\d\\d)|n(?::n(?::n)?)?))?")
            .replace("n", ISO_NUMBER));

    private static final String[] ISO_UNITS = {
        "year", "month", "week", "day", // with units
        "year", "month", "day", // eight digits
        "year", "month", "day", // with hyphens
        "hour", "minute", "second", // with units
        "hour", "minute", "second", // six digits
        "hour", "minute", "second", // with colons
    };

    /** A longer text is none of an interval: PostgreSQL's limit. */
    private static final int MAX_LENGTH = 256;

    private IntervalText() {}

    /** Reads an interval that names its units. */
    public static Interval parse(String text) {
        return parse(text, Optional.empty(), Optional.empty());
    }

    /**
     * Reads an interval whose numbers without a unit are of the field {@code to}, or {@code from} where that is the only
     * one.
     *
     * @param from year, month, day, hour, minute or second
     * @param to a lesser field than {@code from}
     */
    public static Interval parse(String text, Optional<String> from, Optional<String> to) {
        String field = to.or(() -> from).orElse("second");
        String s = text.strip();
        if (s.length() > MAX_LENGTH) {
            throw invalid(text.substring(0, 50) + "...");
        }
        if (s.startsWith("P")) {
            return iso(s, text);
        }
        boolean ago = s.toLowerCase(Locale.ROOT).endsWith(" ago");
        if (ago) {
            s = s.substring(0, s.length() - 4).strip();
        }
        Matcher m = PART.matcher(s);
        Interval sum = new Interval(0, 0, 0);
        int at = 0;
        if (s.isEmpty()) {
            throw invalid(text);
        }
        try {
            while (at < s.length()) {
                m.region(at, s.length());
                if (!m.lookingAt()) {
                    throw invalid(text);
                }
                sum = sum.plus(part(m, field, text, m.end() == s.length()));
                at = m.end();
                while (at < s.length() && s.charAt(at) == ' ') {
                    at++;
                }
            }
            return ago ? sum.negate() : sum;
        } catch (ArithmeticException e) {
            throw outOfRange(text);
        }
    }

    private static Interval iso(String s, String text) {
        Matcher m = ISO.matcher(s);
        if (!m.matches()) {
            throw invalid(text);
        }
        try {
            Interval sum = new Interval(0, 0, 0);
            for (int i = 0; i < ISO_UNITS.length; i++) {
                if (m.group(i + 1) != null) {
                    sum = sum.plus(of(new BigDecimal(m.group(i + 1)), ISO_UNITS[i], text));
                }
            }
            return sum;
        } catch (ArithmeticException e) {
            throw outOfRange(text);
        }
    }

    private static Interval part(Matcher m, String field, String text, boolean last) {
        if (m.group(2) != null) {
            int months = Math.addExact(Math.multiplyExact(integer(m.group(2)), 12), integer(m.group(3)));
            return new Interval(m.group(1).equals("-") ? -months : months, 0, 0);
        }
        if (m.group(5) != null) {
            BigDecimal seconds = m.group(7) == null ? BigDecimal.ZERO : new BigDecimal(m.group(7));
            long micros = Math.addExact(
                    Math.multiplyExact(
                            integer(m.group(5)) * 60L + integer(m.group(6)), 60 * DateTimes.MICROS_PER_SECOND),
                    seconds.movePointRight(6).setScale(0, RoundingMode.HALF_UP).longValueExact());
            return new Interval(0, 0, m.group(4).equals("-") ? -micros : micros);
        }
        String unit = m.group(9);
        // In '3 04:05:06' DAY TO SECOND the first number counts days.
        String of = unit != null ? unit : last ? field : "day";
        return of(new BigDecimal(m.group(8)), of.toLowerCase(Locale.ROOT), text);
    }

    private static int integer(String digits) {
        if (digits.length() > 9) {
            throw new ArithmeticException("too large");
        }
        return Integer.parseInt(digits);
    }

    private static Interval of(BigDecimal n, String unit, String text) {
        return switch (unit) {
            case "millennium", "millennia", "millenniums" -> months(n, 12_000);
            case "century", "centuries" -> months(n, 1200);
            case "decade", "decades" -> months(n, 120);
            case "year", "years", "y", "yr", "yrs" -> months(n, 12);
            case "month", "months", "mon", "mons" -> months(n, 1);
            case "week", "weeks", "w" -> days(n.multiply(BigDecimal.valueOf(7)));
            case "day", "days", "d" -> days(n);
            case "hour", "hours", "h", "hr", "hrs" -> micros(n, 3600 * DateTimes.MICROS_PER_SECOND);
            case "minute", "minutes", "m", "min", "mins" -> micros(n, 60 * DateTimes.MICROS_PER_SECOND);
            case "second", "seconds", "s", "sec", "secs" -> micros(n, DateTimes.MICROS_PER_SECOND);
            case "millisecond", "milliseconds", "ms" -> micros(n, 1000);
            case "microsecond", "microseconds", "us" -> micros(n, 1);
            default -> throw invalid(text);
        };
    }

    private static Interval months(BigDecimal n, int factor) {
        BigDecimal months = n.multiply(BigDecimal.valueOf(factor));
        BigDecimal whole = months.setScale(0, RoundingMode.DOWN);
        Interval rest = days(months.subtract(whole).multiply(BigDecimal.valueOf(30)));
        return new Interval(whole.intValueExact(), rest.days(), rest.micros());
    }

    private static Interval days(BigDecimal n) {
        BigDecimal whole = n.setScale(0, RoundingMode.DOWN);
        return new Interval(
                0,
                whole.intValueExact(),
                micros(n.subtract(whole), DateTimes.MICROS_PER_DAY).micros());
    }

    private static Interval micros(BigDecimal n, long factor) {
        return new Interval(
                0,
                0,
                n.multiply(BigDecimal.valueOf(factor))
                        .setScale(0, RoundingMode.HALF_UP)
                        .longValueExact());
    }

    /** {@code 1 year 2 mons -3 days 04:05:06.5}; {@code 00:00:00} for nothing. */
    public static String format(Interval interval) {
        StringBuilder sb = new StringBuilder();
        unit(sb, interval.months() / 12, "year");
        unit(sb, interval.months() % 12, "mon");
        unit(sb, interval.days(), "day");
        long micros = interval.micros();
        if (micros != 0 || sb.length() == 0) {
            if (sb.length() > 0) {
                sb.append(' ');
            }
            if (micros < 0) {
                sb.append('-');
            }
            DateTimes.appendTime(sb, Math.abs(micros));
        }
        return sb.toString();
    }

    private static void unit(StringBuilder sb, int n, String name) {
        if (n != 0) {
            if (sb.length() > 0) {
                sb.append(' ');
            }
            sb.append(n).append(' ').append(name).append(n == 1 ? "" : "s");
        }
    }

    private static SqlException outOfRange(String text) {
        return new SqlException(SqlState.DATETIME_OVERFLOW, "interval out of range: \"" + text + "\"");
    }

    private static SqlException invalid(String text) {
        return new SqlException(SqlState.INVALID_DATETIME, "invalid input for type INTERVAL: \"" + text + "\"");
    }
}
