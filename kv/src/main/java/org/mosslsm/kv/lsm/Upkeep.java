package org.mosslsm.kv.lsm;

import java.io.IOException;
import java.util.function.BooleanSupplier;
import org.mosslsm.kv.KvIoException;

/**
 * The work that keeps a store in shape while others read and write, and its threads.
 *
 * <pre>
 * flusher      a full memtable, the oldest first, becomes a table                          {@link FlushJob}
 *                tells the compactors, who may have more to do now
 * compactors   is the memtable worth a flush before it is full? then it is rotated         {@link EarlyFlush}
 *              the most urgent compaction                                                  {@link CompactionWork}
 * each         space or descriptors are short: nothing was done; {@link Shortage} knows, writers are woken, and the next
 *                tick or writer has it tried again
 *              anything else that fails turns the store read-only                          {@link Health}
 * </pre>
 *
 * <p>Invariants: (1) After a failure no piece of work is begun, nor after {@link #stop} was called. (2) Who waits for what this
 * does is woken after each change, and after each try that was in vain. (3) When {@link #stop} has returned none of the threads
 * runs, nor any that they started.
 *
 * <p>Thread-safe.
 */
final class Upkeep {
    /** How often the flusher looks whether there is space again on a full device. */
    private static final long TICK_MILLIS = 1000;

    private static final System.Logger LOGGER = System.getLogger(Upkeep.class.getName());

    private final String name;
    private final Health health;
    private final ReadStates states;
    private final FlushJob flushJob;
    private final CompactionWork compaction;
    private final EarlyFlush earlyFlush;
    private final BooleanSupplier rotateIfNobodyCommits;
    private final Background flusher;
    private final CompactorThreads compactors;

    /**
     * The upkeep of the store {@code name}, begun by {@link #start}.
     *
     * @param threads what the names of its threads begin with
     * @param rotateIfNobodyCommits makes the memtable one to be flushed, or leaves that and returns false: who commits may
     *     wait for this very thread, with the commit lock held
     */
    Upkeep(
            String name,
            String threads,
            int compactionThreads,
            StoreReads reads,
            FlushJob flushJob,
            CompactionWork compaction,
            EarlyFlush earlyFlush,
            BooleanSupplier rotateIfNobodyCommits) {
        this.name = name;
        this.health = reads.health();
        this.states = reads.states();
        this.flushJob = flushJob;
        this.compaction = compaction;
        this.earlyFlush = earlyFlush;
        this.rotateIfNobodyCommits = rotateIfNobodyCommits;
        this.flusher = new Background(threads + "flush", this::flushOnce, this::failed, TICK_MILLIS);
        this.compactors = new CompactorThreads(threads + "compact", compactionThreads, this::compactOnce, this::failed);
    }

    /** Starts the threads; an OutOfMemoryError says that there is no room for one of them. */
    void start() {
        flusher.start();
        compactors.start();
    }

    /** Says that there may be something to do. */
    void signal() {
        flusher.signal();
        compactors.signal();
    }

    /** Says that there may be something to compact. */
    void signalCompactors() {
        compactors.signal();
    }

    /** Lets what is under way end, or be called off where the store is closed, begins nothing more, and waits for that. */
    void stop() {
        flusher.stop();
        compactors.stop();
    }

    /** Returns when no compaction is due, nor under way; for want of space or descriptors throws as {@link Shortage#check}. */
    void awaitShape() {
        long since = health.shortage().tries();
        while (true) {
            long seen = states.changes();
            if (!compaction.isDue()) {
                noLongerShort(Shortage.Work.COMPACTION); // the compactor itself may not have come to say so yet
                return;
            }
            health.checkWritable();
            health.shortage().check(Shortage.Work.COMPACTION, since);
            compactors.signal();
            states.awaitChange(seen, TICK_MILLIS);
        }
    }

    private boolean flushOnce() throws IOException {
        boolean done = !health.failed() && unlessShort(Shortage.Work.FLUSH, flushJob::run);
        if (done) {
            compaction.changed();
            compactors.signal();
        }
        return done;
    }

    private boolean compactOnce() throws IOException {
        if (health.failed()) {
            return false;
        }
        unlessShort(
                Shortage.Work.EARLY_FLUSH,
                () -> !earlyFlush.isWorthIt()
                        || rotateIfNobodyCommits.getAsBoolean()); // else the next tick tries again
        return unlessShort(Shortage.Work.COMPACTION, compaction::run); // in any case: what it drops makes room
    }

    /** One piece of work. */
    private interface Piece {
        boolean run() throws IOException;
    }

    /** Does a piece of work; where space or descriptors are short, nothing was done, and the next tick or writer tries again. */
    private boolean unlessShort(Shortage.Work work, Piece piece) throws IOException {
        long attempt = health.shortage().tryBegins();
        try {
            boolean done = piece.run();
            boolean nothingToDo =
                    switch (work) {
                        case FLUSH -> true;
                        case EARLY_FLUSH -> false;
                        case COMPACTION -> !health.shortage().isShort() || !compaction.isDue();
                    };
            if (done || nothingToDo) {
                noLongerShort(work);
            }
            return done;
        } catch (KvIoException e) {
            if (!KvIoException.isShortage(e)) {
                throw e;
            }
            if (health.shortage().missed(work, attempt, e)) {
                LOGGER.log(System.Logger.Level.WARNING, "the store {0} cannot do {1} now: {2}", name, work, e);
            }
            if (work != Shortage.Work.EARLY_FLUSH) { // for which nobody waits
                states.wake();
            }
            return false;
        }
    }

    private void noLongerShort(Shortage.Work work) {
        if (health.shortage().found(work)) {
            LOGGER.log(System.Logger.Level.INFO, "the store {0} can do {1} again", name, work);
        }
    }

    /** Something in the background has failed, of this class or another: the store takes no more writes. */
    void failed(Throwable cause) {
        if (!health.closed() && health.fail(cause)) {
            LOGGER.log(System.Logger.Level.ERROR, "the store {0} takes no more writes: {1}", name, cause);
            LOGGER.log(System.Logger.Level.DEBUG, "this is where it failed", cause);
        }
    }
}
