package org.mosslsm.sql.exec;

import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.linq4j.Enumerator;
import org.mosslsm.sql.expr.Row;

/**
 * One run of one operator: the base of all of them. It stores its current row (so that asking for it twice costs
 * nothing), counts rows, checks for cancellation, and closes its inputs: when its rows end, when it fails, and when it
 * is closed before either.
 *
 * <p>The row is valid until the next move; who keeps it copies it. Opening an enumerator reads nothing; the first move
 * does. Thread safety: none, one thread at a time.
 */
public abstract class RowEnumerator implements Enumerator<Row> {
    /**
     * Moves between two looks at the cancel flag: rare enough to cost nothing, often enough to stop within a blink where a
     * row takes milliseconds.
     */
    private static final int CANCEL_CHECK_MASK = 15;

    /** What this run sees besides its inputs. */
    protected final ExecutionContext context;

    /** The first of the inputs, and the others: most have one or none. */
    private AutoCloseable only;

    private List<AutoCloseable> others = List.of();
    private Row current;
    private long moves;
    private long rows;
    private boolean done;

    /** A run that has not begun. */
    protected RowEnumerator(ExecutionContext context) {
        this.context = context;
    }

    /** Makes this enumerator close {@code input} when it is closed itself; returns the input. */
    protected final <T extends AutoCloseable> T own(T input) {
        if (only == null) {
            only = input;
        } else {
            others = others.isEmpty() ? new ArrayList<>(2) : others;
            others.add(input);
        }
        return input;
    }

    /** As {@link #own}, for each that is not null. */
    protected final <T extends AutoCloseable> T[] ownAll(T[] all) {
        for (T input : all) {
            if (input != null) {
                own(input);
            }
        }
        return all;
    }

    /** Closes {@code input} before the end. */
    protected final void release(AutoCloseable input) {
        if (only == input) {
            only = null;
        } else {
            others.remove(input);
        }
        closeQuietly(input);
    }

    /** The next row, or null at the end. Called no more after that. */
    protected abstract Row advance();

    /**
     * Whether what is still to come is settled: no write and no new snapshot of the transaction can change it any more,
     * because all that the rows depend on was opened or read. When in doubt it is not.
     */
    public boolean isSettled() {
        return false;
    }

    @Override
    public final boolean moveNext() {
        if (done) {
            return false;
        }
        try {
            if ((moves++ & CANCEL_CHECK_MASK) == 0) {
                context.checkCancelled();
            }
            current = advance();
        } catch (Throwable failure) {
            closeAfter(failure);
            throw failure;
        }
        if (current == null) {
            close();
            return false;
        }
        rows++;
        return true;
    }

    @Override
    public final Row current() {
        return current;
    }

    /** Rows delivered so far. */
    public final long rows() {
        return rows;
    }

    @Override
    public final void reset() {
        throw new UnsupportedOperationException("open the operator anew");
    }

    /** Closes the inputs; harmless when repeated. */
    @Override
    public final void close() {
        done = true;
        current = null;
        RuntimeException failure = null;
        while (!others.isEmpty()) {
            failure = closing(others.remove(others.size() - 1), failure);
        }
        AutoCloseable first = only;
        only = null;
        if (first != null) {
            failure = closing(first, failure);
        }
        if (failure != null) {
            throw failure;
        }
    }

    /** Closes the inputs after an error, which what they throw must not hide. */
    private void closeAfter(Throwable failure) {
        try {
            close();
        } catch (RuntimeException e) {
            if (e != failure) {
                failure.addSuppressed(e);
            }
        }
    }

    /** Closes one of several: whatever it throws waits until the others are closed too. */
    private static RuntimeException closing(AutoCloseable input, RuntimeException before) {
        try {
            closeQuietly(input);
        } catch (RuntimeException e) {
            if (before == null) {
                return e;
            }
            before.addSuppressed(e);
        }
        return before;
    }

    private static void closeQuietly(AutoCloseable input) {
        try {
            input.close();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("closing " + input + " failed", e);
        }
    }
}
