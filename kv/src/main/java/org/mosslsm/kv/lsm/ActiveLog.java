package org.mosslsm.kv.lsm;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.mosslsm.kv.KvIoException;
import org.mosslsm.kv.lsm.version.FileNames;
import org.mosslsm.kv.lsm.wal.LogFullException;
import org.mosslsm.kv.lsm.wal.LogWriter;
import org.mosslsm.kv.vfs.Vfs;
import org.mosslsm.kv.vfs.WritableFile;

/**
 * The log that commits are written to, and those who wait for it to reach the device.
 *
 * <pre>
 * append, flush   (commit lock)                     the leader of a group of commits
 * awaitSynced     is it synced far enough?          done
 *                 is someone syncing?               wait, look again: their sync may have begun too early for us
 *                 else                              sync everything flushed so far, for all who wait
 *                                                   first the logs before, that were ended and are not synced yet
 * rotate       (commit lock) as a syncer:        begin the new log, flush and end the old one; no sync, but of a log
 *                                                  that was gone on with when the store was opened
 * dropBelow    as a syncer:                      gives logs up, synced or not, whose writes are in tables
 * close        as a syncer:                      syncs all logs, and ends their files where they end
 * </pre>
 *
 * Commits gather behind a sync under way, and the next sync serves them all: that is the group commit of the device.
 *
 * <p>Invariants:
 *
 * <ol>
 *   <li>One thread at a time syncs or rotates ({@code syncing}); it alone touches the writer's end of the device.
 *   <li>{@code syncedSeq <= flushedSeq}; a log is synced only after all before it are, or are in tables. So when a commit
 *       is synced, all before it are, in whatever log they stand; and a log that says anything of it is synced tells
 *       {@link LogReplay} that those before it cannot be torn.
 *   <li>After a failure ({@code broken}) nothing is synced any more. {@code failure} is then what every waiter gets.
 * </ol>
 *
 * <p>Thread safety: as marked above; everything else by any thread.
 */
final class ActiveLog {
    /**
     * One file is kept for reuse while commits are synced: overwriting it costs the device less than growing a new one.
     * Without syncs it would take room and gain nothing.
     */
    private static final int MAX_SPARES = 1;

    /** Mapping begins with a look at the file system, a millisecond perhaps, and takes room ahead. */
    private static final long WORTH_MAPPING = 256 << 10;

    private static final System.Logger LOGGER = System.getLogger(ActiveLog.class.getName());

    private final Vfs vfs;
    private final ReentrantLock turns = new ReentrantLock();
    private final Condition turnOver = turns.newCondition();

    /** Exchanged under the commit lock by the one who has the turn; so either is enough to read it. */
    private LogWriter writer;

    /** Logs that were ended and not synced, the oldest first; touched by the one who has the turn. */
    private final Deque<LogWriter> ended = new ArrayDeque<>();

    /** Where logs end that were synced since and whose files go on, by their names; touched by the one who has the turn. */
    private final Map<String, Long> longer = new HashMap<>();

    private volatile long flushedSeq;
    private volatile long syncedSeq;
    private boolean syncing;
    private boolean broken;
    private IOException failure; // null where an Error broke it off
    private final LongAdder syncs = new LongAdder();

    /** Whether a commit asked for a sync since the last rotation, and before it; the rotation moves the first. */
    private volatile boolean syncWanted;

    private volatile boolean keepSpare;

    /** Whether a log was ever written by mapped memory. */
    private volatile boolean mapped;

    /** Logs to be overwritten by the next ones; guarded by itself, and so are the files of these names. */
    private final Queue<String> spares = new ArrayDeque<>();

    /** Begins with the new log {@code number}; everything up to {@code seq} is on the device already. */
    ActiveLog(Vfs vfs, long number, long seq) throws IOException {
        this.vfs = vfs;
        this.flushedSeq = seq;
        this.syncedSeq = seq;
        this.writer = begin(number);
    }

    /** Goes on with a log; everything up to {@code seq} is on the device already, and so is the log's name. */
    ActiveLog(Vfs vfs, LogWriter writer, long seq) {
        this.vfs = vfs;
        this.flushedSeq = seq;
        this.syncedSeq = seq;
        this.writer = writer;
    }

    private LogWriter begin(long number) throws IOException {
        String name = FileNames.wal(number);
        LogWriter fresh;
        try {
            synchronized (spares) {
                String spare = spares.poll();
                fresh = spare == null
                        ? LogWriter.createForBatches(vfs, name, number)
                        : LogWriter.recycle(vfs, spare, name, number);
            }
        } catch (IOException e) {
            if (KvIoException.isShortage(e)) {
                takeBack(name, e);
                throw new LogFullException(name, e);
            }
            throw e;
        }
        try {
            vfs.syncDir(); // else a power loss takes the whole log, synced records and all
        } catch (IOException e) {
            fresh.close();
            if (KvIoException.isOutOfFiles(e)) { // then no sync was tried; a full device may have failed one
                takeBack(name, e);
                throw new LogFullException(name, e);
            }
            throw e;
        }
        return fresh;
    }

    /**
     * Deletes a log that has no records. Where it cannot be deleted nothing may follow: between the log at hand and later
     * ones it would look as if it had lost its end, and the store could not be opened.
     */
    private void takeBack(String name, IOException why) throws IOException {
        try {
            if (vfs.exists(name)) {
                vfs.delete(name);
            }
        } catch (IOException e) {
            e.addSuppressed(why);
            throw e;
        }
    }

    // Under the commit lock

    /** Adds a batch as one record. */
    void append(byte[] batch, int length) throws IOException {
        writer.appendBatch(batch, length);
    }

    /** Where the log ends with what was appended so far. */
    long position() {
        return writer.size();
    }

    /** Takes back, durably, what was appended since {@link #position} was {@code position}. */
    void rewind(long position) throws IOException {
        becomeSyncer();
        try {
            writer.rewind(position);
        } finally {
            endTurn(syncedSeq, null);
        }
    }

    /** Hands everything to the operating system; {@code seq} is the last sequence number appended. */
    void flush(long seq) throws IOException {
        if (syncWanted) {
            writer.growAhead();
        } else if (writer.size() >= WORTH_MAPPING && writer.mapAhead() && !mapped) {
            mapped = true;
        }
        writer.flush();
        flushedSeq = seq;
    }

    /**
     * Ends the log and begins the log {@code number}; {@code seq} as for {@link #flush}. Syncs nothing but the end of a log that
     * was gone on with.
     *
     * @throws LogFullException when there is no space or no descriptor for that; the log at hand goes on
     */
    void rotate(long number, long seq) throws IOException {
        becomeSyncer();
        IOException why = null;
        boolean done = false;
        try {
            checkIntact();
            LogWriter fresh = begin(number); // first: without it the old one must go on
            try {
                writer.end();
                if (writer.isReopened()) {
                    // Or a power loss could take what came behind the mark of the last close, and leave the next
                    // log: this one would seem to be ended at that mark, and the next be shown without it.
                    syncEnded();
                    writer.sync();
                }
            } catch (IOException e) {
                fresh.close();
                takeBack(fresh.name(), e);
                throw e;
            }
            flushedSeq = seq;
            keepSpare = syncWanted;
            syncWanted = false;
            ended.add(writer);
            writer = fresh;
            done = true;
        } catch (IOException e) {
            why = e;
            throw e;
        } finally {
            endTurn(done || why instanceof LogFullException ? syncedSeq : -1, why);
        }
    }

    /**
     * Ends the log for good, all of it synced if it is {@code intact}; {@code seq} as for {@link #flush}.
     *
     * @throws IOException when it was to be intact and is not; the files are closed nonetheless
     */
    void close(long seq, boolean intact) throws IOException {
        becomeSyncer();
        boolean done = false;
        IOException why = null;
        try {
            if (intact) {
                checkIntact(); // a sync that failed while the store was being closed, and that nobody was told of
                syncEnded();
                writer.finish();
                longer.forEach(this::cut);
                flushedSeq = seq;
                done = true;
            }
        } catch (IOException e) {
            why = e;
            throw e;
        } finally {
            endTurn(done ? seq : -1, why);
            giveUpEnded(Long.MAX_VALUE);
            writer.close();
        }
        if (done) {
            deleteSpares();
        }
    }

    /** Gives back the room behind a log that the next open reads. */
    private void cut(String name, long end) {
        try (WritableFile file = vfs.extend(name, end)) {
            file.truncate(end);
        } catch (IOException e) {
            LOGGER.log(System.Logger.Level.DEBUG, "the log stays longer than it need be", e);
        }
    }

    private void deleteSpares() {
        synchronized (spares) {
            for (String name = spares.poll(); name != null; name = spares.poll()) {
                try {
                    vfs.delete(name);
                } catch (IOException e) {
                    return; // no harm: the next open deletes it
                }
            }
        }
    }

    // Any thread

    /**
     * Returns when the commit with that last sequence number is on the device.
     *
     * @throws IOException when a sync failed, this one or an earlier one
     */
    void awaitSynced(long seq) throws IOException {
        while (syncedSeq < seq) {
            syncWanted = true;
            long target = takeTurn(seq);
            if (target < 0) {
                return;
            }
            boolean done = false;
            IOException why = null;
            try {
                syncEnded();
                writer.sync(); // nobody exchanges it but who has the turn
                done = true;
            } catch (IOException e) {
                why = e;
                throw e;
            } finally {
                endTurn(done ? target : -1, why); // first: whatever else fails, the others wait for it
                syncs.increment();
            }
        }
    }

    /** Syncs what was flushed so far. */
    void syncFlushed() throws IOException {
        awaitSynced(flushedSeq);
    }

    /** Whether something was flushed and not yet synced. */
    boolean syncDue() {
        return syncedSeq < flushedSeq;
    }

    /** How many times the device was asked to sync. */
    long syncs() {
        return syncs.sum();
    }

    /** Deletes logs below {@code number}, whose writes are in tables; keeps one file for reuse where that helps. */
    void dropBelow(long number) throws IOException {
        becomeSyncer();
        try {
            giveUpEnded(number);
        } finally {
            endTurn(syncedSeq, null);
        }
        List<String> old = new ArrayList<>();
        synchronized (spares) { // while no spare gets another name
            int kept = keepSpare ? MAX_SPARES : 0;
            while (spares.size() > kept) {
                old.add(spares.remove());
            }
            for (String name : vfs.list()) {
                boolean unneeded = FileNames.kind(name) == FileNames.Kind.WAL && FileNames.number(name) < number;
                if (unneeded && !spares.contains(name) && !old.contains(name)) {
                    (spares.size() < kept ? spares : old).add(name);
                }
            }
        }
        for (String name : old) {
            if (mapped) {
                empty(name);
            }
            vfs.delete(name);
        }
    }

    /** Gives the room of a log back that may still be mapped, and would else keep it until the garbage collector comes by. */
    private void empty(String name) throws IOException {
        try (WritableFile file = vfs.extend(name, 0)) {
            file.truncate(0);
        }
    }

    // With the turn

    private void syncEnded() throws IOException {
        for (LogWriter log = ended.peek(); log != null; log = ended.peek()) {
            if (log.mayBeLonger()) {
                longer.put(log.name(), log.size());
            }
            log.finishEnded();
            ended.remove();
        }
    }

    private void giveUpEnded(long below) throws IOException {
        while (!ended.isEmpty() && ended.peek().number() < below) {
            ended.remove().close();
        }
        longer.keySet().removeIf(name -> FileNames.number(name) < below);
    }

    private void checkIntact() throws IOException {
        if (broken) {
            String why = failure == null ? "it was broken off" : failure.getMessage();
            throw new IOException("an earlier write or sync of the log failed: " + why, failure);
        }
    }

    // Taking turns; waiting is deaf to interrupts, because a sync is never given up half way

    private void becomeSyncer() {
        turns.lock();
        try {
            while (syncing) {
                turnOver.awaitUninterruptibly();
            }
            syncing = true;
        } finally {
            turns.unlock();
        }
    }

    /** Takes the turn, for a sync up to what is returned; -1 when {@code seq} was synced meanwhile by others. */
    private long takeTurn(long seq) throws IOException {
        turns.lock();
        try {
            while (syncing && syncedSeq < seq) {
                turnOver.awaitUninterruptibly();
            }
            if (syncedSeq >= seq) {
                return -1;
            }
            checkIntact();
            syncing = true;
            return flushedSeq;
        } finally {
            turns.unlock();
        }
    }

    /** Ends a turn; {@code seq} is what is synced now, or -1 after a failure. */
    private void endTurn(long seq, IOException why) {
        turns.lock();
        try {
            syncing = false;
            if (seq >= 0) {
                syncedSeq = Math.max(syncedSeq, seq);
            } else {
                broken = true; // without an object: memory may have run out
                failure = failure == null ? why : failure;
            }
            turnOver.signalAll();
        } finally {
            turns.unlock();
        }
    }

    @Override
    public String toString() {
        return "log flushed to " + flushedSeq + ", synced to " + syncedSeq;
    }
}
