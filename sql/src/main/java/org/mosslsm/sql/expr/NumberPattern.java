package org.mosslsm.sql.expr;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;
import org.mosslsm.sql.type.Numbers;
import org.mosslsm.sql.type.SqlType;

/**
 * A pattern of TO_CHAR and TO_NUMBER for numbers, as PostgreSQL reads it:
 *
 * <pre>
 * 9   digit, a blank for a leading zero     .  D  point              S   sign beside the number     FM  no padding
 * 0   digit, leading zeros too              ,  G  groups             MI  minus or a blank           TH  st, nd, rd, th
 * L   currency, here nothing but a blank                             PL  plus or a blank            PR  negative in &lt;&gt;
 *                                                                    SG  plus or minus              "text"
 * </pre>
 *
 * Without a sign of its own a negative number has a minus before its first digit, and others a blank. Immutable.
 */
final class NumberPattern {
    private final String pattern;
    private boolean fill = true;
    private int whole;
    private int fraction;
    private int firstZero = -1;
    private boolean lastFractionZero;
    private int neededFraction;
    private boolean ownSign;
    private boolean brackets;
    /** Whether there is an S, which takes no other sign beside it. */
    private boolean signBesides;

    private boolean plus;
    private boolean point;

    /** @throws SqlException 42601 for what is no pattern, 0A001 for EEEE, RN and V */
    NumberPattern(String pattern) {
        this.pattern = pattern;
        scan((kind, text) -> {
            switch (kind) {
                case NINE, ZERO -> {
                    if (brackets) {
                        throw invalid("a digit behind PR");
                    }
                    if (point) {
                        fraction++;
                        lastFractionZero = kind == Kind.ZERO;
                        neededFraction = lastFractionZero ? fraction : neededFraction;
                    } else {
                        if (kind == Kind.ZERO && firstZero < 0) {
                            firstZero = whole;
                        }
                        whole++;
                    }
                }
                case POINT -> {
                    if (point) {
                        throw invalid("more than one decimal point");
                    }
                    point = true;
                }
                case SIGN, MINUS, BOTH, BRACKETS -> {
                    if (kind == Kind.SIGN ? ownSign || plus : signBesides) {
                        throw invalid("a sign beside S");
                    }
                    signBesides |= kind == Kind.SIGN;
                    brackets |= kind == Kind.BRACKETS;
                    ownSign = true;
                }
                case PLUS -> {
                    if (signBesides) {
                        throw invalid("a sign beside S");
                    }
                    plus = true; // has a place of its own, beside that of the minus
                }
                case NO_FILL -> fill = false;
                default -> {}
            }
        });
    }

    private enum Kind {
        NINE,
        ZERO,
        POINT,
        GROUP,
        SIGN,
        MINUS,
        PLUS,
        BOTH,
        BRACKETS,
        NO_FILL,
        ENDING,
        CURRENCY,
        TEXT
    }

    private interface Piece {
        void take(Kind kind, String text);
    }

    private void scan(Piece sink) {
        for (int i = 0; i < pattern.length(); ) {
            String two = pattern.substring(i, Math.min(i + 2, pattern.length())).toUpperCase(Locale.ROOT);
            Kind kind =
                    switch (two) {
                        case "MI" -> Kind.MINUS;
                        case "PL" -> Kind.PLUS;
                        case "SG" -> Kind.BOTH;
                        case "PR" -> Kind.BRACKETS;
                        case "FM" -> Kind.NO_FILL;
                        case "TH" -> Kind.ENDING;
                        case "EE", "RN" ->
                            throw new SqlException(
                                    SqlState.NOT_SUPPORTED, "EEEE and RN are not supported in a pattern of numbers");
                        default -> null;
                    };
            if (kind != null) {
                sink.take(kind, pattern.substring(i, i + 2));
                i += 2;
                continue;
            }
            char c = pattern.charAt(i);
            if (c == '"') {
                int end = pattern.indexOf('"', i + 1);
                sink.take(Kind.TEXT, pattern.substring(i + 1, end < 0 ? pattern.length() : end));
                i = end < 0 ? pattern.length() : end + 1;
                continue;
            }
            sink.take(
                    switch (c) {
                        case '9' -> Kind.NINE;
                        case '0' -> Kind.ZERO;
                        case '.', 'D', 'd' -> Kind.POINT;
                        case ',', 'G', 'g' -> Kind.GROUP;
                        case 'S', 's' -> Kind.SIGN;
                        case 'L', 'l' -> Kind.CURRENCY;
                        case 'V', 'v' ->
                            throw new SqlException(
                                    SqlState.NOT_SUPPORTED, "V is not supported in a pattern of numbers");
                        default -> Kind.TEXT;
                    },
                    String.valueOf(c));
            i++;
        }
    }

    private static SqlException invalid(String why) {
        return new SqlException(SqlState.SYNTAX_ERROR, "invalid pattern of numbers: " + why);
    }

    // ---- printing

    /** Where one printing stands. */
    private final class Printing {
        private final StringBuilder out = new StringBuilder();
        private final boolean negative;
        private final String digits;
        private final String decimals;
        private int place;
        private int decimal;
        private boolean begun;
        private boolean signed;
        private boolean printed;

        Printing(BigDecimal number) {
            BigDecimal rounded = number.setScale(fraction, RoundingMode.HALF_UP);
            negative = rounded.signum() < 0;
            String plain = rounded.abs().toPlainString();
            int dot = plain.indexOf('.');
            String left = dot < 0 ? plain : plain.substring(0, dot);
            decimals = dot < 0 ? "" : plain.substring(dot + 1);
            if (left.equals("0") && whole > 0 && fraction > 0) {
                left = ""; // .5, as 9.9 prints it
            }
            boolean fits = left.length() <= whole;
            digits = fits ? " ".repeat(whole - left.length()) + left : null;
        }

        private void sign() {
            if (!ownSign && !signed) {
                signed = true;
                if (negative) {
                    out.append('-');
                } else if (fill) {
                    out.append(' ');
                }
            }
        }

        private void blank() {
            if (fill) {
                out.append(' ');
            }
        }

        private void digit() {
            char c = digits == null ? '#' : digits.charAt(place);
            if (c == ' ' && firstZero >= 0 && place >= firstZero) {
                c = '0';
            }
            place++;
            if (c == ' ') {
                blank();
                return;
            }
            if (!begun) {
                begun = true;
                before();
            }
            printed = true;
            out.append(c);
        }

        /** What stands right before the first digit. */
        private void before() {
            if (brackets) {
                out.append(negative ? "<" : fill ? " " : "");
            }
            sign();
        }

        private void point() {
            if (!begun) {
                begun = true;
                before();
            }
            if (!fill && !printed && digits != null && neededFraction == 0 && zerosFrom(0)) {
                out.append('0'); // else nothing but the point would be left
            }
            if (fraction > 0 || digits == null) {
                out.append('.');
            }
        }

        private void decimal() {
            char c = digits == null ? '#' : decimals.charAt(decimal);
            decimal++;
            if (fill || digits == null || decimal <= neededFraction || !zerosFrom(decimal - 1)) {
                out.append(c);
            }
        }

        private boolean zerosFrom(int at) {
            for (int i = at; i < decimals.length(); i++) {
                if (decimals.charAt(i) != '0') {
                    return false;
                }
            }
            return true;
        }

        private void take(Kind kind, String text) {
            switch (kind) {
                case NINE, ZERO -> {
                    if (place < whole) {
                        digit();
                    } else {
                        decimal();
                    }
                }
                case POINT -> point();
                case GROUP -> {
                    if (begun) {
                        out.append(',');
                    } else {
                        blank();
                    }
                }
                case SIGN, BOTH -> out.append(negative ? '-' : '+');
                case MINUS -> {
                    if (negative) {
                        out.append('-');
                    } else {
                        blank();
                    }
                }
                case PLUS -> {
                    if (negative) {
                        blank();
                    } else {
                        out.append('+');
                    }
                }
                case BRACKETS -> out.append(negative ? ">" : fill ? " " : "");
                case ENDING -> out.append(negative || digits == null ? "" : ending(text));
                case CURRENCY -> blank();
                case TEXT -> out.append(text);
                default -> {}
            }
        }

        private String ending(String as) {
            String plain = digits.trim();
            int n = plain.isEmpty() ? 0 : plain.charAt(plain.length() - 1) - '0';
            boolean teens = plain.length() > 1 && plain.charAt(plain.length() - 2) == '1';
            String ending = teens ? "th" : n == 1 ? "st" : n == 2 ? "nd" : n == 3 ? "rd" : "th";
            return Character.isUpperCase(as.charAt(0)) ? ending.toUpperCase(Locale.ROOT) : ending;
        }
    }

    /** The number by the pattern; with # for digits where it has too many. */
    String format(BigDecimal number) {
        Printing printing = new Printing(number);
        scan(printing::take);
        String text = printing.out.toString();
        return ownSign && !brackets ? signedAtNumber(text, printing.negative) : text;
    }

    /** A leading S belongs right before the first digit, behind the blanks. */
    private String signedAtNumber(String text, boolean negative) {
        boolean leading = pattern.regionMatches(true, 0, "S", 0, 1) && !pattern.regionMatches(true, 0, "SG", 0, 2);
        if (!leading) {
            return text;
        }
        int first = 1;
        while (first < text.length() && text.charAt(first) == ' ') {
            first++;
        }
        return text.substring(1, first) + (negative ? '-' : '+') + text.substring(first);
    }

    // ---- reading

    /**
     * Reads a number: the digits and the point where the pattern has them, a sign anywhere.
     *
     * @throws SqlException 22P02 when there is no digit
     */
    BigDecimal parse(String text) {
        StringBuilder plain = new StringBuilder();
        boolean negative = text.indexOf('-') >= 0 || (brackets && text.indexOf('<') >= 0);
        int wholes = 0;
        int decimals = 0;
        boolean behind = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '.' && point && !behind) {
                behind = true;
                plain.append('.');
            } else if (c >= '0' && c <= '9' && (behind ? decimals < fraction : wholes < whole)) {
                plain.append(c);
                wholes += behind ? 0 : 1;
                decimals += behind ? 1 : 0;
            }
        }
        if (wholes + decimals == 0) {
            throw new SqlException(SqlState.INVALID_TEXT_REPRESENTATION, "\"" + text + "\" has no digits");
        }
        BigDecimal number = Numbers.parseDecimal(wholes == 0 ? "0" + plain : plain.toString(), SqlType.DECIMAL);
        return negative ? number.negate() : number;
    }
}
