// DELETE.
package org.mosslsm.sql.exec.dml;

import java.util.List;
import java.util.Optional;
import org.mosslsm.kv.Cursor;
import org.mosslsm.kv.EntryBatch;
import org.mosslsm.kv.KeyRange;
import org.mosslsm.kv.ScanHints;
import org.mosslsm.kv.txn.Transaction;
import org.mosslsm.sql.catalog.Index;
import org.mosslsm.sql.encode.IndexKeys;
import org.mosslsm.sql.exec.ExecutionContext;
import org.mosslsm.sql.exec.KeyRanges;
import org.mosslsm.sql.expr.Evaluator;
import org.mosslsm.sql.expr.Row;
import org.mosslsm.sql.expr.ValueRow;
import org.mosslsm.sql.plan.KeyRangeSpec;
import org.mosslsm.sql.plan.PhysicalPlan;
import org.mosslsm.sql.plan.StatementPlan;

/**
 * DELETE, with USING and RETURNING. Row by row, unless whole ranges of the primary index go and nobody needs to know
 * which rows: then the rows are counted and the ranges deleted. Immutable.
 */
final class DeleteStatement extends ChangeStatement {
    private final TableAccess access;
    private final TableAccesses accesses;
    private final PhysicalPlan source;
    private final boolean stream;
    private final int width;
    private final Evaluator condition;
    private final Projection returning;
    /** The ranges that go as a whole; null where rows go one by one. */
    private final KeyRanges ranges;

    private final boolean everything;

    DeleteStatement(StatementPlan.Delete<PhysicalPlan> plan, TableAccesses accesses) {
        this.access = accesses.of(plan.table().id());
        this.accesses = accesses;
        this.source = plan.source();
        this.width = access.table.rowColumns().size();
        this.stream = Sources.streams(source);
        this.condition = plan.condition().map(Evaluator::compile).orElse(null);
        this.returning = Projection.of(plan.returning());
        Optional<KeyRangeSpec> whole = plan.whole().filter(w -> returning == null && access.children.isEmpty());
        this.everything = whole.isPresent() && whole.get().isAll();
        // Entries of other indexes lie elsewhere: they go with a range only when all of them do.
        boolean byRange = whole.isPresent() && (everything || access.secondary.isEmpty());
        this.ranges = byRange ? new KeyRanges(access.table, access.table.primary(), whole.get()) : null;
    }

    @Override
    public ChangeResult run(ChangeContext context) {
        context.locks().share(access.table);
        if (ranges != null) {
            List<KeyRanges.Span> spans = ranges.spans(context.execution(), false);
            if (!spans.stream().allMatch(KeyRanges.Span::single)) {
                return ChangeResult.count(deleteRanges(spans, context));
            }
        }
        return deleteRows(context);
    }

    // ---- ranges

    private long deleteRanges(List<KeyRanges.Span> spans, ChangeContext context) {
        Transaction tx = context.transaction();
        boolean stale = false;
        for (KeyRanges.Span span : spans) {
            stale |= tx.lockRange(span.range());
        }
        if (stale && context.readCommitted()) {
            tx.beginStatement();
            context.execution().checkCancelled();
        }
        long count = 0;
        for (KeyRanges.Span span : spans) {
            count += count(tx, span.range(), context.execution());
            tx.deleteRange(span.range());
        }
        if (everything) {
            for (Index index : access.table.indexes()) {
                tx.deleteRange(IndexKeys.range(access.table, index));
            }
        }
        return count;
    }

    private static long count(Transaction tx, KeyRange range, ExecutionContext execution) {
        long count = 0;
        try (Cursor cursor = tx.scan(range, Cursor.Direction.FORWARD, new ScanHints(0, true, false))) {
            for (EntryBatch batch = cursor.nextBatch(); batch != null; batch = cursor.nextBatch()) {
                execution.checkCancelled();
                count += batch.size();
            }
        }
        return count;
    }

    // ---- rows

    private ChangeResult deleteRows(ChangeContext context) {
        ExecutionContext execution = context.execution();
        try (RowChanges rows = new RowChanges(context);
                References references = new References(context, accesses, rows);
                SourceRows locked = new SourceRows(access, context, condition, references, source.width() > width);
                Answer answer = new Answer(returning, NO_KEYS, execution)) {
            long[] count = new long[1];
            Sources.forEach(source, stream, execution, sourceRow -> locked.lock(sourceRow)
                    .ifPresent(now -> {
                        rows.delete(access, now);
                        references.deleted(access, now);
                        count[0]++;
                        answer.add(withoutRowId(now));
                    }));
            references.settle();
            return answer.result(count[0]);
        }
    }

    /** The table row, followed by the row of USING. */
    private Row withoutRowId(Row source) {
        if (returning == null || !access.table.hasRowId()) {
            return source;
        }
        Object[] values = new Object[source.size() - 1];
        for (int i = 0, to = 0; i < source.size(); i++) {
            if (i != width - 1) {
                values[to++] = source.get(i);
            }
        }
        return new ValueRow(values);
    }
}
