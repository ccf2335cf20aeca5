package org.mosslsm.sql.expr;

import java.math.BigDecimal;
import java.util.List;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;
import org.mosslsm.sql.expr.ScalarExpr.Call;
import org.mosslsm.sql.expr.ScalarExpr.Literal;
import org.mosslsm.sql.expr.ScalarFunction.Volatility;
import org.mosslsm.sql.type.CastMode;
import org.mosslsm.sql.type.DateTimes;
import org.mosslsm.sql.type.Interval;
import org.mosslsm.sql.type.SqlType;
import org.mosslsm.sql.type.SqlType.Family;
import org.mosslsm.sql.type.SqlType.Kind;

/**
 * Chooses what {@code + - * / %} and {@code ||} mean for the types of their operands:
 *
 * <pre>
 * whole numbers            BIGINT               DATE +- whole number       DATE
 * with a DECIMAL           DECIMAL              DATE - DATE                BIGINT, days
 * REAL with REAL           REAL                 DATE, TIMESTAMP +- INTERVAL TIMESTAMP
 * otherwise floating       DOUBLE               TIMESTAMP - TIMESTAMP      INTERVAL
 * strings with anything || TEXT                 DATE + TIME                TIMESTAMP
 * </pre>
 */
final class Operators {
    private Operators() {}

    static ScalarExpr call(String symbol, List<ScalarExpr> arguments) {
        if (arguments.size() == 1) {
            return sign(symbol, arguments.get(0));
        }
        ScalarExpr l = arguments.get(0);
        ScalarExpr r = arguments.get(1);
        // An operand without type takes that of the other, where arithmetic with itself makes sense.
        if (l.type().isUnknown() && r.type().isUnknown()) {
            l = ExprFactory.convert(l, SqlType.BIGINT, CastMode.EXPLICIT);
            r = ExprFactory.convert(r, SqlType.BIGINT, CastMode.EXPLICIT);
        } else if (l.type().isUnknown()) {
            l = ExprFactory.convert(l, partner(symbol, l, r.type()), CastMode.EXPLICIT);
        } else if (r.type().isUnknown()) {
            r = ExprFactory.convert(r, partner(symbol, r, l.type()), CastMode.EXPLICIT);
        }
        return l.type().isNumeric() && r.type().isNumeric() ? numeric(op(symbol), l, r) : temporal(symbol, l, r);
    }

    private static SqlType partner(String symbol, ScalarExpr unknown, SqlType other) {
        return switch (other.family()) {
            case INTEGER -> numberFor(unknown);
            case DATE -> symbol.equals("+") ? SqlType.INTEGER : SqlType.DATE;
            case TIMESTAMP -> symbol.equals("+") ? SqlType.INTERVAL : other;
            case TIME -> SqlType.INTERVAL;
            case INTERVAL -> symbol.equals("*") || symbol.equals("/") ? SqlType.DOUBLE : other;
            default -> other.family() == Family.DECIMAL ? SqlType.DECIMAL : other;
        };
    }

    /** A string that stands beside a whole number is one too, or else a DECIMAL ({@code 2 * '1.5'}). */
    private static SqlType numberFor(ScalarExpr unknown) {
        return unknown instanceof Literal l && l.value() instanceof String s && s.indexOf('.') >= 0
                ? SqlType.DECIMAL
                : SqlType.BIGINT;
    }

    private static ArithmeticOp op(String symbol) {
        for (ArithmeticOp op : ArithmeticOp.values()) {
            if (op.symbol().equals(symbol)) {
                return op;
            }
        }
        throw new IllegalArgumentException(symbol);
    }

    private static ScalarExpr numeric(ArithmeticOp op, ScalarExpr l, ScalarExpr r) {
        SqlType type;
        if (l.type().isDouble() || r.type().isDouble()) {
            type = l.type().kind() == Kind.REAL && r.type().kind() == Kind.REAL ? SqlType.REAL : SqlType.DOUBLE;
        } else if (l.type().family() == Family.DECIMAL || r.type().family() == Family.DECIMAL) {
            type = SqlType.DECIMAL;
        } else {
            type = SqlType.BIGINT;
        }
        return make(op.symbol(), type, type, type, new FunctionBody.Arithmetic(op), l, r);
    }

    private static ScalarExpr make(
            String name, SqlType returns, SqlType left, SqlType right, FunctionBody body, ScalarExpr l, ScalarExpr r) {
        return Functions.apply(
                new ScalarFunction(name, List.of(left, right), returns, Volatility.IMMUTABLE, true, body),
                List.of(l, r));
    }

    private static ScalarExpr sign(String symbol, ScalarExpr e) {
        if (symbol.equals("+")) {
            // Also on strings: SQLite and MySQL take it, and scripts use it.
            return e;
        }
        ScalarExpr x = e.type().isUnknown() ? ExprFactory.convert(e, numberFor(e), CastMode.EXPLICIT) : e;
        SqlType type = x.type();
        FunctionBody.Unary body;
        switch (type.family()) {
            case INTEGER -> {
                type = SqlType.BIGINT;
                body = v -> negate((Long) v);
            }
            case DECIMAL -> {
                type = SqlType.DECIMAL;
                body = v -> ((BigDecimal) v).negate();
            }
            case APPROXIMATE -> body = v -> -(Double) v;
            case INTERVAL -> body = v -> exact(() -> ((Interval) v).negate());
            default -> throw undefined("-", List.of(x));
        }
        if (x instanceof Literal l
                && l.value() != null
                && type.isNumeric()
                && !Long.valueOf(Long.MIN_VALUE).equals(l.value())) {
            return new Literal(body.apply(l.value()), x.type());
        }
        return new Call(new ScalarFunction("-", List.of(type), type, Volatility.IMMUTABLE, true, body), List.of(x));
    }

    private static Long negate(long v) {
        if (v == Long.MIN_VALUE) {
            throw SqlException.outOfRange("BIGINT out of range: - " + v);
        }
        return -v;
    }

    private static ScalarExpr temporal(String symbol, ScalarExpr l, ScalarExpr r) {
        Family lf = l.type().family();
        Family rf = r.type().family();
        boolean plus = symbol.equals("+");
        if (symbol.equals("*") && lf == Family.INTERVAL && r.type().isNumeric()) {
            return make("*", l.type(), l.type(), SqlType.DOUBLE, times(), l, r);
        }
        if (symbol.equals("*") && rf == Family.INTERVAL && l.type().isNumeric()) {
            return make("*", r.type(), r.type(), SqlType.DOUBLE, times(), r, l);
        }
        if (symbol.equals("/") && lf == Family.INTERVAL && r.type().isNumeric()) {
            return make("/", l.type(), l.type(), SqlType.DOUBLE, dividedBy(), l, r);
        }
        if (!plus && !symbol.equals("-")) {
            throw undefined(symbol, List.of(l, r));
        }
        // Addition commutes: the date or time goes first.
        if (plus
                && (lf == Family.INTERVAL || lf == Family.INTEGER || lf == Family.TIME)
                && rf != lf
                && isTemporal(rf)) {
            return temporal(symbol, r, l);
        }
        return switch (lf) {
            case DATE -> date(plus, l, r);
            case TIMESTAMP -> timestamp(plus, l, r);
            case TIME -> time(plus, l, r);
            case INTERVAL -> interval(plus, l, r);
            default -> throw undefined(symbol, List.of(l, r));
        };
    }

    private static boolean isTemporal(Family f) {
        return f == Family.DATE || f == Family.TIMESTAMP || f == Family.TIME;
    }

    private static ScalarExpr date(boolean plus, ScalarExpr l, ScalarExpr r) {
        String symbol = plus ? "+" : "-";
        return switch (r.type().family()) {
            case INTEGER ->
                make(
                        symbol,
                        SqlType.DATE,
                        SqlType.DATE,
                        SqlType.BIGINT,
                        (FunctionBody.Binary) (a, b) -> exact(() -> DateTimes.checkDay(
                                plus ? Math.addExact((Long) a, (Long) b) : Math.subtractExact((Long) a, (Long) b))),
                        l,
                        r);
            case INTERVAL -> timestamp(plus, ExprFactory.cast(l, SqlType.TIMESTAMP), r);
            case TIMESTAMP -> timestamp(plus, ExprFactory.cast(l, r.type()), r);
            case DATE -> {
                if (plus) {
                    throw undefined(symbol, List.of(l, r));
                }
                yield make(
                        "-",
                        SqlType.BIGINT,
                        SqlType.DATE,
                        SqlType.DATE,
                        (FunctionBody.Binary) (a, b) -> (Long) a - (Long) b,
                        l,
                        r);
            }
            case TIME -> {
                if (!plus) {
                    throw undefined(symbol, List.of(l, r));
                }
                yield make(
                        "+",
                        SqlType.TIMESTAMP,
                        SqlType.DATE,
                        SqlType.TIME,
                        (FunctionBody.Binary)
                                (a, b) -> exact(() -> Math.addExact(DateTimes.dayStart((Long) a), (Long) b)),
                        l,
                        r);
            }
            default -> throw undefined(symbol, List.of(l, r));
        };
    }

    private static ScalarExpr timestamp(boolean plus, ScalarExpr l, ScalarExpr r) {
        SqlType type = l.type().kind() == Kind.TIMESTAMPTZ ? SqlType.TIMESTAMPTZ : SqlType.TIMESTAMP;
        switch (r.type().family()) {
            case INTERVAL -> {
                if (type.equals(SqlType.TIMESTAMPTZ)) {
                    // Days and months of an instant are counted on the session's calendar.
                    FunctionBody.Contextual body =
                            (v, ctx) -> DateTimes.plus((Long) v[0], by(plus, (Interval) v[1]), ctx.zone());
                    return Functions.apply(
                            new ScalarFunction(
                                    plus ? "+" : "-",
                                    List.of(type, SqlType.INTERVAL),
                                    type,
                                    Volatility.STABLE,
                                    true,
                                    body),
                            List.of(l, r));
                }
                return make(
                        plus ? "+" : "-",
                        type,
                        type,
                        SqlType.INTERVAL,
                        (FunctionBody.Binary) (a, b) -> shift(plus, (Long) a, (Interval) b),
                        l,
                        r);
            }
            case TIMESTAMP, DATE -> {
                if (!plus) {
                    SqlType common = r.type().kind() == Kind.TIMESTAMPTZ ? SqlType.TIMESTAMPTZ : type;
                    return make(
                            "-",
                            SqlType.INTERVAL,
                            common,
                            common,
                            (FunctionBody.Binary) (a, b) -> difference((Long) a, (Long) b),
                            l,
                            r);
                }
            }
            default -> {}
        }
        throw undefined(plus ? "+" : "-", List.of(l, r));
    }

    private static Long shift(boolean plus, long micros, Interval by) {
        return DateTimes.plus(micros, by(plus, by));
    }

    private static Interval by(boolean plus, Interval by) {
        return plus ? by : exact(by::negate);
    }

    /** Whole days and the rest, with one sign. */
    private static Interval difference(long a, long b) {
        long micros = exact(() -> Math.subtractExact(a, b));
        return new Interval(0, (int) (micros / DateTimes.MICROS_PER_DAY), micros % DateTimes.MICROS_PER_DAY);
    }

    private static ScalarExpr time(boolean plus, ScalarExpr l, ScalarExpr r) {
        if (r.type().family() == Family.INTERVAL) {
            return make(
                    plus ? "+" : "-",
                    SqlType.TIME,
                    SqlType.TIME,
                    SqlType.INTERVAL,
                    (FunctionBody.Binary) (a, b) -> {
                        long by = ((Interval) b).micros() % DateTimes.MICROS_PER_DAY;
                        return Math.floorMod((Long) a + (plus ? by : -by), DateTimes.MICROS_PER_DAY);
                    },
                    l,
                    r);
        }
        if (!plus && r.type().family() == Family.TIME) {
            return make(
                    "-",
                    SqlType.INTERVAL,
                    SqlType.TIME,
                    SqlType.TIME,
                    (FunctionBody.Binary) (a, b) -> new Interval(0, 0, (Long) a - (Long) b),
                    l,
                    r);
        }
        throw undefined(plus ? "+" : "-", List.of(l, r));
    }

    private static ScalarExpr interval(boolean plus, ScalarExpr l, ScalarExpr r) {
        if (r.type().family() != Family.INTERVAL) {
            throw undefined(plus ? "+" : "-", List.of(l, r));
        }
        return make(
                plus ? "+" : "-",
                SqlType.INTERVAL,
                SqlType.INTERVAL,
                SqlType.INTERVAL,
                (FunctionBody.Binary)
                        (a, b) -> exact(() -> ((Interval) a).plus(plus ? (Interval) b : ((Interval) b).negate())),
                l,
                r);
    }

    private static FunctionBody.Binary times() {
        return (a, b) -> ((Interval) a).times((Double) b);
    }

    private static FunctionBody.Binary dividedBy() {
        return (a, b) -> {
            if ((Double) b == 0) {
                throw SqlException.divisionByZero();
            }
            return ((Interval) a).dividedBy((Double) b);
        };
    }

    private interface Exact<T> {
        T get();
    }

    /** Runs arithmetic whose overflow means a date or interval that cannot be held. */
    private static <T> T exact(Exact<T> arithmetic) {
        try {
            return arithmetic.get();
        } catch (ArithmeticException e) {
            throw new SqlException(SqlState.DATETIME_OVERFLOW, "date, time or interval out of range");
        }
    }

    /** {@code ||}: two byte strings, or anything with a string. */
    static ScalarExpr concat(List<ScalarExpr> arguments) {
        ScalarExpr l = arguments.get(0);
        ScalarExpr r = arguments.get(1);
        boolean lb = l.type().family() == Family.BINARY;
        boolean rb = r.type().family() == Family.BINARY;
        if ((lb && (rb || r.type().isUnknown())) || (rb && l.type().isUnknown())) {
            return make(
                    "||",
                    SqlType.BLOB,
                    SqlType.BLOB,
                    SqlType.BLOB,
                    (FunctionBody.Binary) (a, b) -> StringFunctions.join((byte[]) a, (byte[]) b),
                    l,
                    r);
        }
        boolean text = isText(l) || isText(r);
        if (!text || lb || rb) {
            throw undefined("||", arguments);
        }
        return make(
                "||",
                SqlType.TEXT,
                SqlType.TEXT,
                SqlType.TEXT,
                (FunctionBody.Binary) (a, b) -> StringFunctions.join((String) a, (String) b),
                StringFunctions.text(l),
                StringFunctions.text(r));
    }

    private static boolean isText(ScalarExpr e) {
        return e.type().isCharacter() || e.type().isUnknown();
    }

    private static SqlException undefined(String symbol, List<ScalarExpr> operands) {
        String shown = operands.size() == 1
                ? symbol + " " + operands.get(0).type()
                : operands.get(0).type() + " " + symbol + " " + operands.get(1).type();
        return new SqlException(SqlState.UNDEFINED_FUNCTION, "operator does not exist: " + shown + "; cast an operand");
    }
}
