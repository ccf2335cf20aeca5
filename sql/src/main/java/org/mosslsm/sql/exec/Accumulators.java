package org.mosslsm.sql.exec;

import java.math.BigDecimal;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Set;
import org.mosslsm.sql.encode.EncodedRow;
import org.mosslsm.sql.exec.spill.HeapSize;
import org.mosslsm.sql.expr.AggregateCall;
import org.mosslsm.sql.expr.AggregateFunction;
import org.mosslsm.sql.expr.Evaluator;
import org.mosslsm.sql.expr.Row;
import org.mosslsm.sql.expr.ScalarExpr;
import org.mosslsm.sql.expr.Truth;
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

        /** Takes a decimal of so many digits behind its point, given without the point; as {@link #addLong}. */
        void addUnscaled(long unscaled, int scale) {
            add(BigDecimal.valueOf(unscaled, scale));
        }

        /** Takes many values, as {@link #addLong}. */
        void addLongs(long[] values, int count) {
            for (int i = 0; i < count; i++) {
                addLong(values[i]);
            }
        }

        /** Takes many values, as {@link #addDouble}. */
        void addDoubles(double[] values, int count) {
            for (int i = 0; i < count; i++) {
                addDouble(values[i]);
            }
        }

        /** Takes many values, as {@link #addUnscaled}. */
        void addUnscaled(long[] values, int count, int scale) {
            for (int i = 0; i < count; i++) {
                addUnscaled(values[i], scale);
            }
        }

        /** Takes the values of both arguments; the second may be NULL. */
        void add(Object value, Object second) {
            throw new IllegalStateException("an aggregate of one argument");
        }

        /** The result so far. */
        abstract Object result();
    }

    /** A call, compiled. Immutable. */
    static final class Compiled {
        private final AggregateCall call;
        private final Evaluator argument;
        private final Evaluator second;
        private final Evaluator filter;
        private final SqlType type;
        private final boolean isLong;
        private final boolean isDouble;
        /** Number of a column of short decimals, which a stored row shows without an object; else -1. */
        private final int decimalColumn;

        Compiled(AggregateCall call) {
            this.call = call;
            boolean star = call.function() == AggregateFunction.COUNT_STAR;
            this.argument = star ? null : Evaluator.compile(call.arguments().get(0));
            this.second = call.function().arity() == 2
                    ? Evaluator.compile(call.arguments().get(1))
                    : null;
            this.type = star ? SqlType.BIGINT : call.arguments().get(0).type();
            this.isLong = type.isLong();
            this.isDouble = type.isDouble();
            this.filter = Operator.compile(call.filter());
            this.decimalColumn = !star
                            && type.family() == Family.DECIMAL
                            && call.arguments().get(0) instanceof ScalarExpr.ColumnRef c
                    ? c.index()
                    : -1;
        }

        /** What takes the values that are not accumulated at once; null where all are. */
        Deferred deferred(ExecutionContext context, MemoryMeter meter) {
            if (!call.order().isEmpty()) {
                return new OrderedValues(call, context);
            }
            return call.distinct() && !call.function().isIdempotent() ? new LateValues(context, meter, type) : null;
        }

        /** A fresh accumulator; {@code late} is of {@link #deferred}, {@code meter} counts what grows with the rows. */
        Accumulator start(Deferred late, MemoryMeter meter) {
            Accumulator plain = make(call.function(), type, call.type(), meter);
            if (late instanceof OrderedValues ordered) {
                return new OrderedValues.Ordered(plain, ordered);
            }
            return late == null ? plain : new Distinct(plain, type, (LateValues) late);
        }

        void add(Accumulator accumulator, Row row, ExecutionContext context) {
            if (filter != null && filter.test(row, context) != Truth.TRUE) {
                return;
            }
            if (argument == null) {
                accumulator.addLong(1);
                return;
            }
            if (second != null) {
                addPair(accumulator, row, context);
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
            if (decimalColumn >= 0 && row instanceof EncodedRow stored && stored.showsLong(decimalColumn)) {
                if (!stored.isNull(decimalColumn)) {
                    accumulator.addUnscaled(stored.getLong(decimalColumn), type.scale());
                }
                return;
            }
            Object value = argument.eval(row, context);
            if (value != null) {
                accumulator.add(value);
            }
        }

        private void addPair(Accumulator accumulator, Row row, ExecutionContext context) {
            Object value = argument.eval(row, context);
            if (value == null) {
                return;
            }
            Object other = second.eval(row, context);
            if (accumulator instanceof OrderedValues.Ordered ordered) {
                ordered.add(row, value, other);
            } else {
                accumulator.add(value, other);
            }
        }
    }

    private static Accumulator make(AggregateFunction function, SqlType type, SqlType result, MemoryMeter meter) {
        return switch (function) {
            case COUNT_STAR, COUNT -> new Count();
            case MIN -> type.isLong() ? new LongExtreme(false) : new Extreme(ValueOrder.of(type));
            case MAX ->
                type.isLong()
                        ? new LongExtreme(true)
                        : new Extreme(ValueOrder.of(type).reversed());
            case SUM ->
                switch (type.family()) {
                    case INTEGER -> new Sums.OfLongs(result.family() == Family.DECIMAL);
                    case DECIMAL -> new Sums.OfDecimals();
                    case INTERVAL -> new IntervalSum(false);
                    default -> new Sums.OfDoubles(result.kind() == SqlType.Kind.REAL);
                };
            case AVG ->
                switch (type.family()) {
                    case APPROXIMATE -> new Sums.MeanOfDoubles();
                    case INTERVAL -> new IntervalSum(true);
                    default -> new Sums.Mean(make(AggregateFunction.SUM, type, result, meter));
                };
            case BOOL_AND -> new Bool(true);
            case BOOL_OR -> new Bool(false);
            case BIT_AND, BIT_OR, BIT_XOR -> new Bits(function);
            case STRING_AGG ->
                type.family() == Family.BINARY ? new Concatenation.Bytes(meter) : new Concatenation.Text(meter);
            case VAR_POP, VAR_SAMP, STDDEV_POP, STDDEV_SAMP ->
                type.family() == Family.APPROXIMATE ? new Moments.OfDoubles(function) : new Moments.Exact(function);
            default -> new Moments.OfPairs(function);
        };
    }

    private static final class Count extends Accumulator {
        private long count;

        @Override
        void addUnscaled(long unscaled, int scale) {
            count++;
        }

        @Override
        void addLongs(long[] values, int added) {
            count += added;
        }

        @Override
        void addDoubles(double[] values, int added) {
            count += added;
        }

        @Override
        void addUnscaled(long[] values, int added, int scale) {
            count += added;
        }

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

    /** AND or OR of booleans. */
    private static final class Bool extends Accumulator {
        private final boolean and;
        private Boolean result;

        Bool(boolean and) {
            this.and = and;
        }

        @Override
        void add(Object value) {
            if (result == null || result == and) {
                result = (Boolean) value;
            }
        }

        @Override
        Object result() {
            return result;
        }
    }

    /** Bitwise AND, OR or exclusive OR. */
    private static final class Bits extends Accumulator {
        private final AggregateFunction function;
        private boolean any;
        private long bits;

        Bits(AggregateFunction function) {
            this.function = function;
        }

        @Override
        void add(Object value) {
            addLong((Long) value);
        }

        @Override
        void addLong(long value) {
            if (!any) {
                bits = value;
            } else if (function == AggregateFunction.BIT_AND) {
                bits &= value;
            } else {
                bits = function == AggregateFunction.BIT_OR ? (bits | value) : (bits ^ value);
            }
            any = true;
        }

        @Override
        Object result() {
            return any ? (Object) bits : null;
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
