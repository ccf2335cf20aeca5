// The advisory locks of a session.
package org.mosslsm.sql;

import org.mosslsm.sql.AdvisoryLocks.Scope;
import org.mosslsm.sql.expr.SessionLocks;

/** Takes advisory locks for one statement, in its session or its transaction. Used under the session's lock. */
final class LiveLocks implements SessionLocks {
    private final AdvisoryLocks all;
    private final Scope session;
    private final SessionTransaction transaction;
    private final SessionSettings settings;
    private final StatementWatch watch;

    LiveLocks(
            AdvisoryLocks all,
            Scope session,
            SessionTransaction transaction,
            SessionSettings settings,
            StatementWatch watch) {
        this.all = all;
        this.session = session;
        this.transaction = transaction;
        this.settings = settings;
        this.watch = watch;
    }

    @Override
    public void take(LockId key, Manner manner) {
        long timeoutMillis = watch.lockTimeoutMillis(settings.lockTimeoutMillis);
        all.take(scope(manner), key, manner.shared(), timeoutMillis, watch);
    }

    @Override
    public boolean tryTake(LockId key, Manner manner) {
        return all.tryTake(scope(manner), key, manner.shared());
    }

    private Scope scope(Manner manner) {
        return manner.transaction() ? transaction.advisory() : session;
    }

    @Override
    public boolean release(LockId key, boolean shared) {
        return all.release(session, key, shared);
    }

    @Override
    public void releaseAll() {
        all.releaseAll(session);
    }
}
