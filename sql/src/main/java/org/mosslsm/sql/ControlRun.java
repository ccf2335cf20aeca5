// Statements about the transaction and the session.
package org.mosslsm.sql;

import java.util.List;
import java.util.Optional;
import org.mosslsm.kv.txn.Isolation;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;
import org.mosslsm.sql.expr.ValueRow;
import org.mosslsm.sql.plan.ControlPlan;

/** Runs BEGIN, COMMIT, SAVEPOINT, SET, SHOW and their like for a session, under its lock. */
final class ControlRun {
    private final CurrentTransaction transaction;
    private final SessionSettings settings;

    ControlRun(CurrentTransaction transaction, SessionSettings settings) {
        this.transaction = transaction;
        this.settings = settings;
    }

    Outcome run(ControlPlan control) {
        if (control instanceof ControlPlan.Begin begin) {
            return begin(begin.modes());
        }
        if (control instanceof ControlPlan.Commit c) {
            return end(transaction::commit, c.chain());
        }
        if (control instanceof ControlPlan.Rollback r) {
            return end(transaction::rollback, r.chain());
        }
        if (control instanceof ControlPlan.Savepoint s) {
            transaction.setSavepoint(s.name());
            return Outcome.done();
        }
        if (control instanceof ControlPlan.Release s) {
            transaction.release(s.name());
            return Outcome.done();
        }
        if (control instanceof ControlPlan.RollbackTo s) {
            transaction.rollbackTo(s.name());
            return Outcome.done();
        }
        if (control instanceof ControlPlan.SetTransaction s) {
            return s.session() ? ofTransactionsToCome(s.modes()) : ofThisTransaction(s.modes());
        }
        if (control instanceof ControlPlan.SetOption s) {
            return set(s);
        }
        if (control instanceof ControlPlan.Notice s) {
            return notice(s.text());
        }
        if (control instanceof ControlPlan.Show s) {
            return Outcome.rows(show(s.name()));
        }
        throw new IllegalArgumentException("reads or writes tables: " + control);
    }

    private Outcome set(ControlPlan.SetOption s) {
        boolean inside = transaction.forStatement().isPresent(); // says why not where an error took it
        if (!settings.set(s.name(), s.values(), s.local())) {
            return notice("setting \"" + s.name() + "\" means nothing here and was ignored");
        }
        return s.local() && !inside
                ? notice("SET LOCAL means nothing outside a transaction: BEGIN one, or SET")
                : Outcome.done();
    }

    private Outcome begin(ControlPlan.Modes modes) {
        if (transaction.isBroken()) {
            transaction.forStatement(); // says why not
        }
        if (transaction.isThere()) {
            return notice("there is a transaction in progress already");
        }
        transaction.begin(
                modes.isolation().map(ControlRun::isolation).orElse(settings.isolation),
                modes.readOnly().orElse(settings.readOnly));
        return Outcome.done();
    }

    private Outcome end(Runnable how, boolean chain) {
        if (chain) {
            transaction.chain(how);
            return Outcome.done();
        }
        if (!transaction.isThere()) {
            return notice("there is no transaction in progress");
        }
        how.run();
        return Outcome.done();
    }

    private static Outcome notice(String text) {
        return new Outcome(Optional.empty(), 0, Optional.empty(), List.of(text));
    }

    private Outcome ofTransactionsToCome(ControlPlan.Modes modes) {
        modes.isolation().ifPresent(level -> transaction.setIsolation(isolation(level)));
        modes.readOnly().ifPresent(transaction::setReadOnly);
        return Outcome.done();
    }

    private Outcome ofThisTransaction(ControlPlan.Modes modes) {
        return transaction.setModes(modes.isolation().map(ControlRun::isolation), modes.readOnly())
                ? Outcome.done()
                : notice(
                        "SET TRANSACTION means nothing outside a transaction: BEGIN one, or SET SESSION CHARACTERISTICS");
    }

    private static Isolation isolation(ControlPlan.IsolationLevel level) {
        return switch (level) {
            case READ_UNCOMMITTED, READ_COMMITTED -> Isolation.READ_COMMITTED;
            case REPEATABLE_READ -> Isolation.REPEATABLE_READ;
            case SERIALIZABLE -> Isolation.SERIALIZABLE;
        };
    }

    private RowCursor show(String name) {
        if (name.equals("all")) {
            return Cursors.of(settings.all().entrySet().stream()
                    .map(e -> new ValueRow(e.getKey(), e.getValue()))
                    .toList());
        }
        return Cursors.lines(List.of(settings.get(name)
                .orElseThrow(() -> new SqlException(
                        SqlState.UNDEFINED_OBJECT,
                        "there is no setting \"" + name + "\"; there are: "
                                + String.join(", ", settings.all().keySet())))));
    }
}
