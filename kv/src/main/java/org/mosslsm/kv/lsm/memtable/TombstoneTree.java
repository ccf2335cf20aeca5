package org.mosslsm.kv.lsm.memtable;

import java.util.Arrays;
import org.mosslsm.kv.lsm.entry.EntryOrder;
import org.mosslsm.kv.lsm.entry.TombstoneSpan;

/**
 * Which range tombstone is the newest over each key, as a search tree that never changes: laying another tombstone over
 * it makes a new tree, which shares all but O(log n) nodes with the one before. So every version of history stays at
 * hand, each one flat, and n tombstones take O(n log n) room however they overlap.
 *
 * <pre>
 * bound     a       c       e       g          [a, e)@7, then [c, g)@9 laid over it
 * seq       7       9       9      -1          what holds from this bound up to the next
 * </pre>
 *
 * <p>A treap: a search tree by bound, a heap by a random priority, and so balanced whatever comes (R. Seidel and C. R.
 * Aragon, Randomized Search Trees, 1996).
 *
 * <p>Invariants: (1) what lies before the least bound is not covered. (2) {@code maxSeq} is the greatest {@code seq} of
 * the node and all below it. Immutable; safe for use by any number of threads.
 */
final class TombstoneTree {
    private final byte[] bound;
    private final long seq;
    private final int priority;
    private final TombstoneTree left;
    private final TombstoneTree right;
    private final long maxSeq;

    private TombstoneTree(byte[] bound, long seq, int priority, TombstoneTree left, TombstoneTree right) {
        this.bound = bound;
        this.seq = seq;
        this.priority = priority;
        this.left = left;
        this.right = right;
        this.maxSeq = Math.max(seq, Math.max(left == null ? -1 : left.maxSeq, right == null ? -1 : right.maxSeq));
    }

    private TombstoneTree with(TombstoneTree newLeft, TombstoneTree newRight) {
        return new TombstoneTree(bound, seq, priority, newLeft, newRight);
    }

    /** The tree after {@code [lo, hi)} was laid over {@code tree} (null: nothing yet); newer than all in it. */
    static TombstoneTree over(TombstoneTree tree, byte[] lo, byte[] hi, long seq) {
        TombstoneTree start = new TombstoneTree(lo, seq, random(2 * seq), null, null);
        TombstoneTree end = new TombstoneTree(hi, seqAt(tree, hi), random(2 * seq + 1), null, null);
        return join(join(before(tree, lo), start), join(end, behind(tree, hi)));
    }

    /** Mixes so that neighbours become unlike (the finaliser of SplitMix64). */
    private static int random(long x) {
        long z = (x + 1) * 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return (int) (z >>> 32);
    }

    private static TombstoneTree before(TombstoneTree tree, byte[] key) {
        if (tree == null) {
            return null;
        }
        return Arrays.compareUnsigned(tree.bound, key) < 0
                ? tree.with(tree.left, before(tree.right, key))
                : before(tree.left, key);
    }

    private static TombstoneTree behind(TombstoneTree tree, byte[] key) {
        if (tree == null) {
            return null;
        }
        return Arrays.compareUnsigned(tree.bound, key) > 0
                ? tree.with(behind(tree.left, key), tree.right)
                : behind(tree.right, key);
    }

    /** Joins two trees, all of {@code a} before all of {@code b}. */
    private static TombstoneTree join(TombstoneTree a, TombstoneTree b) {
        if (a == null || b == null) {
            return a == null ? b : a;
        }
        return a.priority > b.priority ? a.with(a.left, join(a.right, b)) : b.with(join(a, b.left), b.right);
    }

    private static long seqAt(TombstoneTree tree, byte[] key) {
        return seqAt(tree, key, 0, key.length);
    }

    /** Sequence number of the newest tombstone over the key; -1 where none is. */
    static long seqAt(TombstoneTree tree, byte[] key, int offset, int length) {
        long found = -1;
        for (TombstoneTree at = tree; at != null; ) {
            if (EntryOrder.compareKeys(at.bound, 0, at.bound.length, key, offset, length) <= 0) {
                found = at.seq;
                at = at.right;
            } else {
                at = at.left;
            }
        }
        return found;
    }

    /** The span between the two bounds around the key. */
    static void locate(TombstoneTree tree, byte[] key, int offset, int length, TombstoneSpan into) {
        byte[] lo = null;
        byte[] hi = null;
        long found = -1;
        for (TombstoneTree at = tree; at != null; ) {
            if (EntryOrder.compareKeys(at.bound, 0, at.bound.length, key, offset, length) <= 0) {
                lo = at.bound;
                found = at.seq;
                at = at.right;
            } else {
                hi = at.bound;
                at = at.left;
            }
        }
        into.set(lo, hi, found);
    }

    /** Whether something in {@code [lo, hi)} is covered by a tombstone above {@code seq}; a null hi has no end. */
    static boolean anyNewer(TombstoneTree tree, byte[] lo, byte[] hi, long seq) {
        return tree != null && tree.maxSeq > seq && (seqAt(tree, lo) > seq || anyBoundNewer(tree, lo, hi, seq));
    }

    /** Whether a bound in {@code (lo, hi)} begins something above {@code seq}. */
    private static boolean anyBoundNewer(TombstoneTree tree, byte[] lo, byte[] hi, long seq) {
        if (tree == null || tree.maxSeq <= seq) {
            return false;
        }
        boolean behindLo = Arrays.compareUnsigned(tree.bound, lo) > 0;
        boolean beforeHi = hi == null || Arrays.compareUnsigned(tree.bound, hi) < 0;
        return (behindLo && beforeHi && tree.seq > seq)
                || (behindLo && anyBoundNewer(tree.left, lo, hi, seq))
                || (beforeHi && anyBoundNewer(tree.right, lo, hi, seq));
    }
}
