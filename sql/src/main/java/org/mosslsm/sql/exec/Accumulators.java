package org.mosslsm.sql.exec;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Set;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.exec.spill.HeapSize;
import org.mosslsm.sql.expr.AggregateCall;
import org.mosslsm.sql.expr.AggregateFunction;
import org.mosslsm.sql.expr.Evaluator;
import org.mosslsm.sql.expr.Row;
import org.mosslsm.sql.expr.Truth;
import org.mosslsm.sql.type.Numbers;
import org.mosslsm.sql.type.SqlType;
import org.mosslsm.sql.type.SqlType.Family;
import org.mosslsm.sql.type.ValueKeys;
import org.mosslsm.sql.type.ValueOrder;

/** Makes the accumulators of aggregates: one a group and call, fed with the rows of the group. */
final class Accumulators {
    private Accumulators() {}

    /** The running state of one aggregate of one group; mutable, because one is fed for every row. */
    abstract static class Accumulator {
        /** Takes a value that is not NULL. */
        abstract void add(Object value);

        /** Takes a value of a type that is held as a Long, without a box where the aggregate needs none. */
        void addLong(long value) {
            add(value);
        }

        /** Takes a value of a type that is held as a Double, as {@link #addLong}. */
        void addDouble(double value) {
            add(value);
        }

        /** The result so far. */
        abstract Object result();
    }

    /** A call, compiled. Immutable. */
    static final class Compiled {
        private final AggregateCall call;
        private final Evaluator argument;
        private final Evaluator filter;
        private final SqlType type;
        private final boolean isLong;
        private final boolean isDouble;

        Compiled(AggregateCall call) {
            this.call = call;
            boolean star = call.function() == AggregateFunction.COUNT_STAR;
            this.argument = star ? null : Evaluator.compile(call.arguments().get(0));
            this.type = star ? SqlType.BIGINT : call.arguments().get(0).type();
            this.isLong = type.isLong();
            this.isDouble = type.isDouble();
            this.filter = Operator.compile(call.filter());
        }

        /** Whether it takes each value once only, and that makes a difference. */
        boolean isDistinct() {
            return call.distinct()
                    && call.function() != AggregateFunction.MIN
                    && call.function() != AggregateFunction.MAX;
        }

        /** The type of the values it takes. */
        SqlType type() {
            return type;
        }

        /** A fresh accumulator; {@code late} is for a call that {@link #isDistinct}, and null else. */
        Accumulator start(LateValues late) {
            Accumulator plain = make(call.function(), type);
            return late == null ? plain : new Distinct(plain, type, late);
        }

        void add(Accumulator accumulator, Row row, ExecutionContext context) {
            if (filter != null && filter.test(row, context) != Truth.TRUE) {
                return;
            }
            if (argument == null) {
                accumulator.addLong(1);
                return;
            }
            if (isLong) {
                long v = argument.evalLong(row, context);
                if (v != Evaluator.NULL_LONG || argument.eval(row, context) != null) {
                    accumulator.addLong(v);
                }
                return;
            }
            if (isDouble) {
                double v = argument.evalDouble(row, context);
                if (!Double.isNaN(v) || argument.eval(row, context) != null) {
                    accumulator.addDouble(v);
                }
                return;
            }
            Object value = argument.eval(row, context);
            if (value != null) {
                accumulator.add(value);
            }
        }
    }

    private static Accumulator make(AggregateFunction function, SqlType type) {
        return switch (function) {
            case COUNT_STAR, COUNT -> new Count();
            case MIN -> type.isLong() ? new LongExtreme(false) : new Extreme(ValueOrder.of(type));
            case MAX ->
                type.isLong()
                        ? new LongExtreme(true)
                        : new Extreme(ValueOrder.of(type).reversed());
            case SUM ->
                switch (type.family()) {
                    case INTEGER -> new LongSum();
                    case DECIMAL -> new DecimalSum();
                    default -> new DoubleSum();
                };
            case AVG ->
                type.family() == Family.APPROXIMATE ? new DoubleMean() : new Mean(make(AggregateFunction.SUM, type));
        };
    }

    private static final class Count extends Accumulator {
        private long count;

        @Override
        void add(Object value) {
            count++;
        }

        @Override
        void addLong(long value) {
            count++;
        }

        @Override
        void addDouble(double value) {
            count++;
        }

        @Override
        Object result() {
            return count;
        }
    }

    private static final class Extreme extends Accumulator {
        private final Comparator<Object> order;
        private Object best;

        Extreme(Comparator<Object> order) {
            this.order = order;
        }

        @Override
        void add(Object value) {
            if (best == null || order.compare(value, best) < 0) {
                best = value;
            }
        }

        @Override
        Object result() {
            return best;
        }
    }

    /** As {@link Extreme} of values held as Long. */
    private static final class LongExtreme extends Accumulator {
        private final boolean greatest;
        private boolean any;
        private long best;

        LongExtreme(boolean greatest) {
            this.greatest = greatest;
        }

        @Override
        void add(Object value) {
            addLong((Long) value);
        }

        @Override
        void addLong(long value) {
            if (!any || (greatest ? value > best : value < best)) {
                any = true;
                best = value;
            }
        }

        @Override
        Object result() {
            return any ? (Object) best : null;
        }
    }

    /** Exact: what leaves 64 bits on the way may come back. */
    private static final class LongSum extends Accumulator {
        private boolean any;
        private long low;
        private BigInteger high = BigInteger.ZERO;

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

    private static final class DecimalSum extends Accumulator {
        private BigDecimal sum;

        @Override
        void add(Object value) {
            sum = sum == null ? (BigDecimal) value : Numbers.checkSize(sum.add((BigDecimal) value));
        }

        @Override
        Object result() {
            return sum;
        }
    }

    private static final class DoubleSum extends Accumulator {
        private boolean any;
        private double sum;

        @Override
        void add(Object value) {
            addDouble((Double) value);
        }

        @Override
        void addDouble(double value) {
            any = true;
            sum += value;
        }

        @Override
        Object result() {
            return any ? (Object) sum : null;
        }
    }

    private static final class DoubleMean extends Accumulator {
        private long count;
        private double sum;

        @Override
        void add(Object value) {
            addDouble((Double) value);
        }

        @Override
        void addDouble(double value) {
            count++;
            sum += value;
        }

        @Override
        Object result() {
            return count == 0 ? null : (Object) (sum / count);
        }
    }

    /** The mean of exact numbers, as a DECIMAL. */
    private static final class Mean extends Accumulator {
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
        Object result() {
            if (count == 0) {
                return null;
            }
            BigDecimal total = sum instanceof LongSum l ? new BigDecimal(l.total()) : (BigDecimal) sum.result();
            return Numbers.divide(total, BigDecimal.valueOf(count));
        }
    }

    /** Passes each value on once; one that is new and finds no memory to be remembered in is passed on later. */
    static final class Distinct extends Accumulator {
        /** A node of the set and its key. */
        private static final int NODE_BYTES = 80;

        private final Accumulator inner;
        private final SqlType type;
        private final LateValues late;
        private final Set<Object> seen = new HashSet<>();

        /** Its number among those with late values; -1 while it has none. */
        int number = -1;

        Distinct(Accumulator inner, SqlType type, LateValues late) {
            this.inner = inner;
            this.type = type;
            this.late = late;
        }

        @Override
        void add(Object value) {
            Object key = ValueKeys.key(value, type);
            if (seen.contains(key)) {
                return;
            }
            if (number < 0 && late.takes(NODE_BYTES + HeapSize.of(value))) {
                seen.add(key);
                inner.add(value);
            } else {
                late.add(this, value);
            }
        }

        /** Takes a value that is known to come once. */
        void addLate(Object value) {
            inner.add(value);
        }

        @Override
        Object result() {
            return inner.result();
        }
    }
}
