// Names that sound alike.
package org.mosslsm.sql.expr;

/** The code of American Soundex: the first letter, then three digits for the consonants that follow. */
final class Soundex {
    /** Digits of A to Z; 0 is a letter without one: a vowel, which parts equal digits, or H or W, which do not. */
    private static final String DIGITS = "01230120022455012623010202";

    private Soundex() {}

    /** The code; the empty string where there is no letter. */
    static String of(String s) {
        StringBuilder code = new StringBuilder(4);
        char last = '0';
        for (int i = 0; i < s.length() && code.length() < 4; i++) {
            char c = Character.toUpperCase(s.charAt(i));
            if (c < 'A' || c > 'Z') {
                continue;
            }
            char digit = DIGITS.charAt(c - 'A');
            boolean silent = c == 'H' || c == 'W';
            if (code.length() == 0) {
                code.append(c);
            } else if (digit != '0' && digit != last) {
                code.append(digit);
            }
            if (!silent || code.length() == 1) {
                last = digit;
            }
        }
        while (code.length() > 0 && code.length() < 4) {
            code.append('0');
        }
        return code.toString();
    }

    /** In how many of their four places the codes agree. */
    static int agreement(String a, String b) {
        String x = of(a);
        String y = of(b);
        int equal = 0;
        for (int i = 0; i < Math.min(x.length(), y.length()); i++) {
            equal += x.charAt(i) == y.charAt(i) ? 1 : 0;
        }
        return equal;
    }
}
