package org.mosslsm.sql.expr;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.mosslsm.sql.type.SqlType;

/**
 * One aggregate over the rows of a group.
 *
 * @param function what is computed
 * @param distinct whether equal values count once
 * @param arguments as many as the function takes, over the input row
 * @param order in which order the rows are taken; empty where that makes no difference
 * @param filter rows for which this is not true are passed over
 * @param type type of the result
 */
public record AggregateCall(
        AggregateFunction function,
        boolean distinct,
        List<ScalarExpr> arguments,
        List<OrderKey> order,
        Optional<ScalarExpr> filter,
        SqlType type) {

    /** A key of the order of the rows. */
    public record OrderKey(ScalarExpr expr, boolean descending, boolean nullsFirst) {}

    /** Freezes the lists and checks the number of arguments. */
    public AggregateCall {
        arguments = List.copyOf(arguments);
        order = List.copyOf(order);
        if (arguments.size() != function.arity()) {
            throw new IllegalArgumentException(function + " of " + arguments.size() + " arguments");
        }
    }

    /** COUNT(*). */
    public static AggregateCall countStar() {
        return new AggregateCall(
                AggregateFunction.COUNT_STAR, false, List.of(), List.of(), Optional.empty(), SqlType.BIGINT);
    }

    /** An aggregate of {@code arguments}, typed by the function. */
    public static AggregateCall of(AggregateFunction function, boolean distinct, ScalarExpr... arguments) {
        return new AggregateCall(
                function,
                distinct,
                List.of(arguments),
                List.of(),
                Optional.empty(),
                function.resultType(arguments[0].type()));
    }

    /** The same with a FILTER clause. */
    public AggregateCall withFilter(ScalarExpr condition) {
        return new AggregateCall(function, distinct, arguments, order, Optional.of(condition), type);
    }

    /** The same with a result of that type, which holds the same numbers. */
    public AggregateCall withType(SqlType result) {
        return new AggregateCall(function, distinct, arguments, order, filter, result);
    }

    /** The same over rows in that order. */
    public AggregateCall withOrder(List<OrderKey> keys) {
        return new AggregateCall(function, distinct, arguments, keys, filter, type);
    }

    /** All it reads: arguments, keys of the order, filter. */
    public List<ScalarExpr> expressions() {
        List<ScalarExpr> all = new ArrayList<>(arguments);
        order.forEach(k -> all.add(k.expr()));
        filter.ifPresent(all::add);
        return all;
    }

    /** The same with each of its expressions replaced; itself where none changed. */
    public AggregateCall map(UnaryOperator<ScalarExpr> f) {
        boolean changed = false;
        List<ScalarExpr> newArguments = new ArrayList<>(arguments.size());
        for (ScalarExpr e : arguments) {
            ScalarExpr to = f.apply(e);
            changed |= to != e;
            newArguments.add(to);
        }
        List<OrderKey> newOrder = new ArrayList<>(order.size());
        for (OrderKey k : order) {
            ScalarExpr to = f.apply(k.expr());
            changed |= to != k.expr();
            newOrder.add(new OrderKey(to, k.descending(), k.nullsFirst()));
        }
        Optional<ScalarExpr> newFilter = filter.map(f);
        changed |= filter.isPresent() && newFilter.get() != filter.get();
        return changed ? new AggregateCall(function, distinct, newArguments, newOrder, newFilter, type) : this;
    }
}
