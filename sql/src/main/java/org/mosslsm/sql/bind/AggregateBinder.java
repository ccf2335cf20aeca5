// Calls of aggregate functions.
package org.mosslsm.sql.bind;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.mosslsm.sql.ast.Expression;
import org.mosslsm.sql.ast.SortItem;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;
import org.mosslsm.sql.expr.AggregateCall;
import org.mosslsm.sql.expr.AggregateCall.OrderKey;
import org.mosslsm.sql.expr.AggregateFunction;
import org.mosslsm.sql.expr.ExprFactory;
import org.mosslsm.sql.expr.ExprTrees;
import org.mosslsm.sql.expr.ScalarExpr;
import org.mosslsm.sql.plan.SortKey;
import org.mosslsm.sql.type.SqlType;

/** Binds a call of an aggregate function, and knows the names of other systems for what is the same. */
final class AggregateBinder {
    private final AggregateCollector collector;

    AggregateBinder(AggregateCollector collector) {
        this.collector = collector;
    }

    /** What a call is asked of. */
    record Asked(Optional<ScalarExpr> filter, List<ScalarExpr> arguments, List<ScalarExpr> order) {
        /** @param inside binds the arguments, in which no aggregate may stand */
        static Asked of(Expression.FunctionCall f, ExpressionBinder inside) {
            return new Asked(
                    f.filter().map(inside::condition),
                    inside.bindAll(f.arguments()),
                    f.orderBy().stream()
                            .map(item -> ExprFactory.known(inside.bind(item.key())))
                            .toList());
        }

        /** Whether it has columns of queries around, and none of the query it stands in. */
        boolean isOfRowAround() {
            return anyMatch(n -> n instanceof ScalarExpr.SlotRef) && !anyMatch(n -> n instanceof ScalarExpr.ColumnRef);
        }

        private boolean anyMatch(Predicate<ScalarExpr> test) {
            return Stream.of(filter.stream(), arguments.stream(), order.stream())
                    .flatMap(s -> s)
                    .anyMatch(e -> ExprTrees.anyMatch(e, test));
        }
    }

    ScalarExpr bind(Expression.FunctionCall f, AggregateFunction function, Asked asked) {
        Optional<ScalarExpr> filter = asked.filter();
        if (f.star()) {
            return collector.add(AggregateCall.countStar(), filter);
        }
        String name = f.name().last();
        List<ScalarExpr> arguments = arguments(name, asked.arguments());
        if (arguments.size() != function.arity()) {
            throw new SqlException(
                    SqlState.UNDEFINED_FUNCTION,
                    "aggregate function \"" + name + "\" takes " + count(function.arity()) + ", not "
                            + f.arguments().size());
        }
        AggregateCall call =
                collector.typed(ExprFactory.aggregate(function, f.distinct(), arguments, Optional.empty()));
        List<OrderKey> order = order(f.orderBy(), asked.order());
        if (f.distinct() && function.arity() == 2) {
            order = orderOfDistinct(call, order);
        } else if (f.distinct()) {
            requireArgument(call, order);
        }
        ScalarExpr result = collector.add(function.isOrdered() ? call.withOrder(order) : call, filter);
        return name.equals("total") ? orZero(result) : result;
    }

    private static String count(int arguments) {
        return arguments == 1 ? "one argument" : "two arguments";
    }

    /** What the names of other systems leave out, and that they take any type. */
    private static List<ScalarExpr> arguments(String name, List<ScalarExpr> bound) {
        switch (name) {
            case "group_concat", "listagg" -> {
                List<ScalarExpr> texts = new ArrayList<>();
                bound.forEach(b -> texts.add(ExprFactory.cast(b, SqlType.TEXT)));
                if (texts.size() == 1) {
                    texts.add(ExprFactory.literal(name.equals("listagg") ? "" : ",", SqlType.TEXT));
                }
                return texts;
            }
            case "total" -> {
                return bound.stream()
                        .map(b -> ExprFactory.cast(b, SqlType.DOUBLE))
                        .toList();
            }
            default -> {
                return bound;
            }
        }
    }

    private static ScalarExpr orZero(ScalarExpr sum) {
        return ExprFactory.coalesce(List.of(sum, ExprFactory.literal(0.0, SqlType.DOUBLE)));
    }

    private static List<OrderKey> order(List<SortItem> items, List<ScalarExpr> bound) {
        List<OrderKey> keys = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            SortKey key = QueryBinder.sortKey(items.get(i), bound.get(i));
            keys.add(new OrderKey(key.expr(), key.descending(), key.nullsFirst()));
        }
        return keys;
    }

    /** The first argument alone decides what is equal and what comes first, so the second must not vary. */
    private static List<OrderKey> orderOfDistinct(AggregateCall call, List<OrderKey> order) {
        if (!call.function().isOrdered()) {
            throw new SqlException(SqlState.NOT_SUPPORTED, "DISTINCT is not supported for aggregates of two arguments");
        }
        ScalarExpr separator = call.arguments().get(1);
        if (ExprTrees.anyMatch(separator, n -> n instanceof ScalarExpr.ColumnRef)) {
            throw new SqlException(
                    SqlState.NOT_SUPPORTED,
                    "with DISTINCT, what stands between the values must be the same for all rows");
        }
        requireArgument(call, order);
        for (OrderKey key : order) {
            if (isArgument(call, key)) {
                return List.of(key);
            }
        }
        return List.of(new OrderKey(call.arguments().get(0), false, false));
    }

    private static void requireArgument(AggregateCall call, List<OrderKey> order) {
        for (OrderKey key : order) {
            if (!isArgument(call, key) && !call.arguments().contains(key.expr())) {
                throw new SqlException(
                        SqlState.INVALID_COLUMN_REFERENCE,
                        "in an aggregate with DISTINCT, ORDER BY expressions must appear in the argument list");
            }
        }
    }

    /** A VARCHAR column is converted to the TEXT that is aggregated, which keeps its order. */
    private static boolean isArgument(AggregateCall call, OrderKey key) {
        ScalarExpr argument = call.arguments().get(0);
        return key.expr().equals(argument)
                || (key.expr().type().isCharacter()
                        && argument instanceof ScalarExpr.Cast c
                        && c.operand().equals(key.expr()));
    }
}
