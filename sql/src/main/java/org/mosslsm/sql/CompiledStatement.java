// A statement with its plan.
package org.mosslsm.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.mosslsm.sql.catalog.Catalog;
import org.mosslsm.sql.catalog.Column;
import org.mosslsm.sql.catalog.Table;
import org.mosslsm.sql.exec.CompiledPlans;
import org.mosslsm.sql.exec.dml.ChangeStatement;
import org.mosslsm.sql.exec.dml.ChangesTogether;
import org.mosslsm.sql.exec.dml.InsertStatement;
import org.mosslsm.sql.exec.dml.TableAccesses;
import org.mosslsm.sql.plan.ControlPlan;
import org.mosslsm.sql.plan.PhysicalPlan;
import org.mosslsm.sql.plan.PlanColumn;
import org.mosslsm.sql.plan.PlannedStatement;
import org.mosslsm.sql.plan.StatementPlan;
import org.mosslsm.sql.type.SqlType;

/** A statement planned against one catalog, with all that its executions share. Immutable and thread-safe. */
final class CompiledStatement {
    final Catalog catalog;
    final PlannedStatement<PhysicalPlan> plan;
    final CompiledPlans plans = new CompiledPlans();
    final StatementKind kind;

    /** Whether no values of its parameters want another plan, see {@link PointStatements}. */
    final boolean isPoint;

    final List<ResultColumn> columns;
    final List<ResultColumn> generatedKeyColumns;
    /** How rows are changed; empty where the statement changes none. */
    final Optional<ChangeStatement> change;

    /** The statement without the changes of its WITH. */
    final StatementPlan<PhysicalPlan> main;

    /** The changes of its WITH, to be made before; empty where there are none. */
    final Optional<ChangesTogether> before;

    /** Where names without a schema were looked up. */
    private final List<String> path;

    /** See {@link StatementCompiler#isOld}. */
    final int generation;

    CompiledStatement(TableAccesses tables, List<String> path, PlannedStatement<PhysicalPlan> plan, int generation) {
        this.catalog = tables.catalog();
        this.path = path;
        this.generation = generation;
        this.plan = plan;
        StatementPlan<PhysicalPlan> whole = plan.statement();
        this.main = whole instanceof StatementPlan.WithChanges<PhysicalPlan> w ? w.main() : whole;
        this.before = whole instanceof StatementPlan.WithChanges<PhysicalPlan> w
                ? Optional.of(new ChangesTogether(w, tables))
                : Optional.empty();
        this.kind = kind(main);
        this.isPoint = PointStatements.isPoint(whole);
        this.columns = columns(main);
        this.generatedKeyColumns = generatedKeyColumns(main);
        this.change = kind == StatementKind.INSERT || kind == StatementKind.UPDATE || kind == StatementKind.DELETE
                ? Optional.of(ChangeStatement.compile(main, tables))
                : Optional.empty();
    }

    /** Whether it was planned for such names and tables. */
    boolean isFor(Catalog other, List<String> otherPath) {
        return catalog == other && path.equals(otherPath);
    }

    /** Whether it writes, so that a read-only session refuses it. */
    boolean writes() {
        return change.isPresent()
                || before.isPresent()
                || kind == StatementKind.DEFINITION
                || locksRows()
                || explainsByWriting();
    }

    /** Whether it is an EXPLAIN ANALYZE, which runs its statement, of one that writes. */
    private boolean explainsByWriting() {
        if (!(plan.statement() instanceof StatementPlan.ExplainPlan<PhysicalPlan> e) || !e.analyze()) {
            return false;
        }
        return !(e.statement() instanceof StatementPlan.Query<PhysicalPlan> q) || q.locksRows();
    }

    /** Whether it locks rows while it reads them. */
    boolean locksRows() {
        return main instanceof StatementPlan.Query<PhysicalPlan> q && q.locksRows();
    }

    /** Whether it is LOCK TABLE. */
    boolean locksTables() {
        return plan.statement() instanceof StatementPlan.Control<PhysicalPlan> c
                && c.control() instanceof ControlPlan.LockTables;
    }

    /** Whether its plan may serve others: control and definitions are cheap to plan and run once. */
    boolean isShareable() {
        return change.isPresent() || main instanceof StatementPlan.Query<PhysicalPlan>;
    }

    private static StatementKind kind(StatementPlan<PhysicalPlan> statement) {
        if (statement instanceof StatementPlan.Insert<PhysicalPlan>) {
            return StatementKind.INSERT;
        }
        if (statement instanceof StatementPlan.Update<PhysicalPlan>) {
            return StatementKind.UPDATE;
        }
        if (statement instanceof StatementPlan.Delete<PhysicalPlan>
                || statement instanceof StatementPlan.Truncate<PhysicalPlan>) {
            return StatementKind.DELETE;
        }
        if (statement instanceof StatementPlan.Define<PhysicalPlan>
                || statement instanceof StatementPlan.CreateTableAs<PhysicalPlan>) {
            return StatementKind.DEFINITION;
        }
        if (statement instanceof StatementPlan.Control<PhysicalPlan> c) {
            ControlPlan control = c.control();
            if (control instanceof ControlPlan.Show || control instanceof ControlPlan.CheckDatabase) {
                return StatementKind.QUERY;
            }
            return control instanceof ControlPlan.SetOption
                            || control instanceof ControlPlan.Analyze
                            || control instanceof ControlPlan.Notice
                            || control instanceof ControlPlan.LockTables
                    ? StatementKind.SESSION
                    : StatementKind.TRANSACTION;
        }
        return StatementKind.QUERY;
    }

    private static List<ResultColumn> columns(StatementPlan<PhysicalPlan> statement) {
        if (statement instanceof StatementPlan.Query<PhysicalPlan> s) {
            return results(s.plan().columns());
        }
        if (statement instanceof StatementPlan.Insert<PhysicalPlan> s) {
            return s.returning().map(r -> results(r.columns())).orElse(List.of());
        }
        if (statement instanceof StatementPlan.Update<PhysicalPlan> s) {
            return s.returning().map(r -> results(r.columns())).orElse(List.of());
        }
        if (statement instanceof StatementPlan.Delete<PhysicalPlan> s) {
            return s.returning().map(r -> results(r.columns())).orElse(List.of());
        }
        if (statement instanceof StatementPlan.ExplainPlan<PhysicalPlan>) {
            return List.of(text("plan"));
        }
        if (statement instanceof StatementPlan.Control<PhysicalPlan> c
                && c.control() instanceof ControlPlan.Show show) {
            return show.name().equals("all") ? List.of(text("name"), text("setting")) : List.of(text(show.name()));
        }
        if (statement instanceof StatementPlan.Control<PhysicalPlan> c
                && c.control() instanceof ControlPlan.CheckDatabase) {
            return List.of(text("table_schema"), text("table_name"), text("object"), text("finding"));
        }
        return List.of();
    }

    private static ResultColumn text(String label) {
        return new ResultColumn(label, label, SqlType.TEXT, true, Optional.empty(), Optional.empty(), false);
    }

    private static List<ResultColumn> results(List<PlanColumn> columns) {
        ResultColumn[] results = new ResultColumn[columns.size()];
        for (int i = 0; i < results.length; i++) {
            results[i] = result(columns.get(i));
        }
        return List.of(results);
    }

    private static ResultColumn result(PlanColumn c) {
        if (c.origin().isEmpty()) {
            return new ResultColumn(
                    c.name(), c.name(), c.type(), c.nullable(), Optional.empty(), Optional.empty(), false);
        }
        PlanColumn.Origin origin = c.origin().get();
        return new ResultColumn(
                c.name(),
                origin.column(),
                c.type(),
                c.nullable(),
                Optional.of(origin.table()),
                Optional.of(origin.schema()),
                origin.autoIncrement());
    }

    /** Columns of the table an INSERT writes to. */
    List<ResultColumn> insertedColumns() {
        if (!(main instanceof StatementPlan.Insert<PhysicalPlan> insert)) {
            return List.of();
        }
        Table table = insert.table();
        return table.columns().stream().map(c -> inserted(table, c)).toList();
    }

    private static ResultColumn inserted(Table table, Column column) {
        return new ResultColumn(
                column.name(),
                column.name(),
                column.type(),
                !column.notNull(),
                Optional.of(table.name()),
                Optional.of(table.schema()),
                column.identity().isPresent());
    }

    private static List<ResultColumn> generatedKeyColumns(StatementPlan<PhysicalPlan> statement) {
        if (!(statement instanceof StatementPlan.Insert<PhysicalPlan> insert)) {
            return List.of();
        }
        Table table = insert.table();
        List<ResultColumn> columns = new ArrayList<>();
        for (int ordinal : InsertStatement.keyOrdinals(table)) {
            columns.add(inserted(table, table.columns().get(ordinal)));
        }
        return List.copyOf(columns);
    }
}
