// Arithmetic of many rows at a time.
package org.mosslsm.sql.exec;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.mosslsm.sql.encode.EntryRows;
import org.mosslsm.sql.encode.EntryShape;
import org.mosslsm.sql.encode.EntryShape.Lane;
import org.mosslsm.sql.expr.ScalarExpr;
import org.mosslsm.sql.type.SqlType;
import org.mosslsm.sql.type.SqlType.Family;

/**
 * Sums, differences and products of columns and constants, of many rows at a time: whole numbers, and decimals as whole numbers
 * whose point stands at one place in all rows. Exact, or not at all: where 64 bits do not hold a value, the rows are to be
 * computed one by one, which fails or not as it should. Immutable.
 */
abstract sealed class LaneNumbers {
    /** Deeper ones are computed row by row, so that the room for what is between stays small. */
    private static final int MOST_DEPTH = 8;

    /** Each operation may have one of its operands brought to its scale by another. */
    static final int MOST_LEVELS = 2 * MOST_DEPTH;

    /** Digits behind the point. */
    final int scale;

    private LaneNumbers(int scale) {
        this.scale = scale;
    }

    /**
     * The numbers that {@code e} stands for; empty of any other expression.
     *
     * @param shape of the entries that hold the columns
     */
    static Optional<LaneNumbers> of(ScalarExpr e, EntryShape shape) {
        return Optional.ofNullable(make(e, shape, 0));
    }

    private static LaneNumbers make(ScalarExpr e, EntryShape shape, int depth) {
        if (depth > MOST_DEPTH || !isExact(e.type())) {
            return null;
        }
        if (e instanceof ScalarExpr.ColumnRef c) {
            return column(c, shape);
        }
        if (e instanceof ScalarExpr.Literal l) {
            return constant(l.value());
        }
        if (e instanceof ScalarExpr.Cast c && isWidening(c)) {
            return make(c.operand(), shape, depth);
        }
        if (e instanceof ScalarExpr.Call call && call.arguments().size() == 2) {
            LaneNumbers left = make(call.arguments().get(0), shape, depth + 1);
            LaneNumbers right = left == null ? null : make(call.arguments().get(1), shape, depth + 1);
            return right == null ? null : operation(call.function().name(), left, right);
        }
        return null;
    }

    /** The numbers of 64 bits that a column is kept as, whatever they mean; null where it is not kept so. */
    static LaneNumbers column(ScalarExpr.ColumnRef c, EntryShape shape) {
        return shape.lane(c.index()) == Lane.LONGS ? new Column(c.index(), scale(c, shape)) : null;
    }

    private static boolean isExact(SqlType type) {
        return type.family() == Family.INTEGER || type.family() == Family.DECIMAL;
    }

    private static int scale(ScalarExpr.ColumnRef c, EntryShape shape) {
        return c.type().family() == Family.DECIMAL ? shape.scale(c.index()) : 0;
    }

    /** Whether the cast changes no value: to BIGINT from what is no longer, or to a DECIMAL of any size. */
    private static boolean isWidening(ScalarExpr.Cast c) {
        return c.type().family() == Family.DECIMAL
                ? c.type().precision() == 0
                : c.operand().type().family() == Family.INTEGER && c.type().kind() == SqlType.Kind.BIGINT;
    }

    private static LaneNumbers constant(Object value) {
        if (value instanceof Long whole) {
            return new Constant(whole, 0);
        }
        return value instanceof BigDecimal d
                        && d.scale() >= 0
                        && d.unscaledValue().bitLength() < Long.SIZE
                ? new Constant(d.unscaledValue().longValue(), d.scale())
                : null;
    }

    private static LaneNumbers operation(String symbol, LaneNumbers left, LaneNumbers right) {
        if (symbol.equals("*")) {
            return new Product(left, right);
        }
        if (!symbol.equals("+") && !symbol.equals("-")) {
            return null;
        }
        int scale = Math.max(left.scale, right.scale);
        LaneNumbers l = left.withScale(scale);
        LaneNumbers r = right.withScale(scale);
        return l == null || r == null ? null : new Sum(l, r, symbol.equals("-"));
    }

    /** The same with so many digits behind the point, no fewer than it has; null where 64 bits do not hold them. */
    LaneNumbers withScale(int wanted) {
        if (wanted == scale) {
            return this;
        }
        LaneNumbers factor = wanted - scale > 18
                ? null
                : new Constant(BigDecimal.TEN.pow(wanted - scale).longValueExact(), wanted - scale);
        return factor == null ? null : new Product(this, factor);
    }

    /** Columns read. */
    abstract void addColumns(List<Integer> to);

    /** What came of reading. */
    enum Found {
        /** Values, none of which is NULL. */
        KNOWN,
        /** Values, some of which are NULL. */
        SOME_NULL,
        /** Some do not fit, and the arrays are worth nothing. */
        UNFIT
    }

    /**
     * Computes them.
     *
     * @param entries that have all columns where {@link EntryRows#reads} says
     * @param room for what is between, from {@code level} on
     * @param rows places of the rows wanted
     * @param into gets the values without their point; 0 where NULL
     * @param nulls is set where a value is NULL, and not changed where not
     */
    abstract Found read(EntryRows entries, Lanes room, int level, int[] rows, int count, long[] into, boolean[] nulls);

    private static final class Column extends LaneNumbers {
        private final int index;

        Column(int index, int scale) {
            super(scale);
            this.index = index;
        }

        @Override
        void addColumns(List<Integer> to) {
            to.add(index);
        }

        @Override
        Found read(EntryRows entries, Lanes room, int level, int[] rows, int count, long[] into, boolean[] nulls) {
            boolean[] own = room.otherNulls(count);
            if (!entries.longs(index, rows, count, into, own)) {
                return Found.KNOWN;
            }
            for (int j = 0; j < count; j++) {
                nulls[j] |= own[j];
                into[j] = own[j] ? 0 : into[j];
            }
            return Found.SOME_NULL;
        }
    }

    private static final class Constant extends LaneNumbers {
        private final long value;

        Constant(long value, int scale) {
            super(scale);
            this.value = value;
        }

        @Override
        LaneNumbers withScale(int wanted) {
            return constant(BigDecimal.valueOf(value, scale).setScale(wanted));
        }

        @Override
        void addColumns(List<Integer> to) {}

        @Override
        Found read(EntryRows entries, Lanes room, int level, int[] rows, int count, long[] into, boolean[] nulls) {
            Arrays.fill(into, 0, count, value);
            return Found.KNOWN;
        }
    }

    /** Of two. */
    private abstract static sealed class Operation extends LaneNumbers {
        private final LaneNumbers left;
        private final LaneNumbers right;

        Operation(LaneNumbers left, LaneNumbers right, int scale) {
            super(scale);
            this.left = left;
            this.right = right;
        }

        @Override
        final void addColumns(List<Integer> to) {
            left.addColumns(to);
            right.addColumns(to);
        }

        @Override
        final Found read(
                EntryRows entries, Lanes room, int level, int[] rows, int count, long[] into, boolean[] nulls) {
            long[] others = room.level(level, count);
            Found one = left.read(entries, room, level + 1, rows, count, into, nulls);
            Found other = right.read(entries, room, level + 1, rows, count, others, nulls);
            if (one == Found.UNFIT || other == Found.UNFIT || !apply(into, others, count)) {
                return Found.UNFIT;
            }
            return one == Found.SOME_NULL ? one : other;
        }

        /** Changes {@code into}; returns whether all fit. */
        abstract boolean apply(long[] into, long[] others, int count);
    }

    private static final class Product extends Operation {
        Product(LaneNumbers left, LaneNumbers right) {
            super(left, right, left.scale + right.scale);
        }

        @Override
        boolean apply(long[] into, long[] others, int count) {
            long lost = 0;
            for (int j = 0; j < count; j++) {
                long low = into[j] * others[j];
                lost |= Math.multiplyHigh(into[j], others[j]) ^ (low >> 63);
                into[j] = low;
            }
            return lost == 0;
        }
    }

    private static final class Sum extends Operation {
        private final boolean subtracts;

        Sum(LaneNumbers left, LaneNumbers right, boolean subtracts) {
            super(left, right, left.scale);
            this.subtracts = subtracts;
        }

        @Override
        boolean apply(long[] into, long[] others, int count) {
            long lost = 0;
            for (int j = 0; j < count; j++) {
                long a = into[j];
                long b = others[j];
                long result = subtracts ? a - b : a + b;
                lost |= (a ^ result) & ((subtracts ? ~b : b) ^ result);
                into[j] = result;
            }
            return lost >= 0;
        }
    }
}
