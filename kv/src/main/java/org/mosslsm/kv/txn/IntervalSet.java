package org.mosslsm.kv.txn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.mosslsm.kv.KeyRange;

/**
 * A set of keys as disjoint intervals: the ranges a transaction deleted, or what it read.
 *
 * <p>Invariant: the tree maps the lower bound of each interval to its upper bound ({@link #END} for none); intervals do
 * not overlap and do not touch.
 *
 * <p>Thread safety: as {@link WriteTree}.
 */
class IntervalSet {
    /** The upper bound of an interval without one, known by identity. */
    static final byte[] END = new byte[0];

    private final WriteTree tree = new WriteTree();

    boolean isEmpty() {
        return tree.isEmpty();
    }

    int count() {
        return tree.count();
    }

    WriteTree.State freeze() {
        return tree.freeze();
    }

    void restore(WriteTree.State state) {
        tree.restore(state);
    }

    long bytes() {
        return tree.bytes();
    }

    /** Adds the keys of {@code range}; an Error, out of memory say, leaves the set as it was. */
    void add(KeyRange range) {
        if (range.isEmpty()) {
            return;
        }
        byte[] lo = range.lo();
        byte[] hi = endOf(range);
        WriteTree.State before = tree.freeze();
        TreeCursor cursor = new TreeCursor(before);
        cursor.floor(lo);
        if (cursor.valid() && compareEnds(cursor.value(), lo) >= 0) {
            if (compareEnds(cursor.value(), hi) >= 0) {
                return;
            }
            lo = cursor.key();
        }
        byte[] end = hi;
        cursor.ceiling(lo);
        while (cursor.valid() && compareEnds(end, cursor.key()) >= 0) {
            hi = compareEnds(cursor.value(), hi) > 0 ? cursor.value() : hi;
            cursor.next();
        }
        try {
            tree.removeRange(lo, hi == END ? null : after(hi));
            put(lo, hi);
        } catch (Error e) {
            tree.restore(before);
            throw e;
        }
    }

    /** Enters an interval that touches none; a test lets it run out of memory. */
    void put(byte[] lo, byte[] hi) {
        tree.put(lo, hi);
    }

    /** Whether {@code key} is in the set. */
    boolean contains(byte[] key) {
        return !tree.isEmpty() && covers(tree.freeze(), key);
    }

    /** Whether {@code key} was in a set when that was frozen. */
    static boolean covers(WriteTree.State state, byte[] key) {
        if (state.isEmpty()) {
            return false;
        }
        TreeCursor cursor = new TreeCursor(state);
        cursor.floor(key);
        return cursor.valid() && compareEnds(cursor.value(), key) > 0;
    }

    /** Whether every key of {@code range} was in a set when that was frozen. */
    static boolean covers(WriteTree.State state, KeyRange range) {
        if (range.isEmpty()) {
            return true;
        }
        if (state.isEmpty()) {
            return false;
        }
        TreeCursor cursor = new TreeCursor(state);
        cursor.floor(range.lo());
        return cursor.valid() && compareEnds(cursor.value(), endOf(range)) >= 0;
    }

    /** Whether any key of {@code range} was in a set when that was frozen. */
    static boolean overlaps(WriteTree.State state, KeyRange range) {
        if (range.isEmpty() || state.isEmpty()) {
            return false;
        }
        if (covers(state, range.lo())) {
            return true;
        }
        TreeCursor cursor = new TreeCursor(state);
        cursor.ceiling(range.lo());
        return cursor.valid() && compareEnds(endOf(range), cursor.key()) > 0;
    }

    private static byte[] endOf(KeyRange range) {
        return range.hiOrNull() == null ? END : range.hiOrNull();
    }

    /** Joins neighbours in pairs: half as many intervals, which contain more keys than were added. */
    void widen() {
        List<KeyRange> ranges = ranges();
        tree.restore(WriteTree.State.EMPTY);
        for (int i = 0; i < ranges.size(); i += 2) {
            KeyRange last = ranges.get(Math.min(i + 1, ranges.size() - 1));
            tree.put(ranges.get(i).lo(), last.hiOrNull() == null ? END : last.hiOrNull());
        }
    }

    /** The intervals, ascending. */
    List<KeyRange> ranges() {
        List<KeyRange> ranges = new ArrayList<>(tree.count());
        TreeCursor cursor = new TreeCursor(tree.freeze());
        for (cursor.first(); cursor.valid(); cursor.next()) {
            byte[] hi = cursor.value();
            ranges.add(hi == END ? KeyRange.from(cursor.key()) : KeyRange.of(cursor.key(), hi));
        }
        return ranges;
    }

    /** Compares two upper bounds, or an upper bound with a key. */
    static int compareEnds(byte[] a, byte[] b) {
        if (a == END || b == END) {
            return a == b ? 0 : a == END ? 1 : -1;
        }
        return Arrays.compareUnsigned(a, b);
    }

    private static byte[] after(byte[] key) {
        return Arrays.copyOf(key, key.length + 1);
    }
}
