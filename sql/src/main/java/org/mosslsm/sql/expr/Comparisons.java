package org.mosslsm.sql.expr;

import java.util.Comparator;
import org.mosslsm.sql.expr.ScalarExpr.ColumnRef;
import org.mosslsm.sql.expr.ScalarExpr.Literal;
import org.mosslsm.sql.type.SqlType;
import org.mosslsm.sql.type.ValueOrder;

/** Evaluators of comparisons: primitive where the types are, and one step shorter for a column with a constant. */
final class Comparisons {
    private Comparisons() {}

    static Evaluator make(CompareOp op, ScalarExpr left, ScalarExpr right) {
        if (left instanceof Literal && !(right instanceof Literal)) {
            return make(op.swapped(), right, left);
        }
        SqlType type = family(left, right);
        if (type.isLong()) {
            if (left instanceof ColumnRef c && right instanceof Literal l && l.value() != null) {
                return new LongColumn(op, c.index(), (Long) l.value());
            }
            return new Longs(op, Compiler.compile(left), Compiler.compile(right));
        }
        if (type.isDouble()) {
            return new Doubles(op, Compiler.compile(left), Compiler.compile(right));
        }
        Evaluator l = Compiler.compile(left);
        Evaluator r = Compiler.compile(right);
        boolean equality = op == CompareOp.EQ || op == CompareOp.NE;
        return equality && type.isCharacter()
                ? new Equality(op == CompareOp.EQ, l, r)
                : new Values(op, l, r, ValueOrder.of(type));
    }

    /** A type of the operands' common family; an operand without type takes the other's. */
    static SqlType family(ScalarExpr left, ScalarExpr right) {
        return left.type().isUnknown() ? right.type() : left.type();
    }

    static boolean holds(CompareOp op, long a, long b) {
        return switch (op) {
            case EQ -> a == b;
            case NE -> a != b;
            case LT -> a < b;
            case LE -> a <= b;
            case GT -> a > b;
            case GE -> a >= b;
        };
    }

    /** A column of whole numbers, dates or times with a constant. */
    private static final class LongColumn extends PredicateEvaluator {
        private final CompareOp op;
        private final int index;
        private final long constant;

        LongColumn(CompareOp op, int index, long constant) {
            this.op = op;
            this.index = index;
            this.constant = constant;
        }

        @Override
        public Truth test(Row row, EvalContext context) {
            if (row.isNull(index)) {
                return Truth.UNKNOWN;
            }
            return Truth.of(holds(op, row.getLong(index), constant));
        }
    }

    /** Whole numbers, dates and times. */
    private static final class Longs extends PredicateEvaluator {
        private final CompareOp op;
        private final Evaluator left;
        private final Evaluator right;

        Longs(CompareOp op, Evaluator left, Evaluator right) {
            this.op = op;
            this.left = left;
            this.right = right;
        }

        @Override
        public Truth test(Row row, EvalContext context) {
            long a = left.evalLong(row, context);
            if (a == NULL_LONG && left.eval(row, context) == null) {
                return Truth.UNKNOWN;
            }
            long b = right.evalLong(row, context);
            if (b == NULL_LONG && right.eval(row, context) == null) {
                return Truth.UNKNOWN;
            }
            return Truth.of(holds(op, a, b));
        }
    }

    /** Floating point. */
    private static final class Doubles extends PredicateEvaluator {
        private final CompareOp op;
        private final Evaluator left;
        private final Evaluator right;

        Doubles(CompareOp op, Evaluator left, Evaluator right) {
            this.op = op;
            this.left = left;
            this.right = right;
        }

        @Override
        public Truth test(Row row, EvalContext context) {
            double a = left.evalDouble(row, context);
            if (Double.isNaN(a) && left.eval(row, context) == null) {
                return Truth.UNKNOWN;
            }
            double b = right.evalDouble(row, context);
            if (Double.isNaN(b) && right.eval(row, context) == null) {
                return Truth.UNKNOWN;
            }
            return Truth.of(op.holds(ValueOrder.compareDoubles(a, b)));
        }
    }

    /** Equality of strings, where no order is needed. */
    private static final class Equality extends PredicateEvaluator {
        private final boolean equal;
        private final Evaluator left;
        private final Evaluator right;

        Equality(boolean equal, Evaluator left, Evaluator right) {
            this.equal = equal;
            this.left = left;
            this.right = right;
        }

        @Override
        public Truth test(Row row, EvalContext context) {
            Object a = left.eval(row, context);
            if (a == null) {
                return Truth.UNKNOWN;
            }
            Object b = right.eval(row, context);
            return b == null ? Truth.UNKNOWN : Truth.of(a.equals(b) == equal);
        }
    }

    /** Everything else. */
    private static final class Values extends PredicateEvaluator {
        private final CompareOp op;
        private final Evaluator left;
        private final Evaluator right;
        private final Comparator<Object> order;

        Values(CompareOp op, Evaluator left, Evaluator right, Comparator<Object> order) {
            this.op = op;
            this.left = left;
            this.right = right;
            this.order = order;
        }

        @Override
        public Truth test(Row row, EvalContext context) {
            Object a = left.eval(row, context);
            if (a == null) {
                return Truth.UNKNOWN;
            }
            Object b = right.eval(row, context);
            return b == null ? Truth.UNKNOWN : Truth.of(op.holds(order.compare(a, b)));
        }
    }

    /** IS DISTINCT FROM. */
    static final class Distinct extends PredicateEvaluator {
        private final Evaluator left;
        private final Evaluator right;
        private final Comparator<Object> order;

        Distinct(Evaluator left, Evaluator right, SqlType type) {
            this.left = left;
            this.right = right;
            this.order = ValueOrder.of(type);
        }

        @Override
        public Truth test(Row row, EvalContext context) {
            Object a = left.eval(row, context);
            Object b = right.eval(row, context);
            if (a == null || b == null) {
                return Truth.of(a != b);
            }
            return Truth.of(order.compare(a, b) != 0);
        }
    }
}
