package org.mosslsm.sql.expr;

import static org.mosslsm.sql.type.SqlType.BIGINT;
import static org.mosslsm.sql.type.SqlType.BOOLEAN;
import static org.mosslsm.sql.type.SqlType.TEXT;

import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import org.mosslsm.sql.expr.FunctionBody.Contextual;
import org.mosslsm.sql.expr.FunctionBody.Nullary;
import org.mosslsm.sql.expr.FunctionBody.Variadic;
import org.mosslsm.sql.expr.ScalarExpr.Call;
import org.mosslsm.sql.expr.ScalarFunction.Volatility;
import org.mosslsm.sql.type.SqlType;
import org.mosslsm.sql.type.ValueOrder;

/** Identifiers, the session's names, and the greatest and least of several values. */
final class SystemFunctions {
    private SystemFunctions() {}

    static void register(Functions.Registrar r) {
        for (String name : List.of("gen_random_uuid", "random_uuid", "uuid", "newid")) {
            r.add(name, SqlType.UUID, List.of(), Volatility.VOLATILE, (Nullary) ctx -> UUID.randomUUID());
        }
        r.add("version", TEXT, List.of(), Volatility.STABLE, (Nullary) ctx -> "MossLSM " + version());
        sequences(r);
        r.add("current_schema", TEXT, List.of(), Volatility.STABLE, (Nullary) EvalContext::schema);
        r.add("current_schemas", TEXT, List.of(BOOLEAN), Volatility.STABLE, (Contextual)
                (a, ctx) -> ctx.session().schemas());
        r.add("obj_description", TEXT, List.of(TEXT), Volatility.STABLE, (Contextual)
                (a, ctx) -> ctx.session().comment((String) a[0], "pg_class"));
        r.add("obj_description", TEXT, List.of(TEXT, TEXT), Volatility.STABLE, (Contextual)
                (a, ctx) -> ctx.session().comment((String) a[0], (String) a[1]));
        r.add("col_description", TEXT, List.of(TEXT, BIGINT), Volatility.STABLE, (Contextual)
                (a, ctx) -> ctx.session().columnComment((String) a[0], (Long) a[1]));
        for (String name : List.of("current_user", "session_user", "system_user", "user", "current_role")) {
            // There are no accounts: who can open the directory owns it.
            r.add(name, TEXT, List.of(), Volatility.STABLE, (Nullary) ctx -> "owner");
        }
        for (String name : List.of("current_catalog", "current_database", "database")) {
            r.add(name, TEXT, List.of(), Volatility.STABLE, (Nullary) ctx -> "mosslsm");
        }
    }

    private static String version() {
        String version = SystemFunctions.class.getPackage().getImplementationVersion();
        return version == null ? "0.1.0" : version;
    }

    private static void sequences(Functions.Registrar r) {
        r.add("nextval", BIGINT, List.of(TEXT), Volatility.VOLATILE, (Contextual)
                (a, ctx) -> ctx.session().nextValue((String) a[0]));
        r.add("currval", BIGINT, List.of(TEXT), Volatility.VOLATILE, (Contextual)
                (a, ctx) -> ctx.session().currentValue((String) a[0]));
        r.add("lastval", BIGINT, List.of(), Volatility.VOLATILE, (Nullary)
                ctx -> ctx.session().lastValue());
        r.add("setval", BIGINT, List.of(TEXT, BIGINT), Volatility.VOLATILE, (Contextual)
                (a, ctx) -> setValue(ctx, a[0], a[1], true));
        r.add("setval", BIGINT, List.of(TEXT, BIGINT, BOOLEAN), Volatility.VOLATILE, (Contextual)
                (a, ctx) -> setValue(ctx, a[0], a[1], (Boolean) a[2]));
        r.add("sequence_last_value", BIGINT, List.of(TEXT), Volatility.VOLATILE, (Contextual)
                (a, ctx) -> ctx.session().lastGiven((String) a[0]));
        r.add("sequence_is_called", BOOLEAN, List.of(TEXT), Volatility.VOLATILE, (Contextual)
                (a, ctx) -> ctx.session().isStarted((String) a[0]));
        r.add("pg_get_serial_sequence", TEXT, List.of(TEXT, TEXT), Volatility.STABLE, (Contextual)
                (a, ctx) -> ctx.session().sequenceOf((String) a[0], (String) a[1]));
        r.add("current_setting", TEXT, List.of(TEXT), Volatility.STABLE, (Contextual)
                (a, ctx) -> ctx.session().setting((String) a[0], false));
        r.add("current_setting", TEXT, List.of(TEXT, BOOLEAN), Volatility.STABLE, (Contextual)
                (a, ctx) -> ctx.session().setting((String) a[0], (Boolean) a[1]));
        r.add("set_config", TEXT, List.of(TEXT, TEXT, BOOLEAN), Volatility.VOLATILE, (Contextual) (a, ctx) -> {
            ctx.session().set((String) a[0], (String) a[1], (Boolean) a[2]);
            return a[1];
        });
    }

    private static Object setValue(EvalContext ctx, Object sequence, Object value, boolean called) {
        ctx.session().setValue((String) sequence, (Long) value, called);
        return value;
    }

    /** PG_TYPEOF: the type of an expression as PostgreSQL spells it, which is the standard's but for a few. */
    static ScalarExpr typeName(List<ScalarExpr> arguments) {
        if (arguments.size() != 1) {
            throw Functions.undefined("pg_typeof", arguments);
        }
        String name = arguments.get(0).type().kind().sqlName().toLowerCase(java.util.Locale.ROOT);
        String spelled =
                switch (name) {
                    case "decimal" -> "numeric";
                    case "varchar" -> "character varying";
                    case "char" -> "character";
                    case "binary", "varbinary", "blob" -> "bytea";
                    case "time" -> "time without time zone";
                    case "timestamp" -> "timestamp without time zone";
                    default -> name;
                };
        return ExprFactory.literal(spelled, TEXT);
    }

    /** How many of the arguments, of any types, are NULL, or are not. */
    static ScalarExpr countNulls(String name, List<ScalarExpr> arguments) {
        if (arguments.isEmpty()) {
            throw Functions.undefined(name, arguments);
        }
        boolean nulls = name.equals("num_nulls");
        List<ScalarExpr> known = arguments.stream().map(ExprFactory::known).toList();
        Variadic body = v -> {
            long count = 0;
            for (Object o : v) {
                count += (o == null) == nulls ? 1 : 0;
            }
            return count;
        };
        return new Call(
                new ScalarFunction(
                        name,
                        known.stream().map(ScalarExpr::type).toList(),
                        SqlType.INTEGER,
                        Volatility.IMMUTABLE,
                        false,
                        body),
                known);
    }

    /** GREATEST or LEAST: NULLs are passed over; NULL when there is nothing else. */
    static ScalarExpr extreme(String name, List<ScalarExpr> arguments) {
        if (arguments.isEmpty()) {
            throw Functions.undefined(name, arguments);
        }
        SqlType type = ExprFactory.common(arguments, name.toUpperCase(java.util.Locale.ROOT));
        Comparator<Object> order = ValueOrder.of(type);
        int sign = name.equals("greatest") ? 1 : -1;
        Variadic body = v -> {
            Object best = null;
            for (Object o : v) {
                if (o != null && (best == null || order.compare(o, best) * sign > 0)) {
                    best = o;
                }
            }
            return best;
        };
        return new Call(
                new ScalarFunction(
                        name, Collections.nCopies(arguments.size(), type), type, Volatility.IMMUTABLE, false, body),
                ExprFactory.convertAll(arguments, type));
    }
}
