// DELETE.
package org.mosslsm.sql.exec.dml;

import java.util.List;
import org.mosslsm.kv.Cursor;
import org.mosslsm.kv.EntryBatch;
import org.mosslsm.kv.KeyRange;
import org.mosslsm.kv.ScanHints;
import org.mosslsm.kv.txn.Isolation;
import org.mosslsm.kv.txn.Transaction;
import org.mosslsm.sql.catalog.Index;
import org.mosslsm.sql.encode.EncodedRow;
import org.mosslsm.sql.encode.IndexKeys;
import org.mosslsm.sql.exec.ExecutionContext;
import org.mosslsm.sql.exec.KeyRanges;
import org.mosslsm.sql.expr.Evaluator;
import org.mosslsm.sql.expr.Row;
import org.mosslsm.sql.expr.ValueRow;
import org.mosslsm.sql.plan.PhysicalPlan;
import org.mosslsm.sql.plan.StatementPlan;

/**
 * DELETE, with USING and RETURNING. Row by row, unless whole ranges of the primary index go and nobody needs to know
 * which rows:
 *
 * <pre>
 * a look          few rows in the ranges?  row by row: nobody has to lock, to remember and to look at ranges for them
 * lock the ranges
 * of each range   walk its rows: count them, and delete what they have in other indexes, whose entries lie elsewhere
 *                 delete the range
 * </pre>
 *
 * Immutable.
 */
final class DeleteStatement extends ChangeStatement {
    /** Rows a range must hold to go as a whole, on average. */
    private static final int FEW_ROWS = 64;

    /** Every lock that anybody takes looks at all locked ranges, one after the other; more of them, and rows go one by one. */
    private static final int MOST_RANGES = 256;

    private final TableAccess access;
    private final TableAccesses accesses;
    private final PhysicalPlan source;
    private final boolean stream;
    private final boolean freezes;
    private final int width;
    private final Evaluator condition;
    private final Projection returning;
    /** The ranges that go as a whole; null where rows go one by one. */
    private final KeyRanges ranges;

    private final boolean everything;
    private final boolean certain;

    DeleteStatement(StatementPlan.Delete<PhysicalPlan> plan, TableAccesses accesses) {
        this.access = accesses.of(plan.table().id());
        this.accesses = accesses;
        this.source = plan.source();
        this.width = access.table.rowColumns().size();
        this.stream = Sources.streams(source);
        this.freezes = Sources.haveSubquery(List.of(plan.condition().stream(), Sources.of(plan.returning())));
        this.condition = plan.condition().map(Evaluator::compile).orElse(null);
        this.returning = Projection.of(plan.returning());
        this.everything = plan.whole().isPresent() && plan.whole().get().isAll();
        this.certain = plan.wholeTable();
        this.ranges = plan.whole()
                .map(w -> new KeyRanges(access.table, access.table.primary(), w))
                .orElse(null);
    }

    @Override
    public ChangeResult run(ChangeContext context) {
        context.locks().share(access.table);
        if (ranges != null && !context.execution().changesTogether()) {
            List<KeyRanges.Span> spans = ranges.spans(context.execution(), false);
            if (certain || (holdMany(spans, context) && canGoAsAWhole(context))) {
                return ChangeResult.count(deleteRanges(spans, context));
            }
        }
        return deleteRows(context);
    }

    // ---- ranges

    /**
     * Whether the whole table may go as one range. Who inserts rows that have no key locks none, so that a range would hide
     * rows that come after it: then nobody else may write to the table. Nor may it hide rows that the snapshot of
     * REPEATABLE READ does not show; SERIALIZABLE finds those at the commit.
     */
    private boolean canGoAsAWhole(ChangeContext context) {
        if (!access.table.hasRowId()) {
            return true;
        }
        Transaction tx = context.transaction();
        if (tx.isolation() == Isolation.REPEATABLE_READ || !context.locks().tryTakeAlone(access.table)) {
            return false;
        }
        if (context.readCommitted()) {
            tx.beginStatement(); // what others committed before they were kept out goes too
            context.execution().checkCancelled(); // it forgets a cancel that came before
        }
        return true;
    }

    private static boolean holdMany(List<KeyRanges.Span> spans, ChangeContext context) {
        if (spans.size() > MOST_RANGES || spans.stream().allMatch(KeyRanges.Span::single)) {
            return false;
        }
        long missing = (long) FEW_ROWS * spans.size();
        for (KeyRanges.Span span : spans) {
            int limit = (int) Math.min(missing, FEW_ROWS) + 1;
            ScanHints hints = new ScanHints(limit, true, true);
            try (Cursor cursor = context.transaction().scan(span.range(), Cursor.Direction.FORWARD, hints)) {
                for (EntryBatch batch = cursor.nextBatch(); batch != null; batch = cursor.nextBatch()) {
                    context.execution().checkCancelled();
                    missing -= batch.size();
                    if (missing < 0) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

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
        try (RowChanges rows = new RowChanges(context)) {
            for (KeyRanges.Span span : spans) {
                count += deleteRange(span.range(), rows, context);
            }
        }
        if (everything) {
            for (Index index : access.table.indexes()) {
                tx.deleteRange(IndexKeys.range(access.table, index));
            }
        }
        return count;
    }

    /** Deletes the rows of a locked range; returns how many there were. */
    private long deleteRange(KeyRange range, RowChanges rows, ChangeContext context) {
        Transaction tx = context.transaction();
        boolean entries = !everything && !access.secondary.isEmpty();
        EncodedRow row = entries ? access.codec.newRow() : null;
        long count = 0;
        try (Cursor cursor = tx.scan(range, Cursor.Direction.FORWARD, new ScanHints(0, !entries, false))) {
            for (EntryBatch batch = cursor.nextBatch(); batch != null; batch = cursor.nextBatch()) {
                context.execution().checkCancelled();
                for (int i = 0; entries && i < batch.size(); i++) {
                    row.set(batch.keys(), batch.keyOffset(i), batch.valueArray(i), batch.valueOffset(i));
                    rows.deleteEntries(access, row);
                }
                count += batch.size();
            }
        }
        if (count > 0) {
            tx.removeRange(range, count);
        }
        return count;
    }

    // ---- rows

    private ChangeResult deleteRows(ChangeContext context) {
        ExecutionContext execution = context.execution();
        if (freezes) {
            execution.freezeReads();
        }
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
