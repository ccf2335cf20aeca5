package org.mosslsm.kv.lsm.entry;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The range tombstones of one source, cut into fragments that do not overlap, so that what covers a key is found by one
 * binary search.
 *
 * <pre>
 * tombstones   [a        e)@7                bounds  a    c    e    g
 *                   [c        g)@9    =>     seqs    {7}  {9,7} {9}  {}
 * </pre>
 *
 * <p>Invariants: (1) bounds ascend strictly; fragment {@code i} is {@code [bound(i), bound(i + 1))}; the last bound opens
 * no fragment. (2) The sequence numbers of a fragment descend strictly. (3) A fragment without sequence numbers is a gap;
 * two gaps never touch.
 *
 * <p>Immutable and safe for use by any number of threads.
 */
public final class RangeTombstones {
    /** No tombstone at all. */
    public static final RangeTombstones NONE = new RangeTombstones(new byte[0][], new long[0][]);

    private static final long[] GAP = {};

    private final byte[][] bounds;
    private final long[][] seqs;

    private RangeTombstones(byte[][] bounds, long[][] seqs) {
        this.bounds = bounds;
        this.seqs = seqs;
    }

    /** Cuts tombstones, in any order and overlapping at will, into fragments. */
    public static RangeTombstones of(Collection<RangeTombstone> tombstones) {
        if (tombstones.isEmpty()) {
            return NONE;
        }
        // What starts and what ends at a bound; between two bounds the set of open tombstones does not change.
        TreeMap<byte[], List<Long>> starts = new TreeMap<>(Arrays::compareUnsigned);
        TreeMap<byte[], List<Long>> ends = new TreeMap<>(Arrays::compareUnsigned);
        TreeSet<byte[]> cuts = new TreeSet<>(Arrays::compareUnsigned);
        for (RangeTombstone t : tombstones) {
            starts.computeIfAbsent(t.lo(), k -> new ArrayList<>()).add(t.seq());
            ends.computeIfAbsent(t.hi(), k -> new ArrayList<>()).add(t.seq());
            cuts.add(t.lo());
            cuts.add(t.hi());
        }
        List<byte[]> bounds = new ArrayList<>();
        List<long[]> seqs = new ArrayList<>();
        TreeMap<Long, Integer> open = new TreeMap<>();
        for (byte[] cut : cuts) {
            starts.getOrDefault(cut, List.of()).forEach(seq -> open.merge(seq, 1, Integer::sum));
            ends.getOrDefault(cut, List.of())
                    .forEach(seq -> open.computeIfPresent(seq, (s, n) -> n == 1 ? null : n - 1));
            long[] now =
                    open.descendingKeySet().stream().mapToLong(Long::longValue).toArray();
            if (!seqs.isEmpty() && Arrays.equals(seqs.get(seqs.size() - 1), now)) {
                continue; // two tombstones of one write that meet here: one fragment
            }
            bounds.add(cut);
            seqs.add(now.length == 0 ? GAP : now);
        }
        seqs.remove(seqs.size() - 1); // nothing is open behind the last bound
        return new RangeTombstones(bounds.toArray(byte[][]::new), seqs.toArray(long[][]::new));
    }

    /** Whether there is no tombstone. */
    public boolean isEmpty() {
        return seqs.length == 0;
    }

    /** The fragments as tombstones: by range ascending, within a range the newest first. */
    public List<RangeTombstone> fragments() {
        List<RangeTombstone> all = new ArrayList<>();
        for (int i = 0; i < seqs.length; i++) {
            for (long seq : seqs[i]) {
                all.add(new RangeTombstone(bounds[i], bounds[i + 1], seq));
            }
        }
        return all;
    }

    /** Adds to {@code out} the fragments that meet {@code [lo, hi)} and are visible at {@code snapshot}; a null hi has no end. */
    public void collect(byte[] lo, byte[] hi, long snapshot, Collection<RangeTombstone> out) {
        for (int i = Math.max(0, find(lo, 0, lo.length)); i < seqs.length; i++) {
            if (hi != null && Arrays.compareUnsigned(bounds[i], hi) >= 0) {
                return;
            }
            for (long seq : seqs[i]) {
                if (seq <= snapshot) {
                    out.add(new RangeTombstone(bounds[i], bounds[i + 1], seq));
                }
            }
        }
    }

    /** Whether a fragment that meets {@code [lo, hi)} has a sequence number above {@code seq}; a null hi has no end. */
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

    /** Number of bounds; 0 where there is no tombstone. */
    public int boundCount() {
        return bounds.length;
    }

    /** Bound {@code i}, ascending. */
    public byte[] bound(int i) {
        return bounds[i];
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
