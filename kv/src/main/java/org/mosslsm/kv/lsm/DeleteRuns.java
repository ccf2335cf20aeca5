package org.mosslsm.kv.lsm;

import java.util.Arrays;
import org.mosslsm.kv.KeyRange;
import org.mosslsm.kv.lsm.entry.EntryOrder;

/**
 * Finds runs among deletes: many one behind the other in key order. Several runs may grow in turn, as where a commit deletes a
 * row and its keys of some indexes, and the next commit the row behind it.
 *
 * <pre>
 * a delete belongs to    the run whose last key begins most like it
 *                          where several begin as much like it: the one that ends nearest before it
 *   behind that key      the run grows, be it by a jump: what lies between need not be dead
 *   before it            another run begins: beside the others, or in the place of that one where there are {@code MOST}
 * </pre>
 *
 * So the keys of one index, which begin alike, do not break a run of the keys of another. The first keys of several indexes
 * are taken for one run; the next of the first index shows that they are none: it begins its own, and that one begins behind it,
 * or a walk over its first piece would meet all that lives between the indexes.
 *
 * <p>Invariant: where one piece of a run ends, its next begins. Thread safety: none.
 */
final class DeleteRuns {
    /** Each is looked at for each delete; few tables have more indexes. */
    static final int MOST = 4;

    private final int piece;
    private final Run[] runs = new Run[MOST];
    private int count;

    /** Runs are handed over in pieces of so many deletes. */
    DeleteRuns(int piece) {
        this.piece = piece;
    }

    /** The keys that deletes behind each other come from. */
    private static final class Run {
        /** Where the piece begins that is being written. */
        byte[] from = {};

        int fromLength;

        /** The last delete. */
        byte[] last = {};

        int lastLength;

        /** Deletes since the last piece. */
        int deletes;

        boolean endsBefore(byte[] key, int offset, int length) {
            return EntryOrder.compareKeys(last, 0, lastLength, key, offset, length) < 0;
        }

        int common(byte[] key, int offset, int length) {
            int differs = Arrays.mismatch(last, 0, lastLength, key, offset, offset + length);
            return differs < 0 ? length : differs;
        }

        void begin(byte[] key, int offset, int length) {
            from = copy(key, offset, length, from);
            fromLength = length;
            deletes = 0;
        }

        /** Begins with its last delete where it has a few only, and the first of them are before that key. */
        void beginBehind(byte[] key, int offset, int length) {
            boolean over = EntryOrder.compareKeys(from, 0, fromLength, key, offset, length) < 0
                    && !endsBefore(key, offset, length);
            if (over && deletes <= MOST) {
                begin(last, 0, lastLength);
                deletes = 1;
            }
        }

        void add(byte[] key, int offset, int length) {
            last = copy(key, offset, length, last);
            lastLength = length;
            deletes++;
        }

        /** Ends the piece behind the last delete. */
        KeyRange end() {
            byte[] end = Arrays.copyOf(last, lastLength + 1); // the first key behind it
            KeyRange ended = KeyRange.of(Arrays.copyOf(from, fromLength), end);
            from = end.clone(); // written over by the next run: the piece keeps its own
            fromLength = end.length;
            deletes = 0;
            return ended;
        }

        private static byte[] copy(byte[] key, int offset, int length, byte[] into) {
            byte[] target = into.length < length ? new byte[2 * length] : into;
            System.arraycopy(key, offset, target, 0, length);
            return target;
        }
    }

    /**
     * Adds a delete; returns the piece that ends with it, or null. After an Error only {@link #forget} may be called: where
     * memory ran out half way a run may have its new first key and still its old last one, or never come to end a piece.
     */
    KeyRange add(byte[] key, int offset, int length) {
        Run run = runOf(key, offset, length);
        if (run == null || !run.endsBefore(key, offset, length)) {
            for (int i = 0; i < count; i++) {
                runs[i].beginBehind(key, offset, length);
            }
            run = run == null || count < MOST ? another() : run;
            run.begin(key, offset, length);
        }
        run.add(key, offset, length);
        return run.deletes == piece ? run.end() : null;
    }

    /** Null where there is none yet. */
    private Run runOf(byte[] key, int offset, int length) {
        Run best = null;
        int most = -1;
        boolean before = false;
        for (int i = 0; i < count; i++) {
            Run run = runs[i];
            int common = run.common(key, offset, length);
            boolean isBefore = common >= most && run.endsBefore(key, offset, length);
            boolean nearer = isBefore && (!before || best.endsBefore(run.last, 0, run.lastLength));
            if (common > most || (common == most && nearer)) {
                best = run;
                most = common;
                before = isBefore;
            }
        }
        return best;
    }

    private Run another() {
        Run run = new Run();
        runs[count++] = run;
        return run;
    }

    /** Whatever comes next begins a run. */
    void forget() {
        count = 0;
    }
}
