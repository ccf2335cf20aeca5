// A prepared statement of a session.
package org.mosslsm.sql;

import java.util.List;
import java.util.Optional;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.type.SqlType;

/** A statement of one session with its present plan. Used under the session's lock. */
final class LivePrepared implements PreparedSql {
    private final LiveSession session;
    private final String text;
    private StatementCompiler.Ready ready;
    private volatile StatementWatch newest; // null before the first

    LivePrepared(LiveSession session, String text, StatementCompiler.Ready ready) {
        this.session = session;
        this.text = text;
        this.ready = ready;
    }

    CompiledStatement compiled() {
        return ready.compiled();
    }

    /** The values of the plan's parameters: those given, or the literals of the text. */
    List<Object> values(List<Object> given) {
        if (isTemplate() && !given.isEmpty()) {
            throw new SqlException("07001", "the statement has no parameters, but " + given.size() + " values came");
        }
        return isTemplate() ? ready.constants() : given;
    }

    /** Whether the plan is one made for other literals too. */
    boolean isTemplate() {
        return !ready.constants().isEmpty();
    }

    /** The catalog changed: the statement has another plan, if it still has a meaning. */
    void recompiled(CompiledStatement again) {
        ready = new StatementCompiler.Ready(again, List.of());
    }

    @Override
    public String text() {
        return text;
    }

    @Override
    public StatementKind kind() {
        return compiled().kind;
    }

    @Override
    public List<ResultColumn> columns() {
        return compiled().columns;
    }

    @Override
    public List<ResultColumn> generatedKeyColumns() {
        return compiled().generatedKeyColumns;
    }

    @Override
    public List<ResultColumn> insertedColumns() {
        return compiled().insertedColumns();
    }

    @Override
    public List<SqlType> parameters() {
        return isTemplate() ? List.of() : compiled().plan.parameters();
    }

    @Override
    public Outcome execute(List<Object> parameters, RunOptions options) {
        return session.execute(this, parameters, options);
    }

    @Override
    public Optional<BatchOutcome> executeBatch(List<? extends List<Object>> rows, RunOptions options) {
        return session.executeBatch(this, rows, options);
    }

    /** An execution begins. */
    void runs(StatementWatch execution) {
        newest = execution;
    }

    @Override
    public void cancel() {
        StatementWatch execution = newest;
        if (execution != null) {
            session.cancel(execution);
        }
    }
}
