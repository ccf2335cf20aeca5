package org.mosslsm.kv.lsm;

import java.io.IOException;
import java.util.List;
import org.mosslsm.kv.CorruptionException;
import org.mosslsm.kv.WriteBatch;
import org.mosslsm.kv.lsm.entry.Stripes;
import org.mosslsm.kv.lsm.memtable.MemTable;
import org.mosslsm.kv.lsm.table.TableOptions;
import org.mosslsm.kv.lsm.version.FileNames;
import org.mosslsm.kv.lsm.version.VersionEdit;
import org.mosslsm.kv.lsm.version.VersionSet;
import org.mosslsm.kv.lsm.wal.LogReader;
import org.mosslsm.kv.vfs.Vfs;

/**
 * Brings the writes that stand only in logs into tables, when the store is opened.
 *
 * <pre>
 * for each log still needed, the oldest first
 *   for each record: into a memtable, at the sequence numbers the record says
 *   a full memtable becomes a table
 *   a log is ended before the next begins, and synced before the next is. So where the end of one is torn, the power
 *   failed, and of what later logs hold nothing was synced: it is dropped, that no commit is missing among others
 *     unless a later log says that it had been synced: then the end was not torn but damaged
 * the rest becomes a table
 * one edit adds all these tables and says that the logs are no longer needed; then they are deleted
 * </pre>
 *
 * One edit, so that a crash in between leaves everything as it was before: no write ever stands in two tables.
 *
 * <p>Used once, by one thread.
 */
final class LogReplay {
    private static final System.Logger LOGGER = System.getLogger(LogReplay.class.getName());

    private final Vfs vfs;
    private final VersionSet versions;
    private final long memtableBytes;
    private final TableOptions tableOptions;
    private final VersionEdit edit = new VersionEdit();

    private MemTable table = new MemTable();
    private long lastSeq;
    private long records;
    private long dropped;

    LogReplay(Vfs vfs, VersionSet versions, LsmOptions options, TableOptions tableOptions) {
        this.vfs = vfs;
        this.versions = versions;
        this.memtableBytes = options.memtableBytes();
        this.tableOptions = tableOptions;
    }

    /** Replays; returns the greatest sequence number in the store. Writes then go to the log {@code nextLog}. */
    long run(long nextLog) throws IOException {
        List<Long> logs = vfs.list().stream()
                .filter(name -> FileNames.kind(name) == FileNames.Kind.WAL)
                .map(FileNames::number)
                .filter(number -> number < nextLog)
                .sorted()
                .toList();
        CorruptionException torn = null;
        for (long log : logs) {
            if (log >= versions.logNumber()) {
                torn = replay(log, torn);
            }
        }
        if (dropped > 0) {
            LOGGER.log(
                    System.Logger.Level.WARNING,
                    "the store {0} lost {1} commits to a loss of power; none of them had been synced, and all before"
                            + " them are there",
                    vfs.path(),
                    dropped);
        }
        writeTable();
        versions.apply(edit.logNumber(nextLog).lastSequence(lastSeq));
        for (long log : logs) {
            vfs.delete(FileNames.wal(log));
        }
        return Math.max(lastSeq, versions.lastSequence());
    }

    /**
     * Replays one log, or only looks at it where an earlier one was {@code torn}; returns what to say of the torn end, or
     * null where there is none.
     */
    private CorruptionException replay(long number, CorruptionException torn) throws IOException {
        try (LogReader log = LogReader.open(vfs, FileNames.wal(number), number)) {
            long seen = 0;
            while (log.next()) {
                seen++;
                if (torn == null) {
                    apply(log);
                }
            }
            if (torn == null) {
                return log.endedCleanly()
                        ? null
                        : log.damage("the log ends too early: a later log holds synced records");
            }
            if (seen > 0 && log.claimedSynced() > 0) {
                throw torn;
            }
            dropped += seen;
            return torn;
        }
    }

    private void apply(LogReader log) {
        long first = firstSeq(log);
        if (first <= lastSeq) {
            throw log.damage("sequence number " + first + " after " + lastSeq);
        }
        BatchInserter inserter = new BatchInserter(table, first);
        try {
            WriteBatch.decode(log.array(), log.offset(), log.length(), inserter);
        } catch (IllegalArgumentException e) {
            CorruptionException damage = log.damage("a record that is not a batch of writes: " + e.getMessage());
            damage.addSuppressed(e);
            throw damage;
        }
        lastSeq = inserter.nextSeq() - 1;
        records++;
        if (table.isFull(memtableBytes, Limits.MAX_COMMIT_BYTES)) {
            writeTable();
        }
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

    private void writeTable() {
        if (!table.isEmpty()) {
            // What older tables hold is not known here: deletes stay.
            FlushJob.writeTable(vfs, versions.newFileNumber(), table, tableOptions, Stripes.ONE, null)
                    .ifPresent(file -> edit.add(0, file));
            table = new MemTable();
        }
    }

    /** How many commits were replayed. */
    long records() {
        return records;
    }
}
