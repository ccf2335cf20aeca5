package org.mosslsm.kv.lsm.iter;

import java.util.Arrays;
import java.util.function.BooleanSupplier;
import org.mosslsm.kv.lsm.entry.Trailer;

/**
 * The dead entries that one move of a {@link VisibleCursor} passes: counts them, jumps over those known to be dead, and
 * makes a long run of them known to others. {@link DeadGaps} says how.
 *
 * <p>Invariant: {@code watch} is null between two moves. Thread safety: none; it belongs to one cursor.
 */
final class DeadRun {
    /**
     * So many keys passed over after a seek, or within a scan, are worth remembering: it costs about as much as they did. A
     * queue passes half of the first number with each pop, and pays for remembering with one in so many.
     */
    private static final int WORTH_AFTER_SEEK = 6;

    private static final int WORTH_IN_SCAN = 128;

    /** Entries passed between two looks for a gap. */
    private static final int LOOK_EVERY = 16;

    /** Null where nothing is remembered. */
    private final DeadGaps gaps;

    private final long epoch;
    private final MergingCursor merge;
    private final long snapshot;
    private final byte[] lo;
    private final byte[] hi;

    private boolean forward;
    private int count;
    private int worth;
    private boolean refused;
    private DeadGaps.Watch watch;

    /** Where the run began: forward the first key of it, backward the first key behind it, null being behind all. */
    private byte[] origin;

    private boolean hasOrigin;

    /** Whether to leave a run; null where nobody may ask for it. */
    private BooleanSupplier isLeft;

    DeadRun(DeadGaps gaps, long epoch, MergingCursor merge, long snapshot, byte[] lo, byte[] hi) {
        this.gaps = gaps;
        this.epoch = epoch;
        this.merge = merge;
        this.snapshot = snapshot;
        this.lo = lo;
        this.hi = hi;
    }

    /** Leaves a run, forward, when that is so; asked where it looks for a gap. */
    void breakOffWhen(BooleanSupplier question) {
        isLeft = question;
    }

    /** A seek begins at {@code target}; backward it is behind all that is looked at, null being behind all keys. */
    void beginSeek(boolean toForward, byte[] target) {
        if (gaps != null) {
            begin(toForward, WORTH_AFTER_SEEK);
            origin = target;
            hasOrigin = true;
        }
    }

    /** A step begins. */
    void beginStep(boolean toForward) {
        if (gaps != null) {
            begin(toForward, WORTH_IN_SCAN);
        }
    }

    private void begin(boolean toForward, int worthAfter) {
        forward = toForward;
        worth = worthAfter;
        count = 0;
        hasOrigin = false;
        refused = false;
    }

    /** A key was passed that is dead; returns whether the merge was moved elsewhere for it. */
    boolean dead(byte[] key, int offset, int length) {
        if (gaps == null) {
            return false;
        }
        if (count++ == 0 && !hasOrigin) {
            // Without the key itself, which may be the one that just ended a run: so each watch begins further on.
            byte[] first = Arrays.copyOfRange(key, offset, offset + length);
            origin = forward ? DeadGaps.behind(first, length) : first;
            hasOrigin = true;
        }
        if (count % LOOK_EVERY == 1) {
            if (isLeft != null && forward && isLeft.getAsBoolean()) {
                abandon(); // before the end seems to be reached
                merge.leave();
                return true;
            }
            if (jump(key, offset, length)) {
                return true;
            }
        }
        return count >= worth && watch == null && !refused && startWatch();
    }

    /** Whether so much has been passed that nothing is left to do about it but to pass on. */
    boolean isLong() {
        return gaps == null || watch != null || refused;
    }

    /** So many more entries were passed than {@link #dead} was told of; the next one looks for a gap. */
    void passed(int entries) {
        count = (count + entries) / LOOK_EVERY * LOOK_EVERY;
    }

    private boolean startWatch() {
        watch = gaps.watch(origin, forward, epoch);
        refused = watch == null;
        if (watch == null) {
            return false;
        }
        if (!forward) {
            if (origin == null) {
                merge.seekLast();
            } else {
                merge.seekForPrev(origin, 0, origin.length, Trailer.FIRST);
            }
        } else if (!jump(origin, 0, origin.length)) {
            merge.seek(origin, 0, origin.length, Trailer.FIRST);
        }
        return true;
    }

    /** If the key lies in a gap, moves the merge to what comes behind it, or nowhere where that is out of range. */
    boolean jump(byte[] key, int offset, int length) {
        DeadGaps.Gap gap = gaps == null ? null : gaps.stretch(key, offset, length, snapshot);
        if (gap == null) {
            return false;
        }
        byte[] to = forward ? gap.hi() : gap.lo();
        boolean out = forward
                ? to == null || (hi != null && Arrays.compareUnsigned(to, hi) >= 0)
                : Arrays.compareUnsigned(to, lo) <= 0;
        if (out) {
            merge.leave();
        } else if (forward) {
            merge.seek(to, 0, to.length, Trailer.FIRST);
        } else {
            merge.seekForPrev(to, 0, to.length, Trailer.FIRST);
        }
        return true;
    }

    /** Something newer than the snapshot stands at the key: what is dead at the snapshot may live for later ones. */
    void newer(byte[] key, int offset, int length) {
        if (watch != null) {
            arrived(key, offset, length);
            count = 0;
            hasOrigin = false;
        }
    }

    /** The move has come to a key that is not dead. */
    void arrived(byte[] key, int offset, int length) {
        if (watch != null) {
            byte[] to = Arrays.copyOfRange(key, offset, offset + length);
            close(forward ? to : DeadGaps.behind(to, length));
        }
    }

    /** The move has come to the end of the range. */
    void ended() {
        if (watch != null) {
            close(forward ? hi : lo);
        }
    }

    private void close(byte[] to) {
        DeadGaps.Watch done = watch;
        watch = null;
        gaps.close(done, to, snapshot);
    }

    /** The move has failed. */
    void abandon() {
        if (watch != null) {
            DeadGaps.Watch done = watch;
            watch = null;
            gaps.abandon(done);
        }
    }
}
