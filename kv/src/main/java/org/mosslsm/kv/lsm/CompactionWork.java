package org.mosslsm.kv.lsm;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.LongAdder;
import org.mosslsm.kv.lsm.compact.Compaction;
import org.mosslsm.kv.lsm.compact.CompactionPicker;
import org.mosslsm.kv.lsm.compact.CompactionRunner;
import org.mosslsm.kv.lsm.compact.CompactionRunner.Result;
import org.mosslsm.kv.lsm.compact.DeadTables;
import org.mosslsm.kv.lsm.compact.DeadTables.Dead;
import org.mosslsm.kv.lsm.compact.LevelShape;
import org.mosslsm.kv.lsm.compact.LeveledPicker;
import org.mosslsm.kv.lsm.entry.RangeTombstones;
import org.mosslsm.kv.lsm.entry.Stripes;
import org.mosslsm.kv.lsm.memtable.MemTable;
import org.mosslsm.kv.lsm.table.TableOptions;
import org.mosslsm.kv.lsm.version.TableCache;
import org.mosslsm.kv.lsm.version.VersionEdit;
import org.mosslsm.kv.lsm.version.VersionSet;
import org.mosslsm.kv.vfs.Vfs;

/**
 * Keeps the levels in shape, one compaction at a time.
 *
 * <pre>
 * reference the state's version
 * pick the most urgent compaction                  none: done
 * learn the versions that snapshots read           after the inputs are known: invariant 2 of {@link Snapshots}
 * merge
 * install the edit; the inputs are deleted when nobody reads them any more
 * </pre>
 *
 * <p>One thread at a time runs it; the figures may be read by any.
 */
final class CompactionWork {
    private static final System.Logger LOGGER = System.getLogger(CompactionWork.class.getName());

    private final ReadStates states;
    private final Snapshots snapshots;
    private final Health health;
    private final CompactionPicker picker;
    private final CompactionRunner runner;
    private final TableCache tables;
    /** The memtable that had range deletes at the last tick, and how many; used by the compactor's thread only. */
    private MemTable rangesSeenIn;

    private int rangesSeen;

    private final LongAdder runs = new LongAdder();
    private final LongAdder tablesDropped = new LongAdder();
    private final LongAdder bytesRead = new LongAdder();
    private final LongAdder bytesWritten = new LongAdder();

    CompactionWork(
            Vfs vfs,
            VersionSet versions,
            StoreReads reads,
            long memtableBytes,
            TableOptions upper,
            TableOptions lower) {
        this.states = reads.states();
        this.snapshots = reads.snapshots();
        this.health = reads.health();
        this.tables = versions.tables();
        LevelShape shape = LevelShape.forMemTables(memtableBytes);
        this.picker = new LeveledPicker(shape);
        this.runner = new CompactionRunner(
                vfs, versions.tables(), versions::newFileNumber, level -> level < 2 ? upper : lower, shape);
    }

    /** Runs the most urgent compaction; false where none is due, or the store is being closed. */
    boolean run() {
        ReadState state = states.acquire();
        try {
            if (dropDead(state)) {
                return true;
            }
            Optional<Compaction> due = picker.pick(state.version(), snapshots.oldest());
            if (due.isEmpty()) {
                return false;
            }
            run(due.get(), state);
            return true;
        } catch (CancellationException e) {
            return false;
        } finally {
            state.version().release();
        }
    }

    /** Drops tables nobody sees anything of; false where there are none. */
    private boolean dropDead(ReadState state) {
        List<Dead> dead = dead(state, snapshots.dropBelow());
        if (dead.isEmpty()) {
            return false;
        }
        VersionEdit edit = new VersionEdit();
        dead.forEach(c -> edit.remove(c.level(), c.file()));
        states.installCompacted(now -> edit);
        tablesDropped.add(dead.size());
        LOGGER.log(
                System.Logger.Level.DEBUG,
                () -> "dropped " + dead.size() + " tables of "
                        + dead.stream().mapToLong(c -> c.file().size()).sum()
                        + " bytes unread");
        return true;
    }

    private List<Dead> dead(ReadState state, long oldest) {
        return DeadTables.find(state.version(), tables, oldest, file -> true);
    }

    private void run(Compaction compaction, ReadState state) {
        long start = System.nanoTime();
        Result result = runner.run(compaction, state.version(), snapshots.forCompaction(), health::closed);
        try {
            states.installCompacted(now -> result.edit());
        } catch (IllegalStateException e) {
            runner.discard(result); // the edit does not fit, and so was not written
            throw e;
        }
        runs.increment();
        bytesRead.add(result.bytesRead());
        bytesWritten.add(result.bytesWritten());
        LOGGER.log(
                System.Logger.Level.DEBUG,
                () -> compaction + ": read " + result.bytesRead() + ", wrote " + result.bytesWritten() + " bytes in "
                        + (System.nanoTime() - start) / 1_000_000 + " ms");
    }

    /**
     * Whether range deletes have waited in the memtable since the last call that cover tables from end to end: then space
     * comes back by flushing them, though the memtable is not full. Called by the compactor at every tick.
     */
    boolean flushWouldDropTables() {
        MemTable active = states.current().active().table();
        int ranges = active.rangeCount();
        boolean waited = active == rangesSeenIn && ranges == rangesSeen;
        rangesSeenIn = active;
        rangesSeen = ranges;
        if (ranges == 0 || !waited) {
            return false;
        }
        RangeTombstones tombstones = active.rangeTombstones(Stripes.ONE);
        return states.current().version().allFiles().stream()
                .anyMatch(file -> tombstones.coversAll(
                        file.smallest(), file.largest(), !file.largestExclusive(), file.maxSeq(), Long.MAX_VALUE));
    }

    /** Whether a compaction is due now. */
    boolean isDue() {
        ReadState state = states.acquire();
        try {
            return picker.pick(state.version(), snapshots.oldest()).isPresent()
                    || !dead(state, snapshots.oldest()).isEmpty();
        } finally {
            state.version().release();
        }
    }

    /** Bytes that wait to be rewritten, roughly. */
    long debtBytes() {
        return picker.debtBytes(states.current().version());
    }

    /** Tables dropped unread so far. */
    long tablesDropped() {
        return tablesDropped.sum();
    }

    /** Compactions run so far. */
    long runs() {
        return runs.sum();
    }

    /** Bytes of tables read so far. */
    long bytesRead() {
        return bytesRead.sum();
    }

    /** Bytes of tables written so far. */
    long bytesWritten() {
        return bytesWritten.sum();
    }
}
