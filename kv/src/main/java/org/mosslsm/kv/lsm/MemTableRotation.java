package org.mosslsm.kv.lsm;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.mosslsm.kv.lsm.ReadState.LoggedMemTable;
import org.mosslsm.kv.lsm.iter.DeadGaps;
import org.mosslsm.kv.lsm.memtable.MemTable;
import org.mosslsm.kv.lsm.version.VersionSet;

/**
 * Puts a fresh memtable and log in place of full ones, and holds writers back when flush or compaction cannot follow.
 *
 * <pre>
 * each group of commits     is charged for what the one before wrote, at the rate of {@link WritePressure};
 *                           it waits once that comes to a millisecond, and looks again when something has changed
 * memtable full, or to be   rotate; but with {@code MAX_IMMUTABLES} being flushed wait for the background, which signals
 *   flushed                 every change, or finds no space for that: {@link Shortage}
 * </pre>
 *
 * <p>Invariant: who waits took the number of changes before it looked at the state, the health and the shortage, each of which
 * is changed first and signalled then: so whatever comes after a look ends the wait.
 *
 * <p>Everything but the figures is called under the commit lock.
 */
final class MemTableRotation {
    /** With the active one three memtables at most: one filling, one waiting, one being written. */
    static final int MAX_IMMUTABLES = 2;

    /** Shorter waits than this cost more than they hold back. */
    private static final long LEAST_DELAY_NANOS = 1_000_000;

    /** Longest wait of one group, so that nobody waits long for what another wrote. */
    private static final long MOST_DELAY_NANOS = 200_000_000;

    /** A signal might be missed only by a mistake of ours; then this is how long it hurts, in milliseconds. */
    static final long LOOK_AGAIN_MILLIS = 1000;

    private final LsmOptions options;
    private final VersionSet versions;
    private final ReadStates states;
    private final ActiveLog log;
    private final Health health;
    private final DeadGaps gaps;
    private final WritePressure pressure;
    private final Runnable workWanted;
    private final LongAdder rotations = new LongAdder();

    /** The memtable last charged for, its size then, and the wait that is owed. */
    private MemTable charged;

    private long chargedBytes;
    private long owedNanos;

    MemTableRotation(
            LsmOptions options,
            VersionSet versions,
            StoreReads reads,
            ActiveLog log,
            WritePressure pressure,
            Runnable workWanted) {
        this.options = options;
        this.versions = versions;
        this.states = reads.states();
        this.gaps = reads.gaps();
        this.log = log;
        this.health = reads.health();
        this.pressure = pressure;
        this.workWanted = workWanted;
    }

    /** Returns when the active memtable takes another group; {@code lastSeq} is the last sequence number in it. */
    void makeRoom(long lastSeq) throws IOException {
        delay();
        while (states.current().active().table().isFull(options.memtableBytes(), Limits.MAX_COMMIT_BYTES)) {
            awaitRoom();
            rotate(lastSeq);
        }
    }

    /** Returns when fewer memtables wait than may; they become more under the commit lock only. */
    private void awaitRoom() {
        long since = -1; // asked for only where there is no room
        long seen = states.changes();
        ReadState state = states.current();
        while (state.immutables().size() >= MAX_IMMUTABLES) {
            since = since < 0 ? health.shortage().tries() : since;
            pressure.on(state, MAX_IMMUTABLES);
            stallForRoom(seen, since);
            seen = states.changes();
            state = states.current();
        }
    }

    private void delay() {
        ReadState state = states.current();
        MemTable active = state.active().table();
        double force = pressure.on(state, MAX_IMMUTABLES);
        long bytes = active.byteSize();
        if (force == 0) {
            owedNanos = 0;
        } else if (active == charged) {
            owedNanos = Math.min(MOST_DELAY_NANOS, owedNanos + WritePressure.delayNanos(bytes - chargedBytes, force));
        }
        charged = active;
        chargedBytes = bytes;
        if (owedNanos >= LEAST_DELAY_NANOS) {
            long waited = stall(states.changes(), owedNanos / 1_000_000);
            owedNanos = Math.max(0, owedNanos - waited); // less was waited when something changed: then what is left
        }
    }

    /** Waits for a change after those {@code seen}, or so long; returns for how long, in nanoseconds. */
    private long stall(long seen, long millis) {
        health.checkWritable();
        long start = System.nanoTime();
        states.awaitChange(seen, millis);
        long waited = System.nanoTime() - start;
        pressure.waited(waited);
        health.checkWritable();
        return waited;
    }

    /** As {@link #stall}, for room that only a flush can make; refused once one begun after the try {@code since} failed. */
    private void stallForRoom(long seen, long since) {
        health.shortage().check(Shortage.Work.FLUSH, since);
        if (health.shortage().isShort()) {
            workWanted.run();
        }
        stall(seen, LOOK_AGAIN_MILLIS);
    }

    /**
     * Rotates a memtable that holds something, or of whose log a commit is that did nothing, as the delete of an empty
     * range: no log may hold numbers below those of later tables. Waits for room as {@link #makeRoom} does: else each try
     * to flush while there is no space would leave one memtable more. Returns the memtable to wait for, or null where there
     * is none.
     */
    MemTable rotateIfUsed(long lastSeq) throws IOException {
        if (isUsed(lastSeq)) {
            awaitRoom();
            rotate(lastSeq);
        }
        ReadState now = states.current();
        return now.immutables().isEmpty() ? null : now.immutables().get(0).table();
    }

    private boolean isUsed(long lastSeq) {
        ReadState state = states.current();
        List<LoggedMemTable> full = state.immutables();
        long before = full.isEmpty() ? state.tablesSeq() : full.get(0).lastSeq();
        return !state.active().table().isEmpty() || lastSeq > before;
    }

    /** As {@link #rotateIfUsed}, unless that had to wait. */
    MemTable rotateIfRoom(long lastSeq) throws IOException {
        return states.current().immutables().size() < MAX_IMMUTABLES ? rotateIfUsed(lastSeq) : null;
    }

    /** Returns when {@code memTable} is in tables, and so are all before it; at once for null. Needs no lock. */
    void awaitFlushed(MemTable memTable) {
        long since = health.shortage().tries();
        while (memTable != null) {
            long seen = states.changes();
            if (states.current().immutables().stream().noneMatch(m -> m.table() == memTable)) {
                return;
            }
            stallForRoom(seen, since);
        }
    }

    private void rotate(long lastSeq) throws IOException {
        long number = versions.newFileNumber();
        log.rotate(number, lastSeq);
        states.rotate(new LoggedMemTable(new MemTable(), number), lastSeq);
        gaps.memTableJoined();
        rotations.increment();
        workWanted.run();
    }

    /** How many memtables were filled so far. */
    long rotations() {
        return rotations.sum();
    }
}
