// Locks that programs take by numbers.
package org.mosslsm.sql;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;
import org.mosslsm.sql.expr.SessionLocks.LockId;

/**
 * The advisory locks of a database: numbers that mean what programs agree on. A lock is held by a {@link Scope}, a session
 * or a transaction of it, alone or shared; the scopes of one session are never in each other's way. A scope may take a lock
 * several times, and holds it until it let go of it as often, or ends.
 *
 * <p>Invariants:
 *
 * <ol>
 *   <li>Of the scopes that hold a lock, those of different sessions share it.
 *   <li>Who must wait stands in the queue of the lock, in order of coming: a lock is not given to one who comes later and is
 *       in the way of one who waits, unless their session holds it already.
 *   <li>No session waits for itself: whose waiting would close a circle is refused instead (40001). Locks of rows and tables
 *       are not looked at: a circle through both kinds ends by the time limit of a wait.
 * </ol>
 *
 * <p>Thread-safe: everything is used under {@code lock}.
 */
final class AdvisoryLocks {
    private final ReentrantLock lock = new ReentrantLock();
    /** Something was let go of, or somebody should look whether to give up. */
    private final Condition changed = lock.newCondition();

    private final Map<LockId, Entry> entries = new HashMap<>();

    /** A session, which waits for at most one lock at a time. */
    static final class Owner {
        private Optional<Wait> waiting = Optional.empty();
    }

    /** What locks are let go of together with. */
    static final class Scope {
        private final Owner owner;
        private final Set<LockId> keys = new HashSet<>();

        Scope(Owner owner) {
            this.owner = owner;
        }
    }

    private record Wait(Owner owner, LockId key, boolean shared) {}

    private static final class Grant {
        final Scope scope;
        final boolean shared;
        int times;

        Grant(Scope scope, boolean shared) {
            this.scope = scope;
            this.shared = shared;
        }
    }

    private static final class Entry {
        final List<Grant> grants = new ArrayList<>(1);
        final List<Wait> queue = new ArrayList<>(1);
    }

    /**
     * Takes a lock without waiting; returns whether it was to be had.
     *
     * @param shared whether others may hold it too, who take it so
     */
    boolean tryTake(Scope scope, LockId key, boolean shared) {
        lock.lock();
        try {
            Entry entry = entries.computeIfAbsent(key, k -> new Entry());
            boolean free = inTheWay(entry, new Wait(scope.owner, key, shared)).isEmpty();
            if (free) {
                grant(entry, scope, key, shared);
            }
            forget(key, entry);
            return free;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes a lock, waiting for it.
     *
     * @param timeoutMillis the longest wait; 0 is none
     * @param check raises what ends the wait early; asked whenever {@link #wake} was called
     * @throws SqlException HYT00 when it took too long, 40001 when waiting would never end; it is not held then
     */
    void take(Scope scope, LockId key, boolean shared, long timeoutMillis, Runnable check) {
        lock.lock();
        try {
            Entry entry = entries.computeIfAbsent(key, k -> new Entry());
            Wait wait = new Wait(scope.owner, key, shared);
            entry.queue.add(wait);
            scope.owner.waiting = Optional.of(wait);
            try {
                waitFor(entry, wait, timeoutMillis, check);
                grant(entry, scope, key, shared);
            } finally {
                scope.owner.waiting = Optional.empty();
                entry.queue.remove(wait);
                forget(key, entry);
                changed.signalAll(); // who stood behind it
            }
        } finally {
            lock.unlock();
        }
    }

    private void waitFor(Entry entry, Wait wait, long timeoutMillis, Runnable check) {
        long remaining = TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
        while (true) {
            Set<Owner> others = inTheWay(entry, wait);
            if (others.isEmpty()) {
                return;
            }
            check.run();
            if (reaches(others, wait.owner(), new HashSet<>())) {
                throw new SqlException(
                        SqlState.SERIALIZATION_FAILURE,
                        "deadlock: those who hold advisory lock " + wait.key() + " wait for locks of this session");
            }
            if (remaining <= 0) {
                throw new SqlException(
                        SqlState.LOCK_TIMEOUT,
                        "advisory lock " + wait.key() + " was not to be had within " + timeoutMillis + " ms");
            }
            try {
                remaining = changed.awaitNanos(remaining);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new SqlException(
                        SqlState.QUERY_CANCELED, "interrupted while waiting for advisory lock " + wait.key(), e);
            }
        }
    }

    /** Other sessions that hold the lock so that this one cannot, or wait for it so since before it; see invariant 2. */
    private static Set<Owner> inTheWay(Entry entry, Wait wait) {
        Set<Owner> others = new HashSet<>();
        boolean holds = false;
        for (Grant grant : entry.grants) {
            boolean own = grant.scope.owner == wait.owner();
            holds |= own;
            if (!own && !(grant.shared && wait.shared())) {
                others.add(grant.scope.owner);
            }
        }
        for (Wait before : entry.queue) {
            if (holds || before.equals(wait)) {
                break;
            }
            if (!(before.shared() && wait.shared())) {
                others.add(before.owner());
            }
        }
        return others;
    }

    /** Whether one of these waits, be it for others that do, for {@code end}. */
    private boolean reaches(Set<Owner> owners, Owner end, Set<Owner> seen) {
        for (Owner owner : owners) {
            if (owner == end) {
                return true;
            }
            if (seen.add(owner)
                    && owner.waiting
                            .map(w -> reaches(inTheWay(entries.get(w.key()), w), end, seen))
                            .orElse(false)) {
                return true;
            }
        }
        return false;
    }

    private static void grant(Entry entry, Scope scope, LockId key, boolean shared) {
        Grant grant = entry.grants.stream()
                .filter(g -> g.scope == scope && g.shared == shared)
                .findFirst()
                .orElseGet(() -> {
                    Grant first = new Grant(scope, shared);
                    entry.grants.add(first);
                    return first;
                });
        grant.times++;
        scope.keys.add(key);
    }

    private void forget(LockId key, Entry entry) {
        if (entry.grants.isEmpty() && entry.queue.isEmpty()) {
            entries.remove(key);
        }
    }

    /** Lets go of a lock that was taken once; returns whether the scope held it so. */
    boolean release(Scope scope, LockId key, boolean shared) {
        lock.lock();
        try {
            Entry entry = entries.get(key);
            if (entry == null) {
                return false;
            }
            Iterator<Grant> grants = entry.grants.iterator();
            while (grants.hasNext()) {
                Grant grant = grants.next();
                if (grant.scope == scope && grant.shared == shared) {
                    if (--grant.times == 0) {
                        grants.remove();
                        forget(key, entry);
                        changed.signalAll();
                    }
                    return true;
                }
            }
            return false;
        } finally {
            lock.unlock();
        }
    }

    /** Lets go of all that the scope holds. */
    void releaseAll(Scope scope) {
        lock.lock();
        try {
            for (LockId key : scope.keys) {
                Entry entry = entries.get(key);
                if (entry != null) {
                    entry.grants.removeIf(g -> g.scope == scope);
                    forget(key, entry);
                }
            }
            scope.keys.clear();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Makes all who wait look whether they are to give up. */
    void wake() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
