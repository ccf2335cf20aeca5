package org.mosslsm.kv.lsm;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;
import org.mosslsm.kv.StoreClosedException;
import org.mosslsm.kv.lsm.ReadState.LoggedMemTable;
import org.mosslsm.kv.lsm.version.Version;
import org.mosslsm.kv.lsm.version.VersionEdit;
import org.mosslsm.kv.lsm.version.VersionSet;

/**
 * The current {@link ReadState}, and its two ways of changing: a memtable is rotated, or a version edit is installed.
 *
 * <pre>
 * rotate    (commit lock)   stateLock: state = fresh memtable + all before
 * install   (background)    installLock:
 *                             manifest gets the edit, synced                     may take milliseconds
 *                             stateLock: state = new version, without the flushed memtable
 * </pre>
 *
 * <p>Invariants: (1) {@code state} changes under {@code stateLock} only. (2) Edits are installed one at a time, so that
 * the version taken for a new state is the one its own edit made, and no memtable is beside its own table. (3) Lock order:
 * commit lock, installLock, stateLock. (4) {@code changes} grows, under {@code stateLock}, with every change of the state and
 * every wake: who took its number, looked, found nothing, and waits for the next one misses none that came after it took it.
 *
 * <p>Thread-safe. A point read uses {@link #current} without a reference and starts over when a table closed under it.
 */
final class ReadStates {
    private final VersionSet versions;
    private final ReentrantLock installLock = new ReentrantLock();
    private final ReentrantLock stateLock = new ReentrantLock();
    private final Condition changed = stateLock.newCondition();
    private final OpenCursors cursors = new OpenCursors();
    private volatile ReadState state;

    /** Guarded by stateLock; see invariant 4. */
    private long changes;

    /** Begins with memtables, the full ones newest first, above the tables that {@code versions} has. */
    ReadStates(VersionSet versions, LoggedMemTable active, List<LoggedMemTable> full) {
        this.versions = versions;
        this.state = new ReadState(active, full, versions.acquire(), versions.lastSequence());
    }

    ReadState current() {
        return state;
    }

    /** The cursors that are open, and what they hold. */
    OpenCursors cursors() {
        return cursors;
    }

    /** The current state with a reference on its version, to be given back by {@code version().release()}. */
    ReadState acquire() {
        while (true) {
            ReadState now = state;
            if (now.version().tryReference()) {
                return now;
            }
            if (now == state) {
                throw new StoreClosedException("the store"); // only close takes the last reference of the current state
            }
        }
    }

    /** Puts a fresh memtable in front; called under the commit lock. */
    void rotate(LoggedMemTable fresh, long lastSeq) {
        // The same version, not the current one: an install between its edit and its swap has made that newer already,
        // with the table of a memtable that is still in this state.
        swap(s -> s.rotated(fresh, lastSeq));
    }

    /** What an edit is made from, under the install lock, just before it is installed. */
    interface EditSource {
        /** The edit; {@code now} is the state it will follow. */
        VersionEdit edit(ReadState now);
    }

    /** Makes the edit that adds the table of {@code flushed} durable, and puts the table in the memtable's place. */
    void installFlushed(EditSource source, LoggedMemTable flushed) {
        install(source, s -> s.flushed(flushed, versions.acquire()));
    }

    /** Makes an edit durable and current that adds a bulk load of that sequence number; all before it must be in tables. */
    void installLoaded(EditSource source, long seq) {
        install(source, s -> s.withTables(versions.acquire(), seq));
    }

    /** Makes an edit durable and current that puts tables in the place of others of the same content. */
    void installCompacted(EditSource source) {
        install(source, s -> s.withTables(versions.acquire(), 0));
    }

    private void install(EditSource source, UnaryOperator<ReadState> step) {
        installLock.lock();
        try {
            versions.apply(source.edit(state));
            swap(step);
        } finally {
            installLock.unlock();
        }
        cursors.letGoOutdated(state);
    }

    private void swap(UnaryOperator<ReadState> step) {
        Version before;
        stateLock.lock();
        try {
            ReadState old = state;
            before = old.version();
            state = step.apply(old);
            tellAll();
        } finally {
            stateLock.unlock();
        }
        before.release();
    }

    /** A number to take before the looks at all that may end a wait; see {@link #awaitChange}. */
    long changes() {
        stateLock.lock();
        try {
            return changes;
        } finally {
            stateLock.unlock();
        }
    }

    /** Waits for a change or a {@link #wake} after the one that {@link #changes} had as its {@code seen}, or so long. */
    void awaitChange(long seen, long millis) {
        boolean interrupted = false;
        stateLock.lock();
        try {
            long left = TimeUnit.MILLISECONDS.toNanos(millis);
            while (changes == seen && left > 0) {
                try {
                    left = changed.awaitNanos(left);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            stateLock.unlock();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Wakes all who wait for a change: to be called when something has changed that they look at. */
    void wake() {
        stateLock.lock();
        try {
            tellAll();
        } finally {
            stateLock.unlock();
        }
    }

    private void tellAll() {
        changes++;
        changed.signalAll();
    }

    /** Gives the current state's reference back, at the end. */
    void close() {
        state.version().release();
    }
}
