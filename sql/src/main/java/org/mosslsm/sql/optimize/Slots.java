// Numbers of slots.
package org.mosslsm.sql.optimize;

/** Gives out slots after those the binder gave. One statement, one thread. */
final class Slots {
    private int next;

    Slots(int used) {
        this.next = used;
    }

    int take() {
        return next++;
    }

    /** The slot that {@link #take} will give. */
    int next() {
        return next;
    }

    int used() {
        return next;
    }
}
