// Intervals as PostgreSQL and the standard write them.
package org.mosslsm.sql.type;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads pieces like {@code 1 year}, {@code -1-2}, {@code 3 04:05:06.5}, from the last to the first, since what a number counts
 * is said behind it. For one text.
 *
 * <ol>
 *   <li>A number counts the unit behind it. The last one without a unit counts the field of the literal's qualifier, or
 *       seconds; one before a time or before hours counts days, any other what the number behind it counts.
 *   <li>No unit is counted twice. A time counts hours, minutes and seconds; years and months in one piece count as months.
 *   <li>A sign is that of its piece alone; {@code ago} turns the whole round.
 * </ol>
 */
final class IntervalReader {
    private static final Pattern PIECE = Pattern.compile("([+-]?)\\s*(?:"
            + "(\\d++)-(\\d++)(?!-)" // 2: years and months
            + "|(\\d+):(\\d+)(?::(\\d*))?(\\.\\d*)?" // 4: hours, minutes and seconds, or minutes and seconds
            + "|(\\d+(?:\\.\\d*)?|\\.\\d+))" // 8: a number
            + "|([a-zA-Z]+)" // 9: a unit
            + "|[\\s@,]+");

    private static final Set<IntervalUnit> SECONDS =
            EnumSet.of(IntervalUnit.SECOND, IntervalUnit.MILLISECOND, IntervalUnit.MICROSECOND);
    private static final Set<IntervalUnit> TIME = EnumSet.range(IntervalUnit.HOUR, IntervalUnit.MICROSECOND);

    private final boolean minutesFirst;
    private final Set<IntervalUnit> seen = EnumSet.noneOf(IntervalUnit.class);
    private Interval sum = new Interval(0, 0, 0);
    private boolean ago;
    /** The unit behind the piece at hand, until a number takes it. */
    private IntervalUnit said;
    /** What a number without a unit counts; null where it is wrong. */
    private IntervalUnit implied;

    /**
     * @param field what the last number counts, if it has no unit
     * @param minutesFirst whether {@code 1:30} is minutes and seconds
     */
    IntervalReader(IntervalUnit field, boolean minutesFirst) {
        this.implied = field;
        this.minutesFirst = minutesFirst;
    }

    /**
     * The interval; empty where the text is none.
     *
     * @throws ArithmeticException when a part does not fit
     */
    Optional<Interval> read(String text) {
        List<MatchResult> pieces = new ArrayList<>();
        Matcher m = PIECE.matcher(text);
        int at = 0;
        while (at < text.length()) {
            m.region(at, text.length());
            if (!m.lookingAt()) {
                return Optional.empty();
            }
            pieces.add(m.toMatchResult());
            at = m.end();
        }
        for (int i = pieces.size() - 1; i >= 0; i--) {
            if (!piece(pieces.get(i))) {
                return Optional.empty();
            }
        }
        if (said != null || seen.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(ago ? sum.negate() : sum);
    }

    /** Whether the piece may stand where it does. */
    private boolean piece(MatchResult p) {
        if (p.group(9) != null) {
            return word(p.group(9));
        } else if (p.group(2) != null) {
            return said == null && yearsAndMonths(p);
        } else if (p.group(4) != null) {
            return said == null && time(p);
        }
        return p.group(8) == null || number(p);
    }

    private boolean word(String word) {
        if (said != null) {
            return false;
        }
        if (word.equalsIgnoreCase("ago")) {
            ago = true;
            implied = null;
            return true;
        }
        said = IntervalUnit.named(word).orElse(null);
        return said != null;
    }

    private boolean number(MatchResult p) {
        IntervalUnit unit = said == null ? implied : said;
        if (unit == null) {
            return false;
        }
        said = null;
        implied = unit == IntervalUnit.HOUR ? IntervalUnit.DAY : unit;
        boolean whole = p.group(8).indexOf('.') < 0;
        return add(
                unit.times(new BigDecimal(p.group(1) + p.group(8))),
                unit == IntervalUnit.SECOND && !whole ? SECONDS : Set.of(unit));
    }

    private boolean yearsAndMonths(MatchResult p) {
        implied = IntervalUnit.MONTH;
        long months = below(p.group(3), 12);
        long all = Math.addExact(Math.multiplyExact(Long.parseLong(digits(p.group(2))), 12L), months);
        return add(IntervalUnit.MONTH.times(BigDecimal.valueOf(signed(p, all))), Set.of(IntervalUnit.MONTH));
    }

    private boolean time(MatchResult p) {
        implied = IntervalUnit.DAY;
        boolean hoursFirst = p.group(6) != null || (p.group(7) == null && !minutesFirst);
        long hours = hoursFirst ? Long.parseLong(digits(p.group(4))) : 0;
        long minutes = below(p.group(hoursFirst ? 5 : 4), 60);
        String seconds = hoursFirst ? p.group(6) : p.group(5);
        // A leap second is taken for the next one.
        long micros = seconds == null || seconds.isEmpty() ? 0 : below(seconds, 61) * DateTimes.MICROS_PER_SECOND;
        if (p.group(7) != null) {
            micros += new BigDecimal("0" + p.group(7))
                    .movePointRight(6)
                    .setScale(0, RoundingMode.HALF_EVEN)
                    .longValueExact();
        }
        long all = Math.addExact(
                Math.multiplyExact(
                        Math.addExact(Math.multiplyExact(hours, 60L), minutes), 60 * DateTimes.MICROS_PER_SECOND),
                micros);
        return add(new Interval(0, 0, signed(p, all)), TIME);
    }

    private boolean add(Interval part, Set<IntervalUnit> units) {
        sum = sum.plus(part);
        return units.stream().allMatch(seen::add);
    }

    private static long signed(MatchResult p, long value) {
        return p.group(1).equals("-") ? -value : value;
    }

    private static long below(String text, int limit) {
        long value = Long.parseLong(digits(text));
        if (value >= limit) {
            throw new ArithmeticException(text);
        }
        return value;
    }

    private static String digits(String text) {
        if (text.length() > 18) {
            throw new ArithmeticException(text);
        }
        return text;
    }
}
