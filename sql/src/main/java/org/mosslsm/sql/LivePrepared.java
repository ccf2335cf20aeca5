// A prepared statement of a session.
package org.mosslsm.sql;

import java.util.List;
import org.mosslsm.sql.type.SqlType;

/** A statement of one session with its present plan. Used under the session's lock. */
final class LivePrepared implements PreparedSql {
    private final LiveSession session;
    private final String text;
    private CompiledStatement compiled;

    LivePrepared(LiveSession session, String text, CompiledStatement compiled) {
        this.session = session;
        this.text = text;
        this.compiled = compiled;
    }

    CompiledStatement compiled() {
        return compiled;
    }

    /** The catalog changed: the statement has another plan, if it still has a meaning. */
    void recompiled(CompiledStatement again) {
        compiled = again;
    }

    @Override
    public String text() {
        return text;
    }

    @Override
    public StatementKind kind() {
        return compiled.kind;
    }

    @Override
    public List<ResultColumn> columns() {
        return compiled.columns;
    }

    @Override
    public List<ResultColumn> generatedKeyColumns() {
        return compiled.generatedKeyColumns;
    }

    @Override
    public List<SqlType> parameters() {
        return compiled.plan.parameters();
    }

    @Override
    public Outcome execute(List<Object> parameters) {
        return session.execute(this, parameters);
    }
}
