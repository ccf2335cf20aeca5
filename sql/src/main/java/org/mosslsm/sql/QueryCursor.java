// The rows of a running query.
package org.mosslsm.sql;

import org.mosslsm.sql.error.Cancellation;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;
import org.mosslsm.sql.exec.ExecutionContext;
import org.mosslsm.sql.exec.RowEnumerator;
import org.mosslsm.sql.exec.spill.RowList;
import org.mosslsm.sql.expr.Row;

/**
 * Streams the rows of a query. Under autocommit it has a transaction of its own, which it ends when it is closed; in a
 * transaction it ends with that at the latest. Used under the session's lock, except {@link #row}, which takes none: the
 * row it gives is not touched by what others do meanwhile.
 */
final class QueryCursor implements RowCursor {
    private final LiveSession session;
    private final SessionTransaction transaction;
    private final boolean ownsTransaction;
    private final StatementWatch watch;
    private final RowEnumerator rows;
    private final ExecutionContext context;
    private boolean closed;
    private boolean endedByTransaction;
    /** Whether the first row was read already, and waits for the first {@code next}. */
    private boolean firstWaits;
    /** The rest of the rows, once another statement of the transaction made it necessary to read them; else null. */
    private RowList kept;
    /**
     * The row at hand; null where there is none. Set by {@link #next} alone (and unset by the end), so that it stays while
     * another thread's statement has the rest of the rows read: it is a copy where that may happen.
     */
    private Row shown;
    /** What went wrong while they were read: said where they end. */
    private SqlException keptError;

    QueryCursor(
            LiveSession session,
            SessionTransaction transaction,
            boolean ownsTransaction,
            StatementWatch watch,
            RowEnumerator rows,
            ExecutionContext context) {
        this.session = session;
        this.transaction = transaction;
        this.ownsTransaction = ownsTransaction;
        this.watch = watch;
        this.rows = rows;
        this.context = context;
    }

    /** Reads the first row, so that what is wrong with the query shows when it is executed, not when it is read. */
    void start() {
        firstWaits = rows.moveNext();
    }

    @Override
    public boolean next() {
        session.lock();
        try {
            if (closed) {
                if (endedByTransaction) {
                    throw new SqlException(
                            session.isClosed() ? SqlState.CONNECTION_CLOSED : "24000",
                            "the result was closed together with its transaction");
                }
                return false;
            }
            if (kept != null) {
                return nextKept();
            }
            if (firstWaits) {
                firstWaits = false;
                show();
                return true;
            }
            watch.resume();
            boolean more = rows.moveNext();
            watch.pause();
            show();
            return more;
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
            close();
            throw StoreErrors.translate(e);
        } finally {
            session.unlock();
        }
    }

    private void show() {
        Row current = rows.current();
        boolean stays = current == null || ownsTransaction || rows.isSettled();
        shown = stays ? current : current.copy();
    }

    private boolean nextKept() {
        shown = kept.next();
        if (shown == null && keptError != null) {
            throw keptError;
        }
        return shown != null;
    }

    /**
     * Another statement is about to begin in the transaction. It may move the snapshot or write, and this query must see
     * neither: what it has not looked up yet is read now. A plain scan has its cursor and just goes on.
     */
    void letAnotherBegin() {
        if (closed || kept != null || rows.isSettled()) {
            return;
        }
        RowList rest = new RowList(context.workspace().afterwards());
        watch.resume();
        try {
            if (firstWaits) {
                rest.add(rows.current().copy());
                firstWaits = false;
            }
            while (rows.moveNext()) {
                Cancellation.ask(); // of the statement that waits
                rest.add(rows.current().copy());
            }
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
            keptError = StoreErrors.translate(e);
        }
        kept = rest;
        endRows();
    }

    @Override
    public Row row() {
        Row now = shown;
        if (now == null) {
            throw new SqlException(
                    "24000",
                    endedByTransaction ? "the result was closed together with its transaction" : "there is no row");
        }
        return now;
    }

    @Override
    public void close() {
        session.lock();
        try {
            if (!closed) {
                closed = true;
                shown = null;
                transaction.closed(this);
                endRows();
                if (ownsTransaction) {
                    session.streamed(transaction);
                    transaction.rollback(); // it only read
                }
            }
        } catch (RuntimeException e) {
            throw StoreErrors.translate(e);
        } finally {
            session.unlock();
        }
    }

    private void endRows() {
        try (context) {
            rows.close();
        } finally {
            if (closed && kept != null) {
                kept.clear();
            }
        }
    }

    void endWithTransaction() {
        if (!closed) {
            closed = true;
            endedByTransaction = true;
            shown = null;
            endRows();
        }
    }
}
