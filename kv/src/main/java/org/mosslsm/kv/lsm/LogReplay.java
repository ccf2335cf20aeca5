package org.mosslsm.kv.lsm;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.mosslsm.kv.CorruptionException;
import org.mosslsm.kv.WriteBatch;
import org.mosslsm.kv.lsm.ReadState.LoggedMemTable;
import org.mosslsm.kv.lsm.compact.FlushCuts;
import org.mosslsm.kv.lsm.entry.Stripes;
import org.mosslsm.kv.lsm.memtable.MemTable;
import org.mosslsm.kv.lsm.table.TableOptions;
import org.mosslsm.kv.lsm.values.ValueOptions;
import org.mosslsm.kv.lsm.version.FileNames;
import org.mosslsm.kv.lsm.version.VersionEdit;
import org.mosslsm.kv.lsm.version.VersionSet;
import org.mosslsm.kv.lsm.wal.LogReader;
import org.mosslsm.kv.lsm.wal.LogWriter;
import org.mosslsm.kv.vfs.Vfs;

/**
 * Brings the writes that stand only in logs back into memtables, when the store is opened. They are flushed in their time,
 * as all memtables are, and until then the logs stay: so opening costs what reading the logs costs.
 *
 * <pre>
 * all logs still needed are synced, beside what follows        {@link LogSync}
 *   but what the store held when it was closed, which that synced
 * for each of them, the oldest first
 *   for each record: into the memtable at hand, at the sequence numbers the record says
 *   a memtable of some size at the end of a log is kept; of too many, or where all take too much, the oldest becomes a table
 *   one that outgrows its log, since memtables are smaller now than when the log was written:
 *     it, all before it, and the rest of the log become tables
 *   a log is ended before the next begins, and synced before the next is. So where the end of one is torn, the power
 *   failed, and of what later logs hold nothing was synced: it is dropped, that no commit is missing among others
 *     unless a later log says that it had been synced: then the end was not torn but damaged
 * what is there must go as far as it did when the store was closed last, or else logs were damaged since
 * one edit adds the tables and says which logs are no longer needed, if there are any tables
 * logs without records, dropped or no longer needed are deleted, and the directory is synced
 * a log whose file goes on behind its last record gets its end, synced: the torn one, now that what was dropped cannot come back
 *   behind it, and one of a writer that died, be it well marked, so that no later open reads its file to the end again
 * the last memtable, where it is not full, goes on being filled; and so does the last log, where it was ended in good order
 *   and all on the device, and no memtable but that one needs it: a store that was closed is opened without a write
 * </pre>
 *
 * <p>Invariants: (1) a log goes into tables whole or not at all, and then all before it did: the tables hold a first part of
 * the history, and no write stands in two of them, whenever a crash comes. (2) When a replay has returned, all logs that
 * are left are ended, but for one that is gone on with, and on the device; what was read again is not lost again.
 *
 * <p>Used once, by one thread.
 */
final class LogReplay {
    private static final System.Logger LOGGER = System.getLogger(LogReplay.class.getName());

    /** Logs that feed one memtable, at most: a store that is opened and killed again and again must not gather logs. */
    private static final int MAX_LOGS = 8;

    /** What is gathered and not in the memtable yet, with what its arena may waste of it. */
    private static final long GATHERED_BYTES = 4L * SortedInserter.MOST_BYTES;

    private final Vfs vfs;
    private final VersionSet versions;
    private final long memtableBytes;
    private final TableOptions tableOptions;
    private final ValueOptions valueOptions;
    private final VersionEdit edit = new VersionEdit();
    private boolean edited;

    /** The memtable at hand, and the logs it was read from. */
    private MemTable table = new MemTable();

    private final SortedInserter inserter;

    private final List<Long> tableLogs = new ArrayList<>();

    /** Memtables kept so far, the oldest first. */
    private final Deque<LoggedMemTable> kept = new ArrayDeque<>();

    /** Logs with nothing to keep: those without records, and those behind a torn one. */
    private final Set<Long> empty = new HashSet<>();

    private final Set<Long> behindTorn = new TreeSet<>();

    private long lastSeq;
    private long records;
    private long dropped;
    private long peakBytes;

    /** Logs with records that are kept whose files go on behind them: where their ends belong. */
    private final Map<Long, Long> unended = new TreeMap<>();

    /** The last log, if it may be gone on with, where its records end, and how much of it says that it was synced; or -1. */
    private long openLog = -1;

    private long openEnd;
    private long openSynced;

    LogReplay(Vfs vfs, VersionSet versions, LsmOptions options, TableOptions tableOptions, ValueOptions valueOptions) {
        this.vfs = vfs;
        this.versions = versions;
        this.memtableBytes = options.memtableBytes();
        this.tableOptions = tableOptions;
        this.inserter = new SortedInserter(memtableBytes);
        inserter.drain(table);
        this.valueOptions = valueOptions;
    }

    /**
     * What was found.
     *
     * @param active the memtable to go on with
     * @param full full memtables, the newest first
     * @param lastSeq greatest sequence number in the store
     * @param log the log to go on with; null when it has to be a new one
     */
    record Recovered(LoggedMemTable active, List<LoggedMemTable> full, long lastSeq, LogWriter log) {}

    /** Replays. Writes then go to the last log, or to the log {@code nextLog}, which is greater than all there are. */
    Recovered run(long nextLog) throws IOException {
        List<Long> logs = new ArrayList<>();
        for (String name : vfs.list()) {
            if (FileNames.kind(name) == FileNames.Kind.WAL && FileNames.number(name) < nextLog) {
                logs.add(FileNames.number(name));
            }
        }
        Collections.sort(logs);
        List<Long> needed = new ArrayList<>(logs);
        needed.removeIf(log -> log < versions.logNumber());
        try (LogSync sync = new LogSync(vfs, needed)) {
            CorruptionException torn = null;
            for (long log : needed) {
                torn = replay(log, sync, torn);
            }
            sync.await();
            checkClosed(needed, torn);
        }
        warnOfDropped();
        if (table.isFull(memtableBytes, Limits.MAX_COMMIT_BYTES)) {
            keepTable();
        }
        boolean onlyOurs = empty.contains(openLog) || tableLogs.contains(openLog);
        if (!onlyOurs) {
            openLog = -1;
        }
        long goesOn = openLog >= 0 ? openLog : nextLog;
        LoggedMemTable active = new LoggedMemTable(table, tableLogs.isEmpty() ? goesOn : tableLogs.get(0));
        long neededFrom = kept.isEmpty() ? active.logNumber() : kept.element().logNumber();
        if (edited) {
            versions.apply(edit.logNumber(neededFrom));
        }
        endLogs(logs, neededFrom);
        List<LoggedMemTable> full = new ArrayList<>();
        kept.forEach(memTable -> full.add(0, memTable));
        LogWriter log =
                openLog >= 0 ? LogWriter.reopen(vfs, FileNames.wal(openLog), openLog, openEnd, openSynced) : null;
        return new Recovered(active, full, Math.max(lastSeq, versions.lastSequence()), log);
    }

    /** What an orderly close left cannot have been torn off by a crash: nothing is changed where some of it is gone. */
    private void checkClosed(List<Long> needed, CorruptionException torn) {
        long found = Math.max(lastSeq, versions.lastSequence());
        if (found >= versions.closedSequence()) {
            return;
        }
        String file = needed.isEmpty() ? versions.manifestName() : FileNames.wal(needed.get(needed.size() - 1));
        throw new CorruptionException(
                torn == null ? file : torn.file(),
                -1,
                "the store was closed with all commits up to " + versions.closedSequence()
                        + ", but tables and logs end at " + found + ": a log was cut off or is missing");
    }

    /**
     * Replays one log, or only looks at it where an earlier one was {@code torn}; returns what to say of the torn end, or
     * null where there is none.
     */
    private CorruptionException replay(long number, LogSync sync, CorruptionException torn) throws IOException {
        try (LogReader log = LogReader.open(vfs, FileNames.wal(number), number)) {
            if (torn == null) {
                return readAgain(log, number, sync);
            }
            long seen = 0;
            while (log.next()) {
                seen++;
            }
            if (seen > 0 && log.claimedSynced() > 0) {
                throw torn;
            }
            dropped += seen;
            behindTorn.add(number);
            return torn;
        }
    }

    private CorruptionException readAgain(LogReader log, long number, LogSync sync) throws IOException {
        long before = records;
        boolean outgrown = false;
        while (log.next()) {
            if (records == before) {
                startOn(number);
            }
            apply(log);
            if (lastSeq > versions.closedSequence()) {
                sync.begin();
            }
            keepWithin();
            if (table.isFull(2 * memtableBytes, Limits.MAX_COMMIT_BYTES + GATHERED_BYTES)) {
                outgrown = true;
                writeTables();
            }
        }
        if (outgrown) {
            writeTables();
        }
        inserter.drain(table);
        boolean needed = records > before && !outgrown;
        if (records == before) {
            empty.add(number);
        }
        if (needed && !log.endedSynced() && lastSeq > versions.closedSequence()) {
            sync.add(number);
        }
        boolean torn = !log.endedCleanly();
        boolean marked = log.endedSynced();
        boolean whole = marked && log.endsWithFile();
        if (needed && (torn || marked) && !whole) {
            unended.put(number, log.goodBytes());
        }
        openLog = whole ? number : -1;
        openEnd = log.goodBytes();
        openSynced = log.claimedSynced();
        return torn ? log.damage("the log ends too early: a later log holds synced records") : null;
    }

    /** Lets the log go on with the memtable at hand, unless that had better be left as it is. */
    private void startOn(long log) {
        if (table.byteSize() >= memtableBytes / 4 || tableLogs.size() >= MAX_LOGS) {
            keepTable();
        }
        tableLogs.add(log);
    }

    private void apply(LogReader log) {
        long first = firstSeq(log);
        if (first <= lastSeq) {
            throw log.damage("sequence number " + first + " after " + lastSeq);
        }
        inserter.begin(first);
        try {
            WriteBatch.decode(log.array(), log.offset(), log.length(), inserter);
        } catch (IllegalArgumentException e) {
            CorruptionException damage = log.damage("a record that is not a batch of writes: " + e.getMessage());
            damage.addSuppressed(e);
            throw damage;
        }
        lastSeq = inserter.nextSeq() - 1;
        records++;
    }

    private static long firstSeq(LogReader log) {
        if (log.length() < WriteBatch.HEADER_BYTES) {
            throw log.damage("a record of " + log.length() + " bytes");
        }
        long seq = 0;
        for (int i = 7; i >= 0; i--) {
            seq = seq << 8 | (log.array()[log.offset() + i] & 0xFF);
        }
        return seq;
    }

    // Memtables

    /** Keeps the memtable at hand, which ends with a log, and begins another. */
    private void keepTable() {
        if (tableLogs.isEmpty()) {
            return;
        }
        kept.add(new LoggedMemTable(table, tableLogs.get(0), lastSeq));
        startTable();
        if (kept.size() > MemTableRotation.MAX_IMMUTABLES) {
            writeOldest();
        }
        keepWithin();
    }

    /** Turns kept memtables into tables where they would take more memory than those of a store that is written to. */
    private void keepWithin() {
        long bytes = memoryBytes();
        peakBytes = Math.max(peakBytes, bytes);
        while (!kept.isEmpty() && bytes > (MemTableRotation.MAX_IMMUTABLES + 1) * memtableBytes) {
            bytes -= kept.element().table().byteSize();
            writeOldest();
        }
    }

    private long memoryBytes() {
        long bytes = table.byteSize();
        for (LoggedMemTable memTable : kept) {
            bytes += memTable.table().byteSize();
        }
        return bytes;
    }

    /** What all memtables together took at most, in bytes; for tests. */
    long peakBytes() {
        return peakBytes;
    }

    private void writeOldest() {
        LoggedMemTable oldest = kept.remove();
        writeTable(oldest.table(), oldest.lastSeq());
    }

    private void startTable() {
        table = new MemTable();
        inserter.drain(table);
        tableLogs.clear();
    }

    /** Turns everything in memory into tables; what is still to come of the log at hand must follow. */
    private void writeTables() {
        for (LoggedMemTable memTable = kept.poll(); memTable != null; memTable = kept.poll()) {
            writeTable(memTable.table(), memTable.lastSeq());
        }
        inserter.drain(table);
        writeTable(table, lastSeq);
        startTable();
    }

    private void writeTable(MemTable memTable, long upTo) {
        if (!memTable.isEmpty()) {
            // What older tables hold is not known here: deletes stay.
            FlushJob.writeTables(
                            vfs,
                            versions::newFileNumber,
                            memTable,
                            tableOptions,
                            valueOptions,
                            Stripes.ONE,
                            null,
                            FlushCuts.NONE)
                    .addTo(edit);
        }
        edit.lastSequence(upTo);
        edited = true;
    }

    // Logs

    private void warnOfDropped() {
        if (dropped > 0) {
            LOGGER.log(
                    System.Logger.Level.WARNING,
                    "the store {0} lost {1} commits to a loss of power; none of them had been synced, and all before"
                            + " them are there",
                    vfs.path(),
                    dropped);
        }
    }

    /** Leaves none but whole logs with records that are needed, from {@code neededFrom} on. */
    private void endLogs(List<Long> logs, long neededFrom) throws IOException {
        for (long log : behindTorn) {
            vfs.delete(FileNames.wal(log));
        }
        if (!behindTorn.isEmpty()) {
            vfs.syncDir(); // before the torn log seems whole: else they would count again after a power loss
        }
        for (Map.Entry<Long, Long> one : unended.entrySet()) {
            long number = one.getKey();
            try (LogWriter log = LogWriter.resume(vfs, FileNames.wal(number), number, one.getValue())) {
                log.end();
                log.finishEnded();
            }
        }
        for (long log : logs) {
            boolean unneeded = log < neededFrom || empty.contains(log);
            if (unneeded && log != openLog && !behindTorn.contains(log)) {
                vfs.delete(FileNames.wal(log)); // durably with the name of the next log, before that is synced
            }
        }
    }
}
