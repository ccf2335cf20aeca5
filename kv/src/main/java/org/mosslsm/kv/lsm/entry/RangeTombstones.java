package org.mosslsm.kv.lsm.entry;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The range tombstones of one source, cut into fragments that do not overlap, so that what covers a key is found by one
 * binary search.
 *
 * <pre>
 * tombstones   [a        e)@7                bounds  a    c    e    g
 *                   [c        g)@9    =>     seqs    {7}  {9,7} {9}  {}
 * </pre>
 *
 * <p>Cut for some {@link Stripes}, a fragment keeps the newest number of each stripe only. So n tombstones take O(n) room
 * for each stripe however they overlap, where keeping all numbers would take O(n^2).
 *
 * <p>Invariants: (1) bounds ascend strictly; fragment {@code i} is {@code [bound(i), bound(i + 1))}; the last bound opens
 * no fragment. (2) The sequence numbers of a fragment descend strictly. (3) A fragment without sequence numbers is a gap;
 * neighbours differ, so that two gaps never touch; neither the first nor the last fragment is a gap.
 *
 * <p>Immutable and safe for use by any number of threads.
 */
public final class RangeTombstones implements TombstoneSource {
    /** No tombstone at all. */
    public static final RangeTombstones NONE = new RangeTombstones(new byte[0][], new long[0][]);

    private static final long[] GAP = {};

    private final byte[][] bounds;
    private final long[][] seqs;
    private final int count;

    private RangeTombstones(byte[][] bounds, long[][] seqs) {
        this.bounds = bounds;
        this.seqs = seqs;
        this.count = Arrays.stream(seqs).mapToInt(s -> s.length).sum();
    }

    /** Cuts tombstones, in any order and overlapping at will, into fragments that keep every sequence number. */
    public static RangeTombstones of(Collection<RangeTombstone> tombstones) {
        return cut(tombstones, null);
    }

    /** As above, but of what one fragment has in one stripe only the newest is kept. */
    public static RangeTombstones of(Collection<RangeTombstone> tombstones, Stripes stripes) {
        return cut(tombstones, stripes);
    }

    /** Sweeps over all bounds in order; between two of them the set of open tombstones does not change. */
    private static RangeTombstones cut(Collection<RangeTombstone> tombstones, Stripes stripes) {
        if (tombstones.isEmpty()) {
            return NONE;
        }
        RangeTombstone[] byLo = tombstones.toArray(RangeTombstone[]::new);
        RangeTombstone[] byHi = byLo.clone();
        Arrays.sort(byLo, Comparator.comparing(RangeTombstone::lo, Arrays::compareUnsigned));
        Arrays.sort(byHi, Comparator.comparing(RangeTombstone::hi, Arrays::compareUnsigned));
        Builder builder = new Builder();
        TreeMap<Long, Integer> open = new TreeMap<>();
        byte[] from = null;
        int started = 0;
        int ended = 0;
        while (ended < byHi.length) {
            boolean starts = started < byLo.length && Arrays.compareUnsigned(byLo[started].lo(), byHi[ended].hi()) < 0;
            byte[] at = starts ? byLo[started].lo() : byHi[ended].hi();
            if (from != null && !open.isEmpty() && !Arrays.equals(from, at)) {
                builder.add(from, at, visible(open, stripes));
            }
            from = at;
            if (starts) {
                open.merge(byLo[started++].seq(), 1, Integer::sum);
            } else {
                open.computeIfPresent(byHi[ended++].seq(), (seq, n) -> n == 1 ? null : n - 1);
            }
        }
        return builder.build();
    }

    /** The numbers of the open tombstones, descending; the newest of each stripe. */
    private static long[] visible(NavigableMap<Long, Integer> open, Stripes stripes) {
        if (stripes == null) {
            return open.descendingKeySet().stream().mapToLong(Long::longValue).toArray();
        }
        long[] kept = new long[4];
        int n = 0;
        for (Long seq = open.lastKey(); seq != null; seq = open.lowerKey(stripes.first(stripes.of(seq)))) {
            if (n == kept.length) {
                kept = Arrays.copyOf(kept, 2 * n);
            }
            kept[n++] = seq;
        }
        return Arrays.copyOf(kept, n);
    }

    /** Puts fragments together that come in order. Thread safety: none. */
    public static final class Builder {
        private final List<byte[]> bounds = new ArrayList<>();
        private final List<long[]> seqs = new ArrayList<>();

        /** Bound behind the last fragment. */
        private byte[] end;

        /**
         * Adds the fragment {@code [lo, hi)}, which must not begin before the last one ended; it keeps the arrays.
         *
         * @param fragmentSeqs strictly descending, at least one
         */
        public Builder add(byte[] lo, byte[] hi, long[] fragmentSeqs) {
            if (end != null && Arrays.compareUnsigned(end, lo) > 0) {
                throw new IllegalArgumentException("fragments must ascend");
            }
            if (end != null && !Arrays.equals(end, lo)) {
                bounds.add(end);
                seqs.add(GAP);
                end = null;
            }
            if (end == null || !Arrays.equals(seqs.get(seqs.size() - 1), fragmentSeqs)) {
                bounds.add(lo);
                seqs.add(fragmentSeqs);
            }
            end = hi;
            return this;
        }

        /** What was added. */
        public RangeTombstones build() {
            if (end == null) {
                return NONE;
            }
            byte[][] all = bounds.toArray(new byte[bounds.size() + 1][]);
            all[bounds.size()] = end;
            return new RangeTombstones(all, seqs.toArray(long[][]::new));
        }
    }

    @Override
    public boolean isEmpty() {
        return seqs.length == 0;
    }

    /** How many tombstones {@link #fragments} gives. */
    public int count() {
        return count;
    }

    /** The fragments as tombstones: by range ascending, within a range the newest first. */
    public List<RangeTombstone> fragments() {
        List<RangeTombstone> all = new ArrayList<>(count);
        for (int i = 0; i < seqs.length; i++) {
            for (long seq : seqs[i]) {
                all.add(new RangeTombstone(bounds[i], bounds[i + 1], seq));
            }
        }
        return all;
    }

    /** The part of the tombstones that lies in {@code [lo, hi)}; {@code hi} null means without end. */
    public RangeTombstones within(byte[] lo, byte[] hi) {
        Builder part = new Builder();
        for (int i = Math.max(0, find(lo, 0, lo.length)); i < seqs.length; i++) {
            if (hi != null && Arrays.compareUnsigned(bounds[i], hi) >= 0) {
                break;
            }
            if (seqs[i].length > 0) {
                byte[] from = Arrays.compareUnsigned(bounds[i], lo) < 0 ? lo : bounds[i];
                byte[] to = hi != null && Arrays.compareUnsigned(bounds[i + 1], hi) > 0 ? hi : bounds[i + 1];
                part.add(from, to, seqs[i]);
            }
        }
        return part.build();
    }

    @Override
    public boolean anyNewer(byte[] lo, byte[] hi, long seq) {
        for (int i = Math.max(0, find(lo, 0, lo.length)); i < seqs.length; i++) {
            if (hi != null && Arrays.compareUnsigned(bounds[i], hi) >= 0) {
                return false;
            }
            if (seqs[i].length > 0 && seqs[i][0] > seq) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether every key from {@code lo} to {@code hi} has a tombstone with a number above {@code above} and at most {@code
     * snapshot}.
     *
     * @param hiIncluded whether {@code hi} itself is among the keys
     */
    public boolean coversAll(byte[] lo, byte[] hi, boolean hiIncluded, long above, long snapshot) {
        for (int i = find(lo, 0, lo.length); newest(i, snapshot) > above; i++) {
            int order = Arrays.compareUnsigned(bounds[i + 1], hi);
            if (order > 0 || (order == 0 && !hiIncluded)) {
                return true;
            }
        }
        return false;
    }

    /** Number of bounds; 0 where there is no tombstone. */
    public int boundCount() {
        return bounds.length;
    }

    /** Bound {@code i}, ascending. */
    public byte[] bound(int i) {
        return bounds[i];
    }

    /** Sequence numbers of fragment {@code i}, descending; not to be changed. */
    public long[] seqs(int i) {
        return seqs[i];
    }

    /**
     * Index of the last bound that is not greater than the key, -1 where the key lies before all bounds. The fragment of
     * that index covers the key, unless it is the last bound.
     */
    public int find(byte[] key, int offset, int length) {
        int low = 0;
        int high = bounds.length;
        while (low < high) {
            int mid = (low + high) >>> 1;
            if (EntryOrder.compareKeys(bounds[mid], 0, bounds[mid].length, key, offset, length) <= 0) {
                low = mid + 1;
            } else {
                high = mid;
            }
        }
        return low - 1;
    }

    @Override
    public void locate(byte[] key, int offset, int length, long snapshot, TombstoneSpan into) {
        int i = find(key, offset, length);
        into.set(i < 0 ? null : bounds[i], i + 1 < bounds.length ? bounds[i + 1] : null, newest(i, snapshot));
    }

    /**
     * Greatest sequence number in fragment {@code i} that is at most {@code snapshot}; -1 where there is none, also for an
     * index without a fragment (-1, or the last bound).
     */
    public long newest(int i, long snapshot) {
        if (i < 0 || i >= seqs.length) {
            return -1;
        }
        for (long seq : seqs[i]) {
            if (seq <= snapshot) {
                return seq;
            }
        }
        return -1;
    }

    /** Greatest sequence number, at most {@code snapshot}, of a tombstone that covers the key; -1 where none does. */
    public long covering(byte[] key, int offset, int length, long snapshot) {
        return seqs.length == 0 ? -1 : newest(find(key, offset, length), snapshot);
    }

    @Override
    public String toString() {
        return fragments().toString();
    }
}
