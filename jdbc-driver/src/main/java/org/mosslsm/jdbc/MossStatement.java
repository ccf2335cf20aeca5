package org.mosslsm.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.mosslsm.jdbc.Escapes.Translated;
import org.mosslsm.sql.BatchOutcome;
import org.mosslsm.sql.Outcome;
import org.mosslsm.sql.PreparedSql;
import org.mosslsm.sql.ResultColumn;
import org.mosslsm.sql.RowCursor;
import org.mosslsm.sql.RunOptions;
import org.mosslsm.sql.error.SqlState;

/**
 * A statement: one result at a time, which executing again closes, and those the caller wanted kept; all of them are in
 * {@link StatementResults}. Thread safety: calls are serialised by the connection's lock; {@code cancel} takes none.
 */
class MossStatement extends StatementSettings {
    private final List<String> batch = new ArrayList<>();
    private final StatementResults results = new StatementResults(this);
    /** What was executed last; read by {@code cancel} without the lock. */
    private volatile PreparedSql running;

    /** Whether a cancel came since the call at hand began, which may still wait for the connection or be planned. */
    private volatile boolean cancelled;

    private final RunOptions plainOptions = new RunOptions(0, List.of(), this::isCancelled);

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
        Translated text = escapes ? Escapes.translated(sql) : new Translated(sql, false);
        if (text.returns() && !takesReturningCalls()) {
            throw Errors.of(SqlState.SYNTAX_ERROR, "{? = call ...} has a parameter that only prepareCall gives back");
        }
        RunOptions options = options(List.of());
        return connection.call(session -> session.prepare(text.sql(), options));
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
        return cancelled || connection.isAborted();
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
        results.closeLast();
        warnings = null;
        running = prepared;
        RunOptions options = options(wanted);
        Outcome outcome = connection.call(session -> prepared.execute(parameters, options));
        if (!outcome.notices().isEmpty()) {
            outcome.notices().forEach(notice -> warn(new SQLWarning(notice, SqlState.WARNING)));
        }
        return results.take(outcome, prepared.columns(), KeysWanted.now(wanted, prepared));
    }

    private RunOptions options(List<ResultColumn> wanted) {
        return queryTimeoutSeconds == 0 && wanted.isEmpty()
                ? plainOptions
                : new RunOptions(
                        queryTimeoutSeconds * 1000L,
                        wanted.stream().map(ResultColumn::name).toList(),
                        plainOptions.cancelled());
    }

    /** The rows of an execution, as the settings want them. */
    final MossResultSet open(List<ResultColumn> columns, RowCursor cursor, Consumer<MossResultSet> onClose) {
        return scrolls
                ? new ScrolledResultSet(this, columns, new KeptRows(cursor, maxRows), onClose)
                : new MossResultSet(this, columns, cursor, maxRows, onClose);
    }

    /** All its results are closed; whether that closes it too, which it was not before. */
    final boolean completed() {
        boolean closes = closeOnCompletion && !closed;
        closed |= closes;
        return closes;
    }

    @Override
    public ResultSet executeQuery(String sql) throws SQLException {
        run(sql, KeysWanted.NONE);
        return rows();
    }

    final ResultSet rows() throws SQLException {
        return results.rows();
    }

    /** As {@link StatementResults#takeRow}. */
    final ResultSet takeRow() throws SQLException {
        return results.takeRow();
    }

    final long count() throws SQLException {
        return results.count();
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
                RowCursor keys = results.takeKeys(); // the next step closes what is not taken
                if (keys != EmptyCursor.INSTANCE) {
                    made.add(keys);
                    columns = results.keyColumns();
                }
            }
            return counts;
        } finally {
            results.openKeys(columns, made.isEmpty() ? EmptyCursor.INSTANCE : new ChainedCursor(made));
        }
    }

    /** As {@link #batch}, in one call of the session; empty, with nothing done, where that is not possible. */
    final Optional<long[]> runBatch(PreparedSql prepared, List<BoundParameters> rows, List<ResultColumn> wanted)
            throws SQLException {
        results.closeLast();
        warnings = null;
        running = prepared;
        RunOptions options = options(wanted);
        Optional<BatchOutcome> outcome = connection.call(session -> prepared.executeBatch(rows, options));
        if (outcome.isEmpty()) {
            return Optional.empty();
        }
        BatchOutcome done = outcome.get();
        results.openKeys(KeysWanted.now(wanted, prepared), done.keys());
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
        return results.current();
    }

    @Override
    public long getLargeUpdateCount() throws SQLException {
        checkOpen();
        return results.updateCount();
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
        results.next(current);
        return false;
    }

    @Override
    public ResultSet getGeneratedKeys() throws SQLException {
        checkOpen();
        return results.generatedKeys();
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
            results.close();
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
