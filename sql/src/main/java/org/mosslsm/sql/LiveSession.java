// A session of an open database.
package org.mosslsm.sql;

import java.time.ZoneId;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
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
 * each in a transaction of its own. Here is who may do what and when; what is done is in {@link StatementRun} and {@link
 * CurrentTransaction}.
 *
 * <p>Invariants:
 *
 * <ol>
 *   <li>Everything but {@code watch}, {@code running}, {@code cancels} and {@code closed} is used under {@code lock};
 *       {@code cancel} takes no lock, {@code close} cancels first and then waits for it.
 * </ol>
 */
final class LiveSession implements Session {
    private final Database database;
    private final SessionSettings settings;
    private final CurrentTransaction transaction;
    private final StatementRun statements;
    private final ReentrantLock lock = new ReentrantLock();
    private final Set<SessionTransaction> streaming = Collections.newSetFromMap(new IdentityHashMap<>());
    /** What runs now, and in which transaction; null when nothing does. */
    private volatile StatementWatch watch;

    private volatile Transaction running;
    private final AtomicInteger cancels = new AtomicInteger();
    private volatile boolean closed;

    LiveSession(Database database, SessionSettings settings) {
        this.database = database;
        this.settings = settings;
        this.transaction = new CurrentTransaction(database, settings);
        this.statements = new StatementRun(this, transaction, database, settings);
        settings.open = transaction::open;
        settings.inTransaction = transaction::isThere;
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

    Optional<BatchOutcome> executeBatch(LivePrepared prepared, List<? extends List<Object>> rows, RunOptions options) {
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
            database.advisory().wake();
        }
    }

    @Override
    public void cancel() {
        cancels.incrementAndGet();
        Transaction tx = running;
        if (tx != null) {
            tx.cancel();
            database.advisory().wake();
        }
    }

    // ---- transactions

    @Override
    public boolean autoCommit() {
        return locked(() -> {
            checkOpen();
            return transaction.autoCommit();
        });
    }

    @Override
    public void setAutoCommit(boolean on) {
        run(() -> {
            if (on != transaction.autoCommit()) {
                commitWatched();
                transaction.setAutoCommit(on);
            }
        });
    }

    @Override
    public boolean inTransaction() {
        return locked(transaction::isThere);
    }

    @Override
    public void commit() {
        run(this::commitWatched);
    }

    private void commitWatched() {
        committing(RunOptions.PLAIN, watch -> {}, () -> {
            transaction.commit();
            return true;
        });
    }

    /**
     * A large transaction takes long to commit: cancels and the time limit reach what commits it, and roll it back. Before it
     * has begun they leave the transaction open.
     *
     * @param begun is told of the watch before the work begins
     */
    <T> T committing(RunOptions options, Consumer<StatementWatch> begun, Supplier<T> work) {
        Optional<SessionTransaction> open = transaction.open();
        if (open.isEmpty()) {
            return work.get();
        }
        StatementWatch committing = watch(open.get().tx, options);
        begun.accept(committing);
        try {
            committing.check();
            return Cancellation.asking(committing, work);
        } catch (RuntimeException e) {
            throw StatementRun.timeUp(StoreErrors.translate(e), committing);
        } finally {
            unwatch();
        }
    }

    @Override
    public void rollback() {
        run(transaction::rollback);
    }

    @Override
    public void setSavepoint(String name) {
        run(() -> transaction.setSavepoint(name));
    }

    @Override
    public void rollbackTo(String name) {
        run(() -> transaction.rollbackTo(name));
    }

    @Override
    public void release(String name) {
        run(() -> transaction.release(name));
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
            settings.always(() -> settings.path = List.of(schema));
        });
    }

    @Override
    public ZoneId zone() {
        return locked(() -> settings.zone);
    }

    @Override
    public void setZone(ZoneId zone) {
        run(() -> settings.always(() -> settings.zone = zone));
    }

    @Override
    public boolean readOnly() {
        return locked(() -> settings.readOnly);
    }

    @Override
    public void setReadOnly(boolean readOnly) {
        run(() -> transaction.setReadOnly(readOnly));
    }

    @Override
    public Isolation isolation() {
        return locked(() -> settings.isolation);
    }

    @Override
    public void setIsolation(Isolation isolation) {
        run(() -> transaction.setIsolation(isolation));
    }

    @Override
    public Durability durability() {
        return locked(() -> settings.durability);
    }

    @Override
    public void setDurability(Durability durability) {
        run(() -> settings.always(() -> settings.durability = durability));
    }

    @Override
    public long statementTimeoutMillis() {
        return locked(() -> settings.statementTimeoutMillis);
    }

    @Override
    public void setStatementTimeoutMillis(long millis) {
        run(() -> settings.always(() -> settings.statementTimeoutMillis = millis));
    }

    @Override
    public void setLockTimeoutMillis(long millis) {
        run(() -> settings.always(() -> settings.lockTimeoutMillis = millis));
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
        tryOut(new ReentrantLock());
        lock.lock();
        try {
            return work.get();
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
            throw StoreErrors.translate(e);
        } finally {
            lock.unlock();
        }
    }

    /** Who has no stack left to give a lock back, and would keep the session's for ever, learns it here. */
    private static void tryOut(ReentrantLock another) {
        another.lock();
        try {
            assert another.isHeldByCurrentThread();
        } finally {
            another.unlock();
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
            transaction.rollback();
            List.copyOf(streaming).forEach(SessionTransaction::rollback);
            streaming.clear();
        } catch (RuntimeException e) {
            throw StoreErrors.translate(e);
        } finally {
            statements.close();
            lock.unlock();
            database.ended(this);
        }
    }
}
