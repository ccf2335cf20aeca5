// How a session runs a statement.
package org.mosslsm.sql;

import java.util.List;
import java.util.Optional;
import org.mosslsm.kv.txn.Mark;
import org.mosslsm.sql.catalog.Catalog;
import org.mosslsm.sql.error.Cancellation;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;
import org.mosslsm.sql.exec.ExecutionContext;
import org.mosslsm.sql.exec.RowEnumerator;
import org.mosslsm.sql.exec.check.DatabaseCheck;
import org.mosslsm.sql.exec.dml.CatalogChangedException;
import org.mosslsm.sql.exec.dml.ChangeContext;
import org.mosslsm.sql.exec.dml.ChangeResult;
import org.mosslsm.sql.exec.dml.ChangeStatement;
import org.mosslsm.sql.exec.dml.InsertStatement;
import org.mosslsm.sql.exec.spill.RowList;
import org.mosslsm.sql.exec.spill.Workspace;
import org.mosslsm.sql.expr.Row;
import org.mosslsm.sql.expr.ValueRow;
import org.mosslsm.sql.plan.ControlPlan;
import org.mosslsm.sql.plan.DefinitionPlan;
import org.mosslsm.sql.plan.PhysicalPlan;
import org.mosslsm.sql.plan.StatementPlan;
import org.mosslsm.sql.type.SqlType;

/**
 * Runs the statements of one session, under its lock.
 *
 * <pre>
 * which transaction?   the open one, or one of the statement's own (autocommit)
 * begin the statement  READ COMMITTED: a fresh snapshot
 * is the plan still the catalog's?   no: plan anew
 * mark
 * run                  a table was altered meanwhile: undo to the mark, begin the statement anew
 *                      an error: undo to the mark; 40001: roll the transaction back
 * own transaction?     commit; a query's is ended by its cursor
 * </pre>
 */
final class StatementRun {
    /** A statement that finds its table altered more often than this meets a loop, not a colleague. */
    private static final int MAX_ATTEMPTS = 100;

    private final LiveSession session;
    private final CurrentTransaction current;
    private final Database database;
    private final SessionSettings settings;
    private final ControlRun controls;
    private final TempViews tempViews;
    private final DrawnNumbers drawn = new DrawnNumbers();
    private final AdvisoryLocks.Scope advisory;
    private final LiveState.OfSession ofSession;
    private Workspace workspace;

    StatementRun(LiveSession session, CurrentTransaction current, Database database, SessionSettings settings) {
        this.session = session;
        this.current = current;
        this.database = database;
        this.settings = settings;
        this.controls = new ControlRun(current, settings);
        this.tempViews = new TempViews();
        this.advisory = new AdvisoryLocks.Scope(current.advisoryOwner);
        this.ofSession = new LiveState.OfSession(database, database.nextSessionNumber(), settings, drawn, advisory);
        this.workspace = new Workspace(settings.workMemoryBytes, database::scratchFile);
    }

    /** The session ends. */
    void close() {
        database.advisory().releaseAll(advisory);
    }

    /** The catalog as the session sees it now. */
    Catalog catalog() {
        Optional<SessionTransaction> open = current.unlessBroken();
        boolean seesCommitted =
                open.map(SessionTransaction::seesCommittedCatalog).orElse(true);
        Catalog base = base(open, seesCommitted);
        return tempViews.over(base);
    }

    private Catalog base(Optional<SessionTransaction> open, boolean seesCommitted) {
        Optional<Catalog> committed = seesCommitted ? database.catalogs().newest() : Optional.empty();
        if (committed.isPresent()) {
            return committed.get();
        }
        if (open.isPresent()) {
            open.get().beginStatement();
            return open.get().catalog();
        }
        SessionTransaction glance = current.another();
        try {
            return glance.catalog();
        } finally {
            glance.rollback();
        }
    }

    StatementCompiler.Ready prepare(String sql) {
        Catalog catalog = catalog();
        boolean committed = tempViews.isEmpty()
                && current.unlessBroken().map(t -> !t.defines()).orElse(true);
        return database.compiler().prepare(sql, catalog, settings.path, committed);
    }

    /** One execution: of what, with which values, and how. */
    record Call(LivePrepared prepared, List<Object> parameters, RunOptions options) {}

    Outcome execute(Call call) {
        LivePrepared prepared = call.prepared();
        if (prepared.isTemplate() && call.parameters().isEmpty()) {
            try {
                return run(call);
            } catch (SqlException e) {
                if (!e.sqlState().startsWith("22")) {
                    throw e;
                }
                // A value that its place does not take: the text itself says which, and where.
                prepared.recompiled(itself(prepared.text()));
            }
        }
        return run(call);
    }

    private CompiledStatement itself(String text) {
        try {
            return database.compiler().compile(text, catalog(), settings.path, false);
        } catch (SqlException e) {
            throw e.inText(text);
        }
    }

    private Outcome run(Call call) {
        CompiledStatement compiled = call.prepared().compiled();
        if (compiled.plan.statement() instanceof StatementPlan.Control<PhysicalPlan> c && !readsTables(c.control())) {
            if (c.control() instanceof ControlPlan.Discard d) {
                return discard(d.what());
            }
            return c.control() instanceof ControlPlan.Commit commit ? commit(commit, call) : controls.run(c.control());
        }
        Optional<SessionTransaction> open = current.forStatement();
        boolean own = open.isEmpty();
        if (own && compiled.locksTables()) {
            throw new SqlException(
                    SqlState.NO_ACTIVE_TRANSACTION,
                    "LOCK TABLE can only be used in a transaction, with which the lock ends: BEGIN one");
        }
        if (open.map(t -> t.readOnly).orElse(settings.readOnly) && compiled.writes()) {
            throw new SqlException(
                    SqlState.READ_ONLY_TRANSACTION,
                    "the transaction is read-only: no "
                            + (compiled.kind == StatementKind.QUERY ? "row is changed or locked" : compiled.kind)
                            + " in it");
        }
        SessionTransaction transaction = open.orElseGet(current::another);
        StatementWatch watch = watch(transaction, call.prepared(), call.options());
        try {
            watch.check();
            transaction.tx.setLockTimeoutMillis(watch.lockTimeoutMillis(settings.lockTimeoutMillis));
            Outcome outcome = Cancellation.asking(
                    watch,
                    () -> attempt(call.prepared(), transaction, watch, now -> run(now, call, transaction, own, watch)));
            if (outcome.rows().orElse(null) instanceof QueryCursor) {
                watch.pause();
            } else if (own) {
                watch.check();
                transaction.commit();
            }
            return outcome;
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
            throw failed(e, transaction, own, watch);
        } finally {
            session.unwatch();
        }
    }

    private static boolean readsTables(ControlPlan control) {
        return control instanceof ControlPlan.CheckDatabase
                || control instanceof ControlPlan.Analyze
                || control instanceof ControlPlan.LockTables;
    }

    /** Forgets what the session remembers. */
    private Outcome discard(ControlPlan.Remembered what) {
        switch (what) {
            case ALL -> {
                if (current.isThere()) {
                    throw new SqlException(SqlState.TRANSACTION_ACTIVE, "DISCARD ALL cannot run inside a transaction");
                }
                settings.reset();
                tempViews.clear();
                drawn.forget();
                database.advisory().releaseAll(advisory);
            }
            case TEMPORARY -> tempViews.clear();
            case SEQUENCES -> drawn.forget();
            case PLANS -> {} // which are no session's
        }
        return Outcome.done();
    }

    private Outcome commit(ControlPlan.Commit commit, Call call) {
        current.unlessBroken(); // without autocommit there always is one to end
        return session.committing(call.options(), call.prepared()::runs, () -> controls.run(commit));
    }

    private StatementWatch watch(SessionTransaction transaction, LivePrepared prepared, RunOptions options) {
        StatementWatch watch = session.watch(transaction.tx, options);
        prepared.runs(watch);
        return watch;
    }

    /** What a failed statement does to its transaction; the error to be raised. */
    private SqlException failed(Throwable e, SessionTransaction transaction, boolean own, StatementWatch watch) {
        SqlException error = StoreErrors.translate(e);
        if (own) {
            transaction.rollback();
        } else if (error.sqlState().startsWith("40") || !transaction.tx.isOpen()) {
            current.breakOff(error);
        }
        return timeUp(error, watch);
    }

    /** What the store says of a wait or a commit it gave up, or that it was the statement's time. */
    static SqlException timeUp(SqlException error, StatementWatch watch) {
        if (error.sqlState().equals(SqlState.LOCK_TIMEOUT) || error.sqlState().equals(SqlState.QUERY_CANCELED)) {
            try {
                watch.check();
            } catch (SqlException timeUp) {
                return timeUp;
            }
        }
        return error;
    }

    /** Empty where the statement, or the session now, is not made for it. */
    Optional<BatchOutcome> executeBatch(StatementBatch batch) {
        LivePrepared prepared = batch.prepared;
        Optional<SessionTransaction> open = current.forStatement();
        boolean possible = !prepared.isTemplate() && StatementBatch.isPossible(prepared.compiled());
        if (!possible || open.isEmpty() || open.get().readOnly) {
            return Optional.empty();
        }
        SessionTransaction transaction = open.get();
        StatementWatch watch = watch(transaction, prepared, batch.options);
        try {
            watch.check();
            return Cancellation.asking(watch, () -> {
                while (!batch.isDone()) {
                    transaction.tx.setLockTimeoutMillis(watch.lockTimeoutMillis(settings.lockTimeoutMillis));
                    attempt(prepared, transaction, watch, now -> runChunk(now, batch, transaction, watch));
                }
                return Optional.of(batch.outcome(Optional.empty()));
            });
        } catch (StatementBatch.Stopped e) {
            return Optional.of(batch.outcome(Optional.of(failed(e.getCause(), transaction, false, watch))));
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
            return Optional.of(batch.outcome(Optional.of(failed(e, transaction, false, watch))));
        } finally {
            session.unwatch();
        }
    }

    private Outcome runChunk(
            CompiledStatement compiled, StatementBatch batch, SessionTransaction transaction, StatementWatch watch) {
        if (!StatementBatch.isPossible(compiled)) { // the table was altered
            Call one = new Call(batch.prepared, batch.next(), batch.options);
            Outcome outcome = run(compiled, one, transaction, false, watch);
            batch.ran(outcome, workspace(watch));
            return outcome;
        }
        List<SqlType> types = compiled.plan.parameters();
        Object[] values = new Object[types.size()];
        try (ExecutionContext context = context(compiled, values, transaction, watch)) {
            batch.run(
                    (InsertStatement) compiled.change.orElseThrow(),
                    changes(context, transaction, compiled.catalog),
                    row -> Parameters.into(values, row, types, settings.zone));
        }
        return Outcome.count(0);
    }

    /** What runs in a statement that has begun, by the plan that fits. */
    private interface Work {
        Outcome run(CompiledStatement compiled);
    }

    private Outcome attempt(LivePrepared prepared, SessionTransaction transaction, StatementWatch watch, Work work) {
        transaction.used = true;
        for (int attempt = 1; ; attempt++) {
            transaction.beginStatement();
            watch.check();
            Catalog seen = transaction.catalog();
            Catalog catalog = tempViews.over(seen);
            CompiledStatement compiled = prepared.compiled();
            if (!compiled.isFor(catalog, settings.path) || database.compiler().isOld(compiled)) {
                boolean committed = tempViews.isEmpty() && !transaction.defines();
                compiled = database.compiler().compile(prepared.text(), catalog, settings.path, committed);
                prepared.recompiled(compiled);
            }
            Mark mark = transaction.tx.statementMark();
            SessionSettings.State set = settings.state();
            try {
                return work.run(compiled);
            } catch (StatementBatch.Stopped e) {
                throw e;
            } catch (CatalogChangedException e) {
                settings.restore(set);
                transaction.undoStatement(mark);
                if (attempt == MAX_ATTEMPTS
                        || transaction.tx.isolation() != org.mosslsm.kv.txn.Isolation.READ_COMMITTED) {
                    throw new SqlException(SqlState.SERIALIZATION_FAILURE, e.getMessage(), e);
                }
            } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
                settings.restore(set);
                if (transaction.tx.isOpen()) {
                    transaction.undoStatement(mark);
                }
                throw e;
            }
        }
    }

    private Outcome run(
            CompiledStatement compiled, Call call, SessionTransaction transaction, boolean own, StatementWatch watch) {
        Object[] values =
                Parameters.of(call.prepared().values(call.parameters()), compiled.plan.parameters(), settings.zone);
        ExecutionContext context = context(compiled, values, transaction, watch);
        Outcome outcome = null;
        try {
            outcome = run(compiled, call, transaction, own, watch, context);
            return outcome;
        } finally {
            // A cursor goes on looking, and ends the execution with its rows.
            if (outcome == null || !(outcome.rows().orElse(null) instanceof QueryCursor)) {
                context.close();
            }
        }
    }

    private Outcome run(
            CompiledStatement compiled,
            Call call,
            SessionTransaction transaction,
            boolean own,
            StatementWatch watch,
            ExecutionContext context) {
        if (compiled.before.isPresent()) {
            ChangeContext changes = changes(context, transaction, compiled.catalog);
            if (compiled.main instanceof StatementPlan.Query<PhysicalPlan> q) {
                return Outcome.rows(
                        compiled.before.get().beforeQuery(changes, () -> all(q.plan(), context), RowCursor::close));
            }
            return compiled.before
                    .get()
                    .beforeChange(
                            changes, all -> change(compiled, all, call.options().keys()));
        }
        if (compiled.change.isPresent()) {
            return change(
                    compiled,
                    changes(context, transaction, compiled.catalog),
                    call.options().keys());
        }
        StatementPlan<PhysicalPlan> statement = compiled.main;
        if (statement instanceof StatementPlan.Query<PhysicalPlan> query) {
            return Outcome.rows(
                    query.locksRows()
                            ? all(query.plan(), context)
                            : cursor(query.plan(), context, transaction, own, watch));
        }
        if (statement instanceof StatementPlan.Control<PhysicalPlan> c) {
            if (c.control() instanceof ControlPlan.LockTables l) {
                return LockTableRun.run(l, transaction);
            }
            return c.control() instanceof ControlPlan.Analyze a
                    ? AnalyzeRun.run(a, database, compiled.catalog, context)
                    : checkDatabase(context, compiled.catalog);
        }
        if (statement instanceof StatementPlan.ExplainPlan<PhysicalPlan> explain) {
            ExplainRun run = new ExplainRun(database.compiler().expectedRows(), compiled.catalog);
            return Outcome.rows(Cursors.lines(
                    run.lines(explain, context, watched -> changes(watched, transaction, compiled.catalog))));
        }
        if (statement instanceof StatementPlan.Define<PhysicalPlan> d) {
            Optional<DefinitionPlan> left = tempViews.define(d.definition());
            if (left.isEmpty()) {
                return Outcome.count(0);
            }
            statement = new StatementPlan.Define<>(left.get());
        }
        return DefinitionRun.run(
                statement, compiled.catalog, changes(context, transaction, compiled.catalog), transaction);
    }

    private ExecutionContext context(
            CompiledStatement compiled, Object[] values, SessionTransaction transaction, StatementWatch watch) {
        return new ExecutionContext(
                transaction.tx,
                compiled.plans,
                values,
                compiled.plan.slots(),
                new ExecutionContext.Surroundings(
                        transaction.startMicros,
                        settings.zone,
                        settings.schema(compiled.catalog),
                        Optional.of(new LiveState(ofSession, compiled.catalog, transaction, watch)),
                        workspace(watch),
                        transaction.locks,
                        watch));
    }

    private Workspace workspace(StatementWatch watch) {
        if (workspace.budgetBytes() != settings.workMemoryBytes) {
            workspace = new Workspace(settings.workMemoryBytes, database::scratchFile);
        }
        return workspace.checking(watch);
    }

    private static Outcome checkDatabase(ExecutionContext context, Catalog catalog) {
        DatabaseCheck check = new DatabaseCheck(context, catalog, StatementCompiler.expressions(catalog));
        List<Row> rows = check.run().stream()
                .<Row>map(f -> new ValueRow(f.schema(), f.table(), f.object(), f.text()))
                .toList();
        return new Outcome(Optional.of(Cursors.of(rows)), 0, Optional.empty(), List.of("checked " + check.summary()));
    }

    private ChangeContext changes(ExecutionContext context, SessionTransaction transaction, Catalog catalog) {
        return new ChangeContext(
                context,
                transaction.locks,
                database.numbers(),
                transaction.sequences,
                StatementCompiler.expressions(catalog));
    }

    private Outcome change(CompiledStatement compiled, ChangeContext context, List<String> keys) {
        ChangeStatement change = compiled.change.orElseThrow();
        boolean wanted = !keys.isEmpty() && change instanceof InsertStatement;
        ChangeResult result = wanted ? ((InsertStatement) change).run(context, keys) : change.run(context);
        return new Outcome(
                result.returned().map(Cursors::of),
                result.count(),
                result.keys().map(Cursors::of),
                List.of());
    }

    /**
     * Every row at once: what FOR UPDATE locks, and WITH changes, is locked when the statement returns, not when the rows are
     * read.
     */
    private static RowCursor all(PhysicalPlan plan, ExecutionContext context) {
        RowList all = new RowList(context.workspace().afterwards());
        boolean done = false;
        try (RowEnumerator rows = context.plans().operator(plan).open(context)) {
            while (rows.moveNext()) {
                all.add(rows.current().copy());
            }
            done = true;
        } finally {
            if (!done) {
                all.close();
            }
        }
        return Cursors.of(all);
    }

    private QueryCursor cursor(
            PhysicalPlan plan,
            ExecutionContext context,
            SessionTransaction transaction,
            boolean own,
            StatementWatch watch) {
        RowEnumerator rows = context.plans().operator(plan).open(context);
        QueryCursor cursor = new QueryCursor(session, transaction, own, watch, rows, context);
        cursor.start();
        transaction.opened(cursor);
        if (own) {
            session.streams(transaction);
        }
        return cursor;
    }
}
