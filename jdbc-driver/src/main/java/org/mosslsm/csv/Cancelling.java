// The cancel of an import or export.
package org.mosslsm.csv;

import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;

/**
 * Whether the run of an import or export was cancelled, and the statement it is at. A cancel that comes before the run begins
 * is kept for it: the one who cancels has seen it called, not where it is. What ends a run forgets it. Safe for threads; one
 * run at a time.
 *
 * <pre>
 *   the run:      statement = s, then is it cancelled?      so one of both sees the other
 *   the canceler: cancelled = true, then is there a statement?
 * </pre>
 */
final class Cancelling {
    private final String what;
    private volatile boolean cancelled;
    private volatile Optional<Statement> statement = Optional.empty();

    /** @param what is cancelled, in the words of the message: {@code the import} */
    Cancelling(String what) {
        this.what = what;
    }

    /** Ends the run; any thread may. */
    void cancel() {
        cancelled = true;
        statement.ifPresent(s -> {
            try {
                s.cancel();
            } catch (SQLException ended) {
                // It was closed in the meantime: nothing is left to cancel.
            }
        });
    }

    boolean isCancelled() {
        return cancelled;
    }

    /** @throws SQLException 57014 after {@link #cancel} */
    void check() throws SQLException {
        if (cancelled) {
            throw exception(null);
        }
    }

    SQLException exception(Throwable cause) {
        return new SQLException(what + " was cancelled", "57014", cause);
    }

    /**
     * A statement is about to be executed.
     *
     * @throws SQLException 57014 where that came too late
     */
    void at(Statement next) throws SQLException {
        statement = Optional.of(next);
        check();
    }

    void pastStatement() {
        statement = Optional.empty();
    }

    /** The run is over, however it ended. */
    void end() {
        statement = Optional.empty();
        cancelled = false;
    }
}
