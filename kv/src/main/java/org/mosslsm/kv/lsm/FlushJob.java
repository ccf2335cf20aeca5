package org.mosslsm.kv.lsm;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.mosslsm.kv.KvException;
import org.mosslsm.kv.KvIoException;
import org.mosslsm.kv.lsm.ReadState.LoggedMemTable;
import org.mosslsm.kv.lsm.compact.FlushCuts;
import org.mosslsm.kv.lsm.compact.FlushedTable;
import org.mosslsm.kv.lsm.compact.FlushedTable.Flushed;
import org.mosslsm.kv.lsm.compact.FlushedTable.Source;
import org.mosslsm.kv.lsm.compact.LevelShape;
import org.mosslsm.kv.lsm.entry.Stripes;
import org.mosslsm.kv.lsm.memtable.MemTable;
import org.mosslsm.kv.lsm.table.TableOptions;
import org.mosslsm.kv.lsm.values.ValueOptions;
import org.mosslsm.kv.lsm.version.Version;
import org.mosslsm.kv.lsm.version.VersionEdit;
import org.mosslsm.kv.lsm.version.VersionSet;
import org.mosslsm.kv.lsm.wal.LogFullException;
import org.mosslsm.kv.vfs.Vfs;

/**
 * Writes full memtables to level 0, the oldest first.
 *
 * <pre>
 * tables written and synced             several, where the levels are merged piece by piece: {@link FlushedTable}
 * edit installed: the tables join level 0, logs older than those of the memtables left are no longer needed
 * the read state swaps the memtable for the tables
 * old logs deleted, or kept for reuse: {@link ActiveLog#dropBelow}
 * </pre>
 *
 * A crash before the edit leaves a table nobody names, which the next open deletes, and the logs. A crash after it leaves
 * logs nobody needs.
 *
 * <p>One thread at a time: the flusher, and when that has ended who closes the store; others where that is said.
 */
final class FlushJob {
    private static final System.Logger LOGGER = System.getLogger(FlushJob.class.getName());

    /**
     * A process that opens a store has often just started: it reads a log slowly, some 10 us an entry, where who closes it
     * writes a table of as much in a few milliseconds.
     */
    private static final long CHEAP_REPLAY_BYTES = 128 << 10;

    private final Vfs vfs;
    private final VersionSet versions;
    private final ReadStates states;
    private final Snapshots snapshots;
    private final Health health;
    private final ActiveLog log;
    private final TableOptions tableOptions;
    private final ValueOptions valueOptions;

    /** The shape of the levels that flushes are cut for; empty where they are not cut. */
    private final Optional<LevelShape> shape;

    private final LongAdder runs = new LongAdder();
    private final LongAdder bytesWritten = new LongAdder();
    private final LongAdder nanos = new LongAdder();

    /** Logs with a lower number are gone, or could not be deleted. */
    private volatile long logsDropped;

    FlushJob(
            Vfs vfs,
            VersionSet versions,
            StoreReads reads,
            ActiveLog log,
            TableOptions tableOptions,
            ValueOptions valueOptions,
            Optional<LevelShape> shape) {
        this.vfs = vfs;
        this.shape = shape;
        this.versions = versions;
        this.states = reads.states();
        this.snapshots = reads.snapshots();
        this.health = reads.health();
        this.log = log;
        this.tableOptions = tableOptions;
        this.valueOptions = valueOptions;
        this.logsDropped = versions.logNumber();
    }

    /**
     * Flushes the oldest full memtable; false where there is none.
     *
     * @throws KvIoException when the disk refuses; for a {@link KvIoException#isShortage shortage} nothing has happened, and it
     *     may be tried again
     */
    boolean run() throws IOException {
        List<LoggedMemTable> full = states.current().immutables();
        if (full.isEmpty()) {
            return false;
        }
        LoggedMemTable oldest = full.get(full.size() - 1);
        // All that is older is in tables of this version. Snapshots opened from now on read what the memtable ends
        // with.
        Version below = states.current().version();
        Stripes stripes = new Stripes(snapshots.forCompaction(oldest.lastSeq()));
        long start = System.nanoTime();
        FlushCuts cuts = shape.map(s -> FlushCuts.of(below, s)).orElse(FlushCuts.NONE);
        Flushed flushed = writeTables(
                vfs, versions::newFileNumber, oldest.table(), tableOptions, valueOptions, stripes, below, cuts);
        try {
            install(oldest, flushed);
        } catch (KvIoException e) {
            if (KvIoException.isShortage(e)) {
                FlushedTable.discard(vfs, flushed); // nobody names it, and every byte is needed
            }
            throw e;
        }
        bytesWritten.add(flushed.bytes());
        long took = System.nanoTime() - start;
        nanos.add(took);
        runs.increment();
        LOGGER.log(System.Logger.Level.DEBUG, () -> describe(oldest, flushed, took));
        dropLogs();
        return true;
    }

    /** The memtable is in tables: a log that cannot be deleted takes room until the next flush tries again, no more. */
    private void dropLogs() {
        long needed = versions.logNumber();
        try {
            log.dropBelow(needed);
        } catch (IOException e) {
            LOGGER.log(System.Logger.Level.WARNING, "logs of {0} could not be deleted: {1}", vfs.path(), e);
        } finally {
            logsDropped = needed;
            states.wake();
        }
    }

    /**
     * Returns when the logs of what is in tables now are gone, or could not be deleted; at once where nothing works on that
     * any more. By any thread.
     */
    void awaitLogsDropped() {
        long needed = versions.logNumber();
        long seen = states.changes();
        while (logsDropped < needed && !health.failed() && !health.closed()) {
            states.awaitChange(seen, MemTableRotation.LOOK_AGAIN_MILLIS);
            seen = states.changes();
        }
    }

    /** What is done when the store closes. */
    CommitPath.Closing closing(MemTableRotation rotation, long memtableBytes) {
        return new CommitPath.Closing() {
            @Override
            public void before(long lastSeq) throws IOException {
                runBeforeClose(rotation, lastSeq, memtableBytes);
            }

            @Override
            public void after(long lastSeq) {
                noteClosed(lastSeq);
            }
        };
    }

    /** Says how far tables and logs go, if the logs go further. A failure costs just that: the next open cannot check it. */
    private void noteClosed(long lastSeq) {
        try {
            versions.closedAt(lastSeq);
        } catch (KvException e) {
            LOGGER.log(
                    System.Logger.Level.WARNING,
                    "the manifest of {0} cannot say up to where its logs go, so that nobody will miss what may be cut off: {1}",
                    vfs.path(),
                    e);
        }
    }

    /**
     * Flushes everything before the store closes, where reading it from the logs again would make the next open slow. A
     * failure costs just that: the logs stay.
     *
     * @throws IOException when the log failed, of which more may be wanted
     */
    private void runBeforeClose(MemTableRotation rotation, long lastSeq, long memtableBytes) throws IOException {
        ReadState state = states.current();
        long bytes = 0;
        for (MemTable table : state.memTables()) {
            bytes += table.byteSize();
        }
        if (bytes < Math.min(CHEAP_REPLAY_BYTES, memtableBytes / 4)) {
            return;
        }
        try {
            runAll(); // first: nobody else would make room
            rotation.rotateIfUsed(lastSeq);
            runAll();
        } catch (LogFullException | KvException e) {
            LOGGER.log(
                    System.Logger.Level.WARNING,
                    "what was in memory stays in the logs of {0}, which the next open reads: {1}",
                    vfs.path(),
                    e);
        }
    }

    private void runAll() throws IOException {
        boolean more = true;
        while (more) {
            more = run();
        }
    }

    private static String describe(LoggedMemTable memTable, Flushed flushed, long nanos) {
        return "flush of " + memTable.table() + " into "
                + flushed.tables() + ", "
                + flushed.bytes() + " bytes in all: " + nanos / 1_000_000 + " ms";
    }

    private void install(LoggedMemTable oldest, Flushed flushed) {
        states.installFlushed(
                now -> {
                    VersionEdit edit = new VersionEdit()
                            .logNumber(oldestLogWithout(oldest, now))
                            .lastSequence(oldest.lastSeq());
                    flushed.addTo(edit);
                    return edit;
                },
                oldest);
    }

    private static long oldestLogWithout(LoggedMemTable flushed, ReadState now) {
        List<LoggedMemTable> rest =
                now.immutables().stream().filter(m -> !m.equals(flushed)).toList();
        return rest.isEmpty()
                ? now.active().logNumber()
                : rest.get(rest.size() - 1).logNumber();
    }

    /** Writes a memtable to tables, as {@link FlushedTable#write} says. */
    static Flushed writeTables(
            Vfs vfs,
            LongSupplier numbers,
            MemTable memTable,
            TableOptions options,
            ValueOptions valueOptions,
            Stripes stripes,
            Version below,
            FlushCuts cuts) {
        Source source = new Source(memTable.cursor(), memTable.pointCount(), memTable.rangeTombstones(stripes));
        return FlushedTable.write(vfs, numbers, options, valueOptions, source, stripes, below, cuts);
    }

    /** Memtables flushed so far. */
    long runs() {
        return runs.sum();
    }

    /** How long flushes took so far, in microseconds. */
    long micros() {
        return nanos.sum() / 1000;
    }

    /** Bytes of tables and value files written so far. */
    long bytesWritten() {
        return bytesWritten.sum();
    }
}
