package org.mosslsm.sql.expr;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Matcher;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;
import org.mosslsm.sql.type.SqlType;

/** A pattern that Java's engine tries exponentially many ways of is matched in linear time, or given up. */
@Timeout(120)
class RegularExpressionTest {
    private static final String TRAP = "(x+x+)+(x+x+)+y";

    /** One that only Java's engine knows. */
    private static final String HOSTILE = "(x+x+)+(x+x+)+y\\1";

    private static final String LONG = "x".repeat(200);

    private static RegexMatch match(String pattern, String s) {
        return RegularExpression.of(pattern, "").match(s, EvalContext.none(), true);
    }

    @Test
    void aMatchWithoutASessionIsGivenUp() {
        RegexMatch m = match(HOSTILE, LONG);
        SqlException e = assertThrows(SqlException.class, m::find);
        assertEquals(SqlState.TOO_COMPLEX, e.sqlState());
    }

    @Test
    void foldingLeavesItToTheRun() {
        assertInstanceOf(ScalarExpr.Call.class, Folding.fold(like(LONG, HOSTILE)));
    }

    private static ScalarExpr like(String s, String pattern) {
        return ExprFactory.call(
                "regexp_like",
                List.of(ExprFactory.literal(s, SqlType.TEXT), ExprFactory.literal(pattern, SqlType.TEXT)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                TRAP,
                "(x|x)*y",
                "(x*)*y",
                "(x|xx)+y",
                "x*x*x*x*x*x*x*x*x*x*y",
                "(?:x?){100}x{150}",
                "^(([x])+.)+[a-z]y$",
                "(x+)*\\y.y"
            })
    void aTrapIsMatchedInLinearTime(String pattern) {
        RegexMatch none = RegularExpression.of(pattern, "").match(LONG + LONG, EvalContext.none(), false);
        boolean found = none.find();
        assertEquals(pattern.endsWith("{150}"), found);
        RegexMatch one = RegularExpression.of(pattern, "").match(LONG + LONG + "xy", EvalContext.none(), false);
        assertTrue(one.find() || pattern.contains("\\y"));
    }

    @Test
    void whereATrapMatchesIsToldToo() {
        String s = "-" + LONG + "z" + LONG + "y!";
        RegexMatch m = match(TRAP, s);
        assertTrue(m.find());
        assertEquals(202, m.start());
        assertEquals(s.length() - 1, m.end());
        assertEquals("x".repeat(198), m.group(1));
        assertEquals("xx", m.group(2));
        assertFalse(m.find());
        assertTrue(match(TRAP, "xxxxy").find(), "the pattern is known for a trap now");
    }

    @Test
    void aLongStringDoesNotNestTooDeeply() {
        String s = "ab".repeat(100_000);
        RegexMatch m = match("^(a|b)*$", s);
        assertTrue(m.find());
        assertEquals(s.length(), m.end());
        assertEquals("b", m.group(1));
    }

    @Test
    void afterAnEmptyMatchASearchGoesOnBehindTheCharacter() {
        RegexMatch m = match("x*", "\uD83D\uDE00x");
        List<Integer> starts = new ArrayList<>();
        while (m.find()) {
            starts.add(m.start());
        }
        assertEquals(List.of(0, 2, 3), starts);
    }

    @Test
    void roundsThatMatchNothingHideNoMatch() {
        assertTrue(RegularExpression.of("a*?(?:^\\S*){2}", "in")
                .match("Abbbba", EvalContext.none(), false)
                .find());
    }

    @Test
    void whatOnlyJavaKnowsHasNoProgram() {
        for (String pattern : List.of("(a)\\1", "(?=a)b", "(?!a)b", "(?i)a", "(a*)*", "(a{1000}){1000}")) {
            assertEquals(Optional.empty(), RegularExpression.of(pattern, "").linear(true), pattern);
        }
        assertTrue(RegularExpression.of("(a*)*", "").linear(false).isPresent());
    }

    /** Writes patterns, and strings that they may match. */
    private static final class Writer {
        private static final List<String> ONES = List.of(
                "a",
                "b",
                "ab",
                "ba",
                ".",
                "[ab]",
                "[^a]",
                "[[:alpha:]_]",
                "[]a-]",
                "\\w",
                "\\d",
                "\\s",
                "\\S",
                "[\\w]",
                "[\\s\\W]",
                "[^\\W]",
                "\u00E9",
                "^",
                "$",
                "\\m",
                "\\M",
                "\\y",
                "\\Y",
                "\\.",
                "\\x61",
                "\\n",
                "\uD83D\uDE00",
                "\u00C9",
                "(",
                "|");
        private static final List<String> TIMES = List.of("*", "+", "?", "{2}", "{1,}", "{0,2}", "{1,3}", "{0}");
        private static final List<String> CHARACTERS = List.of(
                "a",
                "a",
                "a",
                "b",
                "b",
                "A",
                "\n",
                " ",
                "1",
                ".",
                "\u00E9",
                "\u0301",
                "\u2003",
                "\uD83D\uDE00",
                "\uD835\uDC00");
        final Random random;

        Writer(long seed) {
            random = new Random(seed);
        }

        <T> T any(List<T> list) {
            return list.get(random.nextInt(list.size()));
        }

        String pattern(int depth) {
            StringBuilder p = new StringBuilder();
            for (int i = random.nextInt(4); i >= 0; i--) {
                String one = any(ONES);
                if (one.equals("(")) {
                    one = depth == 0 ? "b" : (random.nextBoolean() ? "(" : "(?:") + pattern(depth - 1) + ")";
                }
                p.append(one);
                if (random.nextInt(3) == 0 && !one.equals("|")) {
                    p.append(any(TIMES)).append(random.nextInt(3) == 0 ? "?" : "");
                }
            }
            return p.toString();
        }

        String string() {
            StringBuilder s = new StringBuilder();
            for (int i = random.nextInt(12); i > 0; i--) {
                s.append(any(CHARACTERS));
            }
            return s.toString();
        }
    }

    @Test
    void bothEnginesAgree() {
        long seed = Long.getLong("regex.seed", System.nanoTime());
        Writer writer = new Writer(seed);
        int compared = 0;
        for (int i = 0; i < 8_000; i++) {
            String pattern = writer.pattern(3);
            String flags = writer.any(List.of("", "i", "n", "in"));
            RegularExpression expression = RegularExpression.of(pattern, flags);
            for (int j = 0; j < 3; j++) {
                String s = writer.string();
                String message = "/" + pattern + "/" + flags + " on \"" + s + "\", seed " + seed;
                compared += compare(expression, s, message);
            }
        }
        assertTrue(compared > 10_000, "compared " + compared + ", seed " + seed);
    }

    /** The number of comparisons of places. */
    private static int compare(RegularExpression expression, String s, String message) {
        Matcher java = expression.pattern().matcher(s);
        compareAscii(expression.pattern(s).matcher(s), expression.pattern().matcher(s), message);
        RegexWatch watch = new RegexWatch(s.length(), EvalContext.none());
        Optional<LinearProgram> yesNo = expression.linear(false);
        if (yesNo.isPresent()) {
            LinearMatcher linear = new LinearMatcher(yesNo.get(), s, watch);
            boolean sure = expression.linear(true).isPresent(); // else Java's engine misses some
            assertEquals(RegexMatch.find(java, s, 0), linear.find(0, false) && (sure || java.find(0)), message);
            assertEquals(java.matches(), linear.find(0, true) && (sure || java.matches()), message);
        }
        Optional<LinearProgram> exact = expression.linear(true);
        if (exact.isEmpty()) {
            return 0;
        }
        LinearMatcher linear = new LinearMatcher(exact.get(), s, watch);
        for (int from = 0; from <= s.length(); from = from == s.length() ? from + 1 : s.offsetByCodePoints(from, 1)) {
            compare(RegexMatch.find(java, s, from), java, linear.find(from, false), linear, message + " from " + from);
        }
        compare(java.matches(), java, linear.find(0, true), linear, message + " as a whole");
        return 1;
    }

    private static void compareAscii(Matcher ascii, Matcher all, String message) {
        boolean found;
        do {
            found = all.find();
            assertEquals(found, ascii.find(), message);
            for (int g = 0; found && g <= all.groupCount(); g++) {
                assertEquals(all.start(g), ascii.start(g), message);
                assertEquals(all.end(g), ascii.end(g), message);
            }
        } while (found);
    }

    private static void compare(
            boolean found, Matcher java, boolean linearFound, LinearMatcher linear, String message) {
        assertEquals(found, linearFound, message);
        if (!found) {
            return;
        }
        List<Integer> expected = new ArrayList<>();
        List<Integer> actual = new ArrayList<>();
        for (int g = 0; g <= java.groupCount(); g++) {
            expected.add(java.start(g));
            expected.add(java.end(g));
            boolean part = linear.places()[2 * g + 1] >= 0;
            actual.add(part ? linear.places()[2 * g] : -1);
            actual.add(linear.places()[2 * g + 1]);
        }
        assertEquals(expected, actual, message);
    }
}
