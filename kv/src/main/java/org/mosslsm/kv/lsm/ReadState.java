package org.mosslsm.kv.lsm;

import java.util.ArrayList;
import java.util.List;
import org.mosslsm.kv.lsm.memtable.MemTable;
import org.mosslsm.kv.lsm.version.Version;

/**
 * Everything a read looks at, newest first: the memtable being written, those being flushed, and the tables.
 *
 * <p>Invariants: (1) for one user key, what an earlier source holds is newer than what a later one holds. (2) No entry is
 * in two sources: a flush swaps a memtable for its table in one step, by a new state. (3) The tables hold everything up
 * to {@code tablesSeq} and nothing beyond: a first part of the history.
 *
 * <p>Immutable; the memtables' contents grow. It owns one reference on its version, given back by {@link ReadStates} when
 * the next state has taken its place.
 */
final class ReadState {
    private final LoggedMemTable active;

    /** Full memtables, newest first. */
    private final List<LoggedMemTable> immutables;

    /** All memtables, newest first: for the loops of point reads. */
    private final MemTable[] memTables;

    private final Version version;
    private final long tablesSeq;

    ReadState(LoggedMemTable active, List<LoggedMemTable> immutables, Version version, long tablesSeq) {
        this.active = active;
        this.tablesSeq = tablesSeq;
        this.immutables = List.copyOf(immutables);
        this.version = version;
        this.memTables = new MemTable[immutables.size() + 1];
        memTables[0] = active.table();
        for (int i = 0; i < immutables.size(); i++) {
            memTables[i + 1] = immutables.get(i).table();
        }
    }

    /**
     * A memtable, the log its writes stand in, and the last sequence number given before it was full: that may be beyond
     * what it holds, since a delete of an empty range leaves no trace. -1 while it is active.
     */
    record LoggedMemTable(MemTable table, long logNumber, long lastSeq) {
        /** A fresh one. */
        LoggedMemTable(MemTable table, long logNumber) {
            this(table, logNumber, -1);
        }
    }

    LoggedMemTable active() {
        return active;
    }

    List<LoggedMemTable> immutables() {
        return immutables;
    }

    MemTable[] memTables() {
        return memTables;
    }

    Version version() {
        return version;
    }

    /** Last sequence number of what is in tables. */
    long tablesSeq() {
        return tablesSeq;
    }

    /** The state after the active memtable was found full, {@code lastSeq} being the last sequence number given. */
    ReadState rotated(LoggedMemTable fresh, long lastSeq) {
        List<LoggedMemTable> full = new ArrayList<>();
        full.add(new LoggedMemTable(active.table(), active.logNumber(), lastSeq));
        full.addAll(immutables);
        boolean referenced = version.tryReference();
        assert referenced : "the version of the current state is dead";
        return new ReadState(fresh, full, version, tablesSeq);
    }

    /** The state after {@code flushed}, the oldest memtable, went into the tables of {@code acquired}. */
    ReadState flushed(LoggedMemTable flushed, Version acquired) {
        return new ReadState(
                active,
                immutables.stream().filter(m -> !m.equals(flushed)).toList(),
                acquired,
                Math.max(tablesSeq, flushed.lastSeq()));
    }

    /** The state with other tables; {@code loadedSeq} is the sequence number of a bulk load among them, or 0. */
    ReadState withTables(Version acquired, long loadedSeq) {
        return new ReadState(active, immutables, acquired, Math.max(tablesSeq, loadedSeq));
    }
}
