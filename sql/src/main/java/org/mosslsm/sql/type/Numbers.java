package org.mosslsm.sql.type;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.regex.Pattern;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;

/** Numbers: range checks, conversions between the three kinds, exact arithmetic with PostgreSQL's scales, and text. */
public final class Numbers {
    /** Most digits before the point of any DECIMAL, as in PostgreSQL: more is a mistake or an attack. */
    public static final int MAX_INTEGER_DIGITS = 131_072;
    /** Most digits after the point of any DECIMAL. */
    public static final int MAX_SCALE = 16_383;

    /** Significant digits a quotient has at least; PostgreSQL's NUMERIC_MIN_SIG_DIGITS. */
    private static final int QUOTIENT_DIGITS = 16;
    /** Digits of PostgreSQL's base 10,000, in which it reckons how many digits a quotient gets. */
    private static final int BASE_DIGITS = 4;
    /** Most digits after the point of a quotient. */
    private static final int MAX_QUOTIENT_SCALE = 1000;

    private static final double TWO_63 = 0x1p63;

    /** Possessive throughout, so that a text that is no number is known for it in linear time. */
    private static final Pattern DOUBLE =
            Pattern.compile("[+-]?+(?:\\d++(?:\\.\\d*+)?+|\\.\\d++)(?:[eE][+-]?+\\d++)?+");

    private static final Pattern EXPONENT = Pattern.compile("[+-]?+(?:\\d++(?:\\.\\d*+)?+|\\.\\d++)[eE][+-]?+\\d++");

    private Numbers() {}

    /** The value, if it is in the range of an INTEGER-family type. */
    public static long checkRange(long value, SqlType type) {
        boolean fits =
                switch (type.kind()) {
                    case SMALLINT -> value == (short) value;
                    case INTEGER -> value == (int) value;
                    default -> true;
                };
        if (!fits) {
            throw outOfRange(Long.toString(value), type);
        }
        return value;
    }

    /** 22003 for a value that {@code type} cannot hold. */
    static SqlException outOfRange(String value, SqlType type) {
        String shown = value.length() > 60 ? value.substring(0, 60) + "..." : value;
        return SqlException.outOfRange("value " + shown + " is out of range for type " + type);
    }

    /** The nearest whole number, a half going away from zero. */
    public static long toLong(BigDecimal value) {
        if (value.precision() - value.scale() > 19) {
            throw outOfRange(value.toString(), SqlType.BIGINT);
        }
        BigInteger whole = value.setScale(0, RoundingMode.HALF_UP).unscaledValue();
        if (whole.bitLength() > 63) {
            throw outOfRange(value.toString(), SqlType.BIGINT);
        }
        return whole.longValue();
    }

    /** The nearest whole number, a half going to the even one. */
    public static long toLong(double value) {
        double whole = Math.rint(value);
        if (!(whole >= -TWO_63 && whole < TWO_63)) {
            throw outOfRange(formatDouble(value), SqlType.BIGINT);
        }
        return (long) whole;
    }

    /** The nearest double; too large a number is an error, not an infinity, and one too near to 0 is none. */
    public static double toDouble(BigDecimal value) {
        double d = value.doubleValue();
        if (Double.isInfinite(d) || (d == 0 && value.signum() != 0)) {
            throw outOfRange(value.toString(), SqlType.DOUBLE);
        }
        return d;
    }

    /** The nearest float, as a double; a finite number too large for it, or too near to 0, is an error. */
    public static double toReal(double value) {
        float f = (float) value;
        if ((Float.isInfinite(f) && !Double.isInfinite(value)) || (f == 0 && value != 0)) {
            throw outOfRange(formatDouble(value), SqlType.REAL);
        }
        return f;
    }

    /** The decimal of the 15 digits (for a REAL: 6) that floating point holds for certain. */
    public static BigDecimal toDecimal(double value, SqlType from) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            throw outOfRange(formatDouble(value), SqlType.DECIMAL);
        }
        int digits = from.kind() == SqlType.Kind.REAL ? 6 : 15;
        BigDecimal d = new BigDecimal(value, new MathContext(digits, RoundingMode.HALF_EVEN)).stripTrailingZeros();
        return d.scale() < 0 ? d.setScale(0) : d;
    }

    /** The value rounded to the type's scale, half away from zero; 22003 when it has too many digits before the point. */
    public static BigDecimal fit(BigDecimal value, SqlType type) {
        if (type.precision() == 0) {
            return checkSize(value);
        }
        if (integerDigits(value) > type.precision()) {
            throw overflow(value, type);
        }
        BigDecimal rounded = round(value, type.scale());
        if (integerDigits(rounded) > type.precision() - type.scale()) {
            throw overflow(value, type);
        }
        return rounded;
    }

    private static long integerDigits(BigDecimal value) {
        return value.signum() == 0 ? 0 : (long) value.precision() - value.scale();
    }

    private static SqlException overflow(BigDecimal value, SqlType type) {
        String shown = value.toString();
        return SqlException.outOfRange("numeric field overflow: "
                + (shown.length() > 60 ? shown.substring(0, 60) + "..." : shown) + " does not fit " + type
                + ", which holds absolute values below 10^" + (type.precision() - type.scale()));
    }

    /** The value, if its size is one that arithmetic may produce. */
    public static BigDecimal checkSize(BigDecimal value) {
        if (integerDigits(value) > MAX_INTEGER_DIGITS) {
            throw SqlException.outOfRange("value overflows numeric format");
        }
        if (value.scale() < 0) {
            return value.setScale(0);
        }
        return value.scale() > MAX_SCALE ? round(value, MAX_SCALE) : value;
    }

    private static BigDecimal round(BigDecimal value, int scale) {
        // A tiny number (1e-999999999, 0e-999999999) must not be divided by ten to the power of its scale.
        return value.signum() == 0 || integerDigits(value) < -scale - 1L
                ? BigDecimal.ZERO.setScale(scale)
                : value.setScale(scale, RoundingMode.HALF_UP);
    }

    /**
     * The quotient, with at least 16 significant digits and no fewer digits after the point than either operand: as
     * many as PostgreSQL gives.
     *
     * @throws SqlException 22012
     */
    public static BigDecimal divide(BigDecimal a, BigDecimal b) {
        if (b.signum() == 0) {
            throw SqlException.divisionByZero();
        }
        int weightA = weight(a);
        int weightB = weight(b);
        int weight = weightA - weightB;
        if (firstDigit(a, weightA) <= firstDigit(b, weightB)) {
            weight--;
        }
        int scale = QUOTIENT_DIGITS - weight * BASE_DIGITS;
        scale = Math.max(scale, Math.max(a.scale(), b.scale()));
        scale = Math.min(Math.max(scale, 0), MAX_QUOTIENT_SCALE);
        return a.divide(b, scale, RoundingMode.HALF_UP);
    }

    /** Position of the first digit in base 10,000: 0 for 1 to 9,999, -1 for 0.0001 to 0.9999. */
    private static int weight(BigDecimal d) {
        return d.signum() == 0 ? 0 : Math.floorDiv(d.precision() - d.scale() - 1, BASE_DIGITS);
    }

    private static int firstDigit(BigDecimal d, int weight) {
        return d.signum() == 0 ? 0 : d.abs().movePointLeft(weight * BASE_DIGITS).intValue();
    }

    /** The remainder, with the dividend's sign. */
    public static BigDecimal remainder(BigDecimal a, BigDecimal b) {
        if (b.signum() == 0) {
            throw SqlException.divisionByZero();
        }
        return a.remainder(b).setScale(Math.max(a.scale(), b.scale()), RoundingMode.HALF_UP);
    }

    /** As PostgreSQL prints a double: the fewest digits that read back equal, an exponent from 1e+15 and below 1e-4. */
    public static String formatDouble(double d) {
        return special(d) != null ? special(d) : layOut(shortest(d), 15, d);
    }

    /** As PostgreSQL prints a REAL. */
    public static String formatReal(double d) {
        return special(d) != null ? special(d) : layOut(new BigDecimal(Float.toString((float) d)), 6, d);
    }

    private static String special(double d) {
        if (Double.isNaN(d)) {
            return "NaN";
        }
        if (Double.isInfinite(d)) {
            return d > 0 ? "Infinity" : "-Infinity";
        }
        if (d == 0) {
            return 1 / d < 0 ? "-0" : "0";
        }
        return null;
    }

    private static BigDecimal shortest(double d) {
        // Double.toString of this JDK may give a digit more than needed; 15 and 16 digits are tried first.
        BigDecimal exact = new BigDecimal(d);
        // Of the smallest numbers, which have few bits left, fewer digits may do.
        int fewest = Math.abs(d) < Double.MIN_NORMAL ? 1 : 15;
        for (int digits = fewest; digits <= 16; digits++) {
            BigDecimal r = exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
            if (r.doubleValue() == d) {
                return r;
            }
        }
        return new BigDecimal(Double.toString(d));
    }

    private static String layOut(BigDecimal value, int plainDigits, double d) {
        BigDecimal v = value.abs().stripTrailingZeros();
        String digits = v.unscaledValue().toString();
        int exponent = digits.length() - v.scale() - 1;
        String sign = d < 0 ? "-" : "";
        if (exponent >= -4 && exponent < plainDigits) {
            return sign + v.toPlainString();
        }
        String mantissa = digits.length() == 1 ? digits : digits.charAt(0) + "." + digits.substring(1);
        String magnitude = Integer.toString(Math.abs(exponent));
        return sign + mantissa + (exponent < 0 ? "e-" : "e+") + (magnitude.length() == 1 ? "0" : "") + magnitude;
    }

    /** Reads a whole number. */
    static long parseLong(String text, SqlType type) {
        String s = text.strip();
        try {
            return checkRange(Long.parseLong(s), type);
        } catch (NumberFormatException notALong) {
            if (s.matches("[+-]?\\d+")) {
                throw outOfRange(s, type);
            }
            throw invalid(text, type);
        }
    }

    /** Reads a decimal number, with or without exponent. */
    public static BigDecimal parseDecimal(String text, SqlType type) {
        BigDecimal d;
        try {
            d = DecimalText.read(text.strip());
        } catch (NumberFormatException e) {
            // An exponent that no int holds is too large or too small, but well written.
            throw EXPONENT.matcher(text.strip()).matches() ? outOfRange(text, type) : invalid(text, type);
        } catch (ArithmeticException e) {
            throw outOfRange(text, type);
        }
        if (integerDigits(d) > MAX_INTEGER_DIGITS) {
            throw outOfRange(text, type);
        }
        try {
            return fit(d, type);
        } catch (ArithmeticException e) {
            throw outOfRange(text, type);
        }
    }

    /** Reads a floating-point number, NaN and Infinity included; an overflow or underflow is an error. */
    static double parseDouble(String text, SqlType type) {
        String s = text.strip();
        Double special =
                switch (Words.lower(s)) {
                    case "nan" -> Double.NaN;
                    case "infinity", "inf", "+infinity", "+inf" -> Double.POSITIVE_INFINITY;
                    case "-infinity", "-inf" -> Double.NEGATIVE_INFINITY;
                    default -> null;
                };
        if (special != null) {
            return special;
        }
        // Double.parseDouble would also take "1d" and hexadecimal floats.
        if (!DOUBLE.matcher(s).matches()) {
            throw invalid(text, type);
        }
        double d = Double.parseDouble(s);
        if (Double.isInfinite(d) || isUnderflow(d, s)) {
            throw outOfRange(s, type);
        }
        return type.kind() == SqlType.Kind.REAL ? toReal(d) : d;
    }

    /** Whether a number, which is not 0 as it is written, is 0 as a double. */
    public static boolean isUnderflow(double value, String written) {
        if (value != 0) {
            return false;
        }
        for (int i = 0; i < written.length() && (written.charAt(i) | 0x20) != 'e'; i++) {
            if (written.charAt(i) >= '1' && written.charAt(i) <= '9') {
                return true;
            }
        }
        return false;
    }

    /** 22P02 for a text that is no value of {@code type}. */
    static SqlException invalid(String text, SqlType type) {
        String shown = text.length() > 100 ? text.substring(0, 100) + "..." : text;
        return new SqlException(
                SqlState.INVALID_TEXT_REPRESENTATION, "invalid input for type " + type + ": \"" + shown + "\"");
    }
}
