package org.mosslsm.kv.lsm;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntFunction;
import org.mosslsm.kv.KvIoException;
import org.mosslsm.kv.lsm.compact.Claims;
import org.mosslsm.kv.lsm.compact.Compaction;
import org.mosslsm.kv.lsm.compact.CompactionPicker;
import org.mosslsm.kv.lsm.compact.CompactionPicker.Situation;
import org.mosslsm.kv.lsm.compact.CompactionRunner;
import org.mosslsm.kv.lsm.compact.CompactionRunner.Result;
import org.mosslsm.kv.lsm.compact.DeadTables;
import org.mosslsm.kv.lsm.compact.DeadTables.Dead;
import org.mosslsm.kv.lsm.compact.HiddenEntries;
import org.mosslsm.kv.lsm.compact.LevelShape;
import org.mosslsm.kv.lsm.compact.LeveledPicker;
import org.mosslsm.kv.lsm.compact.RateLimit;
import org.mosslsm.kv.lsm.compact.SizeTieredPicker;
import org.mosslsm.kv.lsm.table.TableOptions;
import org.mosslsm.kv.lsm.values.ValueOptions;
import org.mosslsm.kv.lsm.version.FileMeta;
import org.mosslsm.kv.lsm.version.TableCache;
import org.mosslsm.kv.lsm.version.Version;
import org.mosslsm.kv.lsm.version.VersionEdit;
import org.mosslsm.kv.lsm.version.VersionSet;
import org.mosslsm.kv.vfs.Vfs;

/**
 * Keeps the levels in shape, by several compactions at a time where they do not meet.
 *
 * <pre>
 * under the claim lock:
 *   reference the state's version
 *   drop the tables nobody sees anything of
 *   pick the most urgent compaction, and claim its tables    none: done
 * learn the versions that snapshots read                     after the inputs are known: invariant 2 of {@link Snapshots}
 * merge
 * install the edit
 *   a bulk load has come to lie between the inputs: given up, and picked anew
 * let go of the version                                      the inputs are deleted, unless others read them still
 * give the claim back                                        after both: who picks next sees the new version, and who
 *                                                            waits for the levels finds no file of the old one
 * </pre>
 *
 * <p>Thread-safe: each of the compactor's threads calls {@link #run}.
 */
final class CompactionWork {
    private static final System.Logger LOGGER = System.getLogger(CompactionWork.class.getName());

    private final ReadStates states;
    private final Snapshots snapshots;
    private final Health health;
    private final CompactionPicker picker;
    private final CompactionRunner runner;
    private final TableCache tables;
    private final WritePressure pressure;
    private final ScanWaste waste;

    private final Object claimLock = new Object();

    /** Guarded by claimLock. */
    private final Claims claims = new Claims();

    /** What the range deletes of level 0 hide, of the version and the oldest snapshot last asked of; guarded by claimLock. */
    private Hidden hidden = new Hidden(null, 0, 0);

    /** What level 0 held when scans first called for its merge, by sequence number: all its stacks follow. Guarded by claimLock. */
    private long mergedForScans = -1;

    private final LongAdder runs = new LongAdder();
    private final LongAdder moves = new LongAdder();
    private final LongAdder tablesDropped = new LongAdder();
    private final LongAdder bytesRead = new LongAdder();
    private final LongAdder bytesWritten = new LongAdder();
    private final LongAdder nanos = new LongAdder();

    CompactionWork(
            Vfs vfs,
            VersionSet versions,
            StoreReads reads,
            LsmOptions options,
            WritePressure pressure,
            IntFunction<TableOptions> written,
            ValueOptions valueOptions) {
        this.states = reads.states();
        this.snapshots = reads.snapshots();
        this.health = reads.health();
        this.tables = versions.tables();
        this.pressure = pressure;
        this.waste = reads.waste();
        LevelShape shape = LevelShape.forMemTables(options.memtableBytes());
        this.picker = switch (options.compactionStyle()) {
            case LEVELED -> new LeveledPicker(shape);
            case TIERED -> new SizeTieredPicker(shape);
        };
        this.runner = new CompactionRunner(
                vfs,
                tables,
                versions::newFileNumber,
                written,
                shape,
                options.subcompactions(),
                new RateLimit(options.compactionBytesPerSecond(), health::closed),
                versions.values(),
                valueOptions);
        changed();
    }

    /** Runs the most urgent compaction; false where none is due, or the store is being closed. */
    boolean run() {
        ReadState state;
        Compaction compaction;
        synchronized (claimLock) {
            state = states.acquire();
            boolean claimed = false;
            try {
                if (dropDead(state)) {
                    return true;
                }
                Optional<Compaction> due = pick(state);
                if (due.isEmpty()) {
                    return false;
                }
                compaction = due.get();
                claims.add(compaction);
                claimed = true;
                if (compaction.reason() == Compaction.Reason.SCANS && !isForScans(state.version())) {
                    mergedForScans = state.version().array(0)[0].maxSeq();
                }
            } finally {
                if (!claimed) {
                    state.version().release();
                }
            }
        }
        try {
            run(compaction, state);
            return true;
        } catch (CancellationException e) {
            return false;
        } finally {
            try {
                state.version().release();
            } finally {
                synchronized (claimLock) {
                    claims.remove(compaction);
                }
            }
            states.wake(); // who waits for the levels to be in shape waits for the claim too
        }
    }

    private Optional<Compaction> pick(ReadState state) {
        Situation situation = new Situation(state.version(), snapshots.oldest(), System.currentTimeMillis(), claims);
        return picker.pick(situation)
                .or(() -> picker.pickForRangeDeletes(situation, hiddenByLevel0(situation)))
                .or(() -> picker.pickForScans(
                        situation, isForScans(situation.version()) ? Long.MAX_VALUE : waste.entries()));
    }

    /** Whether level 0 still has something of what is to be merged for scans. */
    private boolean isForScans(Version version) {
        FileMeta[] newestFirst = version.array(0);
        return newestFirst.length > 0 && newestFirst[newestFirst.length - 1].maxSeq() <= mergedForScans;
    }

    /** So many entries of a version, null being none, are hidden by range deletes of its level 0 from the oldest snapshot. */
    private record Hidden(Version version, long oldestSnapshot, long entries) {
        /** Whether that is so there too: what is hidden stays so, and where nothing is that may be for the snapshot only. */
        boolean holdsFor(Situation situation) {
            return version == situation.version() && (entries > 0 || oldestSnapshot == situation.oldestSnapshot());
        }
    }

    private long hiddenByLevel0(Situation situation) {
        if (!hidden.holdsFor(situation)) {
            Version version = situation.version();
            long oldest = situation.oldestSnapshot();
            hidden = new Hidden(
                    version,
                    oldest,
                    HiddenEntries.byLevel0(version, tables, oldest).entries());
        }
        return hidden.entries();
    }

    /** Drops tables nobody sees anything of; false where there are none. */
    private boolean dropDead(ReadState state) {
        if (dead(state, snapshots.oldest()).isEmpty()) {
            return false; // and history stays readable as far back as it was
        }
        List<Dead> dead = dead(state, snapshots.dropBelow());
        if (dead.isEmpty()) {
            return false;
        }
        VersionEdit edit = new VersionEdit();
        dead.forEach(d -> edit.remove(d.level(), d.file()));
        states.installCompacted(now -> edit);
        changed();
        tablesDropped.add(dead.size());
        LOGGER.log(
                System.Logger.Level.DEBUG,
                () -> "dropped " + dead.size() + " tables of "
                        + dead.stream().mapToLong(d -> d.file().size()).sum() + " bytes unread");
        return true;
    }

    private List<Dead> dead(ReadState state, long oldest) {
        return DeadTables.find(state.version(), tables, oldest, file -> !claims.holds(file));
    }

    private void run(Compaction compaction, ReadState state) {
        long start = System.nanoTime();
        long newest = compaction.allInputs().stream()
                .mapToLong(FileMeta::maxSeq)
                .max()
                .orElseThrow();
        Result result = runner.run(compaction, state.version(), snapshots.forCompaction(newest), health::closed);
        try {
            states.installCompacted(now -> result.edit());
        } catch (IllegalStateException | KvIoException e) {
            runner.discard(result); // the edit does not fit, or the device is full: it was not written
            if (e instanceof IllegalStateException
                    && compaction.isOvertaken(states.current().version())) {
                LOGGER.log(System.Logger.Level.DEBUG, "a bulk load came between: {0} is to be picked anew", compaction);
                return;
            }
            throw e;
        }
        changed();
        if (compaction.reason() == Compaction.Reason.SCANS) {
            waste.answer();
        }
        long took = System.nanoTime() - start;
        (result.outputs().isEmpty() && result.bytesRead() == 0 ? moves : runs).increment();
        bytesRead.add(result.bytesRead());
        bytesWritten.add(result.bytesWritten());
        nanos.add(took);
        LOGGER.log(System.Logger.Level.DEBUG, () -> describe(compaction, result, took));
    }

    /** One line: why, what, how much, how long. */
    private static String describe(Compaction compaction, Result result, long nanos) {
        return "compaction " + compaction + " into " + result.outputs().size() + " tables of L"
                + compaction.outputLevel() + ": " + result.bytesRead() + " bytes read, " + result.bytesWritten()
                + " written, " + nanos / 1_000_000 + " ms";
    }

    /** Tells writers how far behind the levels are; called after every change of them. */
    void changed() {
        pressure.measured(
                states.current().version(), picker.debtBytes(states.current().version()));
    }

    /** Whether a compaction is due now, or under way. */
    boolean isDue() {
        synchronized (claimLock) {
            ReadState state = states.acquire();
            try {
                return claims.count() > 0
                        || pick(state).isPresent()
                        || !dead(state, snapshots.oldest()).isEmpty();
            } finally {
                state.version().release();
            }
        }
    }

    /** Bytes that wait to be rewritten, roughly. */
    long debtBytes() {
        return picker.debtBytes(states.current().version());
    }

    /** Compactions under way. */
    int running() {
        synchronized (claimLock) {
            return claims.count();
        }
    }

    /** Compactions run so far, without moves. */
    long runs() {
        return runs.sum();
    }

    /** Tables that changed their level as they were, so far. */
    long moves() {
        return moves.sum();
    }

    /** Tables dropped unread so far. */
    long tablesDropped() {
        return tablesDropped.sum();
    }

    /** Bytes of tables read so far. */
    long bytesRead() {
        return bytesRead.sum();
    }

    /** Bytes of tables written so far. */
    long bytesWritten() {
        return bytesWritten.sum();
    }

    /** How long compactions took so far, in microseconds. */
    long micros() {
        return nanos.sum() / 1000;
    }
}
