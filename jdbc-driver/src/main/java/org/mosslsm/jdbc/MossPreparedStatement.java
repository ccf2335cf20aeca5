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

/** A statement prepared once and run many times; the plan is made anew by itself after DDL. As its base otherwise. */
class MossPreparedStatement extends ParameterSetters implements PreparedStatement {
    private final PreparedSql prepared;
    private final List<SqlType> types;
    private final List<ResultColumn> keys;
    private final Object[] values;
    private final boolean[] set;
    private final List<Object[]> batch = new ArrayList<>();

    MossPreparedStatement(MossConnection connection, String sql, KeysWanted keys) throws SQLException {
        super(connection);
        this.prepared = prepare(sql);
        this.types = prepared.parameters();
        this.keys = keys.columns(prepared);
        this.values = new Object[types.size()];
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
        values[parameter - 1] = ParameterValues.convert(value, types.get(parameter - 1), connection);
        set[parameter - 1] = true;
    }

    @Override
    public void clearParameters() throws SQLException {
        checkOpen();
        Arrays.fill(values, null);
        Arrays.fill(set, false);
    }

    private List<Object> parameters() throws SQLException {
        return Arrays.asList(row());
    }

    private Object[] row() throws SQLException {
        for (int i = 0; i < set.length; i++) {
            if (!set[i]) {
                throw Errors.of("07001", "parameter " + (i + 1) + " is not set");
            }
        }
        return values.clone();
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
            connection.unlock();
        }
    }

    @Override
    public boolean execute() throws SQLException {
        return run(parameters());
    }

    @Override
    public ResultSet executeQuery() throws SQLException {
        if (prepared.columns().isEmpty()) {
            throw Errors.of("02000", "the statement returns no rows; use executeUpdate or execute");
        }
        run(parameters());
        return rows();
    }

    @Override
    public long executeLargeUpdate() throws SQLException {
        run(parameters());
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
        List<Object[]> rows = List.copyOf(batch);
        batch.clear();
        begin();
        Optional<long[]> counts = rows.size() > 1 ? runBatch(rows) : Optional.empty();
        if (counts.isPresent()) {
            return counts.get();
        }
        return batch(rows.size(), i -> {
            step(Arrays.asList(rows.get(i)));
            return count();
        });
    }

    private Optional<long[]> runBatch(List<Object[]> rows) throws SQLException {
        connection.lock(this::isCancelled);
        try {
            checkOpen();
            return runBatch(prepared, rows, keys);
        } finally {
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
