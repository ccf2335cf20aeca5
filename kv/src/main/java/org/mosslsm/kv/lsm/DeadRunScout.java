package org.mosslsm.kv.lsm;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import org.mosslsm.kv.KeyRange;
import org.mosslsm.kv.KvException;
import org.mosslsm.kv.lsm.entry.EntryOrder;
import org.mosslsm.kv.lsm.iter.VisibleCursor;

/**
 * Walks over long runs of deletes while they are being written, so that the first reader who comes there finds them among
 * the {@link org.mosslsm.kv.lsm.iter.DeadGaps} and need not walk over a million tombstones, and what they hide, itself.
 *
 * <pre>
 * writer, under the commit lock                    scout, a thread of its own
 *   a delete behind the one before: a longer run     takes the pieces one by one, as ranges of keys
 *   a delete before it: a new run                    reads each at the newest version, as any reader would,
 *   each {@code PIECE} deletes of a run, published:       and so makes known what is dead in it
 *     hands over the keys from first to last         meets more than a few keys that live: leaves the rest of the piece
 * </pre>
 *
 * <p>It only reads, and what it learns is what any reader learns: without it everything is as right, and a first read
 * slower. So nothing that it meets is told to anybody: who reads there meets it too.
 *
 * <p>Invariants: (1) the run is touched under the commit lock only, the pieces under the monitor. (2) A piece is handed over
 * after its last delete was published, so that the scout's snapshot sees all of it. (3) Where one piece of a run ends the next
 * begins, so that their gaps become one. The thread exists from the first piece on.
 */
final class DeadRunScout {
    private static final System.Logger LOGGER = System.getLogger(DeadRunScout.class.getName());

    /** Shorter runs a reader passes in a few milliseconds; and so long a close waits for a piece under way, at most. */
    static final int PIECE = 16_384;

    /** A piece with more keys that live than this, one in 64, is no run that a reader would pass without looking. */
    private static final int MOST_LIVING = PIECE / 64;

    /** Pieces that wait; where the scout is so far behind, what comes is left to readers. */
    private static final int MOST_PIECES = 1024;

    private final StoreReads reads;
    private final Background thread;

    private final Deque<KeyRange> pieces = new ArrayDeque<>();
    private boolean started;
    private boolean working;
    private boolean stopped;

    /** Where the piece begins that is being written. */
    private byte[] from = {};

    private int fromLength;

    /** The last delete; length -1 for none. */
    private byte[] last = {};

    private int lastLength = -1;

    /** Deletes since the last piece. */
    private int run;

    DeadRunScout(String threadName, StoreReads reads) {
        this.reads = reads;
        this.thread = new Background(
                threadName,
                this::walkNext,
                cause -> LOGGER.log(System.Logger.Level.WARNING, "no run of deletes is walked ahead any more", cause));
    }

    // The writer, under the commit lock

    /** A delete of that key was put into the memtable. */
    void deleted(byte[] key, int offset, int length) {
        if (lastLength < 0 || EntryOrder.compareKeys(key, offset, length, last, 0, lastLength) <= 0) {
            from = copy(key, offset, length, from);
            fromLength = length;
            run = 0;
        }
        last = copy(key, offset, length, last);
        lastLength = length;
        run++;
    }

    private static byte[] copy(byte[] key, int offset, int length, byte[] into) {
        byte[] target = into.length < length ? new byte[2 * length] : into;
        System.arraycopy(key, offset, target, 0, length);
        return target;
    }

    /** All deletes so far are visible. */
    void published() {
        if (run >= PIECE) {
            byte[] end = Arrays.copyOf(last, lastLength + 1); // the first key behind it
            end[lastLength] = 0;
            handOver(KeyRange.of(Arrays.copyOf(from, fromLength), end));
            from = end;
            fromLength = end.length;
            run = 0;
        }
    }

    private synchronized void handOver(KeyRange piece) {
        if (stopped || pieces.size() == MOST_PIECES) {
            return;
        }
        if (!started) {
            started = true;
            try {
                thread.start();
            } catch (OutOfMemoryError e) { // the system has no more threads: then there is no scout
                stopped = true;
                return;
            }
        }
        pieces.add(piece);
        thread.signal();
    }

    // The scout

    private boolean walkNext() {
        KeyRange piece;
        synchronized (this) {
            piece = pieces.poll();
            if (piece == null) {
                return false;
            }
            working = true;
        }
        try {
            walk(piece);
        } catch (KvException e) {
            // Damage, no descriptor, a store that is being closed: who reads there for a purpose will be told.
            LOGGER.log(System.Logger.Level.DEBUG, "a run of deletes was not walked to its end", e);
        } finally {
            synchronized (this) {
                working = false;
                notifyAll();
            }
        }
        return true;
    }

    private void walk(KeyRange piece) {
        try (LsmSnapshot snapshot = new LsmSnapshot(reads)) {
            long epoch = reads.gaps().epoch();
            ReadState state = reads.states().acquire();
            try (VisibleCursor cursor = reads.visible(state, piece, snapshot.version(), false, epoch)) {
                int living = 0;
                boolean on = cursor.seekFirst();
                while (on && ++living < MOST_LIVING) {
                    on = cursor.next();
                }
            } finally {
                state.version().release();
            }
        }
    }

    /** Returns when all pieces handed over so far were walked: for tests. */
    synchronized void awaitIdle() throws InterruptedException {
        while (!pieces.isEmpty() || working) {
            wait();
        }
    }

    /** Leaves the pieces that wait, and waits for the one under way: no snapshot of ours then keeps what could be reclaimed. */
    void rest() {
        boolean interrupted = false;
        synchronized (this) {
            pieces.clear();
            while (working) {
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

    /** Ends the thread, when the piece under way is walked. */
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
