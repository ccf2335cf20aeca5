package org.mosslsm.sql.exec;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.LongPredicate;
import org.mosslsm.sql.exec.ValueSet.Interval;
import org.mosslsm.sql.expr.CompareOp;
import org.mosslsm.sql.type.DateTimes;
import org.mosslsm.sql.type.SqlType;
import org.mosslsm.sql.type.SqlType.Family;
import org.mosslsm.sql.type.SqlType.Kind;
import org.mosslsm.sql.type.ValueOrder;

/**
 * The values a key column can hold. Turns a comparison with a value of another type ({@code smallint < 1e6}, {@code date
 * >= timestamp}) into bounds that the column can hold, so that exactly the same values satisfy it.
 */
final class ColumnDomain {
    private final SqlType type;
    private final Comparator<Object> order;

    ColumnDomain(SqlType type) {
        this.type = type;
        this.order = ValueOrder.of(type);
    }

    Comparator<Object> order() {
        return order;
    }

    /** The values of the column for which {@code column op value} is true; {@code value} is of type {@code of}. */
    ValueSet satisfying(CompareOp op, Object value, SqlType of) {
        if (value == null) {
            return ValueSet.NONE;
        }
        return switch (type.family()) {
            case INTEGER -> integers(op, value, of);
            case DECIMAL -> decimals(op, decimal(value));
            case APPROXIMATE -> type.kind() == Kind.REAL ? reals(op, number(value)) : plain(op, number(value));
            case DATE -> of.family() == Family.DATE ? plain(op, value) : days(op, (Long) value);
            default -> plain(op, value);
        };
    }

    /** Whether a value of type {@code of} is surely one of the column's own, so that it equals itself alone. */
    boolean holds(Object value, SqlType of) {
        return switch (type.family()) {
            case INTEGER -> value instanceof Long v && of.family() == Family.INTEGER && v >= least() && v <= greatest();
            case CHARACTER -> value instanceof String;
            case UUID -> value instanceof java.util.UUID;
            default -> false;
        };
    }

    private ValueSet plain(CompareOp op, Object value) {
        return switch (op) {
            case EQ -> ValueSet.point(value);
            case LT -> below(value, false);
            case LE -> below(value, true);
            case GT -> above(value, false);
            case GE -> above(value, true);
            case NE -> throw new IllegalArgumentException("<> is two ranges");
        };
    }

    private ValueSet below(Object value, boolean included) {
        return ValueSet.of(new Interval(null, false, value, included), order);
    }

    private ValueSet above(Object value, boolean included) {
        return ValueSet.of(new Interval(value, included, null, false), order);
    }

    /** A bound that lies strictly between two values of the column: the one below it and the one above. */
    private ValueSet between(CompareOp op, Object floor, Object ceiling) {
        return switch (op) {
            case EQ -> ValueSet.NONE;
            case LT, LE -> floor == null ? ValueSet.NONE : below(floor, true);
            case GT, GE -> ceiling == null ? ValueSet.NONE : above(ceiling, true);
            case NE -> throw new IllegalArgumentException("<> is two ranges");
        };
    }

    private long least() {
        return switch (type.kind()) {
            case SMALLINT -> Short.MIN_VALUE;
            case INTEGER -> Integer.MIN_VALUE;
            default -> Long.MIN_VALUE;
        };
    }

    private long greatest() {
        return switch (type.kind()) {
            case SMALLINT -> Short.MAX_VALUE;
            case INTEGER -> Integer.MAX_VALUE;
            default -> Long.MAX_VALUE;
        };
    }

    private ValueSet integers(CompareOp op, Object value, SqlType of) {
        if (of.family() == Family.APPROXIMATE) {
            return likeDoubles(op, (Double) value);
        }
        if (value instanceof Long v) {
            if (v < least()) {
                return between(op, null, least());
            }
            return v > greatest() ? between(op, greatest(), null) : plain(op, v);
        }
        BigDecimal d = (BigDecimal) value;
        if (d.compareTo(BigDecimal.valueOf(least())) < 0) {
            return between(op, null, least());
        }
        if (d.compareTo(BigDecimal.valueOf(greatest())) > 0) {
            return between(op, greatest(), null);
        }
        long floor = d.setScale(0, RoundingMode.FLOOR).longValueExact();
        return d.compareTo(BigDecimal.valueOf(floor)) == 0 ? plain(op, floor) : between(op, floor, floor + 1);
    }

    /** Whole numbers compare with a DOUBLE as doubles: several of them may equal it, and all of those count. */
    private ValueSet likeDoubles(CompareOp op, double value) {
        Long firstNotLess = first(v -> ValueOrder.compareDoubles((double) v, value) >= 0);
        Long firstGreater = first(v -> ValueOrder.compareDoubles((double) v, value) > 0);
        return switch (op) {
            case LT -> beforeFirst(firstNotLess);
            case LE -> beforeFirst(firstGreater);
            case GE -> firstNotLess == null ? ValueSet.NONE : above(firstNotLess, true);
            case GT -> firstGreater == null ? ValueSet.NONE : above(firstGreater, true);
            case EQ ->
                firstNotLess == null
                        ? ValueSet.NONE
                        : each(firstNotLess, firstGreater == null ? greatest() : firstGreater - 1);
            case NE -> throw new IllegalArgumentException("<> is two ranges");
        };
    }

    /** Whole numbers one by one: no more than a thousand or so share a double. */
    private static ValueSet each(long first, long last) {
        List<Interval> points = new ArrayList<>();
        for (long i = 0; i <= last - first; i++) {
            points.add(new Interval(first + i, true, first + i, true));
        }
        return new ValueSet(List.copyOf(points), false);
    }

    private ValueSet beforeFirst(Long first) {
        return first == null ? ValueSet.NOT_NULL : below(first, false);
    }

    /** The least value of the column for which {@code test}, false below and true above some point, is true. */
    private Long first(LongPredicate test) {
        long low = least();
        long high = greatest();
        if (!test.test(high)) {
            return null;
        }
        while (low < high) {
            long middle = Math.floorDiv(low, 2) + Math.floorDiv(high, 2) + ((low & 1) + (high & 1)) / 2;
            if (test.test(middle)) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    private static BigDecimal decimal(Object value) {
        if (value instanceof BigDecimal d) {
            return d;
        }
        return value instanceof Long l ? BigDecimal.valueOf(l) : new BigDecimal((Double) value);
    }

    private ValueSet decimals(CompareOp op, BigDecimal value) {
        if (type.precision() == 0) {
            return plain(op, value);
        }
        BigDecimal most =
                BigDecimal.TEN.pow(type.precision()).subtract(BigDecimal.ONE).movePointLeft(type.scale());
        if (value.compareTo(most) > 0) {
            return between(op, most, null);
        }
        if (value.compareTo(most.negate()) < 0) {
            return between(op, null, most.negate());
        }
        BigDecimal floor = value.setScale(type.scale(), RoundingMode.FLOOR);
        return floor.compareTo(value) == 0
                ? plain(op, floor)
                : between(op, floor, value.setScale(type.scale(), RoundingMode.CEILING));
    }

    private static Double number(Object value) {
        return ((Number) value).doubleValue();
    }

    /** A REAL column compared with a DOUBLE: the floats on either side of it. */
    private ValueSet reals(CompareOp op, double value) {
        float nearest = (float) value;
        if (Double.isNaN(value) || nearest == value) {
            return plain(op, (double) nearest);
        }
        float floor = nearest < value ? nearest : Math.nextDown(nearest);
        return between(op, (double) floor, (double) Math.nextUp(floor));
    }

    /** A DATE column compared with a time stamp: a day is its midnight. */
    private ValueSet days(CompareOp op, long micros) {
        long day = DateTimes.dayOf(micros);
        return DateTimes.timeOf(micros) == 0 ? plain(op, day) : between(op, day, day + 1);
    }

    /** Strings that start with {@code prefix}. */
    ValueSet startingWith(String prefix) {
        if (prefix.isEmpty()) {
            return ValueSet.NOT_NULL;
        }
        String after = successor(prefix);
        return ValueSet.of(new Interval(prefix, true, after, false), order);
    }

    /** The least string greater than all that start with {@code prefix}; null where there is none. */
    static String successor(String prefix) {
        int end = prefix.length();
        while (end > 0) {
            int last = prefix.codePointBefore(end);
            end -= Character.charCount(last);
            if (last < Character.MAX_CODE_POINT) {
                int next = last + 1 == Character.MIN_SURROGATE ? Character.MAX_SURROGATE + 1 : last + 1;
                return prefix.substring(0, end) + Character.toString(next);
            }
        }
        return null;
    }
}
