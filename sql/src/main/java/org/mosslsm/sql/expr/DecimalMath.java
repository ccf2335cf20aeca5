// Roots, powers and logarithms of decimals.
package org.mosslsm.sql.expr;

import static java.math.RoundingMode.HALF_UP;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;
import org.mosslsm.sql.type.Numbers;

/**
 * Square root, EXP, LN, LOG and POWER of NUMERIC, which give NUMERIC: rounded to a scale that leaves at least 16 significant
 * digits, and no fewer digits after the point than an argument has, by PostgreSQL's rules, so that the results are the same
 * to the last digit. What is reckoned on the way has some digits more. Stateless.
 *
 * <pre>
 *   ln x     y = ln of the double nearest to x, then y += 2 (x - e^y) / (x + e^y): three times the digits each time
 *   e^x      x halved until it is small, a Taylor series, and the result squared as often
 *   a^b      by squaring for a whole b, else e^(b ln a)
 * </pre>
 */
final class DecimalMath {
    /** Significant digits of a result, at least. */
    private static final int SIGNIFICANT = 16;

    /** Most digits after the point that are chosen for a result. */
    private static final int MAX_SCALE = 1000;

    /** PostgreSQL reckons in base 10,000, and chooses the scale of a square root by the digits of that. */
    private static final int BASE_DIGITS = 4;

    /** Natural logarithm of a result, and of the inverse of one, which is out of range: more than 2000 digits, three times. */
    private static final double MOST_LOGARITHM = 6000;

    private static final double LOG10_E = 0.434294481903252;
    private static final double LN_10 = 2.302585092994046;

    /** Digits that what is reckoned has more than its result. */
    private static final int GUARD = 10;

    private static final BigDecimal NEAR_ONE_FROM = new BigDecimal("0.9");
    private static final BigDecimal NEAR_ONE_TO = new BigDecimal("1.1");
    private static final BigDecimal TWO = BigDecimal.valueOf(2);
    private static final BigDecimal MIN_INT = BigDecimal.valueOf(Integer.MIN_VALUE);
    private static final BigDecimal MAX_INT = BigDecimal.valueOf(Integer.MAX_VALUE);

    private DecimalMath() {}

    /** @throws SqlException 2201F for a negative number */
    static BigDecimal sqrt(BigDecimal x) {
        if (x.signum() < 0) {
            throw new SqlException(SqlState.INVALID_POWER, "cannot take square root of a negative number");
        }
        int weight = x.signum() == 0 ? 0 : Math.floorDiv(exponent(x), BASE_DIGITS);
        int scale = scale((weight + 1) * BASE_DIGITS / 2 - 1, x.scale());
        int digits = digits(exponent(x) / 2, scale);
        return x.sqrt(new MathContext(digits, RoundingMode.DOWN)).setScale(scale, HALF_UP);
    }

    /** @throws SqlException 22003 for what is too large */
    static BigDecimal exp(BigDecimal x, EvalContext context) {
        double result = Math.max(-2000, Math.min(2000, x.doubleValue() * LOG10_E));
        int scale = scale((int) result, x.scale());
        if (Math.abs(x.doubleValue()) >= MOST_LOGARITHM) {
            return outOfRange(x.signum(), scale);
        }
        int digits = digits((int) (x.doubleValue() * LOG10_E), scale);
        return exp(x, digits, context).setScale(scale, HALF_UP);
    }

    /** @throws SqlException 2201E for what is not positive */
    static BigDecimal ln(BigDecimal x, EvalContext context) {
        requirePositive(x);
        int weight = logarithmExponent(x);
        int scale = scale(weight, x.scale());
        return ln(x, digits(weight, scale), context).setScale(scale, HALF_UP);
    }

    /** @throws SqlException 2201E for what is not positive, 22012 for base 1 */
    static BigDecimal log(BigDecimal base, BigDecimal x, EvalContext context) {
        requirePositive(base);
        requirePositive(x);
        int weight = logarithmExponent(x) - logarithmExponent(base);
        int scale = scale(weight, Math.max(base.scale(), x.scale()));
        int digits = digits(weight, scale);
        BigDecimal divisor = ln(base, digits, context);
        if (divisor.signum() == 0) {
            throw SqlException.divisionByZero();
        }
        return ln(x, digits, context).divide(divisor, new MathContext(digits)).setScale(scale, HALF_UP);
    }

    /**
     * @throws SqlException 2201F for zero to a negative power and a negative number to one that is not whole, 22003 for what
     *     is too large
     */
    static BigDecimal power(BigDecimal base, BigDecimal exponent, EvalContext context) {
        if (base.signum() == 0 && exponent.signum() < 0) {
            throw new SqlException(SqlState.INVALID_POWER, "zero raised to a negative power is undefined");
        }
        boolean whole = exponent.stripTrailingZeros().scale() <= 0;
        if (whole && exponent.compareTo(MIN_INT) >= 0 && exponent.compareTo(MAX_INT) <= 0) {
            return wholePower(base, exponent.intValue(), exponent.scale(), context);
        }
        if (base.signum() == 0) {
            return BigDecimal.ZERO.setScale(SIGNIFICANT);
        }
        if (base.signum() < 0 && !whole) {
            throw new SqlException(
                    SqlState.INVALID_POWER, "a negative number raised to a non-integer power yields a complex result");
        }
        BigDecimal positive = base.abs();
        double logarithm =
                ln(positive, SIGNIFICANT, context).multiply(exponent).doubleValue(); // of the result, and near enough
        if (Math.abs(logarithm) > MOST_LOGARITHM * 1.00333) {
            return outOfRange((int) Math.signum(logarithm), MAX_SCALE);
        }
        double result = logarithm * LOG10_E;
        int scale = scale((int) result, Math.max(base.scale(), exponent.scale()));
        int digits = digits((int) result, scale);
        BigDecimal power = exp(ln(positive, digits + GUARD, context).multiply(exponent), digits, context);
        boolean odd = base.signum() < 0 && exponent.toBigInteger().testBit(0);
        return (odd ? power.negate() : power).setScale(scale, HALF_UP);
    }

    private static BigDecimal wholePower(BigDecimal base, int exponent, int exponentScale, EvalContext context) {
        double result = base.signum() == 0 ? 0 : exponent * log10(base.abs());
        if (result > Numbers.MAX_INTEGER_DIGITS + BASE_DIGITS) {
            return outOfRange(1, 0);
        }
        if (result + 1 < -MAX_SCALE) {
            return outOfRange(-1, MAX_SCALE);
        }
        int scale = scale((int) result, Math.max(base.scale(), exponentScale));
        if (exponent == 0 || base.signum() == 0) {
            return (exponent == 0 ? BigDecimal.ONE : BigDecimal.ZERO).setScale(scale);
        }
        // An error grows with each of the factors.
        int digits = digits((int) result, scale) + (int) Math.log10(Math.abs((double) exponent));
        MathContext mc = new MathContext(digits);
        BigDecimal power = BigDecimal.ONE;
        BigDecimal square = base;
        for (long left = Math.abs((long) exponent); left > 0; left >>= 1) {
            context.checkCancelled();
            if ((left & 1) == 1) {
                power = power.multiply(square, mc);
            }
            square = left > 1 ? square.multiply(square, mc) : square;
        }
        if (exponent < 0) {
            power = BigDecimal.ONE.divide(power, mc);
        }
        return Numbers.checkSize(power.setScale(scale, HALF_UP));
    }

    private static BigDecimal outOfRange(int sign, int scale) {
        if (sign > 0) {
            throw SqlException.outOfRange("value overflows NUMERIC");
        }
        return BigDecimal.ZERO.setScale(scale);
    }

    private static void requirePositive(BigDecimal x) {
        if (x.signum() <= 0) {
            throw new SqlException(
                    SqlState.INVALID_LOGARITHM,
                    "cannot take logarithm of " + (x.signum() == 0 ? "zero" : "a negative number"));
        }
    }

    /** The scale of a result of the form d.ddd * 10^exponent. */
    private static int scale(int exponent, int ofArguments) {
        return Math.max(0, Math.min(MAX_SCALE, Math.max(SIGNIFICANT - exponent, ofArguments)));
    }

    /** How many digits such a result is reckoned with. */
    private static int digits(int exponent, int scale) {
        return Math.max(1, exponent + 2 + scale) + GUARD;
    }

    /** e of d.ddd * 10^e. */
    private static int exponent(BigDecimal x) {
        return x.precision() - x.scale() - 1;
    }

    private static double log10(BigDecimal positive) {
        int exponent = exponent(positive);
        return Math.log10(positive.movePointLeft(exponent).doubleValue()) + exponent;
    }

    /** About the e of a logarithm that is d.ddd * 10^e; towards zero where it is not about 1. */
    private static int logarithmExponent(BigDecimal x) {
        if (x.compareTo(NEAR_ONE_FROM) >= 0 && x.compareTo(NEAR_ONE_TO) <= 0) {
            BigDecimal difference = x.subtract(BigDecimal.ONE);
            return difference.signum() == 0 ? 0 : exponent(difference);
        }
        return (int) Math.log10(Math.abs(log10(x) * LN_10));
    }

    // ---- to so many significant digits

    private static BigDecimal exp(BigDecimal x, int digits, EvalContext context) {
        int halvings = x.signum() == 0 ? 0 : Math.max(0, (int) ((exponent(x) + 1) / Math.log10(2)) + 4);
        MathContext mc = new MathContext(digits + halvings / 3 + GUARD);
        BigDecimal small = x.divide(TWO.pow(halvings), mc);
        BigDecimal sum = BigDecimal.ONE;
        BigDecimal term = BigDecimal.ONE;
        for (int n = 1; term.signum() != 0 && exponent(term) > -mc.getPrecision(); n++) {
            context.checkCancelled();
            term = term.multiply(small, mc).divide(BigDecimal.valueOf(n), mc);
            sum = sum.add(term, mc);
        }
        for (int i = 0; i < halvings; i++) {
            context.checkCancelled();
            sum = sum.multiply(sum, mc);
        }
        return sum;
    }

    private static BigDecimal ln(BigDecimal x, int digits, EvalContext context) {
        if (x.compareTo(BigDecimal.ONE) == 0) {
            return BigDecimal.ZERO;
        }
        BigDecimal y = nearestLogarithm(x);
        // Near 1 the logarithm is small, and its digits are those of e^y behind as many zeros or nines.
        int more = Math.max(0, -exponent(y)) + GUARD;
        MathContext mc = new MathContext(digits + more);
        for (int correct = 12; correct < digits + GUARD; correct *= 3) {
            BigDecimal e = exp(y, digits + more, context);
            y = y.add(TWO.multiply(x.subtract(e, mc)).divide(x.add(e, mc), mc), mc);
        }
        return y;
    }

    /** The logarithm of what is not 1, to 12 digits. */
    private static BigDecimal nearestLogarithm(BigDecimal x) {
        BigDecimal difference = x.subtract(BigDecimal.ONE);
        if (exponent(difference) < -13) {
            return difference.round(MathContext.DECIMAL64);
        }
        int exponent = exponent(x);
        double logarithm = exponent(difference) < -1
                ? Math.log1p(difference.doubleValue())
                : Math.log(x.movePointLeft(exponent).doubleValue()) + exponent * Math.log(10);
        return new BigDecimal(logarithm);
    }
}
