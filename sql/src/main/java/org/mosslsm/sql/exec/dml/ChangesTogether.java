// The changes of a WITH clause.
package org.mosslsm.sql.exec.dml;

import java.util.ArrayList;
import java.util.List;
import org.mosslsm.sql.exec.spill.RowList;
import org.mosslsm.sql.plan.PhysicalPlan;
import org.mosslsm.sql.plan.StatementPlan;

/**
 * INSERT, UPDATE and DELETE as WITH queries, compiled: each is done once and to its end, in their order, whoever reads what it
 * returns; all read what was there before the first. Then comes the statement that has them. Immutable.
 */
public final class ChangesTogether {
    private record Part(PhysicalPlan.CommonScan rows, ChangeStatement change) {}

    private final List<Part> parts = new ArrayList<>();

    /** Compiles them for the tables of the catalog that they were planned with. */
    public ChangesTogether(StatementPlan.WithChanges<PhysicalPlan> plan, TableAccesses accesses) {
        for (StatementPlan.CommonChange<PhysicalPlan> c : plan.changes()) {
            parts.add(new Part((PhysicalPlan.CommonScan) c.rows(), ChangeStatement.compile(c.change(), accesses)));
        }
    }

    /** Does them; what they return is there for the rest of the execution. Throws as {@link ChangeStatement#run}. */
    public void run(ChangeContext context) {
        context.execution().beginChangesTogether();
        for (Part part : parts) {
            ChangeResult result = part.change().run(context);
            RowList rows = result.returned()
                    .orElseGet(() -> new RowList(context.execution().workspace()));
            context.execution().giveRows(part.rows(), rows);
        }
    }
}
