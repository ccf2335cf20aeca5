package org.mosslsm.kv.lsm;

/**
 * Sees to it that a thread has room on its stack for what must not be broken off.
 *
 * <p>A caller that recurses too deeply, and writes on its way, may run out of stack anywhere. What a commit changes in step, log
 * and memtable, would then be left out of step. So the room is asked for before anything has happened: by going down
 * some calls, of frames about as large as those of a commit, and coming back. Once all is compiled that takes a tenth of a
 * microsecond and some 3 kB of stack. Before, a commit needs several times that, and gets it.
 *
 * <p>Thread-safe.
 */
final class StackRoom {
    private static final int CALLS = 32;
    private static final int FIRST_CALLS = 160;

    /** So many commits are made by code of which a part may not be compiled. */
    private static final int FIRST = 200_000;

    /** Counts up to {@link #FIRST}, roughly: threads may count over each other. */
    private static int asked;

    private StackRoom() {}

    /**
     * Returns where there is room.
     *
     * @throws StackOverflowError where there is not; nothing has happened then
     */
    static void ensure() {
        if (asked < FIRST) {
            asked++;
            descend(FIRST_CALLS, 1, 2, 3, 4, 5);
        } else {
            descend(CALLS, 1, 2, 3, 4, 5);
        }
    }

    /** What is used behind the call stays on the stack during it. */
    private static long descend(int calls, long a, long b, long c, long d, long e) {
        if (calls == 0) {
            return a;
        }
        return descend(calls - 1, b, c, d, e, a) + (a ^ b) + (c ^ d) + e;
    }
}
