package org.mosslsm.kv.lsm;

import java.io.IOException;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import org.mosslsm.kv.CommitRequest;
import org.mosslsm.kv.ConflictException;
import org.mosslsm.kv.Durability;
import org.mosslsm.kv.KvException;
import org.mosslsm.kv.Store.CommitStatus;
import org.mosslsm.kv.StoreReadOnlyException;
import org.mosslsm.kv.UnknownOutcomeException;
import org.mosslsm.kv.WriteBatch;
import org.mosslsm.kv.lsm.CommitQueue.Pending;
import org.mosslsm.kv.lsm.iter.DeadGaps;
import org.mosslsm.kv.lsm.memtable.MemTable;

/**
 * What happens to a commit.
 *
 * <pre>
 * join a group                                                     {@link CommitQueue}
 *   its leader, under the commit lock:
 *     make room in the memtable, or wait for it                    {@link MemTableRotation}
 *     for each commit of the group, in order:
 *       do its conditions hold in the newest state?  no: conflict, nothing happened
 *       give its entries their sequence numbers
 *       append it to the log, as one record
 *       put it into the memtable, where the next commit's conditions see it, but no reader yet
 *       end the gaps it puts something into                        {@link DeadGaps}
 *     hand the log to the operating system, if one of the group wants to survive the process
 *     publish the last sequence number: now readers see the whole group
 *   each commit for itself, outside the lock:
 *     asked for sync: wait until the log is synced so far          {@link ActiveLog}
 * </pre>
 *
 * So readers may see a commit that is not on the device yet; who made it is not told that it succeeded before it is.
 *
 * <p>Invariants:
 *
 * <ol>
 *   <li>{@code lastSeq} is the last sequence number given; it changes under the commit lock. Between groups it is the
 *       visible one.
 *   <li>An append or sync that fails turns the store read-only; the commits it concerned get UnknownOutcomeException,
 *       because what the log holds of them is known only to who reads it again. What was applied to the memtable but not
 *       published stays invisible, since nothing is published or flushed any more.
 * </ol>
 *
 * <p>Thread-safe.
 */
final class CommitPath implements CommitQueue.GroupWriter {
    private final Health health;
    private final Snapshots snapshots;
    private final Conditions conditions;
    private final ReadStates states;
    private final DeadGaps gaps;
    private final ActiveLog log;
    private final MemTableRotation rotation;
    private final IntervalSync intervalSync;
    private final RecentCommits recent = new RecentCommits();
    private final CommitQueue queue = new CommitQueue(this);
    private final ReentrantLock commitLock = new ReentrantLock();
    private long lastSeq;

    CommitPath(StoreReads reads, ActiveLog log, MemTableRotation rotation, IntervalSync intervalSync) {
        this.health = reads.health();
        this.snapshots = reads.snapshots();
        this.conditions = new Conditions(reads);
        this.states = reads.states();
        this.gaps = reads.gaps();
        this.log = log;
        this.rotation = rotation;
        this.intervalSync = intervalSync;
        this.lastSeq = snapshots.visible();
    }

    /** Commits; the request's sizes were checked. */
    long commit(CommitRequest request) {
        health.checkWritable();
        long version = queue.write(request);
        if (request.writes().count() > 0) {
            secure(request.durability(), request, version);
        }
        return version;
    }

    /** Commits writes that have neither an identity to ask for later nor conditions; sizes were checked. */
    long commit(WriteBatch writes, Durability durability) {
        health.checkWritable();
        long version = queue.write(writes, durability);
        if (writes.count() > 0) {
            secure(durability, null, version);
        }
        return version;
    }

    private void secure(Durability durability, CommitRequest requestOrNull, long version) {
        if (durability.kind() == Durability.Kind.SYNC) {
            try {
                log.awaitSynced(version);
            } catch (IOException e) {
                health.fail(e);
                throw unknown(requestOrNull, e);
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
        commitLock.lock();
        try {
            health.checkWritable();
            rotation.makeRoom(lastSeq);
            boolean flush = false;
            for (Pending pending : group) {
                last++;
                flush |= apply(pending) && pending.durability.kind() != Durability.Kind.NONE;
            }
            if (flush) {
                log.flush(lastSeq);
            }
            snapshots.publish(lastSeq);
        } catch (IOException | RuntimeException | Error e) {
            fail(group, last, e);
        } finally {
            commitLock.unlock();
        }
        for (Pending pending : group) {
            if (pending.requestOrNull != null && !pending.failed()) {
                recent.put(pending.requestOrNull.id(), CommitStatus.COMMITTED);
            }
        }
    }

    /** Applies one commit; returns whether it wrote something. */
    private boolean apply(Pending pending) throws IOException {
        CommitRequest request = pending.requestOrNull;
        try {
            if (request != null) {
                conditions.check(request);
            }
        } catch (ConflictException e) {
            recent.put(request.id(), CommitStatus.ABORTED);
            pending.fail(e);
            return false;
        } catch (KvException e) {
            pending.fail(e); // a damaged table, say: this commit cannot be decided, others can
            return false;
        }
        WriteBatch writes = pending.writes;
        if (writes.count() > 0) {
            writes.seal(lastSeq + 1);
            log.append(writes.array(), writes.byteSize());
            MemTable table = states.current().active().table();
            BatchInserter inserter = new BatchInserter(table, lastSeq + 1);
            writes.forEach(inserter);
            lastSeq = inserter.nextSeq() - 1;
            gaps.written(writes);
        }
        pending.succeed(lastSeq);
        return writes.count() > 0;
    }

    /** The group broke off: those up to {@code last} have an open outcome, the others did not happen. */
    private void fail(List<Pending> group, int last, Throwable cause) {
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

    private UnknownOutcomeException unknown(CommitRequest requestOrNull, Throwable cause) {
        UUID id = requestOrNull == null ? UUID.randomUUID() : requestOrNull.id();
        recent.put(id, CommitStatus.UNKNOWN);
        return new UnknownOutcomeException(
                id,
                "it is not known whether the commit is in the log (" + cause.getMessage()
                        + "); reopening the store shows it",
                cause);
    }

    // For others who need the log and the memtable to stand still

    /** Work under the commit lock. */
    interface Exclusive<T> {
        /** Called with the lock held; {@code lastSeq} is the last sequence number given. */
        T run(long lastSeq) throws IOException;
    }

    /** Runs {@code work} while no commit is under way; a failure of log or manifest turns the store read-only. */
    <T> T exclusively(Exclusive<T> work) {
        commitLock.lock();
        try {
            health.checkWritable();
            return work.run(lastSeq);
        } catch (StoreReadOnlyException e) {
            health.fail(e.getCause() == null ? e : e.getCause()); // the manifest's failure is the store's
            throw e;
        } catch (IOException e) {
            health.fail(e);
            throw new StoreReadOnlyException("the store takes no more writes: " + e.getMessage(), e);
        } finally {
            commitLock.unlock();
        }
    }

    /** As {@link #exclusively}, unless a commit is under way. */
    void tryExclusively(Exclusive<?> work) {
        if (commitLock.tryLock()) {
            try {
                exclusively(work);
            } finally {
                commitLock.unlock();
            }
        }
    }

    /** Gives a sequence number to something that does not go through the log; within {@link #exclusively}. */
    long takeSeq() {
        assert commitLock.isHeldByCurrentThread();
        return ++lastSeq;
    }

    /** Waits for the commit under way; with health closed none begins after it. Then ends the log, synced. */
    void close() throws IOException {
        commitLock.lock();
        try {
            log.close(lastSeq, !health.failed());
        } finally {
            commitLock.unlock();
        }
    }
}
