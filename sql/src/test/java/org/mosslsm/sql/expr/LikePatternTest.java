package org.mosslsm.sql.expr;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.testkit.RandomValues;

class LikePatternTest {
    @Test
    void agreesWithTheDefinition() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        String[] alphabet = {"a", "b", "%", "_", "\\", "\uD83D\uDE00"};
        int matched = 0;
        for (int i = 0; i < 100_000; i++) {
            String pattern = random(random, alphabet, 7);
            String value = random(random, alphabet, 8);
            if (endsWithEscape(pattern)) {
                SqlException e = assertThrows(SqlException.class, () -> LikePattern.of(pattern, "\\", false));
                assertEquals("22025", e.sqlState());
                continue;
            }
            boolean expected =
                    naive(value.codePoints().toArray(), 0, pattern.codePoints().toArray(), 0);
            LikePattern like = LikePattern.of(pattern, "\\", false);
            assertEquals(expected, like.matches(value), () -> "seed " + seed + ": " + value + " LIKE " + pattern);
            if (expected) {
                matched++;
                assertTrue(value.startsWith(like.prefix()), () -> "prefix of " + pattern);
                assertTrue(!like.isExact() || value.equals(like.prefix()), () -> "exact " + pattern);
            }
            if (like.isPrefix()) {
                assertEquals(expected, value.startsWith(like.prefix()), () -> value + " LIKE " + pattern);
            }
        }
        assertTrue(matched > 1000, "the test met matches");
    }

    private static String random(Random random, String[] alphabet, int most) {
        StringBuilder sb = new StringBuilder();
        int n = random.nextInt(most + 1);
        for (int i = 0; i < n; i++) {
            sb.append(alphabet[random.nextInt(alphabet.length)]);
        }
        return sb.toString();
    }

    private static boolean endsWithEscape(String pattern) {
        int n = 0;
        while (n < pattern.length() && pattern.charAt(pattern.length() - 1 - n) == '\\') {
            n++;
        }
        return n % 2 == 1;
    }

    /** The standard's definition, with all its backtracking. */
    private static boolean naive(int[] s, int i, int[] p, int k) {
        if (k == p.length) {
            return i == s.length;
        }
        if (p[k] == '%') {
            for (int j = i; j <= s.length; j++) {
                if (naive(s, j, p, k + 1)) {
                    return true;
                }
            }
            return false;
        }
        int next = p[k] == '\\' ? k + 1 : k;
        boolean any = p[k] == '_';
        return i < s.length && (any || s[i] == p[next]) && naive(s, i + 1, p, next + 1);
    }

    @Test
    void takesNoExponentialTime() {
        String value = "a".repeat(20_000);
        LikePattern pattern = LikePattern.of("%a".repeat(200) + "%b_%", "", false);
        assertFalse(assertTimeoutPreemptively(Duration.ofSeconds(20), () -> pattern.matches(value)));
    }

    @Test
    void ignoresCaseWhereAsked() {
        assertTrue(LikePattern.of("%STRASSE%", "", true).matches("hauptstrasse 1"));
        assertTrue(LikePattern.of("σ%", "", true).matches("ΣΑΣ"));
        assertFalse(LikePattern.of("A%", "", false).matches("abc"));
    }

    @Test
    void escapeIsAnyOneCharacterOrNone() {
        assertTrue(LikePattern.of("10!%", "!", false).matches("10%"));
        assertFalse(LikePattern.of("10!%", "!", false).matches("10x"));
        assertTrue(LikePattern.of("a\\%", "", false).matches("a\\bc"));
        assertEquals(
                "22019",
                assertThrows(SqlException.class, () -> LikePattern.of("a", "xy", false))
                        .sqlState());
    }

    @Test
    void randomStringsMatchThemselvesEscaped() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 5000; i++) {
            String s = RandomValues.string(random, 8);
            String escaped = s.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_");
            assertTrue(LikePattern.of(escaped, "\\", false).matches(s), () -> "seed " + seed + ": " + s);
            assertTrue(LikePattern.of("%" + escaped + "%", "\\", false).matches("x" + s + "y"), () -> "seed " + seed);
        }
    }

    @Test
    void withoutRegardToCaseACharacterStaysOne() {
        assertTrue(LikePattern.of("_", "", true).matches("\u00DF"), "a sharp s, whose upper case is two characters");
        assertTrue(LikePattern.of("\u03B1\u03C2%", "", true).matches("\u0391\u03A3\u0391"), "a sigma within a word");
        assertTrue(LikePattern.of("%MoSS%", "", true).matches("a mOsS b"));
        assertFalse(LikePattern.of("%MoSS%", "", true).matches("a mOs b"));
    }
}
