package org.mosslsm.kv.lsm;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.BooleanSupplier;
import org.mosslsm.kv.KeyRange;
import org.mosslsm.kv.KvException;
import org.mosslsm.kv.lsm.iter.VisibleCursor;

/**
 * Walks over long runs of deletes while they are being written, so that the first reader who comes there finds them among
 * the {@link org.mosslsm.kv.lsm.iter.DeadGaps} and need not walk over a million tombstones, and what they hide, itself.
 *
 * <pre>
 * writer, under the commit lock                    scout, a thread of its own
 *   each delete goes on with a run, or begins one:   takes the pieces one by one, as ranges of keys
 *     {@link DeleteRuns}                             reads each at the newest version, as any reader would,
 *   notes a piece after each {@code PIECE} deletes          and so makes known what is dead in it
 *     of a run                                       meets more than a few keys that live: leaves the rest of the piece
 *   hands the pieces over that were published        is told to stop or to rest: leaves it too, soon
 * </pre>
 *
 * <p>It only reads, and what it learns is what any reader learns: without it everything is as right, and a first read
 * slower. So nothing that it meets is told to anybody: who reads there meets it too. And nothing that it fails at is the
 * writer's failure: where memory is short it forgets the runs.
 *
 * <p>Invariants: (1) the runs and the pieces noted are touched under the commit lock only, the pieces that wait under the
 * monitor. (2) A piece is handed over after its last delete was published, so that the scout's snapshot sees all of it. (3)
 * Where one piece of a run ends the next begins, so that their gaps become one. The thread exists from the first piece on.
 */
final class DeadRunScout {
    private static final System.Logger LOGGER = System.getLogger(DeadRunScout.class.getName());

    /** Deletes in a piece; shorter runs a reader passes in a few milliseconds. */
    static final int PIECE = 16_384;

    /**
     * With so many keys that live between its deletes, one for 64 of them, a piece is left: readers stop there anyway. Keys
     * that are dead for another reason, and the entries hidden by all of these, are passed without being counted.
     */
    private static final int MOST_LIVING = PIECE / 64;

    /** Pieces that wait; where the scout is so far behind, what comes is left to readers. */
    static final int MOST_PIECES = 1024;

    private final StoreReads reads;
    private final Background thread;

    /** Pieces that wait for the scout. */
    private final Deque<KeyRange> pieces;

    private boolean started;

    /** Walks begun, and ended: they are numbered from 1, and one at a time is under way. */
    private long begun;

    private long ended;

    /** Walks up to that number are left, as soon as they look. */
    private volatile long left;

    /** No piece is taken any more; and the walk under way is left. */
    private volatile boolean stopped;

    /** Pieces whose last delete may not be published yet. */
    private final Deque<KeyRange> noted = new ArrayDeque<>();

    private final DeleteRuns runs = new DeleteRuns(PIECE);

    DeadRunScout(String threadName, StoreReads reads) {
        this(threadName, reads, new ArrayDeque<>());
    }

    /** As above, with a queue that a test lets run out of memory. */
    DeadRunScout(String threadName, StoreReads reads, Deque<KeyRange> pieces) {
        this.reads = reads;
        this.pieces = pieces;
        this.thread = new Background(threadName, this::walkNext, this::failed);
    }

    // The writer, under the commit lock

    /** A delete of that key was put into the memtable. */
    void deleted(byte[] key, int offset, int length) {
        try {
            KeyRange piece = runs.add(key, offset, length);
            if (piece != null && noted.size() < MOST_PIECES) {
                noted.add(piece);
            }
        } catch (Error e) { // out of memory, say
            forget();
        }
    }

    private void forget() {
        runs.forget();
        noted.clear();
    }

    /** All deletes so far are visible. */
    void published() {
        if (noted.isEmpty()) {
            return;
        }
        try {
            handOver();
        } catch (Error e) { // out of memory, say
            forget();
        }
    }

    private synchronized void handOver() {
        if (!stopped && !started) {
            started = true;
            try {
                thread.start();
            } catch (OutOfMemoryError e) { // the system has no more threads: then there is no scout
                stopped = true;
            }
        }
        try {
            while (!stopped && !noted.isEmpty() && pieces.size() < MOST_PIECES) {
                pieces.add(noted.remove());
            }
        } finally {
            thread.signal();
        }
        noted.clear();
    }

    // The scout

    private boolean walkNext() {
        KeyRange piece;
        long number;
        synchronized (this) {
            piece = pieces.poll();
            if (piece == null) {
                return false;
            }
            number = ++begun;
        }
        try {
            walk(piece, () -> stopped || number <= left || reads.health().closed());
        } catch (KvException e) {
            // Damage, no descriptor, a store that is being closed: who reads there for a purpose will be told.
            LOGGER.log(System.Logger.Level.DEBUG, "a run of deletes was not walked to its end", e);
        } finally {
            synchronized (this) {
                ended = number;
                notifyAll();
            }
        }
        return true;
    }

    /** The thread has ended, of an error: nobody takes a piece any more. */
    private void failed(Throwable cause) {
        synchronized (this) {
            stopped = true;
            pieces.clear();
            notifyAll();
        }
        LOGGER.log(System.Logger.Level.WARNING, "no run of deletes is walked ahead any more", cause);
    }

    private void walk(KeyRange piece, BooleanSupplier isLeft) {
        try (LsmSnapshot snapshot = new LsmSnapshot(reads)) {
            long epoch = reads.gaps().epoch();
            ReadState state = reads.states().acquire();
            try (VisibleCursor cursor = reads.visible(state, piece, snapshot.version(), false, epoch)) {
                cursor.breakOffWhen(isLeft);
                int living = 0;
                boolean on = cursor.seekFirst();
                while (on && ++living < MOST_LIVING && !isLeft.getAsBoolean()) {
                    on = cursor.next();
                }
            } finally {
                state.version().release();
            }
        }
    }

    /** Returns when all pieces handed over so far were walked, or never will be: for tests. */
    synchronized void awaitIdle() throws InterruptedException {
        while (!pieces.isEmpty() || ended < begun) {
            wait();
        }
    }

    /** Whether the walk under way, or the last one, was told to be left by {@link #rest}: for tests. */
    synchronized boolean wasLeft() {
        return begun > 0 && left == begun;
    }

    /**
     * Leaves the pieces that wait, and the one under way; returns when no snapshot of it keeps what could be reclaimed, which
     * is when some hundred more entries were passed. Pieces handed over later are walked.
     */
    void rest() {
        boolean interrupted = false;
        synchronized (this) {
            pieces.clear();
            long underWay = begun;
            left = underWay;
            while (ended < underWay) {
                try {
                    wait();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends the thread; the piece under way is left as by {@link #rest}. */
    void stop() {
        synchronized (this) {
            stopped = true;
            pieces.clear();
            if (!started) {
                return;
            }
        }
        thread.stop();
    }
}
