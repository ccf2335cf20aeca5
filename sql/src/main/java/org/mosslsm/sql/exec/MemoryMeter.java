package org.mosslsm.sql.exec;

import org.mosslsm.sql.exec.spill.Workspace;

/** Counts what one operator holds against its budget. Thread safety: none. */
final class MemoryMeter {
    private final long budget;
    private final Workspace.Watch watch;
    private long used;

    /** Counts against the budget of an operator in that workspace. */
    MemoryMeter(Workspace workspace) {
        this.budget = workspace.budgetBytes();
        this.watch = workspace.watch();
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
        watch.holds(used);
        return true;
    }

    boolean isUsedUp() {
        return used >= budget;
    }

    void reset() {
        used = 0;
    }
}
