// The door of the package.
package org.mosslsm.sql.bind;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.mosslsm.sql.ast.DataChange;
import org.mosslsm.sql.ast.Definition;
import org.mosslsm.sql.ast.Expression;
import org.mosslsm.sql.ast.SessionControl;
import org.mosslsm.sql.ast.Statement;
import org.mosslsm.sql.catalog.Catalog;
import org.mosslsm.sql.catalog.Column;
import org.mosslsm.sql.catalog.Table;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;
import org.mosslsm.sql.expr.ExprFactory;
import org.mosslsm.sql.expr.ScalarExpr;
import org.mosslsm.sql.plan.LogicalPlan;
import org.mosslsm.sql.plan.LogicalTrees;
import org.mosslsm.sql.plan.PlannedStatement;
import org.mosslsm.sql.plan.StatementPlan;
import org.mosslsm.sql.plan.StatementTrees;
import org.mosslsm.sql.type.SqlType;

/**
 * Binds statements against one catalog. Cheap to make; every statement is bound on its own, so that one binder may be
 * used by many threads.
 */
public final class Binder {
    private final Catalog catalog;
    private final List<String> path;
    private final SqlTexts texts;

    /**
     * A binder.
     *
     * @param schema where names without a schema are looked up
     * @param texts reads defaults, checks and views
     */
    public Binder(Catalog catalog, String schema, SqlTexts texts) {
        this(catalog, List.of(schema), texts);
    }

    /**
     * A binder.
     *
     * @param path the schemas in which names without a schema are looked up, in order; at least one
     * @param texts reads defaults, checks and views
     */
    public Binder(Catalog catalog, List<String> path, SqlTexts texts) {
        this.catalog = catalog;
        this.path = path;
        this.texts = texts;
    }

    /**
     * Binds a statement.
     *
     * @throws org.mosslsm.sql.error.SqlException when it has no meaning: SQLSTATE class 42, mostly, with line and column
     */
    public PlannedStatement<LogicalPlan> bind(Statement statement) {
        BindContext context = new BindContext(catalog, path, texts);
        StatementPlan<LogicalPlan> plan = bind(statement, context);
        if (context.hasParameters()) {
            Consumer<ScalarExpr> note = e -> {
                if (e instanceof ScalarExpr.Parameter p) {
                    context.parameterType(p);
                }
            };
            StatementTrees.walkExpressions(plan, note);
            context.apart().forEach(p -> LogicalTrees.walkExpressions(p, note));
        }
        return new PlannedStatement<>(plan, context.parameterTypes(), context.slots());
    }

    private static boolean isJson(Statement.Explain explain) {
        String format = explain.format().orElse("text");
        if (!format.equals("text") && !format.equals("json")) {
            throw new SqlException(
                    SqlState.INVALID_PARAMETER_VALUE, "EXPLAIN has no format '" + format + "': it has TEXT and JSON");
        }
        return format.equals("json");
    }

    private static StatementPlan<LogicalPlan> bind(Statement statement, BindContext context) {
        if (statement instanceof Statement.QueryStatement q) {
            LogicalPlan plan = new QueryBinder(context).bindResult(q.query());
            return withChanges(new StatementPlan.Query<>(plan, context.locksRows()), context);
        }
        if (statement instanceof Statement.Explain e) {
            if (e.analyze() && e.statement() instanceof Definition) {
                throw SqlException.notSupported("EXPLAIN ANALYZE of a CREATE TABLE");
            }
            return new StatementPlan.ExplainPlan<>(e.analyze(), isJson(e), bind(e.statement(), context));
        }
        if (statement instanceof DataChange change) {
            return withChanges(new ChangeBinder(context).bind(change), context);
        }
        if (statement instanceof Definition definition) {
            StatementPlan<LogicalPlan> plan = new DefinitionBinder(context).bind(definition);
            if (!context.changes().isEmpty()) {
                throw SqlException.notSupported("a change in the WITH of a definition")
                        .at(definition.position().line(), definition.position().column());
            }
            if (context.hasParameters() && plan instanceof StatementPlan.Define<LogicalPlan>) {
                throw SqlException.syntax(
                        "a definition cannot have parameters",
                        definition.position().line(),
                        definition.position().column());
            }
            return plan;
        }
        return new StatementPlan.Control<>(ControlBinder.bind((SessionControl) statement, context));
    }

    private static StatementPlan<LogicalPlan> withChanges(StatementPlan<LogicalPlan> main, BindContext context) {
        return context.changes().isEmpty() ? main : new StatementPlan.WithChanges<>(context.changes(), main);
    }

    /** A condition over the table row of {@code table}: a check. */
    public ScalarExpr condition(Table table, String text) {
        BindContext context = new BindContext(catalog, path, texts);
        Expression e = texts.expression(text);
        return ExpressionBinder.plain(context, Scope.ofTable(table), "a CHECK").condition(e);
    }

    /** The default of a column over no row, cast to its type; NULL where it has none. */
    public ScalarExpr defaultOf(Column column) {
        return Defaults.of(column, new BindContext(catalog, path, texts));
    }

    /** The types of the values a row of {@code table} holds, without the hidden row id. */
    public static List<SqlType> types(Table table) {
        List<SqlType> types = new ArrayList<>();
        table.columns().forEach(c -> types.add(c.type()));
        return types;
    }

    /** NULL of a column's type. */
    static ScalarExpr nullOf(Column column) {
        return ExprFactory.nullOf(column.type());
    }
}
