package org.mosslsm.kv.lsm.iter;

import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongUnaryOperator;
import org.mosslsm.kv.WriteBatch;
import org.mosslsm.kv.lsm.entry.EntryOrder;

/**
 * What readers of one store learnt about long runs of dead entries, so that each run is walked once and not by every
 * reader: the pops of a queue, the first key after a mass delete.
 *
 * <pre>
 * gap [lo, hi)@seq    no reader at seq or later sees a key of it      until somebody puts one, which ends the gap there
 *
 * reader at s                                  writer, under the commit lock
 *   passes many dead entries                     puts keys into the memtable
 *   opens a watch where it began                 full fence
 *   goes back there, and walks again             ends gaps at these keys, tells the watches of them
 *     something newer than s: the gap ends here  publishes the new version
 *   arrives at a key to show
 *   closes the watch: a gap from there to here,
 *     or to the nearest key the watch heard of
 * </pre>
 *
 * <p>A gap says nothing about where entries lie, so flushes and compactions do not concern it.
 *
 * <p>Invariants:
 *
 * <ol>
 *   <li>While a gap stands and is met by a reader whose snapshot is at least its {@code seq}, no put into it is visible to
 *       that reader: a put visible to it was published before its snapshot, and ended the gap before it was published.
 *   <li>No put after {@code seq} is overlooked when a gap is made: one that came into the memtable before the walk passed
 *       its place was met by the walk; a later one was told to the watch, by the fences on both sides.
 *   <li>The walk of 2 looks into all memtables there are, also into one that was empty when the reader began: {@code epoch}
 *       moves on when a memtable joins, before it gets its first entry, and a watch is refused to readers that began in an
 *       earlier epoch.
 *   <li>{@code state} is immutable, replaced under the monitor; its gaps are sorted and do not overlap.
 * </ol>
 *
 * <p>Thread-safe. A put costs a fence a group and, while there are gaps, a binary search.
 */
public final class DeadGaps {
    /** More would make puts search longer; a store with more runs than this walks some of them again. */
    private static final int MAX_GAPS = 256;

    /** Readers that walk at the same time. */
    private static final int MAX_WATCHES = 32;

    /** Keys {@code [lo, hi)} that hold nothing for readers at {@code seq} or later; a null hi has no end. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Gap(byte[] lo, byte[] hi, long seq) {
        private boolean startsAfter(byte[] key, int offset, int length) {
            return EntryOrder.compareKeys(lo, 0, lo.length, key, offset, length) > 0;
        }

        private boolean endsAtOrBefore(byte[] key, int offset, int length) {
            return hi != null && EntryOrder.compareKeys(hi, 0, hi.length, key, offset, length) <= 0;
        }
    }

    /** A walk under way over the keys from {@code from} on; backward those before it, null being behind all keys. */
    static final class Watch {
        private final byte[] from;
        private final boolean forward;

        /** The key put meanwhile that the walk meets first; guarded by the monitor of the gaps. */
        private byte[] touched;

        private boolean spoilt;

        private Watch(byte[] from, boolean forward) {
            this.from = from;
            this.forward = forward;
        }

        private boolean concerns(byte[] key, int offset, int length) {
            int order = from == null ? -1 : EntryOrder.compareKeys(key, offset, length, from, 0, from.length);
            if (forward ? order < 0 : order >= 0) {
                return false;
            }
            if (touched == null) {
                return true;
            }
            int nearer = EntryOrder.compareKeys(key, offset, length, touched, 0, touched.length);
            return forward ? nearer < 0 : nearer > 0;
        }
    }

    private record State(List<Gap> gaps, List<Watch> watches) {}

    /** Tells of readers that are there. */
    private final LongUnaryOperator newestReaderBelow;

    private static final State EMPTY = new State(List.of(), List.of());

    private volatile State state = EMPTY;
    private volatile long epoch;
    private int nextVictim;

    /** Of a store whose readers all read the newest version. */
    DeadGaps() {
        this(seq -> -1);
    }

    /**
     * Where a gap may become one that counts for fewer readers it does not where one of these is there.
     *
     * @param newestReaderBelow the newest version below the given one that somebody reads, -1 where nobody does
     */
    public DeadGaps(LongUnaryOperator newestReaderBelow) {
        this.newestReaderBelow = newestReaderBelow;
    }

    // Readers

    /** To be read before the reader takes its memtables, and given to {@link #watch}. */
    public long epoch() {
        return epoch;
    }

    /** The gap around the key that counts for {@code snapshot}; null where there is none. */
    Gap around(byte[] key, int offset, int length, long snapshot) {
        List<Gap> gaps = state.gaps();
        int i = indexAround(gaps, key, offset, length, snapshot);
        return i < 0 ? null : gaps.get(i);
    }

    private static int indexAround(List<Gap> gaps, byte[] key, int offset, int length, long snapshot) {
        if (gaps.isEmpty()) {
            return -1;
        }
        int i = lastStartingBy(gaps, key, offset, length);
        return i < 0 || gaps.get(i).seq() > snapshot || gaps.get(i).endsAtOrBefore(key, offset, length) ? -1 : i;
    }

    /** As {@link #around}, with those that touch it and each other and count for {@code snapshot} too: to jump over at once. */
    Gap stretch(byte[] key, int offset, int length, long snapshot) {
        List<Gap> gaps = state.gaps();
        int first = indexAround(gaps, key, offset, length, snapshot);
        if (first < 0) {
            return null;
        }
        int last = first;
        long seq = gaps.get(first).seq();
        while (first > 0 && touch(gaps, first - 1) && gaps.get(first - 1).seq() <= snapshot) {
            seq = Math.max(seq, gaps.get(--first).seq());
        }
        while (last + 1 < gaps.size() && touch(gaps, last) && gaps.get(last + 1).seq() <= snapshot) {
            seq = Math.max(seq, gaps.get(++last).seq());
        }
        return first == last
                ? gaps.get(first)
                : new Gap(gaps.get(first).lo(), gaps.get(last).hi(), seq);
    }

    /** Whether a gap ends where the next begins. */
    private static boolean touch(List<Gap> gaps, int i) {
        return gaps.get(i).hi() != null
                && Arrays.equals(gaps.get(i).hi(), gaps.get(i + 1).lo());
    }

    private static int lastStartingBy(List<Gap> gaps, byte[] key, int offset, int length) {
        int low = 0;
        int high = gaps.size();
        while (low < high) {
            int mid = (low + high) >>> 1;
            if (gaps.get(mid).startsAfter(key, offset, length)) {
                high = mid;
            } else {
                low = mid + 1;
            }
        }
        return low - 1;
    }

    /**
     * Begins to watch a walk; the walk must then start anew, at {@code from}, so that it meets what came before.
     *
     * @param from first key of the walk; backward the first key behind it, null for none
     * @return null where the reader's memtables are not all there are, or too many walk
     */
    synchronized Watch watch(byte[] from, boolean forward, long readerEpoch) {
        State now = state;
        if (readerEpoch != epoch || now.watches().size() >= MAX_WATCHES) {
            return null;
        }
        Watch watch = new Watch(from, forward);
        List<Watch> watches = new ArrayList<>(now.watches());
        watches.add(watch);
        state = new State(now.gaps(), List.copyOf(watches));
        VarHandle.fullFence(); // invariant 2: told of everything that the walk does not meet
        return watch;
    }

    /** Ends a walk that saw nothing at {@code snapshot} before {@code to}, the key it came to; null is the end of all. */
    synchronized void close(Watch watch, byte[] to, long snapshot) {
        List<Watch> watches = new ArrayList<>(state.watches());
        watches.remove(watch);
        List<Gap> gaps = state.gaps();
        byte[] lo = watch.forward ? watch.from : to;
        byte[] hi = watch.forward ? to : watch.from;
        if (watch.touched != null) {
            if (watch.forward) {
                hi = hi == null || Arrays.compareUnsigned(watch.touched, hi) < 0 ? watch.touched : hi;
            } else {
                byte[] behind = behind(watch.touched, watch.touched.length);
                lo = Arrays.compareUnsigned(behind, lo) > 0 ? behind : lo;
            }
        }
        if (!watch.spoilt && (hi == null || Arrays.compareUnsigned(lo, hi) < 0)) {
            gaps = with(gaps, new Gap(lo.clone(), hi == null ? null : hi.clone(), snapshot)); // callers own theirs
        }
        state = new State(gaps, List.copyOf(watches));
    }

    /** Ends a walk that broke off. */
    synchronized void abandon(Watch watch) {
        watch.spoilt = true;
        close(watch, watch.forward ? null : new byte[0], 0);
    }

    /**
     * The gaps with one more. An older one, which counts for more readers, stays as it is if one of these is there, else it
     * becomes part of the new one; of a newer one remains what lies outside.
     */
    private List<Gap> with(List<Gap> gaps, Gap more) {
        long below = newestReaderBelow.applyAsLong(more.seq());
        Gap added = joined(gaps, more, below);
        List<Gap> next = new ArrayList<>(gaps.size() + 2);
        byte[] at = added.lo(); // where what is still to be entered begins; null for nothing
        for (Gap gap : gaps) {
            if (gap.endsAtOrBefore(added.lo(), 0, added.lo().length)) {
                next.add(gap);
            } else if (added.endsAtOrBefore(gap.lo(), 0, gap.lo().length)) {
                at = enter(next, at, added.hi(), added.seq());
                next.add(gap);
            } else if (gap.seq() > added.seq()) {
                enter(next, gap.lo(), added.lo(), gap.seq());
                if (added.hi() != null && !gap.endsAtOrBefore(added.hi(), 0, added.hi().length)) {
                    at = enter(next, at, added.hi(), added.seq());
                    next.add(new Gap(added.hi(), gap.hi(), gap.seq()));
                }
            } else if (gap.seq() <= below) {
                enter(next, at, gap.lo(), added.seq());
                next.add(gap);
                at = gap.hi();
            }
        }
        enter(next, at, added.hi(), added.seq());
        while (next.size() > MAX_GAPS) {
            nextVictim = (nextVictim + 7) % next.size();
            next.remove(nextVictim);
        }
        return List.copyOf(next);
    }

    /** Enters what lies between the two, if anything does; returns null. */
    private static byte[] enter(List<Gap> gaps, byte[] lo, byte[] hi, long seq) {
        if (lo != null && (hi == null || Arrays.compareUnsigned(lo, hi) < 0)) {
            gaps.add(new Gap(lo, hi, seq));
        }
        return null;
    }

    /** The gap with older ones that overlap or touch it, where no reader is there that only these count for. */
    private static Gap joined(List<Gap> gaps, Gap added, long below) {
        Gap all = added;
        for (int i = gaps.size() - 1; i >= 0; i--) {
            all = joined(all, gaps.get(i), below);
        }
        for (Gap gap : gaps) {
            all = joined(all, gap, below);
        }
        return all;
    }

    private static Gap joined(Gap added, Gap gap, long below) {
        boolean givesWay = gap.seq() <= added.seq() && gap.seq() > below;
        if (!givesWay || isApart(added, gap) || isApart(gap, added)) {
            return added;
        }
        byte[] lo = Arrays.compareUnsigned(gap.lo(), added.lo()) < 0 ? gap.lo() : added.lo();
        byte[] hi = added.hi();
        if (hi != null && (gap.hi() == null || Arrays.compareUnsigned(gap.hi(), hi) > 0)) {
            hi = gap.hi();
        }
        return new Gap(lo, hi, added.seq());
    }

    /** Whether something lies between the end of the first and the start of the second. */
    private static boolean isApart(Gap first, Gap second) {
        return first.hi() != null && Arrays.compareUnsigned(first.hi(), second.lo()) < 0;
    }

    static byte[] behind(byte[] key, int length) {
        byte[] behind = new byte[length + 1];
        System.arraycopy(key, 0, behind, 0, length);
        return behind;
    }

    // Writers

    /** A batch is in the memtable, and not yet published; called under the commit lock. */
    public void written(WriteBatch batch) {
        VarHandle.fullFence(); // invariant 2: in the memtable before we look who watches
        if (!isEmpty(state)) {
            batch.forEach(new Touch());
        }
    }

    private static boolean isEmpty(State state) {
        return state.gaps().isEmpty() && state.watches().isEmpty();
    }

    private final class Touch implements WriteBatch.Visitor {
        @Override
        public void put(byte[] array, int keyOffset, int keyLength, int valueOffset, int valueLength) {
            if (concerns(array, keyOffset, keyLength)) {
                touch(array, keyOffset, keyLength);
            }
        }

        @Override
        public void delete(byte[] array, int keyOffset, int keyLength) {
            // a gap that loses a key is still a gap
        }

        @Override
        public void deleteRange(byte[] array, int loOffset, int loLength, int hiOffset, int hiLength) {
            // as above
        }
    }

    private boolean concerns(byte[] key, int offset, int length) {
        State now = state;
        return !now.watches().isEmpty() || around(key, offset, length, Long.MAX_VALUE) != null;
    }

    private synchronized void touch(byte[] key, int offset, int length) {
        State now = state;
        for (Watch watch : now.watches()) {
            if (watch.concerns(key, offset, length)) {
                watch.touched = Arrays.copyOfRange(key, offset, offset + length);
            }
        }
        int i = lastStartingBy(now.gaps(), key, offset, length);
        if (i >= 0 && !now.gaps().get(i).endsAtOrBefore(key, offset, length)) {
            List<Gap> gaps = new ArrayList<>(now.gaps());
            Gap gap = gaps.remove(i);
            byte[] end = Arrays.copyOfRange(key, offset, offset + length);
            // What is behind the key is let go: where puts come one after the other there is nothing dead between them.
            if (Arrays.compareUnsigned(gap.lo(), end) < 0) {
                gaps.add(i, new Gap(gap.lo(), end, gap.seq()));
            }
            state = new State(List.copyOf(gaps), now.watches());
        }
    }

    /** A fresh memtable has joined, and nothing is in it yet; called under the commit lock. */
    public synchronized void memTableJoined() {
        epoch++;
    }

    /** Tables with puts somewhere have joined, and are not yet published; called under the commit lock. */
    public synchronized void tablesJoined() {
        epoch++;
        state.watches().forEach(watch -> watch.spoilt = true);
        state = new State(List.of(), state.watches());
    }
}
