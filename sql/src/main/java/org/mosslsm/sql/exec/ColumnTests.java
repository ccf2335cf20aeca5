package org.mosslsm.sql.exec;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.mosslsm.sql.encode.EntryShape;
import org.mosslsm.sql.encode.EntryShape.Lane;
import org.mosslsm.sql.encode.Utf8;
import org.mosslsm.sql.expr.CompareOp;
import org.mosslsm.sql.expr.Evaluator;
import org.mosslsm.sql.expr.LikePattern;
import org.mosslsm.sql.expr.ScalarExpr;
import org.mosslsm.sql.expr.ScalarExpr.ColumnRef;
import org.mosslsm.sql.expr.ScalarExpr.Literal;
import org.mosslsm.sql.expr.Utf8Pattern;
import org.mosslsm.sql.type.Casts;
import org.mosslsm.sql.type.SqlType;
import org.mosslsm.sql.type.SqlType.Family;

/** Finds the {@link ColumnTest} of a condition: comparisons of columns with what no row changes, and logic over them. */
final class ColumnTests {
    private static final BigInteger LEAST = BigInteger.valueOf(Long.MIN_VALUE);
    private static final BigInteger GREATEST = BigInteger.valueOf(Long.MAX_VALUE);
    private static final ColumnTest UNKNOWN = new ColumnTest.Constant(false, true);

    /** Strings of an IN list that are tested one after the other; longer lists are hashed elsewhere. */
    private static final int SHORT_LIST = 8;

    /** Conditions nested deeper than this are left to those that count frames. */
    private static final int MAX_DEPTH = 50;

    /** A number with an exponent like this is not worth the digits. */
    private static final int MAX_DIGITS = 1000;

    /** A condition whose constants are known when it runs. */
    interface Maker {
        /** The test, or null where one of the constants is none to compare with in this way. */
        ColumnTest make(ExecutionContext context);
    }

    private final EntryShape shape;

    ColumnTests(EntryShape shape) {
        this.shape = shape;
    }

    /** The maker of a condition's test; null where it has none. */
    Maker of(ScalarExpr condition) {
        return of(condition, 0);
    }

    private Maker of(ScalarExpr e, int depth) {
        if (depth > MAX_DEPTH) {
            return null;
        }
        if (e instanceof ScalarExpr.And and) {
            List<Maker> makers = all(and.operands(), depth);
            return makers == null ? null : all(makers);
        }
        if (e instanceof ScalarExpr.Or or) {
            List<Maker> makers = all(or.operands(), depth);
            return makers == null
                    ? null
                    : context -> {
                        List<ColumnTest> tests = tests(makers, context);
                        return tests == null ? null : new ColumnTest.Any(tests.toArray(ColumnTest[]::new));
                    };
        }
        if (e instanceof ScalarExpr.Not not) {
            Maker inner = of(not.operand(), depth + 1);
            return inner == null
                    ? null
                    : context -> {
                        ColumnTest test = inner.make(context);
                        return test == null ? null : new ColumnTest.Not(test);
                    };
        }
        return leaf(e);
    }

    private Maker leaf(ScalarExpr e) {
        if (e instanceof ScalarExpr.Compare c) {
            return compare(c);
        }
        if (e instanceof ScalarExpr.IsNull n && column(n.operand()) >= 0) {
            ColumnTest test = new ColumnTest.IsNull(column(n.operand()));
            return context -> test;
        }
        if (e instanceof ScalarExpr.InList in) {
            return inList(in);
        }
        if (e instanceof ScalarExpr.Like like) {
            return like(like);
        }
        if (e instanceof ColumnRef c && c.type().family() == Family.BOOLEAN && column(c) >= 0) {
            ColumnTest test = new ColumnTest.LongRange(c.index(), 1, 1, true);
            return context -> test;
        }
        return null;
    }

    private List<Maker> all(List<ScalarExpr> conditions, int depth) {
        List<Maker> makers = new ArrayList<>();
        for (ScalarExpr e : conditions) {
            Maker maker = of(e, depth + 1);
            if (maker == null) {
                return null;
            }
            makers.add(maker);
        }
        return makers;
    }

    /** All of several conditions; two that bound one column become one. */
    static Maker all(List<Maker> makers) {
        return context -> {
            List<ColumnTest> tests = tests(makers, context);
            if (tests == null) {
                return null;
            }
            List<ColumnTest> joined = new ArrayList<>();
            for (ColumnTest test : tests) {
                int last = joined.size() - 1;
                ColumnTest both = last >= 0
                                && joined.get(last) instanceof ColumnTest.LongRange a
                                && test instanceof ColumnTest.LongRange b
                        ? a.and(b)
                        : null;
                if (both == null) {
                    joined.add(test);
                } else {
                    joined.set(last, both);
                }
            }
            return joined.size() == 1 ? joined.get(0) : new ColumnTest.All(joined.toArray(ColumnTest[]::new));
        };
    }

    private static List<ColumnTest> tests(List<Maker> makers, ExecutionContext context) {
        List<ColumnTest> tests = new ArrayList<>(makers.size());
        for (Maker maker : makers) {
            ColumnTest test = maker.make(context);
            if (test == null) {
                return null;
            }
            tests.add(test);
        }
        return tests;
    }

    /** The number of a column that is read many at a time; -1 of anything else. */
    private int column(ScalarExpr e) {
        ScalarExpr inner = e;
        while (inner instanceof ScalarExpr.Cast cast
                && Casts.isFree(cast.operand().type(), cast.type())) {
            inner = cast.operand();
        }
        return inner instanceof ColumnRef c && shape.lane(c.index()) != Lane.NONE ? c.index() : -1;
    }

    /** What gives a value that is the same for all rows and cannot fail; null where the expression is more than that. */
    private static Evaluator constant(ScalarExpr e) {
        return isConstant(e) ? Evaluator.compile(e) : null;
    }

    private static boolean isConstant(ScalarExpr e) {
        if (e instanceof ScalarExpr.Cast c) {
            // It takes the blanks away that a CHAR does not count.
            return c.type().equals(SqlType.BPCHAR) && c.operand().type().isCharacter() && isConstant(c.operand());
        }
        if (e instanceof ScalarExpr.Call c) {
            return c.function().name().equals("zero_pad")
                    && isConstant(c.arguments().get(0));
        }
        return e instanceof Literal || e instanceof ScalarExpr.Parameter || e instanceof ScalarExpr.SlotRef;
    }

    private Maker compare(ScalarExpr.Compare c) {
        if (column(c.left()) >= 0 && column(c.right()) >= 0) {
            return twoColumns(c);
        }
        boolean turned = column(c.left()) < 0;
        int column = column(turned ? c.right() : c.left());
        Evaluator constant = constant(turned ? c.left() : c.right());
        if (column < 0 || constant == null) {
            return null;
        }
        CompareOp op = turned ? c.op().swapped() : c.op();
        return context -> test(column, op, constant.eval(null, context));
    }

    private Maker twoColumns(ScalarExpr.Compare c) {
        int left = column(c.left());
        int right = column(c.right());
        boolean alike = shape.lane(left) == Lane.LONGS
                && shape.lane(right) == Lane.LONGS
                && c.left().type().family() == c.right().type().family()
                && shape.scale(left) == shape.scale(right);
        if (!alike) {
            return null;
        }
        ColumnTest test = new ColumnTest.TwoLongs(c.op(), left, right);
        return context -> test;
    }

    private ColumnTest test(int column, CompareOp op, Object value) {
        if (value == null) {
            return UNKNOWN;
        }
        return switch (shape.lane(column)) {
            case LONGS -> longs(column, op, value);
            case DOUBLES -> value instanceof Double d ? new ColumnTest.Doubles(column, op, d) : null;
            case SLICES -> {
                byte[] bytes = bytes(value);
                yield bytes == null ? null : new ColumnTest.Bytes(column, op, bytes);
            }
            case NONE -> null;
        };
    }

    /** The bytes of a string or byte string; null for a string that has none. */
    private static byte[] bytes(Object value) {
        if (value instanceof byte[] b) {
            return b;
        }
        return value instanceof String s ? Utf8.encodeOrNull(s) : null;
    }

    private ColumnTest longs(int column, CompareOp op, Object value) {
        BigDecimal exact = exact(column, value);
        if (exact == null) {
            return null;
        }
        BigInteger floor = exact.setScale(0, RoundingMode.FLOOR).unscaledValue();
        BigInteger ceiling = exact.setScale(0, RoundingMode.CEILING).unscaledValue();
        return switch (op) {
            case EQ -> range(column, ceiling, floor, true);
            case NE -> range(column, ceiling, floor, false);
            case LT -> range(column, LEAST, ceiling.subtract(BigInteger.ONE), true);
            case LE -> range(column, LEAST, floor, true);
            case GT -> range(column, floor.add(BigInteger.ONE), GREATEST, true);
            case GE -> range(column, ceiling, GREATEST, true);
        };
    }

    private static ColumnTest range(int column, BigInteger lo, BigInteger hi, boolean inside) {
        BigInteger from = lo.max(LEAST);
        BigInteger to = hi.min(GREATEST);
        return from.compareTo(to) > 0
                ? new ColumnTest.LongRange(column, 1, 0, inside)
                : new ColumnTest.LongRange(column, from.longValueExact(), to.longValueExact(), inside);
    }

    /** A value as the numbers of the column count, perhaps between two of them; null where it is none of theirs. */
    private BigDecimal exact(int column, Object value) {
        if (value instanceof Long l) {
            return BigDecimal.valueOf(l);
        }
        if (value instanceof Boolean b) {
            return b ? BigDecimal.ONE : BigDecimal.ZERO;
        }
        boolean usual =
                value instanceof BigDecimal d && Math.abs((long) d.scale()) < MAX_DIGITS && d.precision() < MAX_DIGITS;
        return usual ? ((BigDecimal) value).scaleByPowerOfTen(shape.scale(column)) : null;
    }

    private Maker inList(ScalarExpr.InList in) {
        int column = column(in.operand());
        List<Evaluator> items = in.items().stream().map(ColumnTests::constant).toList();
        if (column < 0 || items.isEmpty() || items.contains(null)) {
            return null;
        }
        return switch (shape.lane(column)) {
            case LONGS -> longSet(column, items, in.items().stream().allMatch(Literal.class::isInstance));
            case SLICES -> items.size() > SHORT_LIST ? null : context -> strings(column, items, context);
            default -> null;
        };
    }

    private Maker longSet(int column, List<Evaluator> items, boolean known) {
        if (!known) {
            return context -> longSet(column, items, context);
        }
        ColumnTest test = longSet(column, items, null); // sorted once, not at each execution
        return test == null ? null : context -> test;
    }

    private ColumnTest longSet(int column, List<Evaluator> items, ExecutionContext context) {
        long[] values = new long[items.size()];
        int n = 0;
        boolean hasNull = false;
        for (Evaluator item : items) {
            Object value = item.eval(null, context);
            if (value == null) {
                hasNull = true;
                continue;
            }
            BigDecimal exact = exact(column, value);
            if (exact == null) {
                return null;
            }
            BigInteger floor = exact.setScale(0, RoundingMode.FLOOR).unscaledValue();
            // One that lies between two numbers of the column, or beyond all, equals none.
            if (exact.compareTo(new BigDecimal(floor)) == 0 && floor.bitLength() < Long.SIZE) {
                values[n++] = floor.longValue();
            }
        }
        long[] sorted = Arrays.copyOf(values, n);
        Arrays.sort(sorted);
        return new ColumnTest.LongSet(column, sorted, hasNull);
    }

    private ColumnTest strings(int column, List<Evaluator> items, ExecutionContext context) {
        ColumnTest[] tests = new ColumnTest[items.size()];
        for (int i = 0; i < tests.length; i++) {
            tests[i] = test(column, CompareOp.EQ, items.get(i).eval(null, context));
            if (tests[i] == null) {
                return null;
            }
        }
        return new ColumnTest.Any(tests);
    }

    /** An unsound pattern is an error of the row that meets it, and so has no test. */
    private Maker like(ScalarExpr.Like like) {
        int column = column(like.operand());
        Evaluator pattern = constant(like.pattern());
        Evaluator escape = constant(like.escape());
        if (column < 0 || pattern == null || escape == null || like.ignoreCase()) {
            return null;
        }
        if (like.pattern() instanceof Literal && like.escape() instanceof Literal) {
            Utf8Pattern known = utf8(pattern.eval(null, null), escape.eval(null, null));
            return known == null ? null : context -> new ColumnTest.Like(column, known, context);
        }
        return context -> {
            Object given = pattern.eval(null, context);
            Object by = escape.eval(null, context);
            if (given == null || by == null) {
                return UNKNOWN;
            }
            Utf8Pattern bound = utf8(given, by);
            return bound == null ? null : new ColumnTest.Like(column, bound, context);
        };
    }

    private static Utf8Pattern utf8(Object pattern, Object escape) {
        return pattern == null || escape == null ? null : LikePattern.utf8((String) pattern, (String) escape);
    }
}
