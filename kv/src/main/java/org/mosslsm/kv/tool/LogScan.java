package org.mosslsm.kv.tool;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.mosslsm.kv.CorruptionException;
import org.mosslsm.kv.StoreOpenException;
import org.mosslsm.kv.WriteBatch;
import org.mosslsm.kv.lsm.version.FileNames;
import org.mosslsm.kv.lsm.wal.LogReader;
import org.mosslsm.kv.vfs.Vfs;

/**
 * Reads logs, the oldest first, and keeps what is wrong with them. Rules: sequence numbers ascend, within a log and from
 * one to the next; behind a log that a crash tore, no log says that anything of it was synced. What such logs hold does not
 * count: the next open drops it ({@code LogReplay}).
 */
final class LogScan {
    /** Told each record that is a batch; the array is a view, good during the call. */
    interface Visitor {
        void batch(long firstSeq, byte[] array, int offset, int length) throws IOException;
    }

    private static final WriteBatch.Visitor NOTHING = new WriteBatch.Visitor() {
        @Override
        public void put(byte[] array, int keyOffset, int keyLength, int valueOffset, int valueLength) {}

        @Override
        public void delete(byte[] array, int keyOffset, int keyLength) {}

        @Override
        public void deleteRange(byte[] array, int loOffset, int loLength, int hiOffset, int hiLength) {}
    };

    private final Vfs vfs;
    private final List<Finding> findings = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private long lastSeq;

    /** The first torn log, and those behind it that do not end cleanly either; none of them may have been synced to its end. */
    private final List<String> torn = new ArrayList<>();

    /** While there is a torn log: where what counts ends, and how many records came behind. */
    private long tornSeq;

    private long dropped;
    private String last;

    /** @param above sequence number that all records must be above; -1 where that is not known */
    LogScan(Vfs vfs, long above) {
        this.vfs = vfs;
        this.lastSeq = above;
    }

    static List<String> inOrder(Collection<String> names) {
        return names.stream()
                .filter(name -> FileNames.kind(name) == FileNames.Kind.WAL)
                .sorted(Comparator.comparingLong(FileNames::number))
                .toList();
    }

    /** Reads one log up to its end, or to what is damaged; returns the number of records. */
    long read(String name, Visitor visitor) throws IOException {
        long records = 0;
        last = name;
        try (LogReader log = LogReader.open(vfs, name, FileNames.number(name))) {
            while (log.next()) {
                long first = check(log);
                records++;
                visitor.batch(first, log.array(), log.offset(), log.length());
            }
            if (records > 0 && log.claimedSynced() > 0) {
                syncedBehindTorn(name);
            }
            if (!torn.isEmpty()) {
                dropped += records;
            }
            if (!log.endedCleanly()) {
                tornSeq = torn.isEmpty() ? lastSeq : tornSeq;
                torn.add(name);
            }
        } catch (CorruptionException e) {
            syncedBehindTorn(name); // only what was synced is called damaged
            findings.add(Finding.of(e));
        } catch (StoreOpenException e) {
            findings.add(new Finding(name, -1, e.getMessage()));
        }
        return records;
    }

    /** A log was synced: then all before it were, and those of them that seem torn are damaged; what came behind it counts. */
    private void syncedBehindTorn(String name) {
        for (String early : torn) {
            findings.add(
                    new Finding(early, -1, "the log ends too early: " + name + " holds later records, and was synced"));
        }
        torn.clear();
        dropped = 0;
    }

    private long check(LogReader log) {
        if (log.length() < WriteBatch.HEADER_BYTES) {
            throw log.damage("a record of " + log.length() + " bytes");
        }
        long first = 0;
        for (int i = 7; i >= 0; i--) {
            first = first << 8 | (log.array()[log.offset() + i] & 0xFF);
        }
        if (first <= lastSeq) {
            throw log.damage("sequence number " + first + " after " + lastSeq);
        }
        try {
            lastSeq = first - 1 + WriteBatch.decode(log.array(), log.offset(), log.length(), NOTHING);
        } catch (IllegalArgumentException e) {
            throw log.damage("a record that is not a batch of writes: " + e.getMessage());
        }
        return first;
    }

    /** Sequence number of the last entry read that counts. */
    long lastSeq() {
        return torn.isEmpty() ? lastSeq : tornSeq;
    }

    /** The log that ends as a crash leaves it, or else the last one; {@code none} where there is no log. */
    String end(String none) {
        return !torn.isEmpty() ? torn.get(0) : last == null ? none : last;
    }

    /** What is wrong. */
    List<Finding> findings() {
        return findings;
    }

    /** What is no damage. */
    List<String> notes() {
        if (!torn.isEmpty()) {
            notes.add(torn.get(0) + " ends as a crash leaves a log: what was not synced is not there");
        }
        if (dropped > 0) {
            notes.add(dropped
                    + " records of later logs were not synced either; the next open drops them, since they would be"
                    + " there without what was torn off");
        }
        return notes;
    }
}
