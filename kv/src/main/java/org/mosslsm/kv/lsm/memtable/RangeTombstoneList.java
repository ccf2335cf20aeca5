package org.mosslsm.kv.lsm.memtable;

import java.util.Arrays;
import java.util.List;
import org.mosslsm.kv.lsm.entry.RangeTombstone;
import org.mosslsm.kv.lsm.entry.RangeTombstones;
import org.mosslsm.kv.lsm.entry.Stripes;
import org.mosslsm.kv.lsm.entry.TombstoneSource;
import org.mosslsm.kv.lsm.entry.TombstoneSpan;

/**
 * The range tombstones of one memtable, in the order they came, and after each one the tree of all up to it: a reader
 * takes the tree of its snapshot.
 *
 * <p>Invariants: (1) sequence numbers ascend. (2) The first {@code count} places of {@code list} and {@code trees} never
 * change; {@code count} is written last.
 *
 * <p>Thread safety: one writer at a time, any number of readers beside it.
 */
final class RangeTombstoneList implements TombstoneSource {
    private RangeTombstone[] list = new RangeTombstone[4];

    /** {@code trees[i]} is what the first i + 1 tombstones come to. */
    private TombstoneTree[] trees = new TombstoneTree[4];

    private volatile int count;

    void add(RangeTombstone tombstone) {
        int n = count;
        assert n == 0 || list[n - 1].seq() < tombstone.seq() : tombstone + " after " + list[n - 1];
        if (n == list.length) {
            list = Arrays.copyOf(list, n * 2);
            trees = Arrays.copyOf(trees, n * 2);
        }
        list[n] = tombstone;
        trees[n] = TombstoneTree.over(n == 0 ? null : trees[n - 1], tombstone.lo(), tombstone.hi(), tombstone.seq());
        count = n + 1;
    }

    int count() {
        return count;
    }

    @Override
    public boolean isEmpty() {
        return count == 0;
    }

    /** All tombstones, cut for those stripes. */
    RangeTombstones all(Stripes stripes) {
        int n = count;
        return RangeTombstones.of(List.of(Arrays.copyOf(list, n)), stripes);
    }

    /** The tree of what {@code snapshot} sees; null for nothing. */
    private TombstoneTree tree(long snapshot) {
        int high = count;
        if (high == 0) {
            return null;
        }
        RangeTombstone[] all = list; // read after count, and so at least as long
        TombstoneTree[] known = trees;
        if (all[high - 1].seq() <= snapshot) {
            return known[high - 1];
        }
        int low = 0;
        while (low < high) {
            int mid = (low + high) >>> 1;
            if (all[mid].seq() <= snapshot) {
                low = mid + 1;
            } else {
                high = mid;
            }
        }
        return low == 0 ? null : known[low - 1];
    }

    /** Greatest sequence number, at most {@code snapshot}, of a tombstone that covers the key; -1 where none does. */
    long covering(byte[] key, int offset, int length, long snapshot) {
        return TombstoneTree.seqAt(tree(snapshot), key, offset, length);
    }

    @Override
    public void locate(byte[] key, int offset, int length, long snapshot, TombstoneSpan into) {
        TombstoneTree.locate(tree(snapshot), key, offset, length, into);
    }

    @Override
    public boolean anyNewer(byte[] lo, byte[] hi, long seq) {
        return TombstoneTree.anyNewer(tree(Long.MAX_VALUE), lo, hi, seq);
    }
}
