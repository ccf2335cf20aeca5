package org.mosslsm.sql.expr;

import static org.mosslsm.sql.type.SqlType.BIGINT;
import static org.mosslsm.sql.type.SqlType.DECIMAL;
import static org.mosslsm.sql.type.SqlType.DOUBLE;
import static org.mosslsm.sql.type.SqlType.INTEGER;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.LongBinaryOperator;
import org.mosslsm.sql.error.Cancellation;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;
import org.mosslsm.sql.expr.FunctionBody.Binary;
import org.mosslsm.sql.expr.FunctionBody.Nullary;
import org.mosslsm.sql.expr.FunctionBody.Unary;
import org.mosslsm.sql.expr.FunctionBody.Variadic;
import org.mosslsm.sql.expr.ScalarFunction.Volatility;
import org.mosslsm.sql.type.Numbers;

/** Functions of numbers. Whole numbers and decimals are reckoned exactly where the function has an exact result. */
final class NumericFunctions {
    /** Arguments of WIDTH_BUCKET that make no buckets. */
    private static final String INVALID_BUCKETS = "2201G";

    private NumericFunctions() {}

    static void register(Functions.Registrar r) {
        signs(r);
        rounding(r);
        arithmetic(r);
        scales(r);
        powers(r);
        trigonometry(r);
        bits(r);
        buckets(r);
        r.add("factorial", DECIMAL, List.of(BIGINT), (Unary) n -> factorial((Long) n));
        r.add("random", BIGINT, List.of(BIGINT, BIGINT), Volatility.VOLATILE, (Binary)
                (low, high) -> between((Long) low, (Long) high));
        r.add("pi", DOUBLE, List.of(), (Nullary) ctx -> Math.PI);
        for (String name : List.of("random", "rand")) {
            r.add(name, DOUBLE, List.of(BIGINT), Volatility.VOLATILE, (Unary)
                    seed -> new SplittableRandom((Long) seed).nextDouble());
            r.add(name, DOUBLE, List.of(), Volatility.VOLATILE, (Nullary)
                    ctx -> ThreadLocalRandom.current().nextDouble());
        }
    }

    private static BigDecimal factorial(long n) {
        if (n < 0) {
            throw SqlException.outOfRange("factorial of a negative number is undefined");
        }
        // PostgreSQL's numbers end after it: 131,072 digits.
        if (n > 32_177) {
            throw SqlException.outOfRange("DECIMAL out of range: factorial(" + n + ")");
        }
        BigInteger product = BigInteger.ONE;
        for (long i = 2; i <= n; i++) {
            Cancellation.ask();
            product = product.multiply(BigInteger.valueOf(i));
        }
        return Numbers.checkSize(new BigDecimal(product));
    }

    private static Long between(long low, long high) {
        if (low > high) {
            throw new SqlException(
                    SqlState.INVALID_PARAMETER_VALUE, "the lower bound of random() is above the upper one");
        }
        return high == Long.MAX_VALUE
                ? low == Long.MIN_VALUE
                        ? ThreadLocalRandom.current().nextLong()
                        : ThreadLocalRandom.current().nextLong(low - 1, high) + 1
                : ThreadLocalRandom.current().nextLong(low, high + 1);
    }

    private static void signs(Functions.Registrar r) {
        r.add("abs", BIGINT, List.of(BIGINT), (Unary) v -> absolute((Long) v));
        r.add("abs", DECIMAL, List.of(DECIMAL), (Unary) v -> ((BigDecimal) v).abs());
        r.add("abs", DOUBLE, List.of(DOUBLE), (Unary) v -> Math.abs((Double) v));
        r.add("sign", BIGINT, List.of(BIGINT), (Unary) v -> (long) Long.signum((Long) v));
        r.add("sign", DECIMAL, List.of(DECIMAL), (Unary) v -> BigDecimal.valueOf(((BigDecimal) v).signum()));
        r.add("sign", DOUBLE, List.of(DOUBLE), (Unary) v -> Math.signum((Double) v));
    }

    private static Long absolute(long v) {
        if (v == Long.MIN_VALUE) {
            throw SqlException.outOfRange("BIGINT out of range: abs(" + v + ")");
        }
        return Math.abs(v);
    }

    private static void rounding(Functions.Registrar r) {
        roundings(r, "ceil", RoundingMode.CEILING, Math::ceil);
        roundings(r, "ceiling", RoundingMode.CEILING, Math::ceil);
        roundings(r, "floor", RoundingMode.FLOOR, Math::floor);
        roundings(r, "round", RoundingMode.HALF_UP, Math::rint);
        DoubleUnaryOperator truncate = d -> d < 0 ? Math.ceil(d) : Math.floor(d);
        roundings(r, "trunc", RoundingMode.DOWN, truncate);
        roundings(r, "truncate", RoundingMode.DOWN, truncate);
        for (String name : List.of("round", "trunc", "truncate")) {
            RoundingMode mode = name.equals("round") ? RoundingMode.HALF_UP : RoundingMode.DOWN;
            r.add(name, DECIMAL, List.of(DECIMAL, INTEGER), (Binary)
                    (v, n) -> toPlaces((BigDecimal) v, (Long) n, mode));
            r.add(name, DOUBLE, List.of(DOUBLE, INTEGER), (Binary) (v, n) -> toPlaces((Double) v, (Long) n, mode));
        }
    }

    private static void roundings(Functions.Registrar r, String name, RoundingMode mode, DoubleUnaryOperator floating) {
        r.add(name, BIGINT, List.of(BIGINT), (Unary) v -> v);
        r.add(name, DECIMAL, List.of(DECIMAL), (Unary) v -> ((BigDecimal) v).setScale(0, mode));
        r.add(name, DOUBLE, List.of(DOUBLE), (Unary) v -> floating.applyAsDouble((Double) v));
    }

    /** Rounded to {@code places} digits after the point; a negative number rounds before it. */
    private static BigDecimal toPlaces(BigDecimal v, long places, RoundingMode mode) {
        int n = (int) Math.max(-Numbers.MAX_INTEGER_DIGITS, Math.min(places, Numbers.MAX_SCALE));
        return n >= 0 ? v.setScale(n, mode) : v.setScale(n, mode).setScale(0);
    }

    private static Double toPlaces(double v, long places, RoundingMode mode) {
        if (Double.isNaN(v) || Double.isInfinite(v) || places > 323) {
            return v;
        }
        return toPlaces(new BigDecimal(Numbers.formatDouble(v)), places, mode).doubleValue();
    }

    private static void arithmetic(Functions.Registrar r) {
        FunctionBody modulo = new FunctionBody.Arithmetic(ArithmeticOp.MODULO);
        r.add("mod", BIGINT, List.of(BIGINT, BIGINT), modulo);
        r.add("mod", DECIMAL, List.of(DECIMAL, DECIMAL), modulo);
        r.add("mod", DOUBLE, List.of(DOUBLE, DOUBLE), modulo);
        r.add("div", BIGINT, List.of(BIGINT, BIGINT), new FunctionBody.Arithmetic(ArithmeticOp.DIVIDE));
        r.add("div", DECIMAL, List.of(DECIMAL, DECIMAL), (Binary) (a, b) -> {
            if (((BigDecimal) b).signum() == 0) {
                throw SqlException.divisionByZero();
            }
            return ((BigDecimal) a).divideToIntegralValue((BigDecimal) b).setScale(0, RoundingMode.DOWN);
        });
        r.add("lcm", BIGINT, List.of(BIGINT, BIGINT), (Binary) (a, b) -> lcm((Long) a, (Long) b));
        r.add("gcd", BIGINT, List.of(BIGINT, BIGINT), (Binary) (a, b) -> gcd((Long) a, (Long) b));
    }

    private static void scales(Functions.Registrar r) {
        r.add("scale", INTEGER, List.of(DECIMAL), (Unary) v -> (long) ((BigDecimal) v).scale());
        r.add("min_scale", INTEGER, List.of(DECIMAL), (Unary)
                v -> (long) trimmed((BigDecimal) v).scale());
        r.add("trim_scale", DECIMAL, List.of(DECIMAL), (Unary) v -> trimmed((BigDecimal) v));
    }

    private static BigDecimal trimmed(BigDecimal v) {
        BigDecimal trimmed = v.stripTrailingZeros();
        return trimmed.scale() < 0 ? trimmed.setScale(0) : trimmed;
    }

    private static Long lcm(long a, long b) {
        try {
            return a == 0 || b == 0 ? 0L : Math.absExact(Math.multiplyExact(a / gcd(a, b), b));
        } catch (ArithmeticException e) {
            throw SqlException.outOfRange("BIGINT out of range: lcm(" + a + ", " + b + ")");
        }
    }

    private static Long gcd(long a, long b) {
        long x = a;
        long y = b;
        while (y != 0) {
            long rest = x % y;
            x = y;
            y = rest;
        }
        return absolute(x);
    }

    private static void powers(Functions.Registrar r) {
        for (String name : List.of("power", "pow", "^")) {
            DecimalFunctions.power(r, name, NumericFunctions::power);
        }
        DecimalFunctions.unary(
                r,
                "sqrt",
                v -> Math.sqrt(require(v >= 0 || Double.isNaN(v), v, SqlState.INVALID_POWER, "square root")),
                (v, context) -> DecimalMath.sqrt(v));
        unary(r, "cbrt", Math::cbrt);
        DecimalFunctions.unary(r, "exp", v -> finite(Math.exp(v), v), DecimalMath::exp);
        DecimalFunctions.unary(r, "ln", v -> Math.log(positive(v)), DecimalMath::ln);
        for (String name : List.of("log", "log10")) {
            DecimalFunctions.unary(
                    r, name, v -> Math.log10(positive(v)), (v, context) -> DecimalMath.log(BigDecimal.TEN, v, context));
        }
        DecimalFunctions.log(r, (base, v) -> {
            double divisor = Math.log(positive(base));
            if (divisor == 0) {
                throw SqlException.divisionByZero();
            }
            return Math.log(positive(v)) / divisor;
        });
    }

    private static double power(double base, double exponent) {
        if (base == 0 && exponent < 0) {
            throw new SqlException(SqlState.INVALID_POWER, "zero raised to a negative power is undefined");
        }
        double p = Math.pow(base, exponent);
        if (Double.isNaN(p) && !Double.isNaN(base) && !Double.isNaN(exponent)) {
            throw new SqlException(
                    SqlState.INVALID_POWER, "a negative number raised to a non-integer power yields a complex result");
        }
        return finite(p, base, exponent);
    }

    private static double finite(double result, double... arguments) {
        if (Double.isInfinite(result)) {
            for (double a : arguments) {
                if (Double.isInfinite(a)) {
                    return result;
                }
            }
            throw SqlException.outOfRange("DOUBLE PRECISION out of range");
        }
        return result;
    }

    private static double positive(double v) {
        return require(v > 0 || Double.isNaN(v), v, SqlState.INVALID_LOGARITHM, "logarithm");
    }

    private static double require(boolean defined, double v, String sqlState, String what) {
        if (!defined) {
            throw new SqlException(sqlState, "cannot take " + what + " of " + Numbers.formatDouble(v));
        }
        return v;
    }

    /** The operators on bits, which are in the table of functions under their symbols. */
    private static void bits(Functions.Registrar r) {
        r.add("~", BIGINT, List.of(BIGINT), (Unary) v -> ~(Long) v);
        bits(r, "&", (a, b) -> a & b);
        bits(r, "|", (a, b) -> a | b);
        bits(r, "#", (a, b) -> a ^ b);
        // As PostgreSQL on common machines: by so many places as the last six bits say.
        bits(r, "<<", (a, b) -> a << (b & 63));
        bits(r, ">>", (a, b) -> a >> (b & 63));
    }

    private static void bits(Functions.Registrar r, String symbol, LongBinaryOperator f) {
        r.add(symbol, BIGINT, List.of(BIGINT, BIGINT), (Binary) (a, b) -> f.applyAsLong((Long) a, (Long) b));
    }

    /** The number, from 1, of the one of n equal parts of a range in which a value lies; 0 before and n + 1 behind. */
    private static void buckets(Functions.Registrar r) {
        r.add("width_bucket", INTEGER, List.of(DECIMAL, DECIMAL, DECIMAL, INTEGER), (Variadic) v -> {
            BigDecimal low = (BigDecimal) v[1];
            BigDecimal width = ((BigDecimal) v[2]).subtract(low);
            long count = bucketCount(v[3], width.signum() == 0);
            BigDecimal from = ((BigDecimal) v[0]).subtract(low);
            if (from.signum() * width.signum() < 0) {
                return 0L;
            }
            if (from.abs().compareTo(width.abs()) >= 0) {
                return count + 1;
            }
            return 1
                    + from.multiply(BigDecimal.valueOf(count))
                            .divideToIntegralValue(width)
                            .longValue();
        });
        r.add("width_bucket", INTEGER, List.of(DOUBLE, DOUBLE, DOUBLE, INTEGER), (Variadic) v -> {
            double low = (Double) v[1];
            double width = (Double) v[2] - low;
            long count = bucketCount(v[3], width == 0 || !Double.isFinite(width));
            double part = ((Double) v[0] - low) / width;
            return part < 0 ? 0L : part >= 1 ? count + 1 : 1 + (long) (part * count);
        });
    }

    private static long bucketCount(Object count, boolean noRange) {
        if ((Long) count <= 0 || noRange) {
            throw new SqlException(
                    INVALID_BUCKETS,
                    (Long) count <= 0
                            ? "the number of buckets must be greater than 0"
                            : "the range must be finite, and its ends must differ");
        }
        return (Long) count;
    }

    private static void trigonometry(Functions.Registrar r) {
        unary(r, "sin", Math::sin);
        unary(r, "cos", Math::cos);
        unary(r, "tan", Math::tan);
        unary(r, "cot", v -> 1 / Math.tan(v));
        unary(r, "asin", v -> Math.asin(inUnit(v)));
        unary(r, "acos", v -> Math.acos(inUnit(v)));
        unary(r, "atan", Math::atan);
        binary(r, "atan2", Math::atan2);
        unary(r, "asinh", NumericFunctions::asinh);
        unary(r, "acosh", NumericFunctions::acosh);
        unary(r, "atanh", v -> 0.5 * (Math.log1p(inUnit(v)) - Math.log1p(-v)));
        unary(r, "sinh", Math::sinh);
        unary(r, "cosh", Math::cosh);
        unary(r, "tanh", Math::tanh);
        unary(r, "degrees", Math::toDegrees);
        unary(r, "radians", Math::toRadians);
    }

    private static double asinh(double v) {
        double a = Math.abs(v);
        // Squares of large numbers overflow, sums with small ones lose them.
        double result = a > 1e8 ? Math.log(a) + Math.log(2) : Math.log1p(a + a * a / (1 + Math.sqrt(a * a + 1)));
        return Math.copySign(result, v);
    }

    private static double acosh(double v) {
        if (v < 1) {
            throw SqlException.outOfRange("input is out of range: " + Numbers.formatDouble(v) + " is less than 1");
        }
        return v > 1e8 ? Math.log(v) + Math.log(2) : Math.log(v + Math.sqrt(v - 1) * Math.sqrt(v + 1));
    }

    /** @throws SqlException 22003 outside of [-1, 1] */
    static double inUnit(double v) {
        if (v < -1 || v > 1) {
            throw SqlException.outOfRange("input is out of range: " + Numbers.formatDouble(v) + " is not in [-1, 1]");
        }
        return v;
    }

    static void unary(Functions.Registrar r, String name, DoubleUnaryOperator f) {
        r.add(name, DOUBLE, List.of(DOUBLE), (Unary) v -> f.applyAsDouble((Double) v));
    }

    private static void binary(Functions.Registrar r, String name, DoubleBinaryOperator f) {
        r.add(name, DOUBLE, List.of(DOUBLE, DOUBLE), (Binary) (a, b) -> f.applyAsDouble((Double) a, (Double) b));
    }
}
