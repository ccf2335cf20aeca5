// Intervals as ISO 8601 writes them.
package org.mosslsm.sql.type;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads intervals that begin with P: a date and, behind T, a time, each in one of three forms.
 *
 * <pre>
 * designated   P1Y2M3W4DT5H6M7.5S     any number may be below 0
 * separated    P1-2-3T4:5:6.5         less important parts may be left out
 * compact      P00010203T040506       eight digits, six digits
 * </pre>
 */
final class IsoInterval {
    private static final String NUMBER = "(-?(?:\\d+(?:\\.\\d*)?|\\.\\d+))";
    private static final Pattern SECTIONS = Pattern.compile("P(?=.)([^T]*)(?:T(.*))?", Pattern.DOTALL);

    private static final Section DATE = new Section(
            "YMWD",
            List.of(IntervalUnit.YEAR, IntervalUnit.MONTH, IntervalUnit.WEEK, IntervalUnit.DAY),
            Pattern.compile(NUMBER + "(?:-" + NUMBER + "(?:-" + NUMBER + ")?)?"),
            Pattern.compile("(-?)(\\d{4})(\\d\\d)(\\d\\d)(\\.\\d*)?"),
            List.of(IntervalUnit.YEAR, IntervalUnit.MONTH, IntervalUnit.DAY),
            IntervalUnit.DAY);

    private static final Section TIME = new Section(
            "HMS",
            List.of(IntervalUnit.HOUR, IntervalUnit.MINUTE, IntervalUnit.SECOND),
            Pattern.compile(NUMBER + "(?::" + NUMBER + "(?::" + NUMBER + ")?)?"),
            Pattern.compile("(-?)(\\d\\d)(\\d\\d)(\\d\\d)(\\.\\d*)?"),
            List.of(IntervalUnit.HOUR, IntervalUnit.MINUTE, IntervalUnit.SECOND),
            IntervalUnit.MICROSECOND);

    /**
     * How one half is written.
     *
     * @param letters which stand for {@code designated}, in that order
     * @param parts what the groups of {@code separated} and {@code compact} are
     * @param fraction what the fraction of a compact half counts: of a time microseconds, as PostgreSQL has it
     */
    private record Section(
            String letters,
            List<IntervalUnit> designated,
            Pattern separated,
            Pattern compact,
            List<IntervalUnit> parts,
            IntervalUnit fraction) {
        Optional<Interval> read(String text) {
            Matcher m = compact.matcher(text);
            if (m.matches()) {
                Interval sum = new Interval(0, 0, 0);
                for (int i = 0; i < parts.size(); i++) {
                    sum = sum.plus(parts.get(i).times(new BigDecimal(m.group(1) + m.group(i + 2))));
                }
                return Optional.of(
                        m.group(5) == null
                                ? sum
                                : sum.plus(fraction.times(new BigDecimal(m.group(1) + "0" + m.group(5)))));
            }
            m = separated.matcher(text);
            if (m.matches()) {
                Interval sum = new Interval(0, 0, 0);
                for (int i = 0; i < parts.size() && m.group(i + 1) != null; i++) {
                    sum = sum.plus(parts.get(i).times(new BigDecimal(m.group(i + 1))));
                }
                return Optional.of(sum);
            }
            return designated(text);
        }

        private Optional<Interval> designated(String text) {
            Matcher m = Pattern.compile(NUMBER + "([" + letters + "])").matcher(text);
            Interval sum = new Interval(0, 0, 0);
            int at = 0;
            while (at < text.length()) {
                m.region(at, text.length());
                if (!m.lookingAt()) {
                    return Optional.empty();
                }
                IntervalUnit unit = designated.get(letters.indexOf(m.group(2)));
                sum = sum.plus(unit.times(new BigDecimal(m.group(1))));
                at = m.end();
            }
            return Optional.of(sum);
        }
    }

    private IsoInterval() {}

    /**
     * The interval; empty where the text is none.
     *
     * @throws ArithmeticException when a part does not fit
     */
    static Optional<Interval> read(String text) {
        Matcher m = SECTIONS.matcher(text);
        if (!m.matches()) {
            return Optional.empty();
        }
        Optional<Interval> date = DATE.read(m.group(1));
        return m.group(2) == null
                ? date
                : date.flatMap(d -> TIME.read(m.group(2)).map(d::plus));
    }
}
