// FOR UPDATE and FOR SHARE.
package org.mosslsm.sql.exec;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.mosslsm.kv.txn.Transaction;
import org.mosslsm.kv.txn.TransactionException;
import org.mosslsm.sql.catalog.Table;
import org.mosslsm.sql.encode.KeyWriter;
import org.mosslsm.sql.encode.TableCodec;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;
import org.mosslsm.sql.expr.Evaluator;
import org.mosslsm.sql.expr.Row;
import org.mosslsm.sql.expr.ScalarExpr;
import org.mosslsm.sql.expr.Truth;
import org.mosslsm.sql.expr.ValueRow;
import org.mosslsm.sql.plan.LogicalPlan.LockRows.WhenLocked;
import org.mosslsm.sql.plan.LogicalPlan.LockedTable;
import org.mosslsm.sql.plan.PhysicalPlan;

/**
 * Locks the rows that come, until the transaction ends, and keeps their tables from being altered. What changed since the
 * snapshot is read again under its lock:
 *
 * <pre>
 * lock the primary key of each table's row   held by another: wait, fail, or pass the row over
 * unchanged                                  the row stands
 * changed by the statement, in its WITH      passed over, as in PostgreSQL
 * gone                                       passed over
 * changed, and all conditions are true       the row with the newest in its place
 * changed, and one is not                    passed over; the lock stays, as in PostgreSQL
 * </pre>
 */
final class LockRowsOperator extends Operator {
    private final Operator input;
    private final List<Target> targets = new ArrayList<>();
    private final Evaluator[] conditions;
    private final boolean exclusive;
    private final WhenLocked whenLocked;

    /** A table and where its row lies in the input's. */
    private static final class Target {
        final Table table;
        final TableCodec codec;
        final int[] columns;

        Target(LockedTable t) {
            this.table = t.table();
            this.codec = new TableCodec(t.table());
            this.columns = t.row().stream()
                    .mapToInt(e -> ((ScalarExpr.ColumnRef) e).index())
                    .toArray();
        }

        Row row(Row joined) {
            Object[] values = new Object[columns.length];
            for (int i = 0; i < values.length; i++) {
                values[i] = joined.get(columns[i]);
            }
            return new ValueRow(values);
        }
    }

    LockRowsOperator(PhysicalPlan.LockRows plan, Operator input) {
        this.input = input;
        plan.tables().forEach(t -> targets.add(new Target(t)));
        this.conditions = compile(plan.conditions());
        this.exclusive = plan.exclusive();
        this.whenLocked = plan.whenLocked();
    }

    @Override
    public RowEnumerator open(ExecutionContext context) {
        return new Run(context);
    }

    private final class Run extends RowEnumerator {
        private final RowEnumerator rows;
        private final Transaction tx;
        private final KeyWriter scratch = new KeyWriter();

        Run(ExecutionContext context) {
            super(context);
            targets.forEach(t -> context.tables().share(t.table));
            this.rows = own(input.open(context));
            this.tx = context.transaction();
        }

        @Override
        protected Row advance() {
            while (rows.moveNext()) {
                Row locked = lock(rows.current());
                if (locked != null) {
                    return locked;
                }
            }
            return null;
        }

        /** The row as it is now; null where it is passed over. */
        private Row lock(Row source) {
            Object[] values = null;
            for (Target t : targets) {
                byte[] key = t.codec.primary().key(t.row(source), scratch);
                Boolean mayHaveChanged = lock(key, t.table);
                if (mayHaveChanged == null || context.hasChanged(key)) {
                    return null;
                }
                if (mayHaveChanged) {
                    byte[] newest = tx.getLatest(key);
                    if (newest == null) {
                        return null;
                    }
                    if (!Arrays.equals(newest, tx.get(key))) {
                        values = values == null ? source.toArray() : values;
                        Row now = t.codec.newRow().set(key, 0, newest, 0);
                        for (int i = 0; i < t.columns.length; i++) {
                            values[t.columns[i]] = now.get(i);
                        }
                    }
                }
            }
            if (values == null) {
                return source;
            }
            ValueRow again = new ValueRow(values);
            for (Evaluator condition : conditions) {
                if (condition.test(again, context) != Truth.TRUE) {
                    return null;
                }
            }
            return again;
        }

        /** Whether the row may have changed since the snapshot; null where it is locked and passed over for that. */
        private Boolean lock(byte[] key, Table table) {
            if (whenLocked == WhenLocked.WAIT) {
                return exclusive ? tx.lock(key) : tx.lockShared(key);
            }
            tx.setLockTimeoutMillis(0);
            try {
                return exclusive ? tx.lock(key) : tx.lockShared(key);
            } catch (TransactionException e) {
                if (e.kind() != TransactionException.Kind.LOCK_TIMEOUT) {
                    throw e;
                }
                if (whenLocked == WhenLocked.SKIP) {
                    return null;
                }
                throw new SqlException(
                        SqlState.LOCK_NOT_AVAILABLE,
                        "a row of table \"" + table.name() + "\" is locked by another transaction",
                        e);
            } finally {
                // For the locks of the statement around this query.
                tx.setLockTimeoutMillis(Long.parseLong(context.session().setting("lock_timeout", false)));
            }
        }
    }
}
