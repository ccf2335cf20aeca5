// INSERT.
package org.mosslsm.sql.bind;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.mosslsm.sql.ast.DataChange;
import org.mosslsm.sql.ast.Expression;
import org.mosslsm.sql.ast.Identifier;
import org.mosslsm.sql.ast.Query;
import org.mosslsm.sql.ast.Values;
import org.mosslsm.sql.catalog.Column;
import org.mosslsm.sql.catalog.Index;
import org.mosslsm.sql.catalog.Table;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;
import org.mosslsm.sql.expr.ExprFactory;
import org.mosslsm.sql.expr.ScalarExpr;
import org.mosslsm.sql.plan.LogicalPlan;
import org.mosslsm.sql.plan.PlanColumn;
import org.mosslsm.sql.plan.StatementPlan;
import org.mosslsm.sql.plan.StatementPlan.Generated;
import org.mosslsm.sql.type.SqlType;

/** Binds INSERT: its source becomes a plan of whole table rows, defaults in their places. */
final class InsertBinder {
    private final BindContext context;
    private final ChangeBinder changes;

    InsertBinder(BindContext context, ChangeBinder changes) {
        this.context = context;
        this.changes = changes;
    }

    /** Rows for the target columns, and which of these said DEFAULT somewhere or everywhere. */
    private record Rows(LogicalPlan plan, List<Generated> generated) {}

    StatementPlan<LogicalPlan> bind(DataChange.Insert insert) {
        Table table = CatalogNames.table(context, insert.table());
        List<Column> targets = targets(table, insert);
        Rows rows;
        if (insert.source().isEmpty()) {
            targets = List.of();
            rows = new Rows(LogicalPlan.Values.oneRow(), List.of());
        } else {
            rows = rows(targets, insert);
        }
        List<Generated> generated = new ArrayList<>();
        LogicalPlan source = wholeRows(table, targets, rows, insert, generated);
        String alias = ChangeBinder.alias(table, insert.alias());
        Scope scope = ChangeBinder.tableScope(table, alias, insert.alias(), Surroundings.of(insert.with()));
        Optional<StatementPlan.Returning> returning = insert.returning().isEmpty()
                ? Optional.empty()
                : Optional.of(changes.returning(insert.returning(), scope, TableColumns.of(table)));
        return new StatementPlan.Insert<>(
                table,
                source,
                generated,
                changes.checks(table),
                insert.onConflict().map(c -> onConflict(table, c, scope)),
                returning);
    }

    // ---- target columns

    private static List<Column> targets(Table table, DataChange.Insert insert) {
        if (insert.columns().isEmpty()) {
            return table.columns();
        }
        List<Column> targets = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (Identifier name : insert.columns()) {
            targets.add(CatalogNames.column(table, name));
            if (!seen.add(name.value())) {
                throw new SqlException(
                        SqlState.DUPLICATE_COLUMN,
                        "column \"" + name + "\" is named more than once",
                        name.position().line(),
                        name.position().column());
            }
        }
        return targets;
    }

    private static void requireWidth(int width, List<Column> targets, DataChange.Insert insert, Expression place) {
        int most = targets.size();
        // Without a column list fewer values are fine: the columns at the end get their defaults.
        boolean fits = insert.columns().isEmpty() ? width <= most : width == most;
        if (!fits) {
            var at = place == null ? insert.position() : place.position();
            throw SqlException.syntax(
                    "INSERT has " + width + (width == 1 ? " value" : " values") + " for " + most
                            + (most == 1 ? " column" : " columns"),
                    at.line(),
                    at.column());
        }
    }

    // ---- rows

    private Rows rows(List<Column> targets, DataChange.Insert insert) {
        Query query = insert.source().get();
        boolean plainValues = query.body() instanceof Values
                && query.with().isEmpty()
                && query.orderBy().isEmpty()
                && query.limit().isEmpty()
                && query.offset().isEmpty();
        if (plainValues) {
            return values(targets, (Values) query.body(), insert);
        }
        LogicalPlan plan = new QueryBinder(context).bind(query, Surroundings.of(insert.with()));
        requireWidth(plan.width(), targets, insert, null);
        List<SqlType> types = new ArrayList<>();
        List<Generated> generated = new ArrayList<>();
        for (int i = 0; i < plan.width(); i++) {
            types.add(targets.get(i).type());
            generated.add(Generated.NEVER);
        }
        LogicalPlan typed = ExpressionBinder.at(
                query.position(),
                () -> Retype.apply(
                        plan,
                        types,
                        (e, i) -> ExprFactory.assign(
                                e, types.get(i), targets.get(i).name())));
        return new Rows(typed, generated);
    }

    private Rows values(List<Column> targets, Values values, DataChange.Insert insert) {
        ExpressionBinder binder =
                ExpressionBinder.plain(context, Scope.empty(Surroundings.of(insert.with())), "VALUES");
        int width = values.rows().get(0).size();
        int[] defaults = new int[width];
        values.rows().forEach(row -> {
            for (int i = 0; i < Math.min(width, row.size()); i++) {
                defaults[i] += row.get(i) instanceof Expression.DefaultValue ? 1 : 0;
            }
        });
        List<List<ScalarExpr>> rows = new ArrayList<>();
        for (List<Expression> row : values.rows()) {
            if (row.size() != width) {
                var at = row.isEmpty() ? values.position() : row.get(0).position();
                throw SqlException.syntax(
                        "the rows of VALUES differ in length: " + width + " and " + row.size(), at.line(), at.column());
            }
            requireWidth(width, targets, insert, row.get(0));
            List<ScalarExpr> cells = new ArrayList<>();
            for (int i = 0; i < width; i++) {
                boolean byIdentity = targets.get(i).identity().isPresent()
                        && row.get(i) instanceof Expression.DefaultValue
                        && (defaults[i] == values.rows().size() || insert.overriding() == DataChange.Overriding.USER);
                cells.add(byIdentity ? missing(targets.get(i)) : changes.value(targets.get(i), row.get(i), binder));
            }
            rows.add(cells);
        }
        List<PlanColumn> columns = new ArrayList<>();
        List<Generated> generated = new ArrayList<>();
        for (int i = 0; i < width; i++) {
            columns.add(
                    PlanColumn.computed(targets.get(i).name(), targets.get(i).type(), true));
            // Where only some rows say DEFAULT their cells take the number themselves: a NULL in another stays one.
            generated.add(defaults[i] == rows.size() ? Generated.ALWAYS : Generated.NEVER);
        }
        return new Rows(new LogicalPlan.Values(rows, columns), generated);
    }

    /** Puts the target columns into their places in the table row, and defaults into the others. */
    private LogicalPlan wholeRows(
            Table table, List<Column> targets, Rows rows, DataChange.Insert insert, List<Generated> generated) {
        List<ScalarExpr> expressions = new ArrayList<>();
        List<PlanColumn> columns = new ArrayList<>();
        boolean asItIs = rows.plan().width() == table.columns().size();
        for (Column column : table.columns()) {
            int at = targets.indexOf(column);
            boolean given = at >= 0 && at < rows.plan().width();
            Generated by = given ? rows.generated().get(at) : Generated.ALWAYS;
            if (column.identity().isEmpty()) {
                by = Generated.NEVER;
            } else if (given && insert.overriding() == DataChange.Overriding.USER) {
                given = false;
                by = Generated.ALWAYS;
            } else if (by != Generated.ALWAYS) {
                requireOverriding(column, insert);
            }
            generated.add(by);
            boolean filled = given && by != Generated.ALWAYS;
            asItIs &= given && at == columns.size();
            expressions.add(filled ? Plans.column(rows.plan(), at) : missing(column));
            columns.add(PlanColumn.computed(column.name(), column.type(), true));
        }
        return asItIs && !generated.contains(Generated.ALWAYS)
                ? rows.plan()
                : new LogicalPlan.Project(rows.plan(), expressions, columns);
    }

    private ScalarExpr missing(Column column) {
        return column.identity().isPresent() ? ExprFactory.nullOf(column.type()) : Defaults.of(column, context);
    }

    private static void requireOverriding(Column column, DataChange.Insert insert) {
        if (column.identity().get().always() && insert.overriding() != DataChange.Overriding.SYSTEM) {
            throw new SqlException(
                    SqlState.GENERATED_ALWAYS,
                    "column \"" + column.name()
                            + "\" is GENERATED ALWAYS: leave it out, or insert with OVERRIDING SYSTEM VALUE",
                    insert.position().line(),
                    insert.position().column());
        }
    }

    // ---- ON CONFLICT

    private StatementPlan.OnConflict onConflict(Table table, DataChange.OnConflict conflict, Scope existing) {
        Optional<Index> arbiter = arbiter(table, conflict);
        if (conflict.update().isPresent() && arbiter.isEmpty()) {
            throw SqlException.syntax(
                    "ON CONFLICT DO UPDATE needs the columns or the constraint of the conflict",
                    conflict.position().line(),
                    conflict.position().column());
        }
        return new StatementPlan.OnConflict(
                arbiter, conflict.update().map(u -> conflictUpdate(table, u, existing)), conflict.replace());
    }

    private StatementPlan.ConflictUpdate conflictUpdate(Table table, DataChange.DoUpdate update, Scope existing) {
        List<Scope.Entry> entries = new ArrayList<>(existing.entries());
        Scope excluded = Scope.of("excluded", Optional.empty(), TableColumns.of(table), Surroundings.NONE);
        // An unqualified name means the row that is there.
        excluded.entries()
                .forEach(e -> entries.add(new Scope.Entry(
                        e.relation(),
                        e.schema(),
                        e.name(),
                        Scope.shift(e.expr(), table.columns().size()),
                        e.column(),
                        true)));
        Scope scope = new Scope(entries, List.of(), existing.around());
        ExpressionBinder binder = ExpressionBinder.plain(context, scope, "ON CONFLICT");
        return new StatementPlan.ConflictUpdate(
                changes.assignments(table, update.assignments(), binder),
                update.where().map(binder::condition));
    }

    private Optional<Index> arbiter(Table table, DataChange.OnConflict conflict) {
        if (conflict.constraint().isPresent()) {
            String name = conflict.constraint().get().value();
            return Optional.of(table.index(name)
                    .filter(Index::isUniqueOfAll)
                    .orElseThrow(() -> new SqlException(
                            SqlState.UNDEFINED_OBJECT,
                            "table \"" + table.name() + "\" has no unique constraint \"" + name + "\"",
                            conflict.position().line(),
                            conflict.position().column())));
        }
        if (conflict.columns().isEmpty()) {
            return Optional.empty();
        }
        Set<Integer> ids = new HashSet<>();
        conflict.columns().forEach(c -> ids.add(CatalogNames.column(table, c).id()));
        for (Index index : table.allIndexes()) {
            if (index.unique()
                    && new HashSet<>(index.columnIds()).equals(ids)
                    && (!index.isPartial() || isImplied(table, index, conflict))) {
                return Optional.of(index);
            }
        }
        throw new SqlException(
                SqlState.INVALID_COLUMN_REFERENCE,
                "table \"" + table.name() + "\" has no unique constraint on the columns of ON CONFLICT",
                conflict.position().line(),
                conflict.position().column());
    }

    /** Whether ON CONFLICT (...) WHERE says all that the condition of a partial index asks for. */
    private boolean isImplied(Table table, Index index, DataChange.OnConflict conflict) {
        if (conflict.condition().isEmpty()) {
            return false;
        }
        ExpressionBinder binder = ExpressionBinder.plain(context, Scope.ofTable(table), "ON CONFLICT");
        List<ScalarExpr> said = terms(binder.condition(conflict.condition().get()));
        return said.containsAll(terms(binder.condition(
                context.texts().expression(index.where().orElseThrow().text()))));
    }

    private static List<ScalarExpr> terms(ScalarExpr condition) {
        return condition instanceof ScalarExpr.And and ? and.operands() : List.of(condition);
    }
}
