// Rows of UPDATE and DELETE, locked.
package org.mosslsm.sql.exec.dml;

import java.util.Arrays;
import java.util.Optional;
import org.mosslsm.kv.txn.ScratchMap;
import org.mosslsm.kv.txn.Transaction;
import org.mosslsm.sql.encode.KeyWriter;
import org.mosslsm.sql.expr.Evaluator;
import org.mosslsm.sql.expr.Row;
import org.mosslsm.sql.expr.Truth;
import org.mosslsm.sql.expr.ValueRow;

/**
 * Locks the row that a source row begins with, and reads it again where it may have changed since:
 *
 * <pre>
 * lock the primary key                       waits for its other writers
 * unchanged                                  the source row stands
 * changed by another part of the statement   passed over, as in PostgreSQL
 * gone                                       passed over
 * changed, and the condition is still true   the source row with the newest row in its place
 * changed, and it is not                     passed over
 * </pre>
 *
 * One object an execution; not thread-safe.
 */
final class SourceRows implements AutoCloseable {
    private static final byte[] MET = {1};

    private final TableAccess access;
    private final ChangeContext context;
    private final Transaction tx;
    private final Evaluator condition;
    private final References references;
    private final int width;
    private final KeyWriter scratch = new KeyWriter();
    /** Rows given before, where a join may deliver one twice; else null. */
    private final ScratchMap seen;

    /**
     * For one execution.
     *
     * @param condition the whole WHERE; null is true
     * @param joined whether source rows have more than the full row
     */
    SourceRows(TableAccess access, ChangeContext context, Evaluator condition, References references, boolean joined) {
        this.access = access;
        this.context = context;
        this.tx = context.transaction();
        this.condition = condition;
        this.references = references;
        this.width = access.table.rowColumns().size();
        this.seen = joined ? context.scratchMap() : null;
    }

    /** The source row as it is now, its row locked; empty where it is not to be changed any more. */
    Optional<ValueRow> lock(Row source) {
        byte[] key = access.primary.key(source, scratch);
        if (seen == null) {
            return lock(key, source);
        }
        if (seen.get(key) != null) {
            return Optional.empty();
        }
        // Only a row that is changed is done with: another pair may hold where this one, read again, does not.
        Optional<ValueRow> now = lock(key, source);
        if (now.isPresent()) {
            seen.put(key, MET);
        }
        return now;
    }

    private Optional<ValueRow> lock(byte[] key, Row source) {
        boolean mayHaveChanged = tx.lock(key);
        if (context.execution().hasChanged(key)) {
            return Optional.empty();
        }
        if (!mayHaveChanged && !references.changedOthers()) {
            return Optional.of(source.copy());
        }
        byte[] newest = tx.getLatest(key);
        if (newest == null) {
            return Optional.empty();
        }
        if (!references.changedOthers() && Arrays.equals(newest, tx.get(key))) {
            return Optional.of(source.copy());
        }
        Object[] values = source.toArray();
        Row row = access.codec.newRow().set(key, 0, newest, 0);
        for (int i = 0; i < width; i++) {
            values[i] = row.get(i);
        }
        ValueRow again = new ValueRow(values);
        boolean meant = condition == null || condition.test(again, context.execution()) == Truth.TRUE;
        return meant ? Optional.of(again) : Optional.empty();
    }

    @Override
    public void close() {
        if (seen != null) {
            seen.close();
        }
    }
}
