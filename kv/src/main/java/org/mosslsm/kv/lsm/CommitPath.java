package org.mosslsm.kv.lsm;

import java.io.IOException;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import org.mosslsm.kv.CommitRequest;
import org.mosslsm.kv.ConflictException;
import org.mosslsm.kv.Durability;
import org.mosslsm.kv.KvException;
import org.mosslsm.kv.KvIoException;
import org.mosslsm.kv.Store.CommitStatus;
import org.mosslsm.kv.StoreReadOnlyException;
import org.mosslsm.kv.UnknownOutcomeException;
import org.mosslsm.kv.WriteBatch;
import org.mosslsm.kv.lsm.CommitQueue.Pending;
import org.mosslsm.kv.lsm.iter.DeadGaps;
import org.mosslsm.kv.lsm.memtable.MemTable;
import org.mosslsm.kv.lsm.wal.LogFullException;

/**
 * What happens to a commit.
 *
 * <pre>
 * join a group                                                     {@link CommitQueue}
 *   its leader, under the commit lock:
 *     make room in the memtable, or wait for it                    {@link MemTableRotation}
 *     for each commit of the group, in order:
 *       do its conditions hold in the newest state?  no: conflict, nothing happened
 *       append it to the log, as one record, with the sequence numbers of its entries
 *     hand the log to the operating system, if one of the group wants to survive the process
 *     put all into the memtable, and end the gaps it puts something into    {@link DeadGaps}
 *       earlier where the next one's conditions must see it; no reader does yet
 *     publish the last sequence number: now readers see the whole group
 *     hand a long run of deletes to who walks over it ahead of readers         {@link DeadRunScout}
 *   each commit for itself, outside the lock:
 *     asked for sync: wait until the log is synced so far          {@link ActiveLog}
 * </pre>
 *
 * So readers may see a commit that is not on the device yet; who made it is not told that it succeeded before it is.
 *
 * <p>Invariants:
 *
 * <ol>
 *  <li>{@code lastSeq} is the last sequence number in the memtable, or skipped; it changes under the commit lock. Between
 *       groups it is the visible one.
 *   <li>Nothing comes into the memtable before the log has taken it. So what the log has no space for is taken back from
 *       it, and never happened.
 *   <li>An append or sync that fails turns the store read-only; the commits it concerned get UnknownOutcomeException,
 *       because what the log holds of them is known only to who reads it again. What was applied to the memtable but not
 *       published stays invisible, since nothing is published or flushed any more.
 * </ol>
 *
 * <p>Thread-safe.
 */
final class CommitPath implements CommitQueue.GroupWriter {
    private static final String OUT_OF_MEMORY =
            "memory ran out while the conditions of the commit were read, which did not happen";

    private final Health health;
    private final Snapshots snapshots;
    private final Conditions conditions;
    private final ReadStates states;
    private final DeadGaps gaps;
    private final ActiveLog log;
    private final MemTableRotation rotation;
    private final IntervalSync intervalSync;
    private final DeadRunScout scout;
    private final RecentCommits recent = new RecentCommits();
    private final CommitQueue queue = new CommitQueue(this);
    private final ReentrantLock commitLock = new ReentrantLock();
    private long lastSeq;

    /** The last number that is in the log or in tables; less than {@code lastSeq} when a load failed that had numbers. */
    private long lastUsed;

    /** Whether log, memtable and health agree: no group is under way, and none was broken off without anybody saying so. */
    private boolean inOrder = true;

    /** Where the log ends with what is in the memtable; while a group is written more may be appended behind it. */
    private long appliedPosition;

    CommitPath(
            StoreReads reads, ActiveLog log, MemTableRotation rotation, IntervalSync intervalSync, DeadRunScout scout) {
        this.health = reads.health();
        this.snapshots = reads.snapshots();
        this.conditions = new Conditions(reads);
        this.states = reads.states();
        this.gaps = reads.gaps();
        this.log = log;
        this.rotation = rotation;
        this.intervalSync = intervalSync;
        this.scout = scout;
        this.lastSeq = snapshots.visible();
        this.lastUsed = lastSeq;
    }

    /** Commits; the request's sizes were checked. */
    long commit(CommitRequest request) {
        StackRoom.ensure();
        health.checkWritable();
        long version = queue.write(request);
        secure(request.durability(), request, version);
        return version;
    }

    /** Commits writes that have neither an identity to ask for later nor conditions; sizes were checked. */
    long commit(WriteBatch writes, Durability durability) {
        StackRoom.ensure();
        health.checkWritable();
        long version = queue.write(writes, durability);
        secure(durability, null, version);
        return version;
    }

    /**
     * Waits for what the durability promises of all commits up to that version: one that writes nothing secures those before
     * it.
     */
    private void secure(Durability durability, CommitRequest requestOrNull, long version) {
        if (durability.kind() == Durability.Kind.SYNC) {
            try {
                log.awaitSynced(version);
            } catch (IOException
                    | RuntimeException
                    | Error e) { // out of memory, say: whether the log was synced is not known
                Throwable cause = told(e);
                health.fail(cause);
                throw unknown(requestOrNull, cause);
            }
        } else if (durability.kind() == Durability.Kind.INTERVAL) {
            intervalSync.request(durability.intervalMillis());
        }
    }

    /** What became of a commit of this process. */
    CommitStatus status(UUID id) {
        return recent.get(id);
    }

    // The leader

    @Override
    public void write(List<Pending> group) {
        int last = -1; // the last one of the group that may have come to the log
        int applied = 0; // those before it are decided: in the memtable, or refused
        commitLock.lock();
        try {
            checkOrder();
            health.checkWritable();
            inOrder = false;
            rotation.makeRoom(lastSeq);
            appliedPosition = log.position();
            long appendedSeq = lastSeq;
            for (Pending pending : group) {
                if (appendedSeq > lastSeq && hasConditions(pending.requestOrNull)) {
                    applied = apply(group, applied, last + 1);
                }
                last++;
                appendedSeq = append(pending, appendedSeq);
            }
            applied = apply(group, applied, group.size());
            snapshots.publish(lastSeq);
            inOrder = true;
            scout.published();
        } catch (LogFullException e) {
            takeBack(group, applied, last, e);
            inOrder = true;
        } catch (IOException | RuntimeException | Error e) {
            fail(group, last, e);
            inOrder = true;
        } finally {
            commitLock.unlock();
        }
        for (Pending pending : group) {
            if (pending.requestOrNull != null && !pending.failed()) {
                recent.put(pending.requestOrNull.id(), CommitStatus.COMMITTED);
            }
        }
    }

    /** Turns the store read-only where a group was broken off, and what did that left no stack or memory to say so. */
    private void checkOrder() {
        if (!inOrder) {
            health.fail(new IllegalStateException("a commit was broken off"));
        }
    }

    private static boolean hasConditions(CommitRequest request) {
        return request != null
                && (!request.absent().isEmpty()
                        || !request.unchanged().isEmpty()
                        || !request.unchangedRanges().isEmpty());
    }

    /** Appends one commit behind {@code seq}, if its conditions hold; returns the last sequence number appended. */
    private long append(Pending pending, long seq) throws IOException {
        CommitRequest request = pending.requestOrNull;
        try {
            if (request != null) {
                check(request);
            }
        } catch (RuntimeException e) {
            pending.fail(e); // a damaged table, say: this commit cannot be decided, others can
            return seq;
        }
        WriteBatch writes = pending.writes;
        if (writes.count() > 0) {
            writes.seal(seq + 1);
            log.append(writes.array(), writes.byteSize());
        }
        pending.succeed(seq + writes.count());
        return seq + writes.count();
    }

    /** Brings the commits {@code from .. to - 1}, which were appended, into the memtable; returns {@code to}. */
    private int apply(List<Pending> group, int from, int to) throws IOException {
        long seq = lastSeq;
        boolean flush = false;
        for (int i = from; i < to; i++) {
            Pending pending = group.get(i);
            if (!pending.failed()) {
                seq = pending.version();
                flush |= pending.durability.kind() != Durability.Kind.NONE;
            }
        }
        if (flush) {
            log.flush(seq);
        }
        appliedPosition = log.position();
        MemTable table = states.current().active().table();
        BatchInserter inserter = new BatchInserter(table, scout, lastSeq + 1);
        for (int i = from; i < to; i++) {
            Pending pending = group.get(i);
            if (!pending.failed() && pending.writes.count() > 0) {
                pending.writes.forEach(inserter);
                gaps.written(pending.writes);
            }
        }
        if (inserter.nextSeq() - 1 > lastSeq) {
            lastSeq = inserter.nextSeq() - 1;
            lastUsed = lastSeq;
        }
        return to;
    }

    /** There is no space for the rest of the group: it never happened; what is in the memtable did. */
    private void takeBack(List<Pending> group, int applied, int last, LogFullException cause) {
        try {
            if (last >= 0) {
                log.rewind(appliedPosition);
            }
            for (int i = applied; i < group.size(); i++) {
                Pending pending = group.get(i);
                if (!pending.failed()) {
                    pending.fail(health.shortage().refusal(cause));
                }
            }
            snapshots.publish(lastSeq);
        } catch (IOException | RuntimeException | Error e) {
            e.addSuppressed(cause);
            fail(group, last, e);
        }
    }

    /** The group broke off: those up to {@code last} have an open outcome, the others did not happen. */
    private void fail(List<Pending> group, int last, Throwable thrown) {
        Throwable cause = told(thrown);
        boolean refused = cause instanceof KvException && last < 0; // closed or read-only already
        if (!refused) {
            health.fail(cause);
        }
        for (int i = 0; i < group.size(); i++) {
            Pending pending = group.get(i);
            if (pending.failed()) {
                continue;
            }
            if (refused) {
                pending.fail((KvException) cause);
            } else if (i <= last) {
                pending.fail(unknown(pending.requestOrNull, cause));
            } else {
                pending.fail(new StoreReadOnlyException(
                        "the store takes no more writes since a failure (" + cause.getMessage() + ")", cause));
            }
        }
    }

    /** The virtual machine may tell of a page of the mapped log that cannot be had when the copy is long done. */
    static Throwable told(Throwable thrown) {
        return thrown instanceof InternalError
                ? new IOException("a page of the log cannot be brought into memory: " + thrown.getMessage(), thrown)
                : thrown;
    }

    private UnknownOutcomeException unknown(CommitRequest requestOrNull, Throwable cause) {
        UUID id = requestOrNull == null ? UUID.randomUUID() : requestOrNull.id();
        recent.put(id, CommitStatus.UNKNOWN);
        return new UnknownOutcomeException(
                id,
                "it is not known whether the commit is in the log (" + cause.getMessage()
                        + "); reopening the store shows it",
                cause);
    }

    /** Checks the conditions of a commit of which nothing was written yet; whatever it throws, the commit did not happen. */
    void check(CommitRequest request) {
        try {
            conditions.check(request);
        } catch (ConflictException e) {
            recent.put(request.id(), CommitStatus.ABORTED);
            throw e;
        } catch (OutOfMemoryError e) { // no room for a block: no reason to take no more writes
            throw new KvIoException(OUT_OF_MEMORY, e); // which puts nothing together: there is no room
        }
    }

    // Commits that go past the log; within exclusively()

    /** Takes the step that makes a commit happen. A KvIoException says that it did not; after any other its outcome is open. */
    void decide(CommitRequest request, Runnable step) {
        try {
            step.run();
        } catch (KvIoException e) {
            throw e;
        } catch (RuntimeException | Error e) {
            health.fail(e instanceof StoreReadOnlyException && e.getCause() != null ? e.getCause() : e);
            throw unknown(request, e);
        }
        recent.put(request.id(), CommitStatus.COMMITTED);
    }

    // For others who need the log and the memtable to stand still

    /** Work under the commit lock. */
    interface Exclusive<T> {
        /** Called with the lock held; {@code lastSeq} is the last sequence number given. */
        T run(long lastSeq) throws IOException;
    }

    /** Work before the log is ended, and after it. */
    interface Closing {
        /** Called with the lock held; {@code lastSeq} is the last sequence number given. */
        void before(long lastSeq) throws IOException;

        /** Called with the lock held, if nothing ever failed; all up to {@code lastSeq} is in logs and tables, durably. */
        void after(long lastSeq);
    }

    /** Runs {@code work} while no commit is under way; a failure of log or manifest turns the store read-only. */
    <T> T exclusively(Exclusive<T> work) {
        StackRoom.ensure();
        commitLock.lock();
        try {
            checkOrder();
            health.checkWritable();
            return work.run(lastSeq);
        } catch (LogFullException e) {
            throw health.shortage().refusal(e);
        } catch (StoreReadOnlyException e) {
            health.fail(e); // the manifest's failure is the store's
            throw e;
        } catch (IOException e) {
            health.fail(e);
            throw new StoreReadOnlyException("the store takes no more writes: " + e.getMessage(), e);
        } catch (Error e) { // out of memory, say: log, manifest and memory may differ now
            health.fail(e);
            throw e;
        } finally {
            commitLock.unlock();
        }
    }

    /** As {@link #exclusively}, unless a commit is under way; returns whether the work was done. */
    boolean tryExclusively(Exclusive<?> work) {
        if (!commitLock.tryLock()) {
            return false;
        }
        try {
            exclusively(work);
            return true;
        } finally {
            commitLock.unlock();
        }
    }

    /** What did not go through the log has the next sequence numbers up to that; within {@link #exclusively}. */
    void took(long seq) {
        assert commitLock.isHeldByCurrentThread() && seq > lastSeq;
        lastSeq = seq;
        lastUsed = seq;
    }

    /** Gives numbers up to that to nobody: a load that failed wrote them into tables. Within {@link #exclusively}. */
    void skip(long seq) {
        assert commitLock.isHeldByCurrentThread();
        lastSeq = Math.max(lastSeq, seq);
        if (!health.failed()) {
            snapshots.publish(lastSeq);
        }
    }

    /** Waits for the commit under way; with health closed none begins after it. Then ends the log, synced. */
    void close(Closing work) throws IOException {
        commitLock.lock();
        try {
            checkOrder();
            try {
                if (!health.failed()) {
                    work.before(lastSeq);
                }
            } finally {
                log.close(lastSeq, !health.failed());
            }
            if (!health.failed()) {
                work.after(lastUsed); // a number that nothing has would be missed when the store is opened again
            }
        } finally {
            commitLock.unlock();
        }
    }
}
