package org.mosslsm.sql.expr;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;
import org.mosslsm.sql.expr.ScalarExpr.Call;
import org.mosslsm.sql.expr.ScalarExpr.Literal;
import org.mosslsm.sql.expr.ScalarFunction.Volatility;
import org.mosslsm.sql.type.CastMode;
import org.mosslsm.sql.type.Coercion;
import org.mosslsm.sql.type.SqlType;

/**
 * The registry of functions, and the choice among those of one name. Of the candidates that the arguments convert to
 * implicitly, the nearest wins: fewest and shortest conversions, the first defined among equals.
 */
final class Functions {
    private static final Map<String, List<ScalarFunction>> BY_NAME = new HashMap<>();

    static {
        Registrar registrar = new Registrar();
        NumericFunctions.register(registrar);
        StringFunctions.register(registrar);
        QuoteFunctions.register(registrar);
        BinaryFunctions.register(registrar);
        ByteFunctions.register(registrar);
        DegreeFunctions.register(registrar);
        RegexFunctions.register(registrar);
        DateTimeFunctions.register(registrar);
        CalendarFunctions.register(registrar);
        IntervalFunctions.register(registrar);
        FormatFunctions.register(registrar);
        SystemFunctions.register(registrar);
        LockFunctions.register(registrar);
        ServerFunctions.register(registrar);
    }

    private Functions() {}

    /** Takes definitions, the preferred overload first. */
    static final class Registrar {
        /** An immutable, strict function. */
        void add(String name, SqlType returns, List<SqlType> parameters, FunctionBody body) {
            add(name, returns, parameters, Volatility.IMMUTABLE, body);
        }

        /** A function that sees NULLs. */
        void addNotStrict(
                String name, SqlType returns, List<SqlType> parameters, Volatility volatility, FunctionBody body) {
            BY_NAME.computeIfAbsent(name, n -> new ArrayList<>())
                    .add(new ScalarFunction(name, parameters, returns, volatility, false, body));
        }

        /** A strict function. */
        void add(String name, SqlType returns, List<SqlType> parameters, Volatility volatility, FunctionBody body) {
            BY_NAME.computeIfAbsent(name, n -> new ArrayList<>())
                    .add(new ScalarFunction(name, parameters, returns, volatility, true, body));
        }
    }

    static boolean exists(String name) {
        return BY_NAME.containsKey(name)
                || switch (name) {
                    case "coalesce",
                            "ifnull",
                            "nvl",
                            "nullif",
                            "greatest",
                            "least",
                            "concat",
                            "concat_ws",
                            "format",
                            "pg_typeof",
                            "num_nulls",
                            "num_nonnulls" -> true;
                    default -> false;
                };
    }

    static ScalarExpr call(String name, List<ScalarExpr> arguments) {
        return switch (name) {
            case "+", "-", "*", "/", "%" -> Operators.call(name, arguments);
            case "||" -> Operators.concat(arguments);
            case "greatest", "least" -> SystemFunctions.extreme(name, arguments);
            case "concat", "concat_ws" -> StringFunctions.concat(name, arguments);
            case "format" -> FormatText.call(arguments);
            case "pg_typeof" -> SystemFunctions.typeName(arguments);
            case "num_nulls", "num_nonnulls" -> SystemFunctions.countNulls(name, arguments);
            // As in PostgreSQL: of all lengths this one alone counts the blanks of a CHAR.
            case "octet_length" -> {
                List<ScalarExpr> shown =
                        arguments.stream().map(StringFunctions::shown).toList();
                yield apply(resolve(name, shown), shown);
            }
            // Of operators that match, the left side alone: a pattern is a text, as are the arguments of functions.
            case "~" ->
                arguments.size() == 1 ? apply(resolve(name, arguments), arguments) : matching("regexp_like", arguments);
            case "similar_to" -> matching(name, arguments);
            case "quote_literal", "quote_nullable" -> {
                List<ScalarExpr> texts = arguments.stream()
                        .map(a -> a.type().isUnknown() ? a : StringFunctions.text(a))
                        .toList();
                yield apply(resolve(name, texts), texts);
            }
            // SUBSTRING(s FROM pattern FOR escape): as in PostgreSQL both are texts.
            case "substring" -> {
                boolean similar = arguments.size() == 3 && isText(arguments.get(1)) && isText(arguments.get(2));
                yield apply(resolve(similar ? "substring_similar" : name, arguments), arguments);
            }
            default -> apply(resolve(name, arguments), arguments);
        };
    }

    private static boolean isText(ScalarExpr e) {
        return e.type().isCharacter()
                || (e.type().isUnknown() && e instanceof ScalarExpr.Literal l && l.value() != null);
    }

    private static ScalarExpr matching(String name, List<ScalarExpr> arguments) {
        List<ScalarExpr> shown = new ArrayList<>(arguments);
        if (!shown.isEmpty()) {
            shown.set(0, StringFunctions.shown(shown.get(0)));
        }
        return apply(resolve(name, shown), shown);
    }

    /** The call, with its arguments converted. */
    static ScalarExpr apply(ScalarFunction f, List<ScalarExpr> arguments) {
        List<ScalarExpr> converted = new ArrayList<>(arguments.size());
        for (int i = 0; i < arguments.size(); i++) {
            converted.add(ExprFactory.convert(arguments.get(i), f.parameters().get(i), CastMode.EXPLICIT));
        }
        return new Call(f, converted);
    }

    private static ScalarFunction resolve(String name, List<ScalarExpr> arguments) {
        ScalarFunction best = null;
        int bestCost = Integer.MAX_VALUE;
        for (ScalarFunction f : BY_NAME.getOrDefault(name, List.of())) {
            int cost = cost(f, arguments);
            if (cost < bestCost) {
                best = f;
                bestCost = cost;
            }
        }
        if (best == null) {
            throw undefined(name, arguments);
        }
        return best;
    }

    static SqlException undefined(String name, List<ScalarExpr> arguments) {
        String hint = BY_NAME.containsKey(name)
                ? "; it exists for "
                        + BY_NAME.get(name).stream()
                                .map(f -> show(f.parameters()))
                                .distinct()
                                .collect(Collectors.joining(", "))
                : "";
        return new SqlException(
                SqlState.UNDEFINED_FUNCTION,
                "function " + name
                        + show(arguments.stream().map(ScalarExpr::type).toList()) + " does not exist" + hint);
    }

    /** {@code (INTEGER, TEXT)}. */
    static String show(List<SqlType> types) {
        return types.stream().map(SqlType::toString).collect(Collectors.joining(", ", "(", ")"));
    }

    private static int cost(ScalarFunction f, List<ScalarExpr> arguments) {
        if (f.parameters().size() != arguments.size()) {
            return Integer.MAX_VALUE;
        }
        int cost = 0;
        for (int i = 0; i < arguments.size(); i++) {
            int step = cost(arguments.get(i), f.parameters().get(i));
            if (step < 0) {
                return Integer.MAX_VALUE;
            }
            cost += step;
        }
        return cost;
    }

    /** Distance of a conversion, negative where there is none. */
    private static int cost(ScalarExpr argument, SqlType to) {
        SqlType from = argument.type();
        if (from.isUnknown()) {
            // A string literal would rather stay a string; NULL and parameters take the first overload.
            boolean string = argument instanceof Literal l && l.value() != null;
            return string && !to.isCharacter() ? 1 : 0;
        }
        if (!Coercion.implicit(from, to)) {
            return -1;
        }
        if (from.kind() == to.kind()) {
            return 0;
        }
        if (from.family() == to.family()) {
            return 1;
        }
        return switch (to.kind()) {
            case DECIMAL, TIMESTAMP -> 2;
            // Mathematics of whole numbers that has no exact form is done in floating point.
            default -> 3;
        };
    }
}
