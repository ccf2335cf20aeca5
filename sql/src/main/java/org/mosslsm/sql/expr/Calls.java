package org.mosslsm.sql.expr;

import java.math.BigDecimal;
import java.util.List;
import org.mosslsm.sql.expr.ScalarExpr.Call;
import org.mosslsm.sql.type.Conversion;
import org.mosslsm.sql.type.Numbers;
import org.mosslsm.sql.type.SqlType;

/** Evaluators of functions and casts. */
final class Calls {
    private Calls() {}

    static Evaluator make(ScalarFunction f, Evaluator[] arguments) {
        FunctionBody body = f.body();
        if (body instanceof FunctionBody.Arithmetic a) {
            SqlType type = f.returns();
            if (type.isLong()) {
                return new LongArithmetic(a.op(), arguments[0], arguments[1]);
            }
            if (type.kind() == SqlType.Kind.DOUBLE) {
                return new DoubleArithmetic(a.op(), arguments[0], arguments[1]);
            }
        }
        if (body instanceof FunctionBody.Lazy l) {
            return new Lazy(l, arguments);
        }
        FunctionBody.Contextual general = general(f);
        return f.strict() ? new Strict(general, arguments) : new Lenient(general, arguments);
    }

    /** Any body, seen as the most general one. */
    private static FunctionBody.Contextual general(ScalarFunction f) {
        FunctionBody body = f.body();
        if (body instanceof FunctionBody.Contextual c) {
            return c;
        }
        if (body instanceof FunctionBody.Unary u) {
            return (v, ctx) -> u.apply(v[0]);
        }
        if (body instanceof FunctionBody.Binary b) {
            return (v, ctx) -> b.apply(v[0], v[1]);
        }
        if (body instanceof FunctionBody.Variadic n) {
            return (v, ctx) -> n.apply(v);
        }
        if (body instanceof FunctionBody.Nullary n) {
            return (v, ctx) -> n.apply(ctx);
        }
        ArithmeticOp op = ((FunctionBody.Arithmetic) body).op();
        return switch (f.returns().kind()) {
            case DECIMAL -> (v, ctx) -> op.apply((BigDecimal) v[0], (BigDecimal) v[1]);
            case DOUBLE -> (v, ctx) -> op.apply((double) (Double) v[0], (double) (Double) v[1]);
            case REAL -> (v, ctx) -> Numbers.toReal(op.apply((double) (Double) v[0], (double) (Double) v[1]));
            default -> (v, ctx) -> op.apply((long) (Long) v[0], (long) (Long) v[1]);
        };
    }

    /** A function that gives NULL when an argument is NULL. */
    private static final class Strict extends Evaluator {
        private final FunctionBody.Contextual body;
        private final Evaluator[] arguments;

        Strict(FunctionBody.Contextual body, Evaluator[] arguments) {
            this.body = body;
            this.arguments = arguments;
        }

        @Override
        public Object eval(Row row, EvalContext context) {
            Object[] values = new Object[arguments.length];
            for (int i = 0; i < values.length; i++) {
                Object v = arguments[i].eval(row, context);
                if (v == null) {
                    return null;
                }
                values[i] = v;
            }
            return body.apply(values, context);
        }
    }

    /** A function that makes of NULLs what it likes. */
    private static final class Lenient extends Evaluator {
        private final FunctionBody.Contextual body;
        private final Evaluator[] arguments;

        Lenient(FunctionBody.Contextual body, Evaluator[] arguments) {
            this.body = body;
            this.arguments = arguments;
        }

        @Override
        public Object eval(Row row, EvalContext context) {
            Object[] values = new Object[arguments.length];
            for (int i = 0; i < values.length; i++) {
                values[i] = arguments[i].eval(row, context);
            }
            return body.apply(values, context);
        }
    }

    /** A function that evaluates its arguments itself. */
    private static final class Lazy extends Evaluator {
        private final FunctionBody.Lazy body;
        private final Evaluator[] arguments;

        Lazy(FunctionBody.Lazy body, Evaluator[] arguments) {
            this.body = body;
            this.arguments = arguments;
        }

        @Override
        public Object eval(Row row, EvalContext context) {
            return body.apply(arguments, row, context);
        }
    }

    /** Strict calls nested on the left, run from the innermost out: {@code ((a + b) + c) + ...}. */
    static final class Chain extends Evaluator {
        private final Evaluator innermost;
        private final FunctionBody.Contextual[] bodies;
        private final Evaluator[][] others;

        Chain(Evaluator innermost, List<Call> outermostFirst) {
            int n = outermostFirst.size();
            this.innermost = innermost;
            this.bodies = new FunctionBody.Contextual[n];
            this.others = new Evaluator[n][];
            for (int i = 0; i < n; i++) {
                Call c = outermostFirst.get(n - 1 - i);
                bodies[i] = general(c.function());
                others[i] = new Evaluator[c.arguments().size() - 1];
                for (int k = 0; k < others[i].length; k++) {
                    others[i][k] = compile(c.arguments().get(k + 1));
                }
            }
        }

        @Override
        public Object eval(Row row, EvalContext context) {
            Object value = innermost.eval(row, context);
            for (int i = 0; i < bodies.length && value != null; i++) {
                Evaluator[] rest = others[i];
                Object[] values = new Object[rest.length + 1];
                values[0] = value;
                boolean known = true;
                for (int k = 0; k < rest.length; k++) {
                    values[k + 1] = rest[k].eval(row, context);
                    known &= values[k + 1] != null;
                }
                value = known ? bodies[i].apply(values, context) : null;
            }
            return value;
        }
    }

    /** Arithmetic in 64 bits, without boxing. */
    private static final class LongArithmetic extends Evaluator {
        private final ArithmeticOp op;
        private final Evaluator left;
        private final Evaluator right;

        LongArithmetic(ArithmeticOp op, Evaluator left, Evaluator right) {
            this.op = op;
            this.left = left;
            this.right = right;
        }

        @Override
        public long evalLong(Row row, EvalContext context) {
            long a = left.evalLong(row, context);
            if (a == NULL_LONG && left.eval(row, context) == null) {
                return NULL_LONG;
            }
            long b = right.evalLong(row, context);
            if (b == NULL_LONG && right.eval(row, context) == null) {
                return NULL_LONG;
            }
            return op.apply(a, b);
        }

        @Override
        public Object eval(Row row, EvalContext context) {
            long a = left.evalLong(row, context);
            if (a == NULL_LONG && left.eval(row, context) == null) {
                return null;
            }
            long b = right.evalLong(row, context);
            if (b == NULL_LONG && right.eval(row, context) == null) {
                return null;
            }
            return op.apply(a, b);
        }
    }

    /** Arithmetic in floating point, without boxing. */
    private static final class DoubleArithmetic extends Evaluator {
        private final ArithmeticOp op;
        private final Evaluator left;
        private final Evaluator right;

        DoubleArithmetic(ArithmeticOp op, Evaluator left, Evaluator right) {
            this.op = op;
            this.left = left;
            this.right = right;
        }

        @Override
        public double evalDouble(Row row, EvalContext context) {
            double a = left.evalDouble(row, context);
            if (Double.isNaN(a) && left.eval(row, context) == null) {
                return NULL_DOUBLE;
            }
            double b = right.evalDouble(row, context);
            if (Double.isNaN(b) && right.eval(row, context) == null) {
                return NULL_DOUBLE;
            }
            return op.apply(a, b);
        }

        @Override
        public Object eval(Row row, EvalContext context) {
            double a = left.evalDouble(row, context);
            if (Double.isNaN(a) && left.eval(row, context) == null) {
                return null;
            }
            double b = right.evalDouble(row, context);
            if (Double.isNaN(b) && right.eval(row, context) == null) {
                return null;
            }
            return op.apply(a, b);
        }
    }

    /** A whole number as a DOUBLE, without boxing. */
    static final class LongToDouble extends Evaluator {
        private final Evaluator operand;

        LongToDouble(Evaluator operand) {
            this.operand = operand;
        }

        @Override
        public double evalDouble(Row row, EvalContext context) {
            long v = operand.evalLong(row, context);
            return v == NULL_LONG && operand.eval(row, context) == null ? NULL_DOUBLE : (double) v;
        }

        @Override
        public Object eval(Row row, EvalContext context) {
            long v = operand.evalLong(row, context);
            return v == NULL_LONG && operand.eval(row, context) == null ? null : (Object) (double) v;
        }
    }

    /** Any other cast. */
    static final class Convert extends Evaluator {
        private final Evaluator operand;
        private final Conversion conversion;

        Convert(Evaluator operand, Conversion conversion) {
            this.operand = operand;
            this.conversion = conversion;
        }

        @Override
        public Object eval(Row row, EvalContext context) {
            Object v = operand.eval(row, context);
            return v == null ? null : conversion.apply(v, context.zone());
        }
    }
}
