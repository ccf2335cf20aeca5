// Decimal numbers as text, of any length.
package org.mosslsm.sql.type;

import java.math.BigDecimal;

/**
 * Reads decimal numbers in time linear in their text: {@code new BigDecimal} takes quadratic time, so it sees no more
 * digits than a DECIMAL can hold. What is too large is refused before, what is behind the last digit after the point is
 * cut, one digit of it apart, which says whether to round up.
 */
final class DecimalText {
    /** A text of so many characters is read as it is. */
    private static final int SHORT = 400;

    /** Significant digits that tell a number of the largest magnitude down to a digit beyond the largest scale. */
    private static final int MAX_DIGITS = Numbers.MAX_INTEGER_DIGITS + Numbers.MAX_SCALE + 2;

    private DecimalText() {}

    /**
     * Reads a number without blanks around it.
     *
     * @throws NumberFormatException when it is none
     * @throws ArithmeticException when it has more digits before the point than any DECIMAL
     */
    static BigDecimal read(String text) {
        return text.length() <= SHORT ? new BigDecimal(text) : readLong(text);
    }

    private static BigDecimal readLong(String text) {
        int at = text.charAt(0) == '-' || text.charAt(0) == '+' ? 1 : 0;
        StringBuilder digits = new StringBuilder(Math.min(text.length(), MAX_DIGITS + 1));
        if (text.charAt(0) == '-') {
            digits.append('-');
        }
        int limit = digits.length() + MAX_DIGITS;
        boolean any = false;
        boolean significant = false;
        boolean point = false;
        long wholes = 0; // digits before the point from the first that is not 0 on; negative: zeros behind the point
        for (; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '.' && !point) {
                point = true;
                continue;
            }
            if (c < '0' || c > '9') {
                break;
            }
            any = true;
            significant |= c != '0';
            if (!significant) {
                wholes -= point ? 1 : 0;
                continue;
            }
            wholes += point ? 0 : 1;
            if (digits.length() < limit) {
                digits.append(c);
            }
        }
        if (!any) {
            throw new NumberFormatException(text.substring(0, SHORT));
        }
        long exponent = at == text.length() ? 0 : exponent(text, at);
        if (!significant) {
            return zero(-wholes - exponent);
        }
        long magnitude = wholes + exponent;
        if (magnitude > Numbers.MAX_INTEGER_DIGITS) {
            throw new ArithmeticException("too large");
        }
        if (magnitude < -Numbers.MAX_SCALE - 1) {
            return zero(Numbers.MAX_SCALE);
        }
        int sign = digits.charAt(0) == '-' ? 1 : 0;
        // From here on the number is 0.digits times ten to the power of its magnitude.
        long kept = Math.max(1, Math.min(digits.length() - sign, magnitude + Numbers.MAX_SCALE + 1));
        digits.setLength((int) kept + sign);
        return new BigDecimal(digits.toString()).scaleByPowerOfTen((int) (magnitude - kept));
    }

    private static BigDecimal zero(long scale) {
        return BigDecimal.ZERO.setScale((int) Math.max(0, Math.min(scale, Numbers.MAX_SCALE)));
    }

    /** What stands from an {@code e} on; cut to what no number of this length makes good again. */
    private static long exponent(String text, int from) {
        int at = from + 1;
        if ((text.charAt(from) | 0x20) != 'e' || at == text.length()) {
            throw new NumberFormatException(text.substring(0, SHORT));
        }
        boolean negative = text.charAt(at) == '-';
        if (negative || text.charAt(at) == '+') {
            at++;
        }
        if (at == text.length()) {
            throw new NumberFormatException(text.substring(0, SHORT));
        }
        long exponent = 0;
        for (; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c < '0' || c > '9') {
                throw new NumberFormatException(text.substring(0, SHORT));
            }
            exponent = Math.min(exponent * 10 + (c - '0'), Integer.MAX_VALUE * 4L);
        }
        return negative ? -exponent : exponent;
    }
}
