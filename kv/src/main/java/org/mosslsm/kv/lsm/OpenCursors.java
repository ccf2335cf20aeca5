package org.mosslsm.kv.lsm;

import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.mosslsm.kv.lsm.iter.VisibleCursor;

/**
 * What the open cursors of a store hold: read states, and with them memtables and files. When tables are installed, what
 * they replace is taken from all cursors that are not moving just then; a cursor goes on from its place with the newest
 * state, which shows its snapshot the same. So an idle cursor, however long it stays open, pins nothing but its place.
 *
 * <pre>
 * cursor                     installer of tables              garbage collector
 *   enter                      for each pin, unless entered:    cursor gone without close:
 *     move, holding a state      outdated? let go of it           its pin is found in the queue,
 *   leave                                                         let go of, counted and reported
 * </pre>
 *
 * <p>Invariants: (1) a pin's state and cursor are both there or both not; they are touched between enter and leave only.
 * (2) A pin in the ring belongs to a cursor that is open, or was lost. Thread-safe.
 */
final class OpenCursors {
    private static final System.Logger LOGGER = System.getLogger(OpenCursors.class.getName());

    private final ReferenceQueue<LsmCursor> lost = new ReferenceQueue<>();

    /** Ring of the pins of open cursors; itself none. Guarded by its monitor, {@code open} too. */
    private final Pin ring = new Pin(null);

    private int open;
    private final AtomicLong leaked = new AtomicLong();

    /** The pin of a new cursor. */
    Pin open(LsmCursor cursor) {
        reap();
        Pin pin = new Pin(cursor);
        synchronized (ring) {
            pin.before = ring.before;
            pin.after = ring;
            ring.before.after = pin;
            ring.before = pin;
            open++;
        }
        return pin;
    }

    /** Whether the pin was still there. */
    private boolean remove(Pin pin) {
        synchronized (ring) {
            if (pin.after == null) {
                return false;
            }
            pin.before.after = pin.after;
            pin.after.before = pin.before;
            pin.before = null;
            pin.after = null;
            open--;
            return true;
        }
    }

    private Pin[] pins() {
        synchronized (ring) {
            Pin[] pins = new Pin[open];
            Pin pin = ring;
            for (int i = 0; i < pins.length; i++) {
                pin = pin.after;
                pins[i] = pin;
            }
            return pins;
        }
    }

    /** Takes outdated states from cursors that are not moving; the others look themselves at their next move. */
    void letGoOutdated(ReadState current) {
        reap();
        for (Pin pin : pins()) {
            if (pin.tryEnter()) {
                try {
                    pin.letGoIfOutdated(current);
                } finally {
                    pin.leave();
                }
            }
        }
    }

    /** Number of open cursors. */
    long count() {
        synchronized (ring) {
            return open;
        }
    }

    /** Number of cursors that were never closed and are no more. */
    long leaked() {
        reap();
        return leaked.get();
    }

    private void reap() {
        for (Object found = lost.poll(); found != null; found = lost.poll()) {
            Pin pin = (Pin) found;
            if (remove(pin)) {
                leaked.incrementAndGet();
                pin.enter();
                pin.letGo();
                pin.leave();
                LOGGER.log(System.Logger.Level.WARNING, "a cursor was not closed; what it held is released now");
            }
        }
    }

    /** What one cursor holds. */
    final class Pin extends PhantomReference<LsmCursor> {
        /** Neighbours in the ring; null once the cursor was closed. */
        private Pin before = this;

        private Pin after = this;

        private final AtomicBoolean entered = new AtomicBoolean();
        private ReadState state;
        private VisibleCursor cursor;

        private Pin(LsmCursor cursor) {
            super(cursor, lost);
        }

        /** Before anything below is called; what another holds the pin for takes a moment only. */
        void enter() {
            while (!tryEnter()) {
                Thread.onSpinWait();
            }
        }

        private boolean tryEnter() {
            return entered.compareAndSet(false, true);
        }

        void leave() {
            entered.setRelease(false);
        }

        /** The cursor at its place in the state held; null where none is held. */
        VisibleCursor cursor() {
            return cursor;
        }

        /** Holds a cursor and the state it reads, whose version the caller has referenced. */
        void hold(ReadState referenced, VisibleCursor over) {
            assert state == null;
            state = referenced;
            cursor = over;
        }

        /** Lets go of a state whose tables have been replaced. */
        void letGoIfOutdated(ReadState current) {
            if (state != null && state.version() != current.version()) {
                letGo();
            }
        }

        void letGo() {
            if (state != null) {
                ReadState held = state;
                VisibleCursor over = cursor;
                state = null;
                cursor = null;
                try {
                    over.close();
                } finally {
                    held.version().release();
                }
            }
        }

        /** At the end. */
        void close() {
            remove(this);
            clear();
            enter();
            letGo();
            leave();
        }
    }
}
