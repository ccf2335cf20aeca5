// SELECT.
package org.mosslsm.sql.bind;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.mosslsm.sql.ast.Expression;
import org.mosslsm.sql.ast.Position;
import org.mosslsm.sql.ast.Query;
import org.mosslsm.sql.ast.Select;
import org.mosslsm.sql.ast.SelectItem;
import org.mosslsm.sql.ast.SortItem;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;
import org.mosslsm.sql.expr.ExprFactory;
import org.mosslsm.sql.expr.ScalarExpr;
import org.mosslsm.sql.plan.LogicalPlan;
import org.mosslsm.sql.plan.LogicalTrees;
import org.mosslsm.sql.plan.PlanColumn;
import org.mosslsm.sql.plan.SortKey;

/**
 * Binds one SELECT with the ORDER BY of its query, because that may use columns the result does not show. The clauses
 * are bound in the order of their meaning: FROM, WHERE, the select list, GROUP BY, HAVING, ORDER BY; when aggregates or
 * groups turned up, {@link Grouping} then rewrites what stands above them.
 */
final class SelectBinder {
    private final BindContext context;
    private final Surroundings around;

    SelectBinder(BindContext context, Surroundings around) {
        this.context = context;
        this.around = around;
    }

    /**
     * The plan; its first {@code visible} columns are the result's, the others were needed to sort.
     *
     * @param source the rows of FROM and WHERE, where the result has a row exactly if there is one of these
     */
    record Bound(LogicalPlan plan, int visible, Optional<LogicalPlan> source) {
        Bound(LogicalPlan plan, int visible) {
            this(plan, visible, Optional.empty());
        }

        Bound of(Optional<LogicalPlan> rows) {
            return new Bound(plan, visible, rows);
        }
    }

    /** An output column. */
    private record Output(String name, ScalarExpr expr) {}

    /** A key of ORDER BY: an output column by position, or an expression over the input. */
    private record OrderKey(SortItem item, int output, Optional<ScalarExpr> expr) {}

    /** @param withTies whether the caller needs the order at the top, to compare rows by it */
    Bound bind(Select select, List<SortItem> orderBy, boolean withTies) {
        return bind(select, orderBy, withTies, Optional.empty(), UnaryOperator.identity());
    }

    /**
     * With FOR UPDATE the rows are locked in their order, and limited, before anything is computed of them.
     *
     * @param limit the limit of the query, where rows are locked; otherwise the caller puts it above
     */
    Bound bindLocked(Select select, List<SortItem> orderBy, Query.RowLock lock, UnaryOperator<LogicalPlan> limit) {
        return bind(select, orderBy, false, Optional.of(lock), limit);
    }

    private Bound bind(
            Select select,
            List<SortItem> orderBy,
            boolean withTies,
            Optional<Query.RowLock> lock,
            UnaryOperator<LogicalPlan> limit) {
        RelationBinder.Bound from = new RelationBinder(context, around, lock.isPresent()).bind(select.from());
        LogicalPlan input = from.plan();
        Scope scope = from.scope();
        Optional<ScalarExpr> where = select.where()
                .map(w -> ExpressionBinder.plain(context, scope, "WHERE").condition(w));
        if (where.isPresent()) {
            input = new LogicalPlan.Filter(input, where.get());
        }
        AggregateCollector aggregates = new AggregateCollector(input);
        List<Output> outputs =
                outputs(select.items(), ExpressionBinder.grouped(context, scope, aggregates), aggregates);
        // Names mean an input column before an output column everywhere but for a bare name in ORDER BY.
        boolean more = !orderBy.isEmpty()
                || !select.groupBy().isEmpty()
                || select.having().isPresent()
                || !select.distinctOn().isEmpty();
        Scope named = more ? scope.withAliases(aliases(outputs)) : scope;
        ExpressionBinder later = ExpressionBinder.grouped(context, named, aggregates);
        List<ScalarExpr> keys = groupKeys(select, outputs, later, aggregates);
        Optional<ScalarExpr> having = select.having().map(later::condition);
        List<OrderKey> order = orderKeys(orderBy, outputs, later);

        List<ScalarExpr> on = distinctOn(select, outputs, later);
        if (lock.isPresent()) {
            boolean plain =
                    keys.isEmpty() && having.isEmpty() && aggregates.calls().isEmpty() && !select.distinct();
            LockBinder.require(plain, "DISTINCT, GROUP BY, HAVING or aggregates", select.position());
            context.noteLocks();
            LogicalPlan locked =
                    LockBinder.bind(sorted(input, outputs, order), from.plan(), where, lock.get(), select.position());
            return project(limit.apply(locked), outputs, List.of(), false);
        }
        // Without aggregates a group comes of a row, and HAVING or GROUP BY () make one of none.
        Optional<LogicalPlan> source =
                having.isEmpty() && aggregates.calls().isEmpty() ? Optional.of(input) : Optional.empty();
        if (!keys.isEmpty() || having.isPresent() || !aggregates.calls().isEmpty()) {
            List<ScalarExpr> above = new ArrayList<>();
            outputs.forEach(o -> above.add(o.expr()));
            having.ifPresent(above::add);
            order.forEach(k -> k.expr().ifPresent(above::add));
            above.addAll(on);
            Grouping.Result grouped = new Grouping(aggregates, scope, input, keys).apply(above);
            input = grouped.plan();
            List<ScalarExpr> rewritten = new ArrayList<>(grouped.expressions());
            outputs = outputs.stream()
                    .map(o -> new Output(o.name(), rewritten.remove(0)))
                    .toList();
            if (having.isPresent()) {
                input = new LogicalPlan.Filter(input, rewritten.remove(0));
            }
            order = order.stream()
                    .map(k -> new OrderKey(k.item(), k.output(), k.expr().map(e -> rewritten.remove(0))))
                    .toList();
            on = List.copyOf(rewritten);
        }
        if (!on.isEmpty()) {
            return distinctOn(input, outputs, order, on, select.position()).of(source);
        }
        boolean late = !order.isEmpty()
                && !select.distinct()
                && !withTies
                && outputs.stream().anyMatch(o -> LogicalTrees.hasVolatile(o.expr()));
        Bound bound = late ? projectSorted(input, outputs, order) : project(input, outputs, order, select.distinct());
        return bound.of(source);
    }

    // ---- what gives another value each time

    /**
     * Computes the outputs of sorted rows, so that {@code nextval} numbers them in their order; but what the rows are sorted
     * by before, once.
     */
    private static Bound projectSorted(LogicalPlan input, List<Output> outputs, List<OrderKey> order) {
        List<PlanColumn> columns = new ArrayList<>(input.columns());
        List<ScalarExpr> before = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            before.add(Plans.column(input, i));
        }
        List<Output> after = new ArrayList<>(outputs);
        List<SortKey> keys = new ArrayList<>();
        for (OrderKey k : order) {
            ScalarExpr given = k.expr().orElseGet(() -> after.get(k.output()).expr());
            ScalarExpr key = hidden(ExprFactory.known(given), input, before, columns);
            if (k.output() >= 0 && key.type().equals(given.type())) {
                after.set(k.output(), new Output(after.get(k.output()).name(), key));
            }
            keys.add(QueryBinder.sortKey(k.item(), key));
        }
        boolean computed = before.size() > input.width();
        LogicalPlan rows = computed ? new LogicalPlan.Project(input, before, columns) : input;
        return project(new LogicalPlan.Sort(rows, keys), after, List.of(), false);
    }

    /** The input in the query's order. */
    private static LogicalPlan sorted(LogicalPlan input, List<Output> outputs, List<OrderKey> order) {
        List<SortKey> keys = new ArrayList<>();
        for (OrderKey k : order) {
            ScalarExpr key = k.expr()
                    .orElseGet(() -> ExprFactory.known(outputs.get(k.output()).expr()));
            keys.add(QueryBinder.sortKey(k.item(), key));
        }
        return keys.isEmpty() ? input : new LogicalPlan.Sort(input, keys);
    }

    // ---- DISTINCT ON

    private static List<ScalarExpr> distinctOn(Select select, List<Output> outputs, ExpressionBinder binder) {
        List<ScalarExpr> keys = new ArrayList<>();
        for (Expression e : select.distinctOn()) {
            keys.add(ExprFactory.known(
                    e instanceof Expression.IntegerLiteral n
                            ? outputs.get(QueryBinder.ordinal(n, outputs.size(), "DISTINCT ON"))
                                    .expr()
                            : binder.bind(e)));
        }
        return keys;
    }

    /** The first row of each combination of keys: of ORDER BY's first keys, which must be these, or as rows come. */
    private static Bound distinctOn(
            LogicalPlan input, List<Output> outputs, List<OrderKey> order, List<ScalarExpr> on, Position position) {
        List<ScalarExpr> expressions = new ArrayList<>();
        List<PlanColumn> columns = new ArrayList<>();
        List<SortKey> keys = new ArrayList<>();
        for (Output o : outputs) {
            expressions.add(o.expr());
            columns.add(Plans.describe(o.name(), o.expr(), input.columns()));
        }
        List<ScalarExpr> missing = new ArrayList<>(on);
        for (OrderKey k : order) {
            ScalarExpr key = k.expr()
                    .orElseGet(() -> ExprFactory.known(outputs.get(k.output()).expr()));
            if (!on.contains(key) && !missing.isEmpty()) {
                throw new SqlException(
                        SqlState.INVALID_COLUMN_REFERENCE,
                        "the first expressions of ORDER BY must be those of DISTINCT ON",
                        position.line(),
                        position.column());
            }
            missing.remove(key);
            keys.add(QueryBinder.sortKey(k.item(), hidden(key, input, expressions, columns)));
        }
        for (ScalarExpr key : missing) {
            keys.add(new SortKey(hidden(key, input, expressions, columns), false, false));
        }
        List<ScalarExpr> distinct = new ArrayList<>();
        on.forEach(key -> distinct.add(hidden(key, input, expressions, columns)));
        LogicalPlan sorted = new LogicalPlan.Sort(new LogicalPlan.Project(input, expressions, columns), keys);
        return new Bound(new LogicalPlan.DistinctOn(sorted, distinct), outputs.size());
    }

    /** The column of the projection that holds an expression, added to it where it has none. */
    private static ScalarExpr hidden(
            ScalarExpr e, LogicalPlan input, List<ScalarExpr> expressions, List<PlanColumn> columns) {
        int at = expressions.indexOf(e);
        if (at < 0) {
            at = expressions.size();
            expressions.add(e);
            columns.add(Plans.describe(hiddenName(e, input.columns()), e, input.columns()));
        }
        return new ScalarExpr.ColumnRef(at, e.type());
    }

    // ---- select list

    private static List<Output> outputs(
            List<SelectItem> items, ExpressionBinder binder, AggregateCollector aggregates) {
        List<Output> outputs = new ArrayList<>();
        for (SelectItem item : items) {
            if (item instanceof SelectItem.All all) {
                for (Scope.Entry e : binder.context().stars().entries(all, binder.scope())) {
                    ScalarExpr column = Scope.shift(e.expr(), 0);
                    aggregates.notePosition(column, all.position());
                    outputs.add(new Output(e.name(), column));
                }
            } else {
                SelectItem.Column c = (SelectItem.Column) item;
                outputs.add(new Output(OutputNames.of(c), binder.bind(c.expression())));
            }
        }
        return outputs;
    }

    static List<Scope.Entry> starEntries(SelectItem.All all, Scope scope) {
        if (all.qualifier().isPresent()) {
            return scope.ofRelation(all.qualifier().get());
        }
        if (scope.entries().isEmpty()) {
            throw SqlException.syntax(
                    "SELECT * needs a FROM clause",
                    all.position().line(),
                    all.position().column());
        }
        return scope.entries().stream().filter(e -> !e.qualifiedOnly()).toList();
    }

    private static Map<String, ScalarExpr> aliases(List<Output> outputs) {
        Map<String, ScalarExpr> aliases = new HashMap<>();
        for (Output o : outputs) {
            aliases.putIfAbsent(o.name(), o.expr());
        }
        return aliases;
    }

    // ---- GROUP BY

    private static List<ScalarExpr> groupKeys(
            Select select, List<Output> outputs, ExpressionBinder binder, AggregateCollector aggregates) {
        List<ScalarExpr> keys = new ArrayList<>();
        for (Expression e : select.groupBy()) {
            int before = aggregates.calls().size();
            ScalarExpr key = e instanceof Expression.IntegerLiteral n
                    ? outputs.get(QueryBinder.ordinal(n, outputs.size(), "GROUP BY"))
                            .expr()
                    : ExprFactory.known(binder.bind(e));
            if (aggregates.calls().size() > before || Grouping.usesAggregate(key)) {
                throw new SqlException(
                        SqlState.GROUPING_ERROR,
                        "aggregate functions are not allowed in GROUP BY",
                        e.position().line(),
                        e.position().column());
            }
            keys.add(key);
        }
        return keys;
    }

    // ---- ORDER BY

    private static List<OrderKey> orderKeys(List<SortItem> items, List<Output> outputs, ExpressionBinder binder) {
        List<OrderKey> keys = new ArrayList<>();
        for (SortItem item : items) {
            keys.add(orderKey(item, outputs, binder));
        }
        return keys;
    }

    private static OrderKey orderKey(SortItem item, List<Output> outputs, ExpressionBinder binder) {
        if (item.key() instanceof Expression.IntegerLiteral n) {
            return new OrderKey(item, QueryBinder.ordinal(n, outputs.size(), "ORDER BY"), Optional.empty());
        }
        if (item.key() instanceof Expression.ColumnName c && c.name().parts().size() == 1) {
            int found = -1;
            for (int i = 0; i < outputs.size(); i++) {
                if (outputs.get(i).name().equals(c.name().last())) {
                    if (found >= 0
                            && !outputs.get(i).expr().equals(outputs.get(found).expr())) {
                        throw SqlException.ambiguousColumn(
                                c.name().last(),
                                c.position().line(),
                                c.position().column());
                    }
                    found = found < 0 ? i : found;
                }
            }
            if (found >= 0) {
                return new OrderKey(item, found, Optional.empty());
            }
        }
        ScalarExpr key = ExprFactory.known(binder.bind(item.key()));
        for (int i = 0; i < outputs.size(); i++) {
            if (ExprFactory.known(outputs.get(i).expr()).equals(key)) {
                return new OrderKey(item, i, Optional.empty());
            }
        }
        return new OrderKey(item, -1, Optional.of(key));
    }

    // ---- the result

    /** What a column is called that is there to be sorted by only: for EXPLAIN. */
    private static String hiddenName(ScalarExpr key, List<PlanColumn> row) {
        return key instanceof ScalarExpr.ColumnRef c ? row.get(c.index()).name() : "?column?";
    }

    private static Bound project(LogicalPlan input, List<Output> outputs, List<OrderKey> order, boolean distinct) {
        List<ScalarExpr> expressions = new ArrayList<>();
        List<PlanColumn> columns = new ArrayList<>();
        List<PlanColumn> row = input.columns();
        for (Output o : outputs) {
            expressions.add(o.expr());
            columns.add(Plans.describe(o.name(), o.expr(), row));
        }
        List<SortKey> keys = new ArrayList<>();
        for (OrderKey k : order) {
            int position = k.output();
            if (k.expr().isPresent()) {
                if (distinct) {
                    throw new SqlException(
                            SqlState.INVALID_COLUMN_REFERENCE,
                            "with SELECT DISTINCT the expressions of ORDER BY must stand in the select list",
                            k.item().position().line(),
                            k.item().position().column());
                }
                position = expressions.size();
                expressions.add(k.expr().get());
                columns.add(
                        Plans.describe(hiddenName(k.expr().get(), row), k.expr().get(), row));
            }
            ScalarExpr key =
                    new ScalarExpr.ColumnRef(position, columns.get(position).type());
            keys.add(QueryBinder.sortKey(k.item(), key));
        }
        LogicalPlan plan = new LogicalPlan.Project(input, expressions, columns);
        if (distinct) {
            plan = new LogicalPlan.Distinct(plan);
        }
        if (!keys.isEmpty()) {
            plan = new LogicalPlan.Sort(plan, keys);
        }
        return new Bound(plan, outputs.size());
    }
}
