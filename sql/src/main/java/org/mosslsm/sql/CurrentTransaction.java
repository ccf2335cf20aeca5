// The transaction that a session is in.
package org.mosslsm.sql;

import java.time.Instant;
import java.util.Optional;
import org.mosslsm.kv.txn.Isolation;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;

/**
 * The transaction of a session that outlives statements: none, one that is open, or one that an error took and that is not
 * given up yet. Used under the session's lock.
 *
 * <pre>
 *            BEGIN; a statement without autocommit             an error of class 40
 *   none  ------------------------------------------->  open  ---------------------->  broken
 *    ^                                                    |                               |
 *    +----------------- COMMIT, ROLLBACK -----------------+---- ROLLBACK; COMMIT fails ---+
 * </pre>
 *
 * <p>Invariants:
 *
 * <ol>
 *   <li>{@code transaction} is open or empty; with autocommit on it is there only between BEGIN and its end.
 *   <li>{@code broken} is there from an error of class 40, which took the transaction with it, to the ROLLBACK (or the
 *       COMMIT, which fails) that ends it: no statement may run between, or it would be committed without what came
 *       before it. {@code transaction} is empty then.
 * </ol>
 */
final class CurrentTransaction {
    private final Database database;
    private final SessionSettings settings;
    private Optional<SessionTransaction> transaction = Optional.empty();
    private Optional<Broken> broken = Optional.empty();
    private boolean autoCommit = true;
    /** The session, as those see it who wait for its advisory locks. */
    final AdvisoryLocks.Owner advisoryOwner = new AdvisoryLocks.Owner();

    /** How a transaction runs. */
    private record Modes(Isolation isolation, boolean readOnly) {
        static Modes of(SessionTransaction t) {
            return new Modes(t.tx.isolation(), t.readOnly);
        }
    }

    /** A transaction that an error took, and the modes it had. */
    private record Broken(SqlException cause, Modes modes) {}

    CurrentTransaction(Database database, SessionSettings settings) {
        this.database = database;
        this.settings = settings;
    }

    // ---- what there is

    boolean autoCommit() {
        return autoCommit;
    }

    /** With {@code on} that differs from before the transaction at hand must have ended. */
    void setAutoCommit(boolean on) {
        autoCommit = on;
    }

    /** Whether there is something for COMMIT or ROLLBACK to end. */
    boolean isThere() {
        return transaction.isPresent() || broken.isPresent();
    }

    /** Whether an error took the transaction with it, and nobody said ROLLBACK yet. */
    boolean isBroken() {
        return broken.isPresent();
    }

    /** The one that is open, which no statement has to have begun. */
    Optional<SessionTransaction> open() {
        return transaction;
    }

    /** The transaction a statement runs in: the open one; without autocommit one is opened; else none. */
    Optional<SessionTransaction> forStatement() {
        broken.map(Broken::cause).ifPresent(cause -> {
            throw new SqlException(
                    SqlState.FAILED_TRANSACTION,
                    "the transaction was rolled back by an earlier error, and only ROLLBACK is possible: "
                            + cause.getMessage(),
                    cause);
        });
        if (transaction.isEmpty() && !autoCommit) {
            transaction = Optional.of(another());
        }
        return transaction;
    }

    /** As {@link #forStatement}, but none where one is broken: for what must be understood there, as ROLLBACK. */
    Optional<SessionTransaction> unlessBroken() {
        return isBroken() ? Optional.empty() : forStatement();
    }

    /** Another transaction in the modes of the session, which is not this one: for one statement, say. */
    SessionTransaction another() {
        return another(ofTheSession());
    }

    private Modes ofTheSession() {
        return new Modes(settings.isolation, settings.readOnly);
    }

    private SessionTransaction another(Modes modes) {
        Instant now = Instant.now();
        return new SessionTransaction(
                database.transactions().begin(modes.isolation, settings.durability),
                database,
                advisoryOwner,
                now.getEpochSecond() * 1_000_000 + now.getNano() / 1_000,
                modes.readOnly);
    }

    // ---- begin and end

    /** Opens the transaction that lasts until COMMIT or ROLLBACK, in modes of its own. */
    void begin(Isolation isolation, boolean readOnly) {
        begin(new Modes(isolation, readOnly));
    }

    private void begin(Modes modes) {
        transaction = Optional.of(another(modes));
    }

    /**
     * Ends the transaction, and begins one of the same modes: also where an error had taken the first, and COMMIT says so.
     */
    void chain(Runnable end) {
        if (!isThere()) {
            throw new SqlException(SqlState.NO_ACTIVE_TRANSACTION, "AND CHAIN needs a transaction to end");
        }
        Optional<Broken> gone = broken;
        Modes modes = gone.map(Broken::modes).orElseGet(() -> Modes.of(transaction.orElseThrow()));
        try {
            end.run();
        } catch (SqlException e) {
            if (gone.isPresent()) {
                begin(modes);
            }
            throw e;
        }
        begin(modes);
    }

    /** An error takes the open transaction with it. */
    void breakOff(SqlException cause) {
        Modes modes = transaction.map(Modes::of).orElseGet(this::ofTheSession);
        rollback();
        broken = Optional.of(new Broken(cause, modes));
    }

    /** Ends it for good; 40001 where an error had taken it. Harmless where there is none. */
    void commit() {
        if (broken.isPresent()) {
            SqlException cause = broken.get().cause();
            broken = Optional.empty();
            throw new SqlException(
                    SqlState.SERIALIZATION_FAILURE,
                    "nothing was committed, because an error had rolled the transaction back: " + cause.getMessage(),
                    cause);
        }
        if (transaction.isPresent()) {
            SessionTransaction open = transaction.get();
            transaction = Optional.empty();
            boolean committed = false;
            try {
                open.commit();
                committed = true;
            } finally {
                settings.ended(committed);
            }
        }
    }

    /** Ends it as if it had not been; harmless where there is none. */
    void rollback() {
        drop();
        settings.ended(false);
    }

    /** As {@link #rollback}, but what was SET in it stays: for one that begins anew. */
    private void drop() {
        broken = Optional.empty();
        if (transaction.isPresent()) {
            SessionTransaction open = transaction.get();
            transaction = Optional.empty();
            open.rollback();
        }
    }

    // ---- savepoints

    void setSavepoint(String name) {
        orRefuse("SAVEPOINT").setSavepoint(name, settings.state());
    }

    void rollbackTo(String name) {
        settings.restore(orRefuse("ROLLBACK TO SAVEPOINT").rollbackTo(name));
    }

    void release(String name) {
        orRefuse("RELEASE SAVEPOINT").release(name);
    }

    private SessionTransaction orRefuse(String what) {
        return forStatement()
                .orElseThrow(() -> new SqlException(
                        SqlState.NO_ACTIVE_TRANSACTION, what + " can only be used in a transaction: BEGIN one"));
    }

    // ---- modes

    /**
     * Changes the modes of the transaction at hand alone, which must not have been used yet: else 25001. Without autocommit
     * that is the one to come where none is open; false where there is none.
     */
    boolean setModes(Optional<Isolation> isolation, Optional<Boolean> readOnly) {
        checkUnused("the modes");
        Optional<SessionTransaction> now = forStatement();
        if (now.isEmpty()) {
            return false;
        }
        Isolation level = isolation.orElse(now.get().tx.isolation());
        boolean reads = readOnly.orElse(now.get().readOnly);
        drop();
        begin(level, reads);
        return true;
    }

    /** Changes whether transactions may write, from one that is open but was not used yet on; else 25001. */
    void setReadOnly(boolean readOnly) {
        if (readOnly != settings.readOnly) {
            changeModes("the read-only mode", () -> settings.always(() -> settings.readOnly = readOnly));
        }
    }

    /** As {@link #setReadOnly}, of the isolation. */
    void setIsolation(Isolation isolation) {
        if (isolation != settings.isolation) {
            changeModes("the isolation level", () -> settings.always(() -> settings.isolation = isolation));
        }
    }

    private void changeModes(String what, Runnable change) {
        checkUnused(what);
        boolean open = transaction.isPresent();
        drop();
        change.run();
        if (open) {
            transaction = Optional.of(another());
        }
    }

    private void checkUnused(String what) {
        if (broken.isPresent() || transaction.map(t -> t.used).orElse(false)) {
            throw new SqlException(
                    SqlState.TRANSACTION_ACTIVE, what + " cannot be changed in a transaction: end it first");
        }
    }
}
