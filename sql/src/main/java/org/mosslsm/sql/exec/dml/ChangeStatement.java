// A changing statement, ready to run.
package org.mosslsm.sql.exec.dml;

import org.mosslsm.sql.plan.PhysicalPlan;
import org.mosslsm.sql.plan.StatementPlan;

/** A compiled INSERT, UPDATE, DELETE or TRUNCATE: made once a plan, immutable, shared by its executions. */
public abstract class ChangeStatement {
    /** No column is a generated key. */
    static final int[] NO_KEYS = {};

    ChangeStatement() {}

    /**
     * Compiles a statement for the tables of the catalog it was planned with.
     *
     * @throws IllegalArgumentException when it changes no rows
     */
    public static ChangeStatement compile(StatementPlan<PhysicalPlan> plan, TableAccesses accesses) {
        if (plan instanceof StatementPlan.Insert<PhysicalPlan> insert) {
            return new InsertStatement(insert, accesses);
        }
        if (plan instanceof StatementPlan.Update<PhysicalPlan> update) {
            return new UpdateStatement(update, accesses);
        }
        if (plan instanceof StatementPlan.Delete<PhysicalPlan> delete) {
            return new DeleteStatement(delete, accesses);
        }
        if (plan instanceof StatementPlan.Truncate<PhysicalPlan> truncate) {
            return new TruncateStatement(truncate, accesses);
        }
        throw new IllegalArgumentException("no change: " + plan.getClass().getSimpleName());
    }

    /**
     * Runs it. Where this throws, the caller rolls the transaction back to where the statement began.
     *
     * @throws org.mosslsm.sql.error.SqlException when a constraint is violated, or an expression fails
     * @throws CatalogChangedException when it must be planned anew
     */
    public abstract ChangeResult run(ChangeContext context);
}
