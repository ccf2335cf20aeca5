package org.mosslsm.sql.exec;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import org.mosslsm.sql.exec.Accumulators.Accumulator;
import org.mosslsm.sql.expr.AggregateFunction;
import org.mosslsm.sql.type.Numbers;

/**
 * The statistical aggregates. Of doubles: sums of powers of the differences from the mean, updated by Youngs and Cramer
 * ("Some results relevant to choice of sum and sum-of-product algorithms", 1971), which lose no digits where the values
 * are large beside their spread. Of exact numbers: exact sums, one division at the end.
 */
final class Moments {
    private Moments() {}

    private static boolean ofSample(AggregateFunction f) {
        return f == AggregateFunction.VAR_SAMP
                || f == AggregateFunction.STDDEV_SAMP
                || f == AggregateFunction.COVAR_SAMP;
    }

    private static boolean isDeviation(AggregateFunction f) {
        return f == AggregateFunction.STDDEV_POP || f == AggregateFunction.STDDEV_SAMP;
    }

    /** Variance or deviation of integers and decimals, as a DECIMAL. */
    static final class Exact extends Accumulator {
        private final AggregateFunction function;
        private long count;
        private BigDecimal sum = BigDecimal.ZERO;
        private BigDecimal squares = BigDecimal.ZERO;

        Exact(AggregateFunction function) {
            this.function = function;
        }

        @Override
        void add(Object value) {
            BigDecimal v = value instanceof Long n ? BigDecimal.valueOf(n) : (BigDecimal) value;
            count++;
            sum = Numbers.checkSize(sum.add(v));
            squares = Numbers.checkSize(squares.add(v.multiply(v)));
        }

        @Override
        Object result() {
            if (count < (ofSample(function) ? 2 : 1)) {
                return null;
            }
            BigDecimal n = BigDecimal.valueOf(count);
            BigDecimal above = n.multiply(squares).subtract(sum.multiply(sum));
            if (above.signum() == 0) {
                return BigDecimal.ZERO;
            }
            BigDecimal below = n.multiply(ofSample(function) ? n.subtract(BigDecimal.ONE) : n);
            BigDecimal variance = Numbers.divide(above, below);
            if (!isDeviation(function)) {
                return variance;
            }
            int digits = Math.max(variance.precision(), variance.scale()) + 8;
            return variance.sqrt(new MathContext(digits)).setScale(variance.scale(), RoundingMode.HALF_UP);
        }
    }

    /** Variance or deviation of doubles. */
    static final class OfDoubles extends Accumulator {
        private final AggregateFunction function;
        private long count;
        private double sum;
        private double squares;

        OfDoubles(AggregateFunction function) {
            this.function = function;
        }

        @Override
        void add(Object value) {
            addDouble((Double) value);
        }

        @Override
        void addDouble(double value) {
            count++;
            sum += value;
            if (count > 1) {
                double d = value * count - sum;
                squares += d * d / ((double) count * (count - 1));
            } else if (!Double.isFinite(value)) {
                squares = Double.NaN;
            }
        }

        @Override
        Object result() {
            if (count < (ofSample(function) ? 2 : 1)) {
                return null;
            }
            double variance = squares / (ofSample(function) ? count - 1 : count);
            return isDeviation(function) ? Math.sqrt(variance) : variance;
        }
    }

    /** The aggregates of pairs (y, x). */
    static final class OfPairs extends Accumulator {
        private final AggregateFunction function;
        private long count;
        private double sumX;
        private double sumY;
        private double sxx;
        private double syy;
        private double sxy;

        OfPairs(AggregateFunction function) {
            this.function = function;
        }

        @Override
        void add(Object value) {
            throw new IllegalStateException("half a pair");
        }

        @Override
        void add(Object first, Object second) {
            if (second == null) {
                return;
            }
            double y = (Double) first;
            double x = (Double) second;
            count++;
            sumX += x;
            sumY += y;
            if (count > 1) {
                double dx = x * count - sumX;
                double dy = y * count - sumY;
                double scale = 1 / ((double) count * (count - 1));
                sxx += dx * dx * scale;
                syy += dy * dy * scale;
                sxy += dx * dy * scale;
            } else {
                sxx = Double.isFinite(x) ? 0 : Double.NaN;
                syy = Double.isFinite(y) ? 0 : Double.NaN;
                sxy = sxx + syy;
            }
        }

        @Override
        Object result() {
            if (function == AggregateFunction.REGR_COUNT) {
                return count;
            }
            if (count < (ofSample(function) ? 2 : 1)) {
                return null;
            }
            return switch (function) {
                case COVAR_POP -> sxy / count;
                case COVAR_SAMP -> sxy / (count - 1);
                case REGR_AVGX -> sumX / count;
                case REGR_AVGY -> sumY / count;
                case REGR_SXX -> sxx;
                case REGR_SYY -> syy;
                case REGR_SXY -> sxy;
                case CORR -> sxx == 0 || syy == 0 ? null : correlation();
                case REGR_SLOPE -> sxx == 0 ? null : sxy / sxx;
                case REGR_INTERCEPT -> sxx == 0 ? null : (sumY - sumX * sxy / sxx) / count;
                case REGR_R2 -> sxx == 0 ? null : syy == 0 ? 1.0 : sxy * sxy / (sxx * syy);
                default -> throw new IllegalStateException(function + " is not of pairs");
            };
        }

        private Double correlation() {
            double product = sxx * syy; // one root of it is exact more often than the product of two
            boolean inRange = product != 0 && !Double.isInfinite(product);
            double r = sxy / (inRange ? Math.sqrt(product) : Math.sqrt(sxx) * Math.sqrt(syy));
            return Double.isNaN(r) ? r : Math.max(-1, Math.min(1, r));
        }
    }
}
