// INSERT.
package org.mosslsm.sql.exec.dml;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.mosslsm.kv.txn.ScratchMap;
import org.mosslsm.kv.txn.Transaction;
import org.mosslsm.sql.catalog.Column;
import org.mosslsm.sql.catalog.Index;
import org.mosslsm.sql.catalog.Sequence;
import org.mosslsm.sql.catalog.Table;
import org.mosslsm.sql.encode.IndexCodec;
import org.mosslsm.sql.encode.KeyWriter;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;
import org.mosslsm.sql.exec.ExecutionContext;
import org.mosslsm.sql.exec.Operator;
import org.mosslsm.sql.exec.spill.RowList;
import org.mosslsm.sql.expr.Evaluator;
import org.mosslsm.sql.expr.Row;
import org.mosslsm.sql.expr.Truth;
import org.mosslsm.sql.expr.ValueRow;
import org.mosslsm.sql.plan.PhysicalPlan;
import org.mosslsm.sql.plan.StatementPlan;
import org.mosslsm.sql.plan.StatementPlan.Generated;

/** INSERT, with ON CONFLICT and RETURNING. Immutable. */
public final class InsertStatement extends ChangeStatement {
    private final Table table;
    private final TableAccesses accesses;
    private final PhysicalPlan source;
    private final boolean stream;
    private final boolean freezes;
    private final Generated[] generated;
    private final Sequence[] sequences;
    private final RowChecks checks;
    private final Projection returning;

    /** What to do instead of an error; null where there is no ON CONFLICT. */
    private final StatementPlan.OnConflict onConflict;

    /** The index whose duplicates are meant; null where there is none, or any is. */
    private final Index arbiter;

    /** Whether rows in the way are deleted. */
    private final boolean replace;

    private final Assignments conflictAssignments;
    private final Evaluator conflictCondition;

    InsertStatement(StatementPlan.Insert<PhysicalPlan> plan, TableAccesses accesses) {
        this.table = accesses.of(plan.table().id()).table;
        this.accesses = accesses;
        this.source = plan.source();
        this.onConflict = plan.onConflict().orElse(null);
        Optional<StatementPlan.ConflictUpdate> update = plan.onConflict().flatMap(StatementPlan.OnConflict::update);
        this.arbiter =
                plan.onConflict().flatMap(StatementPlan.OnConflict::arbiter).orElse(null);
        this.replace = onConflict != null && onConflict.replace();
        this.stream = Sources.streams(source) && update.isEmpty() && !replace;
        this.freezes = Sources.haveSubquery(List.of(
                        update.stream().flatMap(u -> u.assignments().stream().map(StatementPlan.Assignment::value)),
                        update.flatMap(StatementPlan.ConflictUpdate::condition).stream(),
                        Sources.of(plan.returning())))
                || (stream && Sources.opensScansOf(table, source));
        this.generated = plan.generated().toArray(Generated[]::new);
        this.sequences = table.columns().stream()
                .map(c -> c.identity()
                        .map(i -> accesses.catalog().sequence(i.sequenceId()).orElseThrow())
                        .orElse(null))
                .toArray(Sequence[]::new);
        this.checks = new RowChecks(table, plan.checks());
        this.returning = Projection.of(plan.returning());
        this.conflictAssignments =
                update.map(u -> new Assignments(u.assignments())).orElse(null);
        this.conflictCondition = update.flatMap(StatementPlan.ConflictUpdate::condition)
                .map(Evaluator::compile)
                .orElse(null);
    }

    /** The columns an INSERT gives back as generated keys: identity columns, else the primary key. */
    public static int[] keyOrdinals(Table table) {
        int[] identities = IntStream.range(0, table.columns().size())
                .filter(i -> table.columns().get(i).identity().isPresent())
                .toArray();
        if (identities.length > 0 || table.hasRowId()) {
            return identities;
        }
        return table.ordinals(table.primary().columnIds());
    }

    @Override
    public ChangeResult run(ChangeContext context) {
        return run(context, List.of());
    }

    /**
     * Runs it, and gives columns of the rows it inserted back as {@link ChangeResult#keys}.
     *
     * @param keys names of columns of the table; 42703 for one that is none
     */
    public ChangeResult run(ChangeContext context, List<String> keys) {
        context.locks().share(table);
        if (freezes) {
            context.execution().freezeReads();
        }
        try (Run run = new Run(context, keys.stream().mapToInt(this::ordinal).toArray())) {
            Sources.forEach(source, stream, context.execution(), run::row);
            run.references.settle();
            return run.answer.result(run.count);
        }
    }

    /**
     * Whether it may run as {@link #runBatch} does: it writes one row that says all, or fails before it has written
     * anything.
     */
    public boolean takesBatches() {
        return stream
                && Sources.isOneRow(source)
                && returning == null
                && conflictAssignments == null
                && accesses.of(table.id()).parents.isEmpty();
    }

    /**
     * What a batch came to.
     *
     * @param counts rows written by each run that succeeded
     * @param keys as {@link ChangeResult#keys}, of all of them
     * @param failure of the run after them, which left nothing behind
     */
    public record BatchResult(long[] counts, Optional<RowList> keys, Optional<RuntimeException> failure) {}

    /**
     * Runs it {@code times} times, or up to the first that fails; only where {@link #takesBatches}.
     *
     * @param keys as in {@link #run(ChangeContext, List)}
     * @param bind sets the parameters of the run counted from 0
     * @throws RuntimeException when a failure left something behind: then all is to be undone
     */
    public BatchResult runBatch(ChangeContext context, List<String> keys, int times, IntConsumer bind) {
        context.locks().share(table);
        long[] counts = new long[times];
        Operator rows = context.execution().plans().operator(source);
        try (Run run = new Run(context, keys.stream().mapToInt(this::ordinal).toArray())) {
            Consumer<Row> write = run::row;
            for (int i = 0; i < times; i++) {
                long before = run.count;
                try {
                    bind.accept(i);
                    Sources.read(rows, context.execution(), write);
                } catch (RuntimeException e) {
                    if (run.rows.isWriting()) {
                        throw e;
                    }
                    return new BatchResult(
                            Arrays.copyOf(counts, i),
                            run.answer.result(run.count).keys(),
                            Optional.of(e));
                }
                counts[i] = run.count - before;
            }
            return new BatchResult(counts, run.answer.result(run.count).keys(), Optional.empty());
        }
    }

    private int ordinal(String column) {
        for (int i = 0; i < table.columns().size(); i++) {
            if (table.columns().get(i).name().equals(column)) {
                return i;
            }
        }
        throw new SqlException(
                SqlState.UNDEFINED_COLUMN, "table \"" + table.name() + "\" has no column \"" + column + "\"");
    }

    private final class Run implements AutoCloseable {
        private static final byte[] WRITTEN = {1};

        private final ChangeContext context;
        private final ExecutionContext execution;
        private final TableAccess access = accesses.of(table.id());
        private final RowChanges rows;
        private final References references;
        private final Answer answer;
        private final KeyWriter scratch = new KeyWriter();
        /** Primary keys this statement wrote, where it may meet them again; else null. */
        private final ScratchMap written;

        private long count;

        Run(ChangeContext context, int[] keyOrdinals) {
            this.context = context;
            this.execution = context.execution();
            this.rows = new RowChanges(context);
            this.references = new References(context, accesses, rows);
            this.answer = new Answer(returning, keyOrdinals, execution);
            this.written = conflictAssignments == null ? null : context.scratchMap();
        }

        @Override
        public void close() {
            answer.close();
            references.close();
            rows.close();
            if (written != null) {
                written.close();
            }
        }

        void row(Row sourceRow) {
            Object[] values = sourceRow.toArray();
            if (values.length != table.rowColumns().size()) {
                values = Arrays.copyOf(values, table.rowColumns().size());
            }
            generate(values);
            checks.asStored(values);
            ValueRow row = new ValueRow(values);
            checks.check(row, execution);
            if (conflictAssignments != null) {
                rows.lockHolder(access, row, arbiter);
            }
            RowChanges.Conflict conflict = rows.tryInsert(access, row, arbiter);
            while (conflict != null && replace) {
                takeAway(conflict.existingPrimaryKey());
                conflict = rows.tryInsert(access, row, arbiter);
            }
            if (conflict == null) {
                references.inserted(access, row);
                inserted(row);
            } else {
                conflict(conflict, row);
            }
        }

        private void generate(Object[] values) {
            for (int i = 0; i < sequences.length; i++) {
                if (generated[i] == Generated.ALWAYS && sequences[i] != null) {
                    long value = context.sequences().next(sequences[i]);
                    values[i] = fit(value, table.columns().get(i));
                    execution.generated(sequences[i].id(), value);
                }
            }
            if (table.hasRowId()) {
                values[values.length - 1] = context.numbers().rowId(table);
            }
        }

        private void inserted(ValueRow row) {
            count++;
            answer.add(row);
            answer.addKey(row);
            noteWritten(row);
        }

        private void noteWritten(Row row) {
            if (written != null) {
                written.put(access.primary.key(row, scratch), WRITTEN);
            }
        }

        private void conflict(RowChanges.Conflict conflict, ValueRow row) {
            IndexCodec index = conflict.index();
            boolean meant = onConflict != null
                    && (arbiter == null || arbiter.id() == index.index().id());
            if (!meant) {
                throw Violations.duplicate(table, index.index(), row);
            }
            if (conflictAssignments != null) {
                update(conflict.existingPrimaryKey(), row);
            }
        }

        private void update(byte[] key, ValueRow proposed) {
            boolean own = written.get(key) != null;
            if (own || execution.hasChanged(key)) {
                throw new SqlException(
                        SqlState.CARDINALITY_VIOLATION,
                        "ON CONFLICT DO UPDATE would change a row of table \"" + table.name() + "\" a second time: "
                                + (own ? "the rows to insert have equal keys" : "another change of the statement did"));
            }
            Transaction tx = context.transaction();
            tx.lock(key);
            byte[] value = tx.getLatest(key);
            if (value == null) {
                // Its transaction took it away while we waited for the row: nobody has the key now.
                rows.insert(access, proposed);
                references.inserted(access, proposed);
                inserted(proposed);
                return;
            }
            ValueRow before = access.codec.newRow().set(key, 0, value, 0).copy();
            Row both = concat(before, proposed);
            if (conflictCondition != null && conflictCondition.test(both, execution) != Truth.TRUE) {
                return;
            }
            Object[] values = before.toArray();
            conflictAssignments.apply(both, values, execution);
            checks.asStored(values);
            ValueRow after = new ValueRow(values);
            checks.check(after, execution);
            rows.update(access, before, after);
            rows.flush();
            noteWritten(after);
            references.updated(access, before, after);
            count++;
            answer.add(after);
            answer.addKey(after);
        }

        /** Deletes the row in the way, if it is still there. */
        private void takeAway(byte[] key) {
            Transaction tx = context.transaction();
            tx.lock(key);
            byte[] value = tx.getLatest(key);
            if (value != null) {
                ValueRow before = access.codec.newRow().set(key, 0, value, 0).copy();
                rows.delete(access, before);
                references.deleted(access, before);
            }
        }

        /** The existing table row, then the proposed one. */
        private Row concat(Row before, Row proposed) {
            int n = table.columns().size();
            Object[] values = new Object[2 * n];
            for (int i = 0; i < n; i++) {
                values[i] = before.get(i);
                values[n + i] = proposed.get(i);
            }
            return new ValueRow(values);
        }
    }

    private static Long fit(long value, Column column) {
        long max =
                switch (column.type().kind()) {
                    case SMALLINT -> Short.MAX_VALUE;
                    case INTEGER -> Integer.MAX_VALUE;
                    default -> Long.MAX_VALUE;
                };
        if (value > max || value < -max - 1) {
            throw SqlException.outOfRange("generated value " + value + " does not fit column \"" + column.name()
                    + "\" of type " + column.type());
        }
        return value;
    }
}
