// UPDATE.
package org.mosslsm.sql.exec.dml;

import java.util.Arrays;
import java.util.List;
import org.mosslsm.sql.exec.ExecutionContext;
import org.mosslsm.sql.expr.Evaluator;
import org.mosslsm.sql.expr.Row;
import org.mosslsm.sql.expr.ValueRow;
import org.mosslsm.sql.plan.PhysicalPlan;
import org.mosslsm.sql.plan.StatementPlan;

/** UPDATE, with FROM and RETURNING. Immutable. */
final class UpdateStatement extends ChangeStatement {
    private final TableAccess access;
    private final TableAccesses accesses;
    private final PhysicalPlan source;
    private final boolean stream;
    private final boolean freezes;
    private final boolean joined;
    private final int width;
    private final Assignments assignments;
    private final Evaluator condition;
    private final RowChecks checks;
    private final Projection returning;

    UpdateStatement(StatementPlan.Update<PhysicalPlan> plan, TableAccesses accesses) {
        this.access = accesses.of(plan.table().id());
        this.accesses = accesses;
        this.source = plan.source();
        this.width = access.table.rowColumns().size();
        this.joined = source.width() > width;
        this.stream =
                Sources.streams(source) && plan.assignments().stream().noneMatch(a -> Sources.hasSubquery(a.value()));
        this.freezes = Sources.haveSubquery(List.of(
                        plan.assignments().stream().map(StatementPlan.Assignment::value),
                        plan.condition().stream(),
                        Sources.of(plan.returning())))
                || (stream && Sources.opensScansOf(access.table, source));
        this.assignments = new Assignments(plan.assignments());
        this.condition = plan.condition().map(Evaluator::compile).orElse(null);
        this.checks = new RowChecks(access.table, plan.checks());
        this.returning = Projection.of(plan.returning());
    }

    @Override
    public ChangeResult run(ChangeContext context) {
        context.locks().share(access.table);
        ExecutionContext execution = context.execution();
        if (freezes) {
            execution.freezeReads();
        }
        try (RowChanges rows = new RowChanges(context);
                References references = new References(context, accesses, rows);
                SourceRows locked = new SourceRows(access, context, condition, references, joined);
                Answer answer = new Answer(returning, NO_KEYS, execution)) {
            long[] count = new long[1];
            Sources.forEach(source, stream, execution, sourceRow -> locked.lock(sourceRow)
                    .ifPresent(now -> {
                        Object[] values = Arrays.copyOf(now.toArray(), width);
                        ValueRow before = new ValueRow(values.clone());
                        assignments.apply(now, values, execution);
                        checks.asStored(values);
                        ValueRow after = new ValueRow(values);
                        checks.check(after, execution);
                        rows.update(access, before, after);
                        references.updated(access, before, after);
                        count[0]++;
                        answer.add(withJoined(after, now));
                    }));
            references.settle();
            return answer.result(count[0]);
        }
    }

    /** The new table row, followed by the row of FROM. */
    private Row withJoined(Row after, Row source) {
        if (!joined) {
            return after;
        }
        int columns = access.table.columns().size();
        Object[] values = new Object[columns + source.size() - width];
        for (int i = 0; i < columns; i++) {
            values[i] = after.get(i);
        }
        for (int i = width; i < source.size(); i++) {
            values[columns + i - width] = source.get(i);
        }
        return new ValueRow(values);
    }
}
