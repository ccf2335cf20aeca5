// UPDATE, DELETE, TRUNCATE, and the way to INSERT.
package org.mosslsm.sql.bind;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.mosslsm.sql.ast.DataChange;
import org.mosslsm.sql.ast.Expression;
import org.mosslsm.sql.ast.Identifier;
import org.mosslsm.sql.ast.Position;
import org.mosslsm.sql.ast.Query;
import org.mosslsm.sql.ast.Relation;
import org.mosslsm.sql.ast.SelectItem;
import org.mosslsm.sql.catalog.CheckConstraint;
import org.mosslsm.sql.catalog.Column;
import org.mosslsm.sql.catalog.Table;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;
import org.mosslsm.sql.expr.ExprFactory;
import org.mosslsm.sql.expr.ScalarExpr;
import org.mosslsm.sql.plan.JoinKind;
import org.mosslsm.sql.plan.LogicalPlan;
import org.mosslsm.sql.plan.PlanColumn;
import org.mosslsm.sql.plan.StatementPlan;
import org.mosslsm.sql.plan.StatementPlan.Assignment;
import org.mosslsm.sql.type.SqlType;

/** Binds statements that change rows. */
final class ChangeBinder {
    private final BindContext context;

    ChangeBinder(BindContext context) {
        this.context = context;
    }

    StatementPlan<LogicalPlan> bind(DataChange change) {
        RelationBinder.bindChanges(context, with(change));
        if (change instanceof DataChange.Insert insert) {
            return withAll(insert.with(), new InsertBinder(context, this).bind(insert));
        }
        if (change instanceof DataChange.Update update) {
            return withAll(update.with(), update(update));
        }
        if (change instanceof DataChange.Delete delete) {
            return withAll(delete.with(), delete(delete));
        }
        DataChange.Truncate truncate = (DataChange.Truncate) change;
        List<Table> tables = truncate.tables().stream()
                .map(t -> CatalogNames.table(context, t))
                .toList();
        return new StatementPlan.Truncate<>(tables, truncate.restartIdentity(), truncate.cascade());
    }

    private static List<Query.CommonTable> with(DataChange change) {
        if (change instanceof DataChange.Insert insert) {
            return insert.with();
        }
        if (change instanceof DataChange.Update update) {
            return update.with();
        }
        return change instanceof DataChange.Delete delete ? delete.with() : List.of();
    }

    private StatementPlan<LogicalPlan> withAll(List<Query.CommonTable> with, StatementPlan<LogicalPlan> bound) {
        CommonTables.of(with).bindUnused(context, CommonTables.NONE);
        return bound;
    }

    // ---- UPDATE and DELETE

    /** The rows to change, and the scope of the statement's expressions over them. */
    private record Source(LogicalPlan plan, Scope scope, Optional<ScalarExpr> condition) {}

    private StatementPlan<LogicalPlan> update(DataChange.Update update) {
        Table table = CatalogNames.table(context, update.table());
        String alias = alias(table, update.alias());
        Source source = source(
                table,
                alias,
                update.alias(),
                Surroundings.of(update.with()),
                update.from(),
                update.where(),
                update.position());
        ExpressionBinder binder = ExpressionBinder.plain(context, source.scope(), "UPDATE");
        List<Assignment> assignments = assignments(table, update.assignments(), binder);
        return new StatementPlan.Update<>(
                table,
                source.plan(),
                assignments,
                source.condition(),
                checks(table),
                returning(table, alias, update.alias(), update.returning(), source));
    }

    private StatementPlan<LogicalPlan> delete(DataChange.Delete delete) {
        Table table = CatalogNames.table(context, delete.table());
        String alias = alias(table, delete.alias());
        Source source = source(
                table,
                alias,
                delete.alias(),
                Surroundings.of(delete.with()),
                delete.using(),
                delete.where(),
                delete.position());
        return new StatementPlan.Delete<>(
                table,
                source.plan(),
                source.condition(),
                !context.catalog().referencing(table.id()).isEmpty(),
                Optional.empty(),
                returning(table, alias, delete.alias(), delete.returning(), source));
    }

    static String alias(Table table, Optional<Identifier> alias) {
        return alias.map(Identifier::value).orElse(table.name());
    }

    /** The columns of the table that is changed, with what is in sight of the statement. */
    static Scope tableScope(Table table, String alias, Optional<Identifier> given, Surroundings around) {
        Optional<String> schema = given.isPresent() ? Optional.empty() : Optional.of(table.schema());
        return Scope.of(alias, schema, TableColumns.of(table), around);
    }

    private Source source(
            Table table,
            String alias,
            Optional<Identifier> given,
            Surroundings around,
            List<Relation> from,
            Optional<Expression> where,
            Position position) {
        RelationBinder.Bound rows =
                new RelationBinder.Bound(TableColumns.fullScan(table, alias), tableScope(table, alias, given, around));
        if (!from.isEmpty()) {
            RelationBinder.Bound others = new RelationBinder(context, around).bind(from);
            rows = RelationBinder.join(JoinKind.INNER, rows, others, position);
        }
        Scope scope = rows.scope();
        Optional<ScalarExpr> condition =
                where.map(w -> ExpressionBinder.plain(context, scope, "WHERE").condition(w));
        LogicalPlan plan = condition.isPresent() ? new LogicalPlan.Filter(rows.plan(), condition.get()) : rows.plan();
        return new Source(plan, scope, condition);
    }

    // ---- SET

    /** The assignments, each cast to its column's type. */
    List<Assignment> assignments(Table table, List<DataChange.Assignment> list, ExpressionBinder binder) {
        List<Assignment> assignments = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (DataChange.Assignment a : list) {
            for (Identifier column : a.columns()) {
                if (!seen.add(column.value())) {
                    throw new SqlException(
                            SqlState.DUPLICATE_COLUMN,
                            "column \"" + column + "\" is assigned more than once",
                            column.position().line(),
                            column.position().column());
                }
            }
            List<ScalarExpr> values = values(table, a, binder);
            for (int i = 0; i < values.size(); i++) {
                int ordinal = CatalogNames.ordinal(table, a.columns().get(i));
                assignments.add(new Assignment(ordinal, values.get(i)));
            }
        }
        return assignments;
    }

    private List<ScalarExpr> values(Table table, DataChange.Assignment a, ExpressionBinder binder) {
        int width = a.columns().size();
        if (a.value() instanceof Expression.ScalarSubquery s && width > 1) {
            List<Column> columns =
                    a.columns().stream().map(c -> CatalogNames.column(table, c)).toList();
            columns.forEach(c -> requireDefault(c, a.value()));
            List<SqlType> types = columns.stream().map(Column::type).toList();
            return new SubqueryBinder(binder)
                    .row(
                            s.query(),
                            width,
                            s.position(),
                            plan -> Retype.apply(plan, types, (e, i) -> assign(columns.get(i), e, a.value())));
        }
        List<Expression> items = a.value() instanceof Expression.RowValue r ? r.items() : List.of(a.value());
        if (items.size() != width) {
            throw SqlException.syntax(
                    width + " columns are assigned " + items.size() + " values",
                    a.position().line(),
                    a.position().column());
        }
        List<ScalarExpr> typed = new ArrayList<>();
        for (int i = 0; i < width; i++) {
            Column column = CatalogNames.column(table, a.columns().get(i));
            requireDefault(column, items.get(i));
            typed.add(value(column, items.get(i), binder));
        }
        return typed;
    }

    private static void requireDefault(Column column, Expression value) {
        if (column.identity().map(Column.Identity::always).orElse(false)
                && !(value instanceof Expression.DefaultValue)) {
            throw new SqlException(
                    SqlState.GENERATED_ALWAYS,
                    "column \"" + column.name() + "\" is GENERATED ALWAYS: it can only be set to DEFAULT",
                    value.position().line(),
                    value.position().column());
        }
    }

    /** The value of an assignment or of a cell of VALUES: DEFAULT is the column's default. */
    ScalarExpr value(Column column, Expression e, ExpressionBinder binder) {
        return e instanceof Expression.DefaultValue
                ? Defaults.written(column, context)
                : assign(column, binder.bind(e), e);
    }

    private static ScalarExpr assign(Column column, ScalarExpr value, Expression place) {
        return ExpressionBinder.at(place.position(), () -> ExprFactory.assign(value, column.type(), column.name()));
    }

    // ---- CHECK and RETURNING

    List<StatementPlan.Check> checks(Table table) {
        List<StatementPlan.Check> checks = new ArrayList<>();
        for (CheckConstraint c : table.checks()) {
            ScalarExpr condition = ExpressionBinder.plain(context, Scope.ofTable(table), "a CHECK")
                    .condition(context.texts().expression(c.text()));
            checks.add(new StatementPlan.Check(c.name(), condition));
        }
        return checks;
    }

    private Optional<StatementPlan.Returning> returning(
            Table table, String alias, Optional<Identifier> given, List<SelectItem> items, Source source) {
        if (items.isEmpty()) {
            return Optional.empty();
        }
        // The source's row has the full row first; here it is the table row, one shorter where there is a row id.
        int full = table.rowColumns().size();
        int shorter = table.columns().size() - full;
        List<Scope.Entry> others = source.scope().entries().stream()
                .filter(e -> e.expr() instanceof ScalarExpr.ColumnRef c && c.index() >= full)
                .map(e -> new Scope.Entry(
                        e.relation(),
                        e.schema(),
                        e.name(),
                        Scope.shift(e.expr(), shorter),
                        e.column(),
                        e.qualifiedOnly()))
                .toList();
        List<Scope.Entry> entries = new ArrayList<>(
                tableScope(table, alias, given, Surroundings.NONE).entries());
        entries.addAll(others);
        List<PlanColumn> row = new ArrayList<>(TableColumns.of(table));
        List<PlanColumn> sourceRow = source.plan().columns();
        row.addAll(sourceRow.subList(full, sourceRow.size()));
        return Optional.of(
                returning(items, new Scope(entries, List.of(), source.scope().around()), row));
    }

    /** RETURNING over a row. */
    StatementPlan.Returning returning(List<SelectItem> items, Scope scope, List<PlanColumn> row) {
        ExpressionBinder binder = ExpressionBinder.plain(context, scope, "RETURNING");
        List<ScalarExpr> expressions = new ArrayList<>();
        List<PlanColumn> columns = new ArrayList<>();
        for (SelectItem item : items) {
            if (item instanceof SelectItem.All all) {
                for (Scope.Entry e : SelectBinder.starEntries(all, scope)) {
                    expressions.add(e.expr());
                    columns.add(Plans.describe(e.name(), e.expr(), row));
                }
            } else {
                SelectItem.Column c = (SelectItem.Column) item;
                ScalarExpr e = ExprFactory.known(binder.bind(c.expression()));
                expressions.add(e);
                columns.add(Plans.describe(OutputNames.of(c), e, row));
            }
        }
        return new StatementPlan.Returning(expressions, columns);
    }
}
