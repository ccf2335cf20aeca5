package org.mosslsm.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.mosslsm.sql.BatchOutcome;
import org.mosslsm.sql.Outcome;
import org.mosslsm.sql.PreparedSql;
import org.mosslsm.sql.ResultColumn;
import org.mosslsm.sql.RowCursor;
import org.mosslsm.sql.RunOptions;
import org.mosslsm.sql.error.SqlState;

/**
 * A statement: one result at a time, which executing again closes, and those the caller wanted kept. Thread safety: calls
 * are serialised by the connection's lock; {@code cancel} takes none.
 *
 * <p>The connection holds a statement only while that has something open for the connection to close before it ends: a
 * result, or generated keys, which may lie in a file. One that nobody closes costs nothing otherwise.
 */
class MossStatement extends StatementSettings {
    private final List<String> batch = new ArrayList<>();
    private MossResultSet result;
    /** Results that {@code getMoreResults} left open for the caller; never changed, but replaced. */
    private List<MossResultSet> kept = List.of();

    private MossResultSet keys;
    private List<ResultColumn> keyColumns = List.of();
    private RowCursor keyRows = EmptyCursor.INSTANCE;
    private long updateCount = -1;
    /** What was executed last; read by {@code cancel} without the lock. */
    private volatile PreparedSql running;

    /** Whether a cancel came since the call at hand began, which may still wait for the connection or be planned. */
    private volatile boolean cancelled;

    private final RunOptions plainOptions = new RunOptions(0, List.of(), this::isCancelled);

    /** Whether the connection holds it. */
    private boolean held;

    /** Whether results are closed because others follow them, which is no completion. */
    private boolean goesOn;

    private boolean closed;

    MossStatement(MossConnection connection) {
        super(connection);
    }

    @Override
    final void checkOpen() throws SQLException {
        if (closed) {
            throw Errors.closedObject("the statement");
        }
        connection.checkOpen();
    }

    // ---- executing

    final PreparedSql prepare(String sql) throws SQLException {
        if (sql == null) {
            throw Errors.badArgument("the statement's text is null");
        }
        String text = escapes ? Escapes.translate(sql) : sql;
        if (escapes && !takesReturningCalls() && Escapes.hasReturningCall(sql)) {
            throw Errors.of(SqlState.SYNTAX_ERROR, "{? = call ...} has a parameter that only prepareCall gives back");
        }
        RunOptions options = options(List.of());
        return connection.call(session -> session.prepare(text, options));
    }

    /** Whether a {@code {? = call f(..)}} has somebody to take its first parameter. */
    boolean takesReturningCalls() {
        return false;
    }

    /** A call begins that runs statements: what was cancelled before does not matter to it. */
    final void begin() {
        cancelled = false;
    }

    final boolean isCancelled() {
        return cancelled;
    }

    private boolean run(String sql, KeysWanted wanted) throws SQLException {
        begin();
        return step(sql, wanted);
    }

    /** One statement of a call; a cancel of those before is one of it too. */
    private boolean step(String sql, KeysWanted wanted) throws SQLException {
        connection.lock(this::isCancelled);
        try {
            checkOpen();
            PreparedSql prepared = prepare(sql);
            return run(prepared, List.of(), wanted.columns(prepared));
        } finally {
            connection.unlock();
        }
    }

    /** Runs and keeps the result; true where it is rows. Parameters are already bound. */
    final boolean run(PreparedSql prepared, List<Object> parameters, List<ResultColumn> wanted) throws SQLException {
        closeResults();
        warnings = null;
        running = prepared;
        RunOptions options = options(wanted);
        Outcome outcome = connection.call(session -> prepared.execute(parameters, options));
        if (!outcome.notices().isEmpty()) {
            outcome.notices().forEach(notice -> warn(new SQLWarning(notice, SqlState.WARNING)));
        }
        if (outcome.rows().isPresent()) {
            result = open(prepared.columns(), outcome.rows().get());
            updateCount = -1;
            return true;
        }
        updateCount = outcome.updateCount();
        if (outcome.generatedKeys().isPresent()) {
            keyColumns = wanted;
            keyRows = outcome.generatedKeys().get();
            hold();
        }
        return false;
    }

    private RunOptions options(List<ResultColumn> wanted) {
        return queryTimeoutSeconds == 0 && wanted.isEmpty()
                ? plainOptions
                : new RunOptions(
                        queryTimeoutSeconds * 1000L,
                        wanted.stream().map(ResultColumn::name).toList(),
                        plainOptions.cancelled());
    }

    private MossResultSet open(List<ResultColumn> columns, RowCursor cursor) {
        MossResultSet opened = scrolls
                ? new ScrolledResultSet(this, columns, new KeptRows(cursor, maxRows), this::setClosed)
                : new MossResultSet(this, columns, cursor, maxRows, this::setClosed);
        hold();
        return opened;
    }

    private void hold() {
        if (!held) {
            held = true;
            connection.opened(this);
        }
    }

    private void letGo() {
        if (held) {
            held = false;
            connection.closed(this);
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
        if (!open && closeOnCompletion && !goesOn && !closed) {
            closed = true;
            RowCursor unread = keyRows; // keys that nobody asked for are not waited for
            keyRows = EmptyCursor.INSTANCE;
            unread.close();
        }
        if (!open && keyRows == EmptyCursor.INSTANCE) {
            letGo();
        }
    }

    /** Closes what the last execution left; what the caller wanted kept stays open. */
    private void closeResults() throws SQLException {
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

    private void closeKept() throws SQLException {
        for (MossResultSet open : kept) {
            open.close();
        }
    }

    @Override
    public ResultSet executeQuery(String sql) throws SQLException {
        if (!run(sql, KeysWanted.NONE)) {
            closeResults();
            throw noRows();
        }
        return result;
    }

    final ResultSet rows() throws SQLException {
        if (result == null) {
            throw noRows();
        }
        return result;
    }

    /**
     * The first row of the result, on which the set returned stands: apart from the statement, which then has no rows, and
     * from the transaction that read it.
     */
    final ResultSet takeRow() throws SQLException {
        MossResultSet taken = result.firstRowApart();
        closeResults();
        updateCount = 0;
        return taken;
    }

    private static SQLException noRows() {
        return Errors.of("02000", "the statement returns no rows; use executeUpdate or execute");
    }

    final long count() throws SQLException {
        if (result != null) {
            closeResults();
            throw Errors.of("0100E", "the statement returns rows; use executeQuery or execute");
        }
        return updateCount;
    }

    @Override
    public boolean execute(String sql) throws SQLException {
        return run(sql, KeysWanted.NONE);
    }

    @Override
    public boolean execute(String sql, int autoGeneratedKeys) throws SQLException {
        return run(sql, KeysWanted.of(autoGeneratedKeys));
    }

    @Override
    public boolean execute(String sql, int[] columnIndexes) throws SQLException {
        return run(sql, KeysWanted.at(columnIndexes));
    }

    @Override
    public boolean execute(String sql, String[] columnNames) throws SQLException {
        return run(sql, KeysWanted.named(columnNames));
    }

    @Override
    public long executeLargeUpdate(String sql) throws SQLException {
        run(sql, KeysWanted.NONE);
        return count();
    }

    @Override
    public long executeLargeUpdate(String sql, int autoGeneratedKeys) throws SQLException {
        run(sql, KeysWanted.of(autoGeneratedKeys));
        return count();
    }

    @Override
    public long executeLargeUpdate(String sql, int[] columnIndexes) throws SQLException {
        run(sql, KeysWanted.at(columnIndexes));
        return count();
    }

    @Override
    public long executeLargeUpdate(String sql, String[] columnNames) throws SQLException {
        run(sql, KeysWanted.named(columnNames));
        return count();
    }

    @Override
    public int executeUpdate(String sql) throws SQLException {
        return narrow(executeLargeUpdate(sql));
    }

    @Override
    public int executeUpdate(String sql, int autoGeneratedKeys) throws SQLException {
        return narrow(executeLargeUpdate(sql, autoGeneratedKeys));
    }

    @Override
    public int executeUpdate(String sql, int[] columnIndexes) throws SQLException {
        return narrow(executeLargeUpdate(sql, columnIndexes));
    }

    @Override
    public int executeUpdate(String sql, String[] columnNames) throws SQLException {
        return narrow(executeLargeUpdate(sql, columnNames));
    }

    static int narrow(long count) {
        return (int) Math.min(count, Integer.MAX_VALUE);
    }

    // ---- batches

    @Override
    public void addBatch(String sql) throws SQLException {
        checkOpen();
        batch.add(sql);
    }

    @Override
    public void clearBatch() throws SQLException {
        checkOpen();
        batch.clear();
    }

    @Override
    public long[] executeLargeBatch() throws SQLException {
        checkOpen();
        List<String> statements = List.copyOf(batch);
        batch.clear();
        begin();
        return batch(statements.size(), i -> {
            step(statements.get(i), KeysWanted.NONE);
            return count();
        });
    }

    @Override
    public int[] executeBatch() throws SQLException {
        return Arrays.stream(executeLargeBatch())
                .mapToInt(MossStatement::narrow)
                .toArray();
    }

    /** One statement of a batch, by position; its update count. */
    @FunctionalInterface
    interface Step {
        long run(int i) throws SQLException;
    }

    /**
     * Runs the steps up to the first that fails; its exception carries the counts of those that ran. The generated keys
     * are those of all of them.
     */
    final long[] batch(int size, Step step) throws SQLException {
        long[] counts = new long[size];
        List<RowCursor> made = new ArrayList<>();
        List<ResultColumn> columns = List.of(); // of those that succeeded: one that fails has none
        try {
            for (int i = 0; i < size; i++) {
                try {
                    counts[i] = step.run(i);
                } catch (SQLException e) {
                    throw Errors.batch(e, counts, i);
                }
                if (keyRows != EmptyCursor.INSTANCE) {
                    made.add(keyRows);
                    columns = keyColumns;
                    keyRows = EmptyCursor.INSTANCE; // the next step closes what is not taken
                }
            }
            return counts;
        } finally {
            openKeys(columns, made.isEmpty() ? EmptyCursor.INSTANCE : new ChainedCursor(made));
        }
    }

    /** As {@link #batch}, in one call of the session; empty, with nothing done, where that is not possible. */
    final Optional<long[]> runBatch(PreparedSql prepared, List<Object[]> rows, List<ResultColumn> wanted)
            throws SQLException {
        closeResults();
        warnings = null;
        running = prepared;
        RunOptions options = options(wanted);
        Optional<BatchOutcome> outcome = connection.call(session -> prepared.executeBatch(rows, options));
        if (outcome.isEmpty()) {
            return Optional.empty();
        }
        BatchOutcome done = outcome.get();
        openKeys(wanted, done.keys());
        if (done.failure().isPresent()) {
            throw Errors.batch(
                    Errors.from(done.failure().get()), Arrays.copyOf(done.counts(), rows.size()), done.counts().length);
        }
        return Optional.of(done.counts());
    }

    // ---- results

    @Override
    public ResultSet getResultSet() throws SQLException {
        checkOpen();
        return result;
    }

    @Override
    public long getLargeUpdateCount() throws SQLException {
        checkOpen();
        return updateCount;
    }

    @Override
    public int getUpdateCount() throws SQLException {
        return narrow(getLargeUpdateCount());
    }

    @Override
    public boolean getMoreResults() throws SQLException {
        return getMoreResults(CLOSE_CURRENT_RESULT);
    }

    @Override
    public boolean getMoreResults(int current) throws SQLException {
        checkOpen();
        if (current != KEEP_CURRENT_RESULT && current != CLOSE_CURRENT_RESULT && current != CLOSE_ALL_RESULTS) {
            throw Errors.badArgument("unknown way to leave a result: " + current);
        }
        if (current == CLOSE_ALL_RESULTS) {
            closeKept();
        }
        if (current == KEEP_CURRENT_RESULT && isOpen(result)) {
            List<MossResultSet> more = new ArrayList<>(kept);
            more.add(result);
            kept = more;
            result = null;
        }
        closeResults();
        return false;
    }

    @Override
    public ResultSet getGeneratedKeys() throws SQLException {
        checkOpen();
        if (keys == null) {
            openKeys(keyColumns, keyRows);
        }
        return keys;
    }

    private void openKeys(List<ResultColumn> columns, RowCursor rows) throws SQLException {
        MossResultSet before = keys;
        keys = null;
        closeFollowed(before); // no statement of the batch came so far as to close them
        keys = new MossResultSet(this, columns, rows, 0, this::setClosed);
        keyRows = EmptyCursor.INSTANCE;
        if (rows != EmptyCursor.INSTANCE) {
            hold();
        }
    }

    // ---- settings

    @Override
    public void close() throws SQLException {
        connection.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            letGo();
            try {
                closeKept();
            } finally {
                closeResults();
            }
        } finally {
            connection.unlock();
        }
    }

    @Override
    public boolean isClosed() {
        return closed || connection.isClosed();
    }

    @Override
    public void cancel() throws SQLException {
        checkOpen();
        cancelled = true;
        PreparedSql current = running;
        if (current != null) {
            current.cancel();
        }
    }
}
