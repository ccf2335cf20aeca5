package org.mosslsm.kv.lsm.iter;

/**
 * Whether a run of one child alone is worth trying: where children alternate runs are short and a look is a waste, and then
 * they are tried ever more rarely. Thread safety: none.
 */
final class RunTrials {
    /** A run of no more entries than this costs more than it saves. */
    private static final int SHORT = 1;

    private static final int MAX_PAUSE = 63;

    /** How many times a run is not to be tried yet, and how many after the next short one. */
    private int pause;

    private int nextPause;

    /** Whether to try one now. */
    boolean isDue() {
        if (pause > 0) {
            pause--;
            return false;
        }
        return true;
    }

    /** One of so many entries was tried. */
    void ran(int entries) {
        nextPause = entries > SHORT ? 0 : Math.min(MAX_PAUSE, 2 * nextPause + 1);
        pause = nextPause;
    }
}
