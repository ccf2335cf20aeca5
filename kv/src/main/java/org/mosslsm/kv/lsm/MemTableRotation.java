package org.mosslsm.kv.lsm;

import java.io.IOException;
import java.util.concurrent.atomic.LongAdder;
import org.mosslsm.kv.lsm.ReadState.LoggedMemTable;
import org.mosslsm.kv.lsm.iter.DeadGaps;
import org.mosslsm.kv.lsm.memtable.MemTable;
import org.mosslsm.kv.lsm.version.VersionSet;

/**
 * Puts a fresh memtable and log in place of full ones, and holds writers back when flush or compaction cannot follow.
 *
 * <pre>
 * memtable full, fewer than {@code MAX_IMMUTABLES} being flushed, level 0 below STOP:  rotate
 * else                                                          wait for the background, which signals every change
 * level 0 between SLOW and STOP:                                each group waits a little, the more the fuller
 * </pre>
 *
 * <p>Everything but the figures is called under the commit lock.
 */
final class MemTableRotation {
    /** With the active one three memtables at most: one filling, one waiting, one being written. */
    private static final int MAX_IMMUTABLES = 2;

    /** Tables in level 0 from which on every group of commits waits a moment: compaction is behind. */
    private static final int SLOW_TABLES = 16;

    /** Tables in level 0 at which writers wait until there are fewer: each one costs every read. */
    private static final int STOP_TABLES = 32;

    /** Longest wait of one group between SLOW and STOP, in milliseconds. */
    private static final long MAX_DELAY_MILLIS = 4;

    /** A signal might be missed only by a mistake of ours; then this is how long it hurts, in milliseconds. */
    private static final long LOOK_AGAIN_MILLIS = 1000;

    private final LsmOptions options;
    private final VersionSet versions;
    private final ReadStates states;
    private final ActiveLog log;
    private final Health health;
    private final DeadGaps gaps;
    private final Runnable flushWanted;
    private final LongAdder stalledNanos = new LongAdder();
    private final LongAdder rotations = new LongAdder();

    MemTableRotation(LsmOptions options, VersionSet versions, StoreReads reads, ActiveLog log, Runnable flushWanted) {
        this.options = options;
        this.versions = versions;
        this.states = reads.states();
        this.gaps = reads.gaps();
        this.log = log;
        this.health = reads.health();
        this.flushWanted = flushWanted;
    }

    /** Returns when the active memtable takes another group; {@code lastSeq} is the last sequence number in it. */
    void makeRoom(long lastSeq) throws IOException {
        delay(states.current());
        while (states.current().active().table().isFull(options.memtableBytes(), Limits.MAX_COMMIT_BYTES)) {
            ReadState state = states.current();
            if (state.immutables().size() >= MAX_IMMUTABLES || tables(state) >= STOP_TABLES) {
                stall(state, LOOK_AGAIN_MILLIS);
            } else {
                rotate(lastSeq);
            }
        }
    }

    private void delay(ReadState state) {
        int over = tables(state) - SLOW_TABLES;
        if (over > 0) {
            stall(state, Math.max(1, MAX_DELAY_MILLIS * over / (STOP_TABLES - SLOW_TABLES)));
        }
    }

    private void stall(ReadState state, long millis) {
        long start = System.nanoTime();
        states.awaitChange(state, millis);
        stalledNanos.add(System.nanoTime() - start);
        health.checkWritable();
    }

    private static int tables(ReadState state) {
        return state.version().array(0).length;
    }

    /** Rotates a memtable that holds something; returns the memtable to wait for, or null where there is none. */
    MemTable rotateIfUsed(long lastSeq) throws IOException {
        ReadState state = states.current();
        if (!state.active().table().isEmpty()) {
            rotate(lastSeq);
        }
        ReadState now = states.current();
        return now.immutables().isEmpty() ? null : now.immutables().get(0).table();
    }

    /** Returns when {@code memTable} is in tables, and so are all before it; at once for null. Needs no lock. */
    void awaitFlushed(MemTable memTable) {
        while (memTable != null) {
            ReadState state = states.current();
            if (state.immutables().stream().noneMatch(m -> m.table() == memTable)) {
                return;
            }
            health.checkWritable();
            states.awaitChange(state, LOOK_AGAIN_MILLIS);
        }
    }

    private void rotate(long lastSeq) throws IOException {
        long number = versions.newFileNumber();
        log.rotate(number, lastSeq);
        states.rotate(new LoggedMemTable(new MemTable(), number), lastSeq);
        gaps.memTableJoined();
        rotations.increment();
        flushWanted.run();
    }

    /** How long writers were held back so far, in microseconds. */
    long stalledMicros() {
        return stalledNanos.sum() / 1000;
    }

    /** How many memtables were filled so far. */
    long rotations() {
        return rotations.sum();
    }
}
