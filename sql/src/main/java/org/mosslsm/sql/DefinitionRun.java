// Statements that change the catalog.
package org.mosslsm.sql;

import java.util.Optional;
import org.mosslsm.sql.catalog.Catalog;
import org.mosslsm.sql.catalog.Table;
import org.mosslsm.sql.exec.ddl.DefinitionContext;
import org.mosslsm.sql.exec.ddl.DefinitionRunner;
import org.mosslsm.sql.exec.ddl.TableFill;
import org.mosslsm.sql.exec.dml.ChangeContext;
import org.mosslsm.sql.plan.DefinitionPlan;
import org.mosslsm.sql.plan.PhysicalPlan;
import org.mosslsm.sql.plan.StatementPlan;

/** Runs definitions in the session's transaction, which sees another catalog from then on. */
final class DefinitionRun {
    private DefinitionRun() {}

    static Outcome run(
            StatementPlan<PhysicalPlan> statement,
            Catalog catalog,
            ChangeContext context,
            SessionTransaction transaction) {
        if (statement instanceof StatementPlan.CreateTableAs<PhysicalPlan> c) {
            return createTableAs(c, catalog, context, transaction);
        }
        return done(
                define(((StatementPlan.Define<PhysicalPlan>) statement).definition(), catalog, context, transaction));
    }

    private static DefinitionRunner.Result define(
            DefinitionPlan plan, Catalog catalog, ChangeContext context, SessionTransaction transaction) {
        DefinitionRunner.Result result = DefinitionRunner.run(plan, definitions(context, catalog, transaction));
        if (result.catalog() != catalog) {
            transaction.defined();
        }
        return result;
    }

    private static Outcome createTableAs(
            StatementPlan.CreateTableAs<PhysicalPlan> statement,
            Catalog catalog,
            ChangeContext context,
            SessionTransaction transaction) {
        DefinitionRunner.Result made = define(statement.table(), catalog, context, transaction);
        if (!statement.withData()) {
            return done(made);
        }
        Table table = made.catalog()
                .table(statement.table().schema(), statement.table().name())
                .orElseThrow();
        long rows = TableFill.run(definitions(context, made.catalog(), transaction), table, statement.query());
        return new Outcome(Optional.empty(), rows, Optional.empty(), made.notices());
    }

    private static DefinitionContext definitions(
            ChangeContext context, Catalog catalog, SessionTransaction transaction) {
        return new DefinitionContext(
                context.execution(),
                catalog,
                context.locks(),
                context.numbers(),
                context.sequences(),
                context.expressions(),
                transaction.builds);
    }

    private static Outcome done(DefinitionRunner.Result result) {
        return new Outcome(Optional.empty(), 0, Optional.empty(), result.notices());
    }
}
