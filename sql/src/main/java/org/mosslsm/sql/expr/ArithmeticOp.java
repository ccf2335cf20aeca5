package org.mosslsm.sql.expr;

import java.math.BigDecimal;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.type.Numbers;

/** The five operations on numbers, in each of their domains. An overflow is 22003, a division by zero 22012. */
enum ArithmeticOp {
    ADD("+"),
    SUBTRACT("-"),
    MULTIPLY("*"),
    DIVIDE("/"),
    MODULO("%");

    private final String symbol;

    ArithmeticOp(String symbol) {
        this.symbol = symbol;
    }

    String symbol() {
        return symbol;
    }

    /** In 64 bits; division truncates toward zero. */
    long apply(long a, long b) {
        try {
            return switch (this) {
                case ADD -> Math.addExact(a, b);
                case SUBTRACT -> Math.subtractExact(a, b);
                case MULTIPLY -> Math.multiplyExact(a, b);
                case DIVIDE -> divide(a, b);
                case MODULO -> modulo(a, b);
            };
        } catch (ArithmeticException e) {
            throw SqlException.outOfRange(
                    "BIGINT out of range: " + a + " " + symbol + " " + b + "; cast an operand to DECIMAL");
        }
    }

    private static long divide(long a, long b) {
        if (b == 0) {
            throw SqlException.divisionByZero();
        }
        if (b == -1) {
            return Math.negateExact(a);
        }
        return a / b;
    }

    private static long modulo(long a, long b) {
        if (b == 0) {
            throw SqlException.divisionByZero();
        }
        return a % b;
    }

    /** In floating point: a result that is infinite though no operand was, or too near to 0, is out of range. */
    double apply(double a, double b) {
        double r =
                switch (this) {
                    case ADD -> a + b;
                    case SUBTRACT -> a - b;
                    case MULTIPLY -> a * b;
                    case DIVIDE -> a / checkDivisor(a, b);
                    case MODULO -> a % checkDivisor(a, b);
                };
        boolean overflow = Double.isInfinite(r) && !Double.isInfinite(a) && !Double.isInfinite(b);
        if (overflow || (r == 0 && isUnderflow(a, b))) {
            throw SqlException.outOfRange("DOUBLE PRECISION out of range: " + a + " " + symbol + " " + b);
        }
        return r;
    }

    private boolean isUnderflow(double a, double b) {
        return a != 0 && ((this == MULTIPLY && b != 0) || (this == DIVIDE && !Double.isInfinite(b)));
    }

    private static double checkDivisor(double a, double b) {
        if (b == 0 && !Double.isNaN(a)) {
            throw SqlException.divisionByZero();
        }
        return b;
    }

    /** Exactly, apart from the digits of a quotient. */
    BigDecimal apply(BigDecimal a, BigDecimal b) {
        return switch (this) {
            case ADD -> Numbers.checkSize(a.add(b));
            case SUBTRACT -> Numbers.checkSize(a.subtract(b));
            case MULTIPLY -> Numbers.checkSize(a.multiply(b));
            case DIVIDE -> Numbers.divide(a, b);
            case MODULO -> Numbers.remainder(a, b);
        };
    }
}
