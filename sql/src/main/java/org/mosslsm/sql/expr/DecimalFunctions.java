package org.mosslsm.sql.expr;

import static org.mosslsm.sql.type.SqlType.BIGINT;
import static org.mosslsm.sql.type.SqlType.DECIMAL;
import static org.mosslsm.sql.type.SqlType.DOUBLE;

import java.math.BigDecimal;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import org.mosslsm.sql.expr.FunctionBody.Binary;
import org.mosslsm.sql.expr.FunctionBody.Contextual;
import org.mosslsm.sql.expr.FunctionBody.Unary;

/**
 * Roots, powers and logarithms, which give what they take, as in PostgreSQL: of NUMERIC a NUMERIC ({@link DecimalMath}), of
 * whole numbers, which would rather be floating point, a DOUBLE. Parameters are taken as DOUBLE.
 */
final class DecimalFunctions {
    private DecimalFunctions() {}

    static void unary(
            Functions.Registrar r,
            String name,
            DoubleUnaryOperator floating,
            BiFunction<BigDecimal, EvalContext, BigDecimal> decimal) {
        r.add(name, DOUBLE, List.of(DOUBLE), (Unary) v -> floating.applyAsDouble((Double) v));
        r.add(name, DOUBLE, List.of(BIGINT), (Unary) v -> floating.applyAsDouble((double) (Long) v));
        r.add(name, DECIMAL, List.of(DECIMAL), (Contextual) (v, context) -> decimal.apply((BigDecimal) v[0], context));
    }

    static void power(Functions.Registrar r, String name, DoubleBinaryOperator floating) {
        r.add(name, DOUBLE, List.of(DOUBLE, DOUBLE), (Binary) (a, b) -> floating.applyAsDouble((Double) a, (Double) b));
        r.add(name, DOUBLE, List.of(BIGINT, BIGINT), (Binary)
                (a, b) -> floating.applyAsDouble((double) (Long) a, (double) (Long) b));
        r.add(name, DECIMAL, List.of(DECIMAL, DECIMAL), (Contextual)
                (v, context) -> DecimalMath.power((BigDecimal) v[0], (BigDecimal) v[1], context));
    }

    /** LOG(base, x), which is there for NUMERIC alone in PostgreSQL, so that whole numbers go there too. */
    static void log(Functions.Registrar r, DoubleBinaryOperator floating) {
        r.add("log", DOUBLE, List.of(DOUBLE, DOUBLE), (Binary)
                (a, b) -> floating.applyAsDouble((Double) a, (Double) b));
        r.add("log", DECIMAL, List.of(DECIMAL, DECIMAL), (Contextual)
                (v, context) -> DecimalMath.log((BigDecimal) v[0], (BigDecimal) v[1], context));
    }
}
