package org.mosslsm.jdbc;

import java.sql.ParameterMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.mosslsm.sql.PreparedSql;
import org.mosslsm.sql.ResultColumn;
import org.mosslsm.sql.error.SqlState;
import org.mosslsm.sql.type.SqlType;

/**
 * A statement prepared once and run many times; the plan is made anew by itself after DDL, and so are the values where their
 * types have become others. As its base otherwise.
 */
class MossPreparedStatement extends ParameterSetters implements PreparedStatement {
    private final String sql;
    private final PreparedSql prepared;
    private final List<ResultColumn> keys;
    /** Those of the newest plan, as far as is known here. */
    private List<SqlType> types;
    /** What the application gave. */
    private final Object[] given;
    /** What was made of it. */
    private final Object[] values;
    /** The types it was made for; shared with rows, so replaced as a whole. */
    private SqlType[] madeFor;

    private final boolean[] set;
    private final List<BoundParameters> batch = new ArrayList<>();

    MossPreparedStatement(MossConnection connection, String sql, KeysWanted keys) throws SQLException {
        super(connection);
        this.sql = sql;
        this.prepared = prepare(sql);
        this.types = prepared.parameters();
        this.keys = keys.columns(prepared);
        this.given = new Object[types.size()];
        this.values = new Object[types.size()];
        this.madeFor = types.toArray(new SqlType[0]);
        this.set = new boolean[types.size()];
        this.poolable = true; // as JDBC has it of what is prepared
    }

    // ---- parameters

    @Override
    void bind(int parameter, Object value) throws SQLException {
        checkOpen();
        if (parameter < 1 || parameter > values.length) {
            throw Errors.badArgument(
                    values.length == 0
                            ? "the statement has no parameters"
                            : "parameter " + parameter + " is not within 1.." + values.length);
        }
        Object frozen = ParameterValues.frozen(value);
        try {
            bindAt(parameter - 1, frozen);
        } catch (SQLException e) {
            if (!hasOtherTypes(e)) {
                throw e;
            }
            bindAt(parameter - 1, frozen);
        }
    }

    private void bindAt(int i, Object frozen) throws SQLException {
        SqlType type = types.get(i);
        values[i] = ParameterValues.convert(frozen, type, connection);
        given[i] = frozen;
        set[i] = true;
        if (!type.equals(madeFor[i])) {
            madeFor = madeFor.clone();
            madeFor[i] = type;
        }
    }

    /** Whether the statement, planned now, has other types than it was known to have when a value did not fit. */
    private boolean hasOtherTypes(SQLException unfit) {
        try {
            List<SqlType> before = types;
            types = prepare(sql).parameters();
            return !types.equals(before);
        } catch (SQLException e) {
            unfit.addSuppressed(e);
            return false;
        }
    }

    @Override
    public void clearParameters() throws SQLException {
        checkOpen();
        Arrays.fill(given, null);
        Arrays.fill(values, null);
        Arrays.fill(set, false);
    }

    private BoundParameters row() throws SQLException {
        boolean same = true;
        for (int i = 0; i < set.length; i++) {
            if (!set[i]) {
                throw Errors.of("07001", "parameter " + (i + 1) + " is not set");
            }
            same &= given[i] == values[i];
        }
        Object[] made = values.clone();
        return new BoundParameters(same ? made : given.clone(), made, madeFor, connection);
    }

    // ---- executing

    private boolean run(List<Object> parameters) throws SQLException {
        begin();
        return step(parameters);
    }

    /** One execution of a call; a cancel of those before is one of it too. */
    private boolean step(List<Object> parameters) throws SQLException {
        connection.lock(this::isCancelled);
        try {
            checkOpen();
            return run(prepared, parameters, keys);
        } finally {
            types = prepared.parameters(); // it may have been planned anew
            connection.unlock();
        }
    }

    @Override
    public boolean execute() throws SQLException {
        return run(row());
    }

    @Override
    public ResultSet executeQuery() throws SQLException {
        if (prepared.columns().isEmpty()) {
            throw Errors.of("02000", "the statement returns no rows; use executeUpdate or execute");
        }
        run(row());
        return rows();
    }

    @Override
    public long executeLargeUpdate() throws SQLException {
        run(row());
        return count();
    }

    @Override
    public int executeUpdate() throws SQLException {
        return narrow(executeLargeUpdate());
    }

    @Override
    public void addBatch() throws SQLException {
        checkOpen();
        batch.add(row());
    }

    @Override
    public void clearBatch() throws SQLException {
        checkOpen();
        batch.clear();
    }

    @Override
    public long[] executeLargeBatch() throws SQLException {
        checkOpen();
        List<BoundParameters> rows = List.copyOf(batch);
        batch.clear();
        begin();
        Optional<long[]> counts = rows.size() > 1 ? runBatch(rows) : Optional.empty();
        if (counts.isPresent()) {
            return counts.get();
        }
        return batch(rows.size(), i -> {
            step(rows.get(i));
            return count();
        });
    }

    private Optional<long[]> runBatch(List<BoundParameters> rows) throws SQLException {
        connection.lock(this::isCancelled);
        try {
            checkOpen();
            return runBatch(prepared, rows, keys);
        } finally {
            types = prepared.parameters(); // it may have been planned anew
            connection.unlock();
        }
    }

    // ---- about itself

    @Override
    public ResultSetMetaData getMetaData() throws SQLException {
        checkOpen();
        return prepared.columns().isEmpty() ? null : new MossResultSetMetaData(prepared.columns());
    }

    @Override
    public ParameterMetaData getParameterMetaData() throws SQLException {
        checkOpen();
        return new MossParameterMetaData(types, false);
    }

    /** The types of what is returned, and of the parameters of the SQL. */
    final List<SqlType> returnedAndTaken() {
        return Stream.concat(prepared.columns().stream().map(ResultColumn::type), types.stream())
                .toList();
    }

    private static SQLException textGiven() {
        return Errors.of(SqlState.SYNTAX_ERROR, "a prepared statement has its text already; use a Statement");
    }

    @Override
    public void addBatch(String sql) throws SQLException {
        throw textGiven();
    }

    @Override
    public boolean execute(String sql) throws SQLException {
        throw textGiven();
    }

    @Override
    public ResultSet executeQuery(String sql) throws SQLException {
        throw textGiven();
    }

    @Override
    public long executeLargeUpdate(String sql) throws SQLException {
        throw textGiven();
    }
}
