// A session of an open database.
package org.mosslsm.sql;

import java.time.Instant;
import java.time.ZoneId;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.mosslsm.kv.Durability;
import org.mosslsm.kv.txn.Isolation;
import org.mosslsm.kv.txn.Transaction;
import org.mosslsm.sql.catalog.Catalog;
import org.mosslsm.sql.error.Cancellation;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;

/**
 * A session: settings, at most one transaction that outlives statements, and the queries that stream under autocommit,
 * each in a transaction of its own.
 *
 * <p>Invariants:
 *
 * <ol>
 *   <li>Everything but {@code watch}, {@code running}, {@code cancels} and {@code closed} is used under {@code lock};
 *       {@code cancel} takes no lock, {@code close} cancels first and then waits for it.
 *   <li>{@code transaction} is open or empty; with autocommit on it is there only between BEGIN and its end.
 *   <li>{@code broken} is there from an error of class 40, which took the transaction with it, to the ROLLBACK (or the
 *       COMMIT, which fails) that ends it: no statement may run between, or it would be committed without what came
 *       before it. {@code transaction} is empty then.
 * </ol>
 */
final class LiveSession implements Session {
    private final Database database;
    private final SessionSettings settings;
    private final StatementRun statements;
    private final ReentrantLock lock = new ReentrantLock();
    private final Set<SessionTransaction> streaming = Collections.newSetFromMap(new IdentityHashMap<>());
    private Optional<SessionTransaction> transaction = Optional.empty();
    private Optional<Broken> broken = Optional.empty();
    private boolean autoCommit = true;
    /** What runs now, and in which transaction; null when nothing does. */
    private volatile StatementWatch watch;

    private volatile Transaction running;
    private final AtomicInteger cancels = new AtomicInteger();
    private volatile boolean closed;

    /** A transaction that an error took, and the modes it had. */
    private record Broken(SqlException cause, Isolation isolation, boolean readOnly) {}

    LiveSession(Database database, SessionSettings settings) {
        this.database = database;
        this.settings = settings;
        this.statements = new StatementRun(this, database, settings);
        settings.open = () -> transaction;
    }

    // ---- statements

    @Override
    public PreparedSql prepare(String sql, RunOptions options) {
        return locked(() -> {
            checkOpen();
            StatementWatch preparing = newWatch(options);
            try {
                return Cancellation.asking(preparing, () -> new LivePrepared(this, sql, statements.prepare(sql)));
            } catch (SqlException e) {
                throw e.inText(sql);
            }
        });
    }

    Outcome execute(LivePrepared prepared, List<Object> parameters, RunOptions options) {
        return locked(() -> {
            checkOpen();
            return statements.execute(new StatementRun.Call(prepared, parameters, options));
        });
    }

    Optional<BatchOutcome> executeBatch(LivePrepared prepared, List<Object[]> rows, RunOptions options) {
        return locked(() -> {
            checkOpen();
            return statements.executeBatch(new StatementBatch(prepared, rows, options));
        });
    }

    /** A statement begins; from now on {@code cancel} means it. */
    StatementWatch watch(Transaction tx, RunOptions options) {
        StatementWatch begun = newWatch(options);
        running = tx;
        watch = begun;
        tx.giveUpWhen(begun);
        return begun;
    }

    private StatementWatch newWatch(RunOptions options) {
        long timeoutMillis = options.timeoutMillis() > 0 ? options.timeoutMillis() : settings.statementTimeoutMillis;
        return new StatementWatch(timeoutMillis, cancels, options.cancelled());
    }

    /** No statement runs any more; what streams can still be cancelled. */
    void unwatch() {
        Transaction tx = running;
        if (tx != null) {
            tx.giveUpWhen(Transaction.NEVER);
        }
        watch = null;
        running = null;
    }

    /** Cancels one execution, by any thread: also where it waits for a lock. */
    void cancel(StatementWatch execution) {
        execution.cancel();
        Transaction tx = running;
        if (watch == execution && tx != null) {
            tx.cancel();
        }
    }

    @Override
    public void cancel() {
        cancels.incrementAndGet();
        Transaction tx = running;
        if (tx != null) {
            tx.cancel();
        }
    }

    // ---- transactions

    @Override
    public boolean autoCommit() {
        return locked(() -> {
            checkOpen();
            return autoCommit;
        });
    }

    @Override
    public void setAutoCommit(boolean on) {
        run(() -> {
            if (on != autoCommit) {
                commitWatched();
                autoCommit = on;
            }
        });
    }

    @Override
    public boolean inTransaction() {
        return locked(() -> transaction.isPresent() || broken.isPresent());
    }

    /** Opens the transaction that lasts until COMMIT or ROLLBACK, in modes of its own. */
    void begin(Isolation isolation, boolean readOnly) {
        transaction = Optional.of(newTransaction(isolation, readOnly));
    }

    /**
     * Ends the transaction, and begins one of the same modes: also where an error had taken the first, and COMMIT says so.
     */
    void chain(Runnable end) {
        if (!inTransaction()) {
            throw new SqlException(SqlState.NO_ACTIVE_TRANSACTION, "AND CHAIN needs a transaction to end");
        }
        Optional<Broken> gone = broken;
        Isolation isolation = gone.map(Broken::isolation)
                .orElseGet(() -> transaction.orElseThrow().tx.isolation());
        boolean readOnly = gone.map(Broken::readOnly).orElseGet(() -> transaction.orElseThrow().readOnly);
        try {
            end.run();
        } catch (SqlException e) {
            if (gone.isPresent()) {
                begin(isolation, readOnly);
            }
            throw e;
        }
        begin(isolation, readOnly);
    }

    /** A transaction in the modes of the session. */
    SessionTransaction newTransaction() {
        return newTransaction(settings.isolation, settings.readOnly);
    }

    private SessionTransaction newTransaction(Isolation isolation, boolean readOnly) {
        Instant now = Instant.now();
        return new SessionTransaction(
                database.transactions().begin(isolation, settings.durability),
                database,
                now.getEpochSecond() * 1_000_000 + now.getNano() / 1_000,
                readOnly);
    }

    /** The transaction a statement runs in: the open one; without autocommit one is opened; else none. */
    Optional<SessionTransaction> transactionForStatement() {
        broken.map(Broken::cause).ifPresent(cause -> {
            throw new SqlException(
                    SqlState.FAILED_TRANSACTION,
                    "the transaction was rolled back by an earlier error, and only ROLLBACK is possible: "
                            + cause.getMessage(),
                    cause);
        });
        if (transaction.isEmpty() && !autoCommit) {
            transaction = Optional.of(newTransaction());
        }
        return transaction;
    }

    /** Whether an error took the transaction with it, and nobody said ROLLBACK yet. */
    boolean isBroken() {
        return broken.isPresent();
    }

    /** An error takes the open transaction with it. */
    void breakOpen(SqlException cause) {
        Isolation isolation = transaction.map(t -> t.tx.isolation()).orElse(settings.isolation);
        boolean readOnly = transaction.map(t -> t.readOnly).orElse(settings.readOnly);
        rollbackOpen();
        broken = Optional.of(new Broken(cause, isolation, readOnly));
    }

    @Override
    public void commit() {
        run(() -> {
            if (watch == null) {
                commitWatched();
            } else { // a COMMIT in SQL, watched as a statement
                commitOpen();
            }
        });
    }

    /**
     * A large transaction takes long to commit: cancels and the session's time limit reach it, and roll it back. Before it
     * has begun they leave the transaction open.
     */
    private void commitWatched() {
        if (transaction.isEmpty()) {
            commitOpen();
            return;
        }
        StatementWatch committing = watch(transaction.get().tx, RunOptions.PLAIN);
        try {
            committing.check();
            Cancellation.asking(committing, () -> {
                commitOpen();
                return true;
            });
        } catch (RuntimeException e) {
            throw StatementRun.timeUp(StoreErrors.translate(e), committing);
        } finally {
            unwatch();
        }
    }

    private void commitOpen() {
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
            open.commit();
        }
    }

    @Override
    public void rollback() {
        run(this::rollbackOpen);
    }

    void rollbackOpen() {
        broken = Optional.empty();
        if (transaction.isPresent()) {
            SessionTransaction open = transaction.get();
            transaction = Optional.empty();
            open.rollback();
        }
    }

    @Override
    public void setSavepoint(String name) {
        run(() -> inOpenTransaction("SAVEPOINT").setSavepoint(name));
    }

    @Override
    public void rollbackTo(String name) {
        run(() -> inOpenTransaction("ROLLBACK TO SAVEPOINT").rollbackTo(name));
    }

    @Override
    public void release(String name) {
        run(() -> inOpenTransaction("RELEASE SAVEPOINT").release(name));
    }

    private SessionTransaction inOpenTransaction(String what) {
        return transactionForStatement()
                .orElseThrow(() -> new SqlException(
                        SqlState.NO_ACTIVE_TRANSACTION, what + " can only be used in a transaction: BEGIN one"));
    }

    // ---- settings

    @Override
    public Catalog catalog() {
        return locked(() -> {
            checkOpen();
            return statements.catalog();
        });
    }

    @Override
    public String schema() {
        return locked(() -> {
            checkOpen();
            return settings.schema(statements.catalog());
        });
    }

    @Override
    public void setSchema(String schema) {
        run(() -> {
            if (!statements.catalog().hasSchema(schema) && !schema.equals("information_schema")) {
                throw new SqlException(SqlState.INVALID_SCHEMA, "schema \"" + schema + "\" does not exist");
            }
            settings.path = List.of(schema);
        });
    }

    @Override
    public ZoneId zone() {
        return locked(() -> settings.zone);
    }

    @Override
    public void setZone(ZoneId zone) {
        run(() -> settings.zone = zone);
    }

    @Override
    public boolean readOnly() {
        return locked(() -> settings.readOnly);
    }

    @Override
    public void setReadOnly(boolean readOnly) {
        run(() -> {
            if (readOnly != settings.readOnly) {
                changeModes("the read-only mode", () -> settings.readOnly = readOnly);
            }
        });
    }

    @Override
    public Isolation isolation() {
        return locked(() -> settings.isolation);
    }

    @Override
    public void setIsolation(Isolation isolation) {
        run(() -> {
            if (isolation != settings.isolation) {
                changeModes("the isolation level", () -> settings.isolation = isolation);
            }
        });
    }

    /**
     * Changes the modes of the transaction at hand alone, which must not have been used yet: else 25001. Without autocommit
     * that is the one to come where none is open; false where there is none.
     */
    boolean setModes(Optional<Isolation> isolation, Optional<Boolean> readOnly) {
        checkUnused("the modes");
        Optional<SessionTransaction> now = transactionForStatement();
        if (now.isEmpty()) {
            return false;
        }
        Isolation level = isolation.orElse(now.get().tx.isolation());
        boolean reads = readOnly.orElse(now.get().readOnly);
        rollbackOpen();
        begin(level, reads);
        return true;
    }

    private void checkUnused(String what) {
        if (broken.isPresent() || transaction.map(t -> t.used).orElse(false)) {
            throw new SqlException(
                    SqlState.TRANSACTION_ACTIVE, what + " cannot be changed in a transaction: end it first");
        }
    }

    /** Changes what transactions begin with. One that is open but was not used yet begins anew; else 25001. */
    private void changeModes(String what, Runnable change) {
        checkUnused(what);
        boolean open = transaction.isPresent();
        rollbackOpen();
        change.run();
        if (open) {
            transaction = Optional.of(newTransaction());
        }
    }

    @Override
    public Durability durability() {
        return locked(() -> settings.durability);
    }

    @Override
    public void setDurability(Durability durability) {
        run(() -> settings.durability = durability);
    }

    @Override
    public long statementTimeoutMillis() {
        return locked(() -> settings.statementTimeoutMillis);
    }

    @Override
    public void setStatementTimeoutMillis(long millis) {
        run(() -> settings.statementTimeoutMillis = millis);
    }

    @Override
    public void setLockTimeoutMillis(long millis) {
        run(() -> settings.lockTimeoutMillis = millis);
    }

    @Override
    public Optional<String> setting(String name) {
        return locked(() -> settings.get(name));
    }

    // ---- itself

    void lock() {
        lock.lock();
    }

    void unlock() {
        lock.unlock();
    }

    private void run(Runnable work) {
        locked(() -> {
            checkOpen();
            work.run();
            return true;
        });
    }

    private <T> T locked(Supplier<T> work) {
        lock.lock();
        try {
            return work.get();
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
            throw StoreErrors.translate(e);
        } finally {
            lock.unlock();
        }
    }

    private void checkOpen() {
        if (closed) {
            throw new SqlException(SqlState.CONNECTION_CLOSED, "the session is closed");
        }
    }

    void streams(SessionTransaction own) {
        streaming.add(own);
    }

    void streamed(SessionTransaction own) {
        streaming.remove(own);
    }

    @Override
    public boolean isClosed() {
        return closed;
    }

    @Override
    public void close() {
        closed = true;
        cancel();
        lock.lock();
        try {
            rollbackOpen();
            List.copyOf(streaming).forEach(SessionTransaction::rollback);
            streaming.clear();
        } catch (RuntimeException e) {
            throw StoreErrors.translate(e);
        } finally {
            lock.unlock();
            database.ended(this);
        }
    }
}
