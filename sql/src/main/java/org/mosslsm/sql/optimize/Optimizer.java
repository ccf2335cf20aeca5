// The door of the package.
package org.mosslsm.sql.optimize;

import java.util.function.ToDoubleFunction;
import org.mosslsm.sql.plan.LogicalPlan;
import org.mosslsm.sql.plan.PhysicalPlan;
import org.mosslsm.sql.plan.PlannedStatement;

/** Turns bound statements into executable ones. Thread-safe. */
public final class Optimizer {
    private final Statistics statistics;

    /** An optimiser that asks {@code statistics} for sizes. */
    public Optimizer(Statistics statistics) {
        this.statistics = statistics;
    }

    /** About how many rows a node of a plan gives each time it is opened. */
    public ToDoubleFunction<PhysicalPlan> expectedRows() {
        return new ExpectedRows(new Estimates(statistics))::of;
    }

    /** The same statement over physical plans; it may need more slots. */
    public PlannedStatement<PhysicalPlan> optimize(PlannedStatement<LogicalPlan> bound) {
        Slots slots = new Slots(bound.slots());
        QueryOptimizer queries = new QueryOptimizer(new Estimates(statistics), slots);
        var statement = new StatementOptimizer(queries).optimize(bound.statement());
        return new PlannedStatement<>(statement, bound.parameters(), slots.used());
    }
}
