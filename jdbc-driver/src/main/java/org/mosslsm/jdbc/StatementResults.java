package org.mosslsm.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.mosslsm.sql.Outcome;
import org.mosslsm.sql.ResultColumn;
import org.mosslsm.sql.RowCursor;

/**
 * What the executions of a statement left: rows or a count, the results that the caller wanted kept beside the next ones,
 * and generated keys. Used as its statement is.
 *
 * <p>Invariants:
 *
 * <ol>
 *   <li>The connection holds the statement while anything here is open, or keys are unread, which may lie in a file; then it
 *       closes them before it ends. One that nobody closes costs nothing otherwise.
 *   <li>What is closed by the caller, or with the transaction, tells so itself; what is closed from here is forgotten
 *       before, so that it is counted no more when it tells.
 * </ol>
 */
final class StatementResults {
    private final MossStatement statement;
    /** The rows of the last execution; null where it had none, and once they were passed over. */
    private MossResultSet result;
    /** Results that {@code getMoreResults} left open for the caller; never changed, but replaced. */
    private List<MossResultSet> kept = List.of();

    /** The keys as the caller got them; null before. */
    private MossResultSet keys;

    private List<ResultColumn> keyColumns = List.of();
    /** The keys that the caller did not get yet. */
    private RowCursor keyRows = EmptyCursor.INSTANCE;

    private long updateCount = -1;

    /** Whether the connection holds the statement. */
    private boolean held;

    /** Whether results are closed because others follow them, which is no completion. */
    private boolean goesOn;

    StatementResults(MossStatement statement) {
        this.statement = statement;
    }

    // ---- what is there

    /** The rows at hand; null where there are none. */
    ResultSet current() {
        return result;
    }

    /** The rows at hand; 02000 where the statement gave none, of which nothing stays then. */
    ResultSet rows() throws SQLException {
        if (result == null) {
            closeLast();
            throw Errors.of("02000", "the statement returns no rows; use executeUpdate or execute");
        }
        return result;
    }

    /** The number of rows changed; 0100E where the statement gave rows, of which nothing stays then. */
    long count() throws SQLException {
        if (result != null) {
            closeLast();
            throw Errors.of("0100E", "the statement returns rows; use executeQuery or execute");
        }
        return updateCount;
    }

    /** -1 where there is no count, or it was passed over. */
    long updateCount() {
        return updateCount;
    }

    /**
     * The first row of the result, on which the set returned stands: apart from the statement, which then has no rows, and
     * from the transaction that read it.
     */
    ResultSet takeRow() throws SQLException {
        MossResultSet taken = result.firstRowApart();
        closeLast();
        updateCount = 0;
        return taken;
    }

    // ---- an execution

    /** Keeps what an execution gave, whose predecessor was closed; true where that is rows. */
    boolean take(Outcome outcome, List<ResultColumn> columns, List<ResultColumn> wantedKeys) {
        if (outcome.rows().isPresent()) {
            result = statement.open(columns, outcome.rows().get(), this::setClosed);
            hold();
            updateCount = -1;
            return true;
        }
        updateCount = outcome.updateCount();
        if (outcome.generatedKeys().isPresent()) {
            keyColumns = wantedKeys;
            keyRows = outcome.generatedKeys().get();
            hold();
        }
        return false;
    }

    /** Closes what the last execution left; what the caller wanted kept stays open. */
    void closeLast() throws SQLException {
        MossResultSet open = result;
        MossResultSet openKeys = keys;
        result = null;
        keys = null;
        closeFollowed(openKeys);
        keyColumns = List.of();
        RowCursor unread = keyRows;
        keyRows = EmptyCursor.INSTANCE;
        unread.close();
        updateCount = -1;
        closeFollowed(open);
        if (kept.isEmpty()) {
            letGo();
        }
    }

    /** Closes what others follow, which is no completion; nothing where there is none. */
    private void closeFollowed(MossResultSet gone) throws SQLException {
        if (gone == null) {
            return;
        }
        goesOn = true;
        try {
            gone.close();
        } finally {
            goesOn = false;
        }
    }

    /** Leaves the result at hand, as {@link Statement#getMoreResults(int)} asks: there never are more. */
    void next(int leaving) throws SQLException {
        if (leaving == Statement.CLOSE_ALL_RESULTS) {
            closeKept();
        }
        if (leaving == Statement.KEEP_CURRENT_RESULT && isOpen(result)) {
            List<MossResultSet> more = new ArrayList<>(kept);
            more.add(result);
            kept = more;
            result = null;
        }
        closeLast();
    }

    // ---- generated keys

    /** The keys of the last execution, or batch; an empty set where there are none. */
    ResultSet generatedKeys() throws SQLException {
        if (keys == null) {
            openKeys(keyColumns, keyRows);
        }
        return keys;
    }

    void openKeys(List<ResultColumn> columns, RowCursor rows) throws SQLException {
        MossResultSet before = keys;
        keys = null;
        closeFollowed(before); // no statement of the batch came so far as to close them
        keys = new MossResultSet(statement, columns, rows, 0, this::setClosed);
        keyRows = EmptyCursor.INSTANCE;
        if (rows != EmptyCursor.INSTANCE) {
            hold();
        }
    }

    /** Takes the unread keys out, so that the next execution does not close them; empty where there are none. */
    RowCursor takeKeys() {
        RowCursor taken = keyRows;
        keyRows = EmptyCursor.INSTANCE;
        return taken;
    }

    /** The columns of the keys that the last execution gave. */
    List<ResultColumn> keyColumns() {
        return keyColumns;
    }

    // ---- closing

    /** The statement was closed. */
    void close() throws SQLException {
        letGo();
        try {
            closeKept();
        } finally {
            closeLast();
        }
    }

    private void closeKept() throws SQLException {
        for (MossResultSet open : kept) {
            open.close();
        }
    }

    private static boolean isOpen(MossResultSet set) {
        return set != null && !set.isClosed();
    }

    /** A result or the generated keys were closed, by the caller or from here, where they are forgotten before. */
    private void setClosed(MossResultSet gone) {
        if (kept.contains(gone)) {
            kept = kept.stream().filter(set -> set != gone).toList();
        }
        boolean open = isOpen(result) || !kept.isEmpty() || isOpen(keys);
        if (!open && !goesOn && statement.completed()) {
            takeKeys().close(); // keys that nobody asked for are not waited for
        }
        if (!open && keyRows == EmptyCursor.INSTANCE) {
            letGo();
        }
    }

    private void hold() {
        if (!held) {
            held = true;
            statement.connection.opened(statement);
        }
    }

    private void letGo() {
        if (held) {
            held = false;
            statement.connection.closed(statement);
        }
    }
}
