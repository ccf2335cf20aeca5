package org.mosslsm.sql.exec;

/** Counts what one operator holds against its budget. Thread safety: none. */
final class MemoryMeter {
    private final long budget;
    private long used;

    /** @param budget bytes; {@code Long.MAX_VALUE} for no limit */
    MemoryMeter(long budget) {
        this.budget = budget;
    }

    /** Takes so many bytes if the budget is not used up; it may be overdrawn by what is taken last. */
    boolean takes(long bytes) {
        if (budget == Long.MAX_VALUE) {
            return true;
        }
        if (used >= budget) {
            return false;
        }
        used += bytes;
        return true;
    }

    boolean isUsedUp() {
        return used >= budget;
    }

    void reset() {
        used = 0;
    }
}
