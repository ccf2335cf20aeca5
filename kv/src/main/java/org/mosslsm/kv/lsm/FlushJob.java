package org.mosslsm.kv.lsm;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.mosslsm.kv.lsm.ReadState.LoggedMemTable;
import org.mosslsm.kv.lsm.memtable.MemTable;
import org.mosslsm.kv.lsm.memtable.MemTableCursor;
import org.mosslsm.kv.lsm.table.TableBuilder;
import org.mosslsm.kv.lsm.table.TableOptions;
import org.mosslsm.kv.lsm.table.TableProperties;
import org.mosslsm.kv.lsm.version.FileMeta;
import org.mosslsm.kv.lsm.version.FileNames;
import org.mosslsm.kv.lsm.version.VersionEdit;
import org.mosslsm.kv.lsm.version.VersionSet;
import org.mosslsm.kv.vfs.Vfs;

/**
 * Writes full memtables to level 0, the oldest first.
 *
 * <pre>
 * table written and synced
 * edit installed: the table joins level 0, logs older than those of the memtables left are no longer needed
 * the read state swaps the memtable for the table
 * old logs deleted, one kept for reuse
 * </pre>
 *
 * A crash before the edit leaves a table nobody names, which the next open deletes, and the logs. A crash after it leaves
 * logs nobody needs.
 *
 * <p>One thread at a time.
 */
final class FlushJob {
    private final Vfs vfs;
    private final VersionSet versions;
    private final ReadStates states;
    private final ActiveLog log;
    private final TableOptions tableOptions;
    private final LongAdder bytesWritten = new LongAdder();

    FlushJob(Vfs vfs, VersionSet versions, ReadStates states, ActiveLog log, TableOptions tableOptions) {
        this.vfs = vfs;
        this.versions = versions;
        this.states = states;
        this.log = log;
        this.tableOptions = tableOptions;
    }

    /** Flushes the oldest full memtable; false where there is none. */
    boolean run() throws IOException {
        List<LoggedMemTable> full = states.current().immutables();
        if (full.isEmpty()) {
            return false;
        }
        LoggedMemTable oldest = full.get(full.size() - 1);
        FileMeta table = writeTable(vfs, versions.newFileNumber(), oldest.table(), tableOptions);
        states.installFlushed(
                now -> new VersionEdit()
                        .add(0, table)
                        .logNumber(oldestLogWithout(oldest, now))
                        .lastSequence(oldest.lastSeq()),
                oldest);
        bytesWritten.add(table.size());
        log.dropBelow(versions.logNumber());
        return true;
    }

    private static long oldestLogWithout(LoggedMemTable flushed, ReadState now) {
        List<LoggedMemTable> rest =
                now.immutables().stream().filter(m -> !m.equals(flushed)).toList();
        return rest.isEmpty()
                ? now.active().logNumber()
                : rest.get(rest.size() - 1).logNumber();
    }

    /** Writes a memtable that is not empty to a table, synced but for its directory entry. */
    static FileMeta writeTable(Vfs vfs, long number, MemTable memTable, TableOptions options) {
        try (TableBuilder builder = new TableBuilder(vfs, FileNames.table(number), number, options)) {
            MemTableCursor c = memTable.cursor();
            for (boolean on = c.seekFirst(); on; on = c.next()) {
                builder.add(
                        c.keyArray(),
                        c.keyOffset(),
                        c.keyLength(),
                        c.trailer(),
                        c.valueArray(),
                        c.valueOffset(),
                        c.valueLength());
            }
            builder.setRangeTombstones(memTable.rangeTombstones());
            TableProperties properties = builder.finish();
            return FileMeta.of(number, builder.fileSize(), properties);
        }
    }

    /** Bytes of tables written so far. */
    long bytesWritten() {
        return bytesWritten.sum();
    }
}
