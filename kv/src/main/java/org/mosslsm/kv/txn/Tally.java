package org.mosslsm.kv.txn;

import java.util.Arrays;

/**
 * By how much the writes of one transaction change the number of entries of each part it touched. A handful of parts, so
 * a list. Thread safety: one thread at a time; a copy may be kept as a mark.
 */
final class Tally {
    /** Of a part with changes that nobody counted. */
    static final long UNCOUNTED = Long.MIN_VALUE;

    private static final long[] NONE = {};

    private long[] parts = NONE;
    private long[] deltas = NONE;
    private int size;
    private boolean several;

    /** Whether nothing was noted. */
    boolean isEmpty() {
        return size == 0 && !several;
    }

    int size() {
        return size;
    }

    long part(int i) {
        return parts[i];
    }

    long delta(int i) {
        return several ? UNCOUNTED : deltas[i];
    }

    /** Whether parts may have changed that are not in the list. */
    boolean several() {
        return several;
    }

    /** The change of a part; {@link #UNCOUNTED} where that is not known. */
    long of(long part) {
        int i = find(part);
        return several ? UNCOUNTED : i < 0 ? 0 : deltas[i];
    }

    /** The part gets {@code delta} more entries. */
    void add(long part, long delta) {
        int i = findOrAppend(part);
        if (deltas[i] != UNCOUNTED) {
            deltas[i] += delta;
        }
    }

    /** The part changes, nobody knows by how much; it may be {@link CountedParts#SEVERAL}. */
    void uncounted(long part) {
        if (part == CountedParts.SEVERAL) {
            several = true;
        } else {
            int i = findOrAppend(part); // may replace the arrays
            deltas[i] = UNCOUNTED;
        }
    }

    private int find(long part) {
        for (int i = size - 1; i >= 0; i--) {
            if (parts[i] == part) {
                return i;
            }
        }
        return -1;
    }

    private int findOrAppend(long part) {
        int i = find(part);
        if (i >= 0) {
            return i;
        }
        if (size == parts.length) {
            parts = Arrays.copyOf(parts, Math.max(2, 2 * size));
            deltas = Arrays.copyOf(deltas, Math.max(2, 2 * size));
        }
        parts[size] = part;
        deltas[size] = 0;
        return size++;
    }

    Tally copy() {
        Tally copy = new Tally();
        copy.parts = parts.clone();
        copy.deltas = deltas.clone();
        copy.size = size;
        copy.several = several;
        return copy;
    }
}
