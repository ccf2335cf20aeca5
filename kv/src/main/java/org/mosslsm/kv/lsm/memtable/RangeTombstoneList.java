package org.mosslsm.kv.lsm.memtable;

import java.util.Arrays;
import java.util.List;
import org.mosslsm.kv.lsm.entry.RangeTombstone;
import org.mosslsm.kv.lsm.entry.RangeTombstones;

/**
 * The range tombstones of one memtable: appended by the writer, fragmented when a reader asks, and kept until more come.
 *
 * <p>Invariants: (1) the first {@code count} places of {@code list} never change; {@code count} is written last. (2) A
 * {@link Fragmented} covers a prefix of the list; point reads look at the rest one by one, as long as it is short.
 *
 * <p>Thread safety: one writer at a time, any number of readers beside it.
 */
final class RangeTombstoneList {
    /** More than so many unfragmented tombstones slow a point read down more than fragmenting them costs. */
    private static final int MAX_TAIL = 64;

    private record Fragmented(int count, RangeTombstones tombstones) {}

    private RangeTombstone[] list = new RangeTombstone[4];
    private volatile int count;
    private volatile Fragmented fragmented = new Fragmented(0, RangeTombstones.NONE);

    void add(RangeTombstone tombstone) {
        int n = count;
        if (n == list.length) {
            list = Arrays.copyOf(list, n * 2);
        }
        list[n] = tombstone;
        count = n + 1;
    }

    int count() {
        return count;
    }

    /** All tombstones, fragmented. */
    RangeTombstones all() {
        int n = count;
        Fragmented known = fragmented;
        if (known.count < n) {
            known = new Fragmented(n, RangeTombstones.of(List.of(Arrays.copyOf(list, n))));
            fragmented = known; // two readers may both do it: either result is right
        }
        return known.tombstones;
    }

    /** Greatest sequence number, at most {@code snapshot}, of a tombstone that covers the key; -1 where none does. */
    long covering(byte[] key, int offset, int length, long snapshot) {
        int n = count;
        if (n == 0) {
            return -1;
        }
        Fragmented known = fragmented;
        if (n - known.count > MAX_TAIL) {
            return all().covering(key, offset, length, snapshot);
        }
        long newest = known.tombstones.covering(key, offset, length, snapshot);
        RangeTombstone[] tail = list;
        for (int i = known.count; i < n; i++) {
            RangeTombstone t = tail[i];
            if (t.seq() <= snapshot && t.seq() > newest && t.contains(key, offset, length)) {
                newest = t.seq();
            }
        }
        return newest;
    }
}
