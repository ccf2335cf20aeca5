package org.mosslsm.kv.txn;

import java.util.Arrays;

/**
 * What undoes a statement: the writes it replaced, newest last.
 *
 * <p>Most statements write a handful of entries; to freeze the write set at the start of each would make all of them copy
 * their paths through its tree. Only who writes more than {@link #MOST} entries, or deletes a range, has the write set
 * frozen then: undoing restores that state and takes back the writes before it.
 *
 * <p>Invariant: while {@code active}, the write set as it was at the start is: {@code rest} if there is one, else the
 * present state; then {@code before} put under {@code keys}, the newest first.
 *
 * <p>Thread safety: one thread at a time.
 */
final class UndoLog {
    /** Writes beyond which freezing costs less than remembering. */
    static final int MOST = 64;

    /** The start of the statement with that number. */
    record Start(long number) implements Mark {
        /** What the first {@link #begin} returns. */
        static final Start FIRST = new Start(1);
    }

    private static final byte[][] NONE = {};

    /** Room at first: most statements write a handful of entries, or none. */
    private static final int FIRST = 4;

    private byte[][] keys = NONE;
    private byte[][] before = NONE;
    private int count;
    private WriteSet.View rest; // null while all writes are here
    private long number;
    private boolean active;

    /** Starts anew. */
    Start begin() {
        end();
        active = true;
        return new Start(++number);
    }

    /** Lets go of everything; the last start is void. */
    void end() {
        active = false;
        WriteSet.View view = rest;
        rest = null; // first: whatever letting go throws, it is not let go of again
        if (view != null) {
            view.letGo();
        }
        Arrays.fill(keys, 0, count, null);
        Arrays.fill(before, 0, count, null);
        count = 0;
    }

    /** Whether the write about to happen is to be added. */
    boolean takesMore(WriteSet writes) {
        if (!active || rest != null) {
            return false;
        }
        if (count == MOST) {
            closeBy(writes);
            return false;
        }
        if (count == keys.length) {
            keys = Arrays.copyOf(keys, Math.max(FIRST, 2 * count));
            before = Arrays.copyOf(before, Math.max(FIRST, 2 * count));
        }
        return true;
    }

    /** A write happened; {@code valueBefore} is null where the key had not been written. */
    void add(byte[] key, byte[] valueBefore) {
        keys[count] = key;
        before[count++] = valueBefore;
    }

    /** From now on the present state is what undoing goes back to first. */
    void closeBy(WriteSet writes) {
        if (active && rest == null) {
            rest = writes.freeze();
            rest.hold(); // its runs may be merged meanwhile
        }
    }

    /**
     * Takes back everything since {@code start}, which stays good.
     *
     * @throws IllegalStateException when another statement started since, or an older state was restored
     */
    void run(Start start, WriteSet writes) {
        if (!active || start.number() != number) {
            throw new IllegalStateException("the mark of a statement that is over");
        }
        if (rest != null) {
            writes.restore(rest);
            rest.letGo();
            rest = null;
        }
        while (count > 0) {
            count--;
            writes.takeBack(keys[count], before[count]);
            keys[count] = null;
            before[count] = null;
        }
    }
}
