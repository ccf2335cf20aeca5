// One statement with many rows of parameters.
package org.mosslsm.sql;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.exec.dml.ChangeContext;
import org.mosslsm.sql.exec.dml.InsertStatement;
import org.mosslsm.sql.exec.spill.RowList;
import org.mosslsm.sql.exec.spill.Workspace;
import org.mosslsm.sql.expr.ValueRow;

/**
 * A batch and how far it came. Runs in chunks, each a statement: what begins a statement is done once for many rows, and
 * a long batch still sees fresh snapshots and altered tables. Used once, under the session's lock.
 */
final class StatementBatch {
    /** Rows beyond which beginning a statement costs little. */
    private static final int CHUNK = 128;

    final LivePrepared prepared;
    final RunOptions options;
    private final List<? extends List<Object>> rows;
    private final long[] counts;
    /** Generated keys of the rows that ran; empty until there is one. */
    private Optional<RowList> keys = Optional.empty();

    private int done;

    StatementBatch(LivePrepared prepared, List<? extends List<Object>> rows, RunOptions options) {
        this.prepared = prepared;
        this.rows = rows;
        this.options = options;
        this.counts = new long[rows.size()];
    }

    /** Whether a statement may run so. */
    static boolean isPossible(CompiledStatement compiled) {
        return compiled.before.isEmpty()
                && compiled.change.orElse(null) instanceof InsertStatement insert
                && insert.takesBatches();
    }

    boolean isDone() {
        return done == rows.size();
    }

    /** Parameters of the next row. */
    List<Object> next() {
        return rows.get(done);
    }

    /** The next row was run by itself. */
    void ran(Outcome outcome, Workspace workspace) {
        counts[done++] = outcome.updateCount();
        outcome.generatedKeys().ifPresent(cursor -> {
            while (cursor.next()) {
                keys(workspace).add(cursor.row().copy());
            }
        });
    }

    private RowList keys(Workspace workspace) {
        if (keys.isEmpty()) {
            keys = Optional.of(new RowList(workspace.afterwards()));
        }
        return keys.get();
    }

    /** Makes the values of a row of parameters those that the expressions see. */
    interface Binding {
        void bind(List<Object> row);
    }

    /** Runs the next chunk; the row that failed, and only it, has left nothing behind. */
    void run(InsertStatement insert, ChangeContext context, Binding binding) {
        int from = done;
        InsertStatement.BatchResult result = insert.runBatch(
                context, options.keys(), Math.min(CHUNK, rows.size() - from), i -> binding.bind(rows.get(from + i)));
        System.arraycopy(result.counts(), 0, counts, done, result.counts().length);
        done += result.counts().length;
        result.keys().ifPresent(made -> {
            RowList all = keys(context.execution().workspace());
            for (ValueRow key = made.next(); key != null; key = made.next()) {
                all.add(key);
            }
            made.close();
        });
        if (result.failure().isPresent()) {
            throw new Stopped(result.failure().get());
        }
    }

    BatchOutcome outcome(Optional<SqlException> failure) {
        return new BatchOutcome(
                Arrays.copyOf(counts, done), keys.map(Cursors::of).orElseGet(() -> Cursors.of(List.of())), failure);
    }

    /** A row failed, and what came before it stands. */
    static final class Stopped extends RuntimeException {
        private static final long serialVersionUID = 1;

        Stopped(RuntimeException cause) {
            super(cause.getMessage(), cause, false, false);
        }
    }
}
