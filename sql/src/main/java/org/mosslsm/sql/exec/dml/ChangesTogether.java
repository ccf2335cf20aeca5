// The changes of a WITH clause.
package org.mosslsm.sql.exec.dml;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.mosslsm.sql.exec.spill.RowList;
import org.mosslsm.sql.plan.PhysicalPlan;
import org.mosslsm.sql.plan.StatementPlan;

/**
 * INSERT, UPDATE and DELETE as WITH queries, compiled: each is done once and to its end, in their order, whoever reads what it
 * returns; all read what was there before the first. Then comes the statement that has them. Foreign keys hold at the end of
 * all. Immutable.
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

    /** Does them, and then {@code main}, which is a change. Throws as {@link ChangeStatement#run}. */
    public <T> T beforeChange(ChangeContext context, Function<ChangeContext, T> main) {
        try (Unsettled unsettled = new Unsettled()) {
            ChangeContext together = context.with(unsettled);
            run(together);
            unsettled.lastFollows();
            return main.apply(together);
        }
    }

    /**
     * Does them, and then {@code main}, which reads, and locks what no cascade has changed yet. Throws as
     * {@link ChangeStatement#run}.
     *
     * @param main gives rows that stand by themselves
     * @param unwanted closes them, where a foreign key is violated
     */
    public <T> T beforeQuery(ChangeContext context, Supplier<T> main, Consumer<T> unwanted) {
        try (Unsettled unsettled = new Unsettled()) {
            run(context.with(unsettled));
            T rows = main.get();
            boolean settled = false;
            try {
                unsettled.settle();
                settled = true;
            } finally {
                if (!settled) {
                    unwanted.accept(rows);
                }
            }
            return rows;
        }
    }

    private void run(ChangeContext context) {
        context.execution().beginChangesTogether();
        for (Part part : parts) {
            ChangeResult result = part.change().run(context);
            RowList rows = result.returned()
                    .orElseGet(() -> new RowList(context.execution().workspace()));
            context.execution().giveRows(part.rows(), rows);
        }
    }
}
