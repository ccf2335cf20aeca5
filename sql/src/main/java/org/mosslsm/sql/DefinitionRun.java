// Statements that change the catalog.
package org.mosslsm.sql;

import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.exec.dml.ChangeContext;
import org.mosslsm.sql.plan.PhysicalPlan;
import org.mosslsm.sql.plan.StatementPlan;

/** Runs definitions. */
final class DefinitionRun {
    private DefinitionRun() {}

    static Outcome run(StatementPlan<PhysicalPlan> statement, ChangeContext context, SessionTransaction transaction) {
        throw SqlException.notSupported(statement.getClass().getSimpleName());
    }
}
