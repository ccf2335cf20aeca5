package org.mosslsm.sql.type;

/** Strings and names that have characters by their numbers, {@code U&'d\0061t\+000061'} (SQL:2016 5.3): reading them. */
public final class UnicodeEscapes {
    private UnicodeEscapes() {}

    /**
     * The value of one.
     *
     * @param written from {@code U&} to the closing quote; where UESCAPE says another character than the backslash, with a
     *     blank and the string of UESCAPE behind that
     * @throws IllegalArgumentException with the reason, where it has no value
     */
    public static String read(String written) {
        char quote = written.charAt(2);
        int end = 3;
        while (written.charAt(end) != quote || (end + 1 < written.length() && written.charAt(end + 1) == quote)) {
            end += written.charAt(end) == quote ? 2 : 1;
        }
        int escape = end + 1 == written.length() ? '\\' : escape(written.substring(end + 2));
        StringBuilder out = new StringBuilder(end);
        int i = 3;
        while (i < end) {
            int c = written.codePointAt(i);
            int next = i + Character.charCount(c);
            if (c == quote) {
                next++;
            } else if (c == escape && written.codePointAt(next) == escape) {
                next += Character.charCount(escape);
            } else if (c == escape) {
                boolean six = written.charAt(next) == '+';
                int from = six ? next + 1 : next;
                next = from + (six ? 6 : 4);
                c = number(written, from, Math.min(next, end), six ? 6 : 4);
            }
            append(out, c);
            i = next;
        }
        if (out.length() > 0 && Character.isHighSurrogate(out.charAt(out.length() - 1))) {
            throw halfPair();
        }
        return out.toString();
    }

    private static int escape(String literal) {
        String c = literal.substring(1, literal.length() - 1);
        boolean one = c.codePointCount(0, c.length()) == 1;
        if (!one || "+'\" \t\n\r\f\u000B".contains(c) || Character.digit(c.codePointAt(0), 16) >= 0) {
            throw new IllegalArgumentException(
                    "UESCAPE takes one character that is no hexadecimal digit, plus sign, quote or blank");
        }
        return c.codePointAt(0);
    }

    private static int number(String written, int from, int to, int digits) {
        int value = 0;
        for (int i = from; i < to; i++) {
            int digit = written.charAt(i) < 0x80 ? Character.digit(written.charAt(i), 16) : -1;
            value = digit < 0 || value < 0 ? -1 : value * 16 + digit;
        }
        if (value < 0 || to - from < digits) {
            throw new IllegalArgumentException(
                    "a Unicode escape is four hexadecimal digits after the escape character, or six after that and +");
        }
        if (value == 0 || value > Character.MAX_CODE_POINT) {
            throw new IllegalArgumentException("a Unicode escape is of a character from U+0001 to U+10FFFF");
        }
        return value;
    }

    /** Two halves of a character may be written one after the other. */
    private static void append(StringBuilder out, int c) {
        boolean after = out.length() > 0 && Character.isHighSurrogate(out.charAt(out.length() - 1));
        boolean low = c >= Character.MIN_LOW_SURROGATE && c <= Character.MAX_LOW_SURROGATE;
        if (after != low) {
            throw halfPair();
        }
        out.appendCodePoint(c);
    }

    private static IllegalArgumentException halfPair() {
        return new IllegalArgumentException("a Unicode escape of half a surrogate pair stands without the other half");
    }
}
