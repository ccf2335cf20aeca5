// Whole queries.
package org.mosslsm.sql.bind;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.mosslsm.sql.ast.DataChange;
import org.mosslsm.sql.ast.Expression;
import org.mosslsm.sql.ast.Position;
import org.mosslsm.sql.ast.Query;
import org.mosslsm.sql.ast.QueryBody;
import org.mosslsm.sql.ast.Select;
import org.mosslsm.sql.ast.SetOperation;
import org.mosslsm.sql.ast.SortItem;
import org.mosslsm.sql.ast.Values;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;
import org.mosslsm.sql.expr.ExprFactory;
import org.mosslsm.sql.expr.ScalarExpr;
import org.mosslsm.sql.plan.LogicalPlan;
import org.mosslsm.sql.plan.PlanColumn;
import org.mosslsm.sql.plan.SetKind;
import org.mosslsm.sql.plan.SortKey;
import org.mosslsm.sql.type.Coercion;
import org.mosslsm.sql.type.SqlType;

/** Binds queries: WITH, the body, ORDER BY and LIMIT. */
final class QueryBinder {
    private final BindContext context;

    QueryBinder(BindContext context) {
        this.context = context;
    }

    /** A query as a statement. */
    LogicalPlan bindResult(Query query) {
        RelationBinder.bindChanges(context, query.with());
        return bindKnown(query, Surroundings.NONE);
    }

    /** A query whose columns must have types by themselves. */
    LogicalPlan bindKnown(Query query, Surroundings around) {
        return Retype.known(bind(query, around));
    }

    /**
     * A query of which is asked whether it has a row. As in PostgreSQL, what does not decide that is bound and then dropped,
     * not to be computed: the select list, DISTINCT, GROUP BY without aggregates, ORDER BY, and a LIMIT that leaves a row.
     */
    LogicalPlan bindExistence(Query query, Surroundings around) {
        return bind(query, around, inside -> isOfItsRows(query) ? existence(query, inside) : bindInside(query, inside));
    }

    private static boolean isOfItsRows(Query query) {
        boolean leavesARow = query.limit()
                .map(l -> l instanceof Expression.NullLiteral
                        || (l instanceof Expression.IntegerLiteral n && n.value() > 0))
                .orElse(true);
        return query.body() instanceof Select
                && query.lock().isEmpty()
                && query.offset().isEmpty()
                && leavesARow;
    }

    private LogicalPlan existence(Query query, Surroundings inside) {
        SelectBinder.Bound bound =
                new SelectBinder(context, inside).bind((Select) query.body(), query.orderBy(), query.withTies());
        LogicalPlan whole = limit(bound.plan(), query, inside);
        if (bound.source().isEmpty()) {
            return whole;
        }
        context.apart(Retype.known(whole)); // gives its parameters their types
        return onesOf(bound.source().get());
    }

    private static LogicalPlan onesOf(LogicalPlan rows) {
        ScalarExpr one = ExprFactory.literal(1L, SqlType.INTEGER);
        return new LogicalPlan.Project(
                rows, List.of(one), List.of(PlanColumn.computed("?column?", SqlType.INTEGER, false)));
    }

    /** A query whose untyped NULLs, strings and parameters are UNKNOWN columns yet. */
    LogicalPlan bind(Query query, Surroundings around) {
        return bind(query, around, inside -> bindInside(query, inside));
    }

    private LogicalPlan bind(Query query, Surroundings around, Function<Surroundings, LogicalPlan> binding) {
        CommonTables tables = around.tables();
        for (Query.CommonTable t : query.with()) {
            if (t.body() instanceof DataChange && !context.isBound(t)) {
                throw SqlException.notSupported("a change in a WITH that is not at the top of the statement")
                        .at(t.name().position().line(), t.name().position().column());
            }
            tables = tables.with(t, around.outer());
        }
        Surroundings inside = around.withTables(tables);
        LogicalPlan plan = binding.apply(inside);
        tables.bindUnused(context, around.tables());
        return plan;
    }

    private LogicalPlan bindInside(Query query, Surroundings inside) {
        if (query.lock().isPresent()) {
            LockBinder.require(query.body() instanceof Select, "UNION, INTERSECT, EXCEPT or VALUES", query.position());
            LockBinder.require(!query.withTies(), "WITH TIES", query.position());
            return new SelectBinder(context, inside)
                    .bindLocked(
                            (Select) query.body(),
                            query.orderBy(),
                            query.lock().get(),
                            rows -> limit(rows, query, inside))
                    .plan();
        }
        if (query.body() instanceof Select select) {
            SelectBinder.Bound bound =
                    new SelectBinder(context, inside).bind(select, query.orderBy(), query.withTies());
            LogicalPlan limited = limit(bound.plan(), query, inside);
            return bound.visible() == limited.width() ? limited : Plans.first(limited, bound.visible());
        }
        LogicalPlan body = body(query.body(), inside);
        return limit(sorted(body, query.orderBy(), inside), query, inside);
    }

    private LogicalPlan body(QueryBody body, Surroundings around) {
        if (body instanceof Select select) {
            return new SelectBinder(context, around)
                    .bind(select, List.of(), false)
                    .plan();
        }
        if (body instanceof Values values) {
            return values(values, around);
        }
        if (body instanceof SetOperation operation) {
            return setOperation(operation, around);
        }
        return bind((Query) body, around);
    }

    // ---- VALUES

    private LogicalPlan values(Values values, Surroundings around) {
        ExpressionBinder binder = ExpressionBinder.plain(context, Scope.empty(around), "VALUES");
        List<List<ScalarExpr>> rows = new ArrayList<>();
        int width = values.rows().get(0).size();
        for (List<Expression> row : values.rows()) {
            if (row.size() != width) {
                Position at = row.isEmpty() ? values.position() : row.get(0).position();
                throw SqlException.syntax(
                        "the rows of VALUES differ in length: " + width + " and " + row.size(), at.line(), at.column());
            }
            rows.add(binder.bindAll(row));
        }
        List<SqlType> types = new ArrayList<>();
        List<PlanColumn> columns = new ArrayList<>();
        for (int i = 0; i < width; i++) {
            int column = i;
            List<ScalarExpr> cells = rows.stream().map(r -> r.get(column)).toList();
            SqlType type = ExpressionBinder.at(values.position(), () -> ExprFactory.common(cells, "VALUES"));
            boolean untyped = cells.stream().allMatch(c -> c.type().isUnknown());
            types.add(untyped && rows.size() == 1 ? SqlType.UNKNOWN : type);
            columns.add(PlanColumn.computed("column" + (i + 1), types.get(i), true));
        }
        List<List<ScalarExpr>> typed = new ArrayList<>();
        for (List<ScalarExpr> row : rows) {
            List<ScalarExpr> cells = new ArrayList<>();
            for (int i = 0; i < width; i++) {
                cells.add(types.get(i).isUnknown() ? row.get(i) : ExprFactory.coerce(row.get(i), types.get(i)));
            }
            typed.add(cells);
        }
        return new LogicalPlan.Values(typed, columns);
    }

    // ---- UNION, INTERSECT, EXCEPT

    private LogicalPlan setOperation(SetOperation top, Surroundings around) {
        // Long chains nest to the left.
        List<SetOperation> chain = new ArrayList<>();
        QueryBody first = top;
        while (first instanceof SetOperation s) {
            chain.add(0, s);
            first = s.left();
        }
        LogicalPlan result = body(first, around);
        int i = 0;
        while (i < chain.size()) {
            SetOperation operation = chain.get(i);
            List<LogicalPlan> operands = new ArrayList<>(List.of(result));
            do {
                operands.add(body(chain.get(i++).right(), around));
            } while (i < chain.size() && isSameUnion(operation, chain.get(i)));
            result = combine(operation, operands);
        }
        return result;
    }

    private static boolean isSameUnion(SetOperation a, SetOperation b) {
        return a.kind() == SetOperation.Kind.UNION && b.kind() == a.kind() && b.all() == a.all();
    }

    /** Two operands, or the many of a chain of unions, which becomes a balanced tree: no stage gets deep in it. */
    private static LogicalPlan combine(SetOperation operation, List<LogicalPlan> operands) {
        Position at = operation.position();
        List<PlanColumn> columns = new ArrayList<>(operands.get(0).columns());
        for (int n = 1; n < operands.size(); n++) {
            LogicalPlan next = operands.get(n);
            if (next.width() != columns.size()) {
                throw SqlException.syntax(
                        "each side of " + operation.kind() + " must have the same number of columns, found "
                                + columns.size() + " and " + next.width(),
                        at.line(),
                        at.column());
            }
            for (int i = 0; i < columns.size(); i++) {
                PlanColumn l = columns.get(i);
                PlanColumn r = next.columns().get(i);
                // As in a CASE, an untyped NULL has no say.
                SqlType type = isUntypedNull(next, i)
                        ? l.type()
                        : n == 1 && isUntypedNull(operands.get(0), i) ? r.type() : common(operation, l, r);
                columns.set(
                        i,
                        PlanColumn.computed(
                                l.name(), type.isUnknown() ? SqlType.TEXT : type, l.nullable() || r.nullable()));
            }
        }
        List<SqlType> types = columns.stream().map(PlanColumn::type).toList();
        List<LogicalPlan> typed =
                operands.stream().map(o -> Retype.coerce(o, types)).toList();
        return balanced(SetKind.valueOf(operation.kind().name()), operation.all(), typed, columns);
    }

    /** Whether the column is NULL in all rows, and nothing gave it a type. */
    private static boolean isUntypedNull(LogicalPlan plan, int column) {
        if (plan instanceof LogicalPlan.Project p) {
            return ExprFactory.isUntypedNull(p.expressions().get(column));
        }
        if (plan instanceof LogicalPlan.Values v) {
            return v.rows().stream().allMatch(row -> ExprFactory.isUntypedNull(row.get(column)));
        }
        boolean keeps = plan instanceof LogicalPlan.Limit
                || plan instanceof LogicalPlan.Distinct
                || plan instanceof LogicalPlan.Sort;
        return keeps && isUntypedNull(((LogicalPlan.Unary) plan).input(), column);
    }

    private static SqlType common(SetOperation operation, PlanColumn l, PlanColumn r) {
        return Coercion.common(l.type(), r.type())
                .orElseThrow(() -> SqlException.typeMismatch(
                        operation.kind() + " types " + l.type() + " and " + r.type() + " of column \"" + l.name()
                                + "\" cannot be matched: cast one side",
                        operation.position().line(),
                        operation.position().column()));
    }

    private static LogicalPlan balanced(
            SetKind kind, boolean all, List<LogicalPlan> operands, List<PlanColumn> columns) {
        int n = operands.size();
        if (n == 1) {
            return operands.get(0);
        }
        return new LogicalPlan.SetOperation(
                kind,
                all,
                balanced(kind, all, operands.subList(0, n / 2), columns),
                balanced(kind, all, operands.subList(n / 2, n), columns),
                columns);
    }

    // ---- ORDER BY and LIMIT

    private LogicalPlan sorted(LogicalPlan plan, List<SortItem> items, Surroundings around) {
        if (items.isEmpty()) {
            return plan;
        }
        ExpressionBinder binder = ExpressionBinder.plain(
                context, Scope.of("", Optional.empty(), plan.columns(), around), "ORDER BY of a set operation");
        List<SortKey> keys = new ArrayList<>();
        for (SortItem item : items) {
            ScalarExpr key = item.key() instanceof Expression.IntegerLiteral n
                    ? Plans.column(plan, ordinal(n, plan.width(), "ORDER BY"))
                    : ExprFactory.known(binder.bind(item.key()));
            keys.add(sortKey(item, key));
        }
        return new LogicalPlan.Sort(plan, keys);
    }

    static SortKey sortKey(SortItem item, ScalarExpr key) {
        boolean nullsFirst =
                switch (item.nulls()) {
                    case DEFAULT -> item.descending();
                    case FIRST -> true;
                    case LAST -> false;
                };
        return new SortKey(key, item.descending(), nullsFirst);
    }

    /** The position, from 0, that an output column's ordinal means. */
    static int ordinal(Expression.IntegerLiteral n, int width, String clause) {
        if (n.value() < 1 || n.value() > width) {
            throw new SqlException(
                    SqlState.INVALID_COLUMN_REFERENCE,
                    clause + " position " + n.value() + " is not in the select list, which has " + width + " columns",
                    n.position().line(),
                    n.position().column());
        }
        return (int) n.value() - 1;
    }

    private static Optional<LogicalPlan.Sort> sortOf(LogicalPlan plan) {
        if (plan instanceof LogicalPlan.DistinctOn d) {
            return sortOf(d.input());
        }
        return plan instanceof LogicalPlan.Sort s ? Optional.of(s) : Optional.empty();
    }

    private LogicalPlan limit(LogicalPlan plan, Query query, Surroundings around) {
        if (query.limit().isEmpty() && query.offset().isEmpty()) {
            return plan;
        }
        ExpressionBinder binder = ExpressionBinder.plain(context, Scope.empty(around), "LIMIT");
        if (query.withTies()) {
            LogicalPlan.Sort sort = sortOf(plan)
                    .orElseThrow(() -> SqlException.syntax(
                            "WITH TIES needs an ORDER BY",
                            query.position().line(),
                            query.position().column()));
            return new LogicalPlan.LimitWithTies(
                    plan,
                    sort.keys(),
                    rows(binder, query.limit().orElseThrow()),
                    query.offset().map(e -> rows(binder, e)));
        }
        return new LogicalPlan.Limit(
                plan, query.limit().map(e -> rows(binder, e)), query.offset().map(e -> rows(binder, e)));
    }

    /** A number of rows; one with a fraction is rounded, as where it is stored. */
    private static ScalarExpr rows(ExpressionBinder binder, Expression e) {
        ScalarExpr bound = binder.bind(e);
        return ExpressionBinder.at(
                e.position(),
                () -> bound.type().isNumeric()
                        ? ExprFactory.cast(bound, SqlType.BIGINT)
                        : ExprFactory.coerce(bound, SqlType.BIGINT));
    }
}
