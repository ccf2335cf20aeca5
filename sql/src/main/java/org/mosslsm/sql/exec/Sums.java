package org.mosslsm.sql.exec;

import java.math.BigDecimal;
import java.math.BigInteger;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.exec.Accumulators.Accumulator;
import org.mosslsm.sql.type.Numbers;

/** Sums and means. */
final class Sums {
    private Sums() {}

    /** Exact, in 64 bits: what leaves them on the way is put by, and may come back. */
    static final class OfLongs extends Accumulator {
        private final boolean decimal;
        private boolean any;
        private long low;
        private BigInteger high = BigInteger.ZERO;

        /** @param decimal whether the result is a DECIMAL; else a BIGINT, and out of range where it does not fit one */
        OfLongs(boolean decimal) {
            this.decimal = decimal;
        }

        @Override
        void add(Object value) {
            addLong((Long) value);
        }

        @Override
        void addLong(long v) {
            any = true;
            long sum = low + v;
            if (((low ^ sum) & (v ^ sum)) < 0) {
                high = high.add(BigInteger.valueOf(low));
                sum = v;
            }
            low = sum;
        }

        BigInteger total() {
            return high.add(BigInteger.valueOf(low));
        }

        @Override
        Object result() {
            if (!any) {
                return null;
            }
            if (decimal) {
                return high.signum() == 0 ? BigDecimal.valueOf(low) : new BigDecimal(total());
            }
            if (high.signum() == 0) {
                return low;
            }
            BigInteger total = total();
            if (total.bitLength() > 63) {
                throw SqlException.outOfRange("BIGINT out of range: the sum is " + total + "; sum a cast to DECIMAL");
            }
            return total.longValue();
        }
    }

    /** Exact. Decimals without their point are summed in 64 bits as long as they have one scale and their sum fits. */
    static final class OfDecimals extends Accumulator {
        /** What is not in {@code low}; null for nothing. */
        private BigDecimal sum;

        private boolean anyLow;
        private long low;
        private int lowScale;

        @Override
        void add(Object value) {
            sum = sum == null ? (BigDecimal) value : Numbers.checkSize(sum.add((BigDecimal) value));
        }

        @Override
        void addUnscaled(long v, int scale) {
            if (!anyLow || scale != lowScale) {
                empty();
                anyLow = true;
                lowScale = scale;
                low = v;
                return;
            }
            long total = low + v;
            if (((low ^ total) & (v ^ total)) < 0) {
                empty();
                anyLow = true;
                total = v;
            }
            low = total;
        }

        @Override
        void addUnscaled(long[] values, int count, int scale) {
            for (int i = 0; i < count; i++) {
                addUnscaled(values[i], scale);
            }
        }

        /** Moves what is in {@code low} to {@code sum}. */
        private void empty() {
            if (anyLow) {
                add(BigDecimal.valueOf(low, lowScale));
                anyLow = false;
            }
        }

        @Override
        Object result() {
            empty();
            return sum;
        }
    }

    /** In floating point, with the precision of a DOUBLE whatever the result is; finite numbers never make an infinity. */
    private abstract static class InDoubles extends Accumulator {
        private long count;
        private double sum;
        private boolean overflown;

        @Override
        final void add(Object value) {
            addDouble((Double) value);
        }

        @Override
        final void addDouble(double value) {
            count++;
            double before = sum;
            sum = before + value;
            if (Double.isInfinite(sum)) {
                overflown |= !Double.isInfinite(before) && !Double.isInfinite(value);
            }
        }

        @Override
        final Object result() {
            if (overflown) {
                throw SqlException.outOfRange(
                        "DOUBLE PRECISION out of range: the sum is too large; sum a cast to DECIMAL");
            }
            return count == 0 ? null : (Object) result(sum, count);
        }

        abstract double result(double total, long values);
    }

    /** A sum in floating point. */
    static final class OfDoubles extends InDoubles {
        private final boolean real;

        /** @param real whether the result is a REAL, and out of range where it does not fit one */
        OfDoubles(boolean real) {
            this.real = real;
        }

        @Override
        double result(double total, long values) {
            return real ? Numbers.toReal(total) : total;
        }
    }

    /** The mean in floating point. */
    static final class MeanOfDoubles extends InDoubles {
        @Override
        double result(double total, long values) {
            return total / values;
        }
    }

    /** The mean of exact numbers, as a DECIMAL. */
    static final class Mean extends Accumulator {
        private final Accumulator sum;
        private long count;

        Mean(Accumulator sum) {
            this.sum = sum;
        }

        @Override
        void add(Object value) {
            count++;
            sum.add(value);
        }

        @Override
        void addLong(long value) {
            count++;
            sum.addLong(value);
        }

        @Override
        void addUnscaled(long unscaled, int scale) {
            count++;
            sum.addUnscaled(unscaled, scale);
        }

        @Override
        Object result() {
            if (count == 0) {
                return null;
            }
            BigDecimal total = sum instanceof OfLongs l ? new BigDecimal(l.total()) : (BigDecimal) sum.result();
            return Numbers.divide(total, BigDecimal.valueOf(count));
        }
    }
}
