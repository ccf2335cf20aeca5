package org.mosslsm.kv.lsm.iter;

import java.util.Arrays;
import java.util.function.BooleanSupplier;
import org.mosslsm.kv.EntryBatch;
import org.mosslsm.kv.lsm.entry.EntryOrder;
import org.mosslsm.kv.lsm.entry.Fence;
import org.mosslsm.kv.lsm.entry.KeyView;
import org.mosslsm.kv.lsm.entry.Trailer;

/**
 * Walks what one snapshot sees of the keys {@code [lo, hi)}, in both directions: of each key the newest version that is
 * not newer than the snapshot, unless that is a delete or a range tombstone hides it.
 *
 * <pre>
 * forward    for each entry of the merge, in order:
 *              newer than the snapshot, or of a key already decided: on to the next entry
 *              hidden by a range tombstone: older sources jump to the tombstone's end
 *              a delete: the key is decided, nothing to show
 *              after many such: what is dead is remembered, see {@link DeadGaps}, and the next reader jumps over it
 *              else: the key is decided; show it and stay on the entry
 * backward   the versions of a key come oldest first: remember the last one seen that the snapshot sees, until the key
 *            changes; then decide as above. The merge then stands one key further back.
 * </pre>
 *
 * <p>Invariants while valid: (1) {@code key} holds the current user key. (2) Walking forward the merge stands on the
 * current entry, walking backward on the last entry of an earlier key or nowhere. (3) Values are views into memory that
 * lives as long as it is referenced, so they stay good after the merge has moved on. (4) Walking forward, {@code mask} last
 * looked at a key of the span that {@code spanTombstone} is of.
 *
 * <p>Allocates nothing per entry. Thread safety: none.
 */
public final class VisibleCursor implements AutoCloseable {
    /** After so many entries passed over in one key, a seek is cheaper than more steps. */
    private static final int MAX_STEPS = 8;

    /** Of a long run of deletes so many entries are passed between two looks for a gap. */
    private static final int MOST_AT_ONCE = 512;

    private final MergingCursor merge;
    private final TombstoneMask mask;
    private final long snapshot;
    private final byte[] lo;
    private final byte[] hi;
    private final DeadRun run;
    private final KeyView limit = new KeyView();

    private boolean valid;
    private boolean forward = true;
    private final KeptKey key = new KeptKey();

    /**
     * Walking forward, keys whose first sixteen bytes come before these lie before {@code hi} and are hidden by {@code
     * spanTombstone}: so most entries are compared with no bound.
     */
    private long spanFence = Long.MIN_VALUE;

    private long spanFurtherFence = Long.MIN_VALUE;
    private long spanTombstone;
    private byte[] valueArray;
    private int valueOffset;
    private int valueLength;
    private boolean pointer;

    /** Entries passed over, walking forward, because something newer hides them or they are deletes. */
    private long passed;

    /**
     * Reads through {@code merge}, which it owns from now on.
     *
     * @param lo least key, empty array for no bound
     * @param hi first key beyond, null for no bound
     */
    public VisibleCursor(MergingCursor merge, TombstoneMask mask, long snapshot, byte[] lo, byte[] hi) {
        this(merge, mask, snapshot, lo, hi, null, 0);
    }

    /**
     * As above; remembers runs of dead entries in {@code gaps}, and jumps over those it finds there.
     *
     * @param epoch of the gaps, read before the memtables in {@code merge} were
     */
    public VisibleCursor(
            MergingCursor merge, TombstoneMask mask, long snapshot, byte[] lo, byte[] hi, DeadGaps gaps, long epoch) {
        this.run = new DeadRun(gaps, epoch, merge, snapshot, lo, hi);
        this.merge = merge;
        this.mask = mask;
        this.snapshot = snapshot;
        this.lo = lo;
        this.hi = hi;
    }

    /**
     * Lets moves forward be broken off in a long run of dead entries, for which {@code question} is asked once in some hundred
     * entries or less: the cursor is then where the end of its range would bring it, and nothing is made known of the run.
     */
    public void breakOffWhen(BooleanSupplier question) {
        run.breakOffWhen(question);
    }

    // Moves

    /** Moves to the first entry. */
    public boolean seekFirst() {
        return seekForward(lo);
    }

    private boolean seekForward(byte[] target) {
        turnForward();
        run.beginSeek(true, target);
        if (!run.jump(target, 0, target.length)) {
            merge.seek(target, 0, target.length, Trailer.FIRST);
        }
        return settleForward(false);
    }

    /** Moves to the last entry. */
    public boolean seekLast() {
        forward = false;
        run.beginSeek(false, hi);
        if (hi == null) {
            merge.seekLast();
        } else {
            merge.seekForPrev(hi, 0, hi.length, Trailer.FIRST);
        }
        return settleBackward();
    }

    /** Moves to the first entry whose key is not before {@code target}. */
    public boolean seek(byte[] target, int offset, int length) {
        if (EntryOrder.compareKeys(target, offset, length, lo, 0, lo.length) <= 0) {
            return seekFirst();
        }
        return seekForward(Arrays.copyOfRange(target, offset, offset + length));
    }

    /** Moves to the last entry whose key is not behind {@code target}. */
    public boolean seekForPrev(byte[] target, int offset, int length) {
        if (hi != null && EntryOrder.compareKeys(target, offset, length, hi, 0, hi.length) >= 0) {
            return seekLast();
        }
        forward = false;
        run.beginSeek(false, DeadGaps.behind(Arrays.copyOfRange(target, offset, offset + length), length));
        merge.seekForPrev(target, offset, length, Trailer.LAST);
        return settleBackward();
    }

    /** Moves one key on; the cursor must be valid. */
    public boolean next() {
        assert valid;
        run.beginStep(true);
        if (forward) {
            merge.next();
            return settleForward(true);
        }
        turnForward();
        merge.seek(key.array(), 0, key.length(), Trailer.LAST);
        return settleForward(false);
    }

    private void turnForward() {
        forward = true;
        leaveSpan();
    }

    /** The merge may have moved back. */
    private void leaveSpan() {
        spanFence = Long.MIN_VALUE;
        spanFurtherFence = Long.MIN_VALUE;
    }

    /** Moves one key back; the cursor must be valid. */
    public boolean prev() {
        assert valid;
        run.beginStep(false);
        if (forward) {
            forward = false;
            merge.seekForPrev(key.array(), 0, key.length(), Trailer.FIRST);
        }
        return settleBackward();
    }

    /**
     * Adds to {@code batch}, whose last entry is the current one, as many of those that follow in the cursor's direction as
     * can be taken without a decision; the current entry is then the last one added.
     *
     * @param most how many to add at most
     * @param keysOnly whether values are left out
     */
    public void fill(EntryBatch batch, int most, boolean keysOnly) {
        assert valid;
        int before = batch.size();
        if (forward) {
            long hidden = mask.covering(key.array(), 0, key.length());
            merge.runForward(batch, snapshot, hidden, limit(hi, mask.clearTo(), 1), most, keysOnly);
        } else if (merge.valid()) {
            long hidden = mask.covering(merge.keyArray(), merge.keyOffset(), merge.keyLength());
            KeyView limit = limit(lo.length == 0 ? null : lo, mask.clearFrom(), -1);
            merge.runBackward(batch, snapshot, hidden, limit, most, keysOnly);
        }
        if (batch.size() > before) {
            int last = batch.size() - 1;
            key.keep(batch.keys(), batch.keyOffset(last), batch.keyLength(last));
            valueArray = batch.valueArray(last);
            valueOffset = batch.valueOffset(last);
            valueLength = batch.valueLength(last);
            pointer = false; // such an entry ends a run
        }
    }

    /**
     * Moves forward from the current entry over those that follow, as far as it is known without a look how many a reader
     * sees; it is then valid unless they were the last ones.
     *
     * @return how many were passed, all of which are seen; 0 where it did not move
     */
    public long countOn() {
        assert valid && forward;
        long hidden = mask.covering(key.array(), 0, key.length());
        long counted = merge.countForward(snapshot, hidden, limit(hi, mask.clearTo(), 1));
        if (counted > 0) {
            run.beginStep(true);
            settleForward(false);
        }
        return counted;
    }

    /** The lesser of two bounds ({@code sign} 1) or the greater (-1), where null is none. */
    private KeyView limit(byte[] a, byte[] b, int sign) {
        byte[] nearer = a;
        if (a == null || (b != null && sign * Arrays.compareUnsigned(a, b) > 0)) {
            nearer = b;
        }
        return nearer == null ? null : limit.set(nearer, 0, nearer.length);
    }

    // Forward

    /** Stops at the first entry to show; {@code decided} says whether {@code key} is decided already. */
    private boolean settleForward(boolean decided) {
        boolean passing = decided;
        int steps = 0;
        while (merge.valid()) {
            byte[] array = merge.keyArray();
            int offset = merge.keyOffset();
            int length = merge.keyLength();
            if (passing && merge.standsOn(key)) {
                passed++;
                passOlderVersion(++steps);
                continue;
            }
            if (!isWithinSpan() && !enterSpan(array, offset, length)) {
                break;
            }
            long trailer = merge.trailer();
            if (Trailer.seq(trailer) > snapshot) {
                run.newer(array, offset, length);
                if (++steps < MAX_STEPS) {
                    merge.next();
                } else {
                    keepKey(array, offset, length); // the view dies with the move
                    passing = false;
                    merge.seek(key.array(), 0, key.length(), Trailer.seekTo(snapshot));
                    steps = 0;
                }
                continue;
            }
            long tombstone = spanTombstone;
            if (Trailer.seq(trailer) < tombstone) {
                passed++;
                if (merge.skippable(tombstone)) {
                    merge.skipForward(tombstone, mask.end());
                } else if (run.dead(array, offset, length)) {
                    leaveSpan();
                } else {
                    merge.next();
                }
                passing = false;
                continue; // older versions of the key are hidden by the same tombstone
            }
            keepKey(array, offset, length);
            steps = 0;
            if (Trailer.hasValue(trailer)) {
                keepValue(trailer);
                run.arrived(key.array(), 0, key.length());
                valid = true;
                return true;
            }
            if (run.dead(key.array(), 0, key.length())) {
                leaveSpan();
                passed++;
                passing = false;
            } else if (run.isLong()) {
                int dead = merge.passDead(snapshot, limit(hi, mask.clearTo(), 1), MOST_AT_ONCE);
                passed += dead;
                run.passed(dead);
                passing = false;
            } else {
                passed++;
                passing = true;
                merge.next();
            }
        }
        run.ended();
        valid = false;
        return false;
    }

    private boolean isWithinSpan() {
        long fence = merge.rootFence();
        return fence < spanFence || (fence == spanFence && merge.rootFurtherFence() < spanFurtherFence);
    }

    /** Finds the span that a key before {@code hi} lies in; false where it does not lie before it. */
    private boolean enterSpan(byte[] array, int offset, int length) {
        if (hi != null && EntryOrder.compareKeys(array, offset, length, hi, 0, hi.length) >= 0) {
            return false;
        }
        spanTombstone = mask.covering(array, offset, length);
        KeyView end = limit(hi, mask.clearTo(), 1);
        spanFence = end == null ? Long.MAX_VALUE : Fence.signed(end.array(), end.offset(), end.length());
        spanFurtherFence = end == null ? Long.MAX_VALUE : KeptKey.furtherFence(end.array(), end.offset(), end.length());
        return true;
    }

    private void passOlderVersion(int steps) {
        if (steps < MAX_STEPS) {
            merge.next();
        } else {
            merge.seek(key.array(), 0, key.length(), Trailer.LAST);
        }
    }

    // Backward

    /** Decides key after key, from the last one at or before where the merge stands. */
    private boolean settleBackward() {
        while (merge.valid()) {
            byte[] array = merge.keyArray();
            int offset = merge.keyOffset();
            int length = merge.keyLength();
            if (EntryOrder.compareKeys(array, offset, length, lo, 0, lo.length) < 0) {
                break;
            }
            long tombstone = mask.covering(array, offset, length);
            if (tombstone >= 0 && merge.skippable(tombstone)) {
                merge.skipBackward(tombstone, mask.start());
                continue;
            }
            keepKey(array, offset, length);
            long newest = newestVisibleVersion();
            if (newest >= 0 && Trailer.seq(newest) >= tombstone && Trailer.hasValue(newest)) {
                run.arrived(key.array(), 0, key.length());
                valid = true;
                return true;
            }
            run.dead(key.array(), 0, key.length());
        }
        run.ended();
        valid = false;
        return false;
    }

    /** Passes over all versions of {@code key}; keeps the value of the newest one seen and returns its trailer, or -1. */
    private long newestVisibleVersion() {
        long newest = -1;
        int steps = 0;
        do {
            long trailer = merge.trailer();
            if (Trailer.seq(trailer) > snapshot) {
                run.newer(key.array(), 0, key.length());
                merge.seekForPrev(key.array(), 0, key.length(), Trailer.FIRST); // the rest is newer still
                return newest;
            }
            newest = trailer;
            keepValue(newest);
            if (++steps == MAX_STEPS) {
                run.newer(key.array(), 0, key.length()); // there may be something newer, which is not looked at
                merge.seek(key.array(), 0, key.length(), Trailer.seekTo(snapshot));
                newest = merge.trailer();
                keepValue(newest);
                merge.seekForPrev(key.array(), 0, key.length(), Trailer.FIRST);
                return newest;
            }
        } while (merge.prev() && merge.standsOn(key));
        return newest;
    }

    // The current entry

    /** Keeps the key that the merge stands on. */
    private void keepKey(byte[] array, int offset, int length) {
        key.keep(array, offset, length, merge.rootFence(), merge.rootFurtherFence());
    }

    private void keepValue(long trailer) {
        pointer = Trailer.kind(trailer) == Trailer.POINTER;
        valueArray = merge.valueArray();
        valueOffset = merge.valueOffset();
        valueLength = merge.valueLength();
    }

    /**
     * How many entries were passed over in vain since the last call, and how many times an upper source broke off what others
     * had: that costs about as much.
     */
    public long takePassed() {
        long taken = passed + merge.takeTurns();
        passed = 0;
        return taken;
    }

    /** Whether the cursor stands on an entry. */
    public boolean valid() {
        return valid;
    }

    /** The array the key lies in, from 0 on; valid until the next move. */
    public byte[] keyArray() {
        return key.array();
    }

    /** Length of the key, in bytes. */
    public int keyLength() {
        return key.length();
    }

    /** Whether the value lies in a value file, and what stands here in its place is a pointer. */
    public boolean isPointer() {
        return pointer;
    }

    /** The array the value lies in, or the pointer to it; its bytes never change. */
    public byte[] valueArray() {
        return valueArray;
    }

    /** Where the value starts. */
    public int valueOffset() {
        return valueOffset;
    }

    /** Length of the value, in bytes. */
    public int valueLength() {
        return valueLength;
    }

    @Override
    public void close() {
        valid = false;
        run.abandon();
        merge.close();
    }
}
