package org.mosslsm.sql.expr;

import java.util.List;
import java.util.Optional;
import org.mosslsm.sql.type.SqlType;

/**
 * One aggregate over the rows of a group.
 *
 * @param function what is computed
 * @param distinct whether equal values count once
 * @param arguments none for COUNT(*), else one, over the input row
 * @param filter rows for which this is not true are passed over
 * @param type type of the result
 */
public record AggregateCall(
        AggregateFunction function,
        boolean distinct,
        List<ScalarExpr> arguments,
        Optional<ScalarExpr> filter,
        SqlType type) {

    /** Freezes the list and checks the number of arguments. */
    public AggregateCall {
        arguments = List.copyOf(arguments);
        if (arguments.size() != (function == AggregateFunction.COUNT_STAR ? 0 : 1)) {
            throw new IllegalArgumentException(function + " of " + arguments.size() + " arguments");
        }
    }

    /** COUNT(*). */
    public static AggregateCall countStar() {
        return new AggregateCall(AggregateFunction.COUNT_STAR, false, List.of(), Optional.empty(), SqlType.BIGINT);
    }

    /** An aggregate of {@code argument}, typed by the function. */
    public static AggregateCall of(AggregateFunction function, boolean distinct, ScalarExpr argument) {
        return new AggregateCall(
                function, distinct, List.of(argument), Optional.empty(), function.resultType(argument.type()));
    }

    /** The same with a FILTER clause. */
    public AggregateCall withFilter(ScalarExpr condition) {
        return new AggregateCall(function, distinct, arguments, Optional.of(condition), type);
    }
}
