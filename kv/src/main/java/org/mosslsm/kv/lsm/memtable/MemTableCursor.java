package org.mosslsm.kv.lsm.memtable;

import org.mosslsm.kv.EntryBatch;
import org.mosslsm.kv.lsm.entry.EntryCursor;
import org.mosslsm.kv.lsm.entry.KeyView;
import org.mosslsm.kv.lsm.entry.Trailer;

/**
 * Walks the points of a memtable along the links of level 0. Never fails, holds nothing, allocates nothing an entry.
 *
 * <p>Where keys came in another order than the walk's, every node and every key lies in a line of memory of its own. So a
 * run forward follows the links of many nodes first, then touches all their keys, and then reads them: the loads of the
 * keys wait for memory side by side, and not one after the other.
 */
public final class MemTableCursor extends EntryCursor {
    /** Nodes whose keys are touched together. */
    private static final int AHEAD = 32;

    private static final int CACHE_LINE_BYTES = 64;

    /** A run ends after so many entries without one to show: who decides above remembers the dead, see DeadGaps. */
    private static final int MOST_PASSED = 64;

    private static final int[] NO_NODES = {};

    private final Arena arena;
    private final SkipList points;
    private int node = SkipList.HEAD;
    private int position;
    private byte[] bytes;

    /** Nodes of a run; made at the first one. */
    private int[] ahead = NO_NODES;

    /** Keeps the loads of {@link #lookAhead} from being optimised away. */
    @SuppressWarnings("UnusedVariable")
    private int warmed;

    MemTableCursor(Arena arena, SkipList points) {
        this.arena = arena;
        this.points = points;
    }

    @Override
    public boolean seekFirst() {
        return stand(points.next(SkipList.HEAD));
    }

    @Override
    public boolean seekLast() {
        return stand(points.prev(SkipList.HEAD));
    }

    @Override
    public boolean seek(byte[] key, int offset, int length, long trailer) {
        return stand(points.findAtOrAfter(key, offset, length, trailer));
    }

    @Override
    public boolean seekForPrev(byte[] key, int offset, int length, long trailer) {
        return stand(points.findAtOrBefore(key, offset, length, trailer));
    }

    @Override
    public boolean next() {
        return stand(points.next(node));
    }

    @Override
    public boolean prev() {
        return stand(points.prev(node));
    }

    @Override
    public void runForward(EntryBatch into, long snapshot, long hidden, KeyView limit, int most, boolean keysOnly) {
        int last = node;
        int decided = node; // older versions of this key are hidden by what was decided upon
        int from = node;
        int passed = 0;
        int left = most;
        while (left > 0 && passed <= MOST_PASSED) {
            int count = lookAhead(from, Math.min(left + 1, AHEAD));
            for (int i = 0; i < count && left > 0; i++) {
                from = ahead[i];
                long trailer = points.trailer(from);
                passed++;
                if (Trailer.seq(trailer) > snapshot || points.sameKey(from, decided)) {
                    continue;
                }
                if (limit != null && !isBefore(from, limit)) {
                    stand(last);
                    return;
                }
                decided = from;
                if (shows(trailer, hidden)) {
                    add(into, from, keysOnly);
                    last = from;
                    left--;
                    passed = 0;
                }
            }
            if (count == 0) {
                break;
            }
        }
        stand(last);
    }

    /** Puts the nodes behind {@code from} into {@code ahead}, at most so many, and touches their keys. */
    private int lookAhead(int from, int most) {
        if (ahead.length < most) {
            ahead = new int[most];
        }
        int count = 0;
        for (int at = points.next(from); at != SkipList.HEAD && count < most; at = points.next(at)) {
            ahead[count++] = at;
        }
        int sum = 0;
        for (int i = 0; i < count; i++) {
            int at = points.keyPosition(ahead[i]);
            int end = points.keyLength(ahead[i]) + points.valueLength(ahead[i]);
            byte[] array = arena.bytes(at);
            if (end > CACHE_LINE_BYTES) {
                sum += array[(at & Arena.BYTE_MASK) + CACHE_LINE_BYTES];
            }
            if (end > 0) {
                sum += array[at & Arena.BYTE_MASK];
            }
        }
        warmed = sum;
        return count;
    }

    @Override
    public void runBackward(EntryBatch into, long snapshot, long hidden, KeyView limit, int most, boolean keysOnly) {
        int passed = 0;
        int left = most;
        while (left > 0 && passed <= MOST_PASSED) {
            if (limit != null && limit.compareTo(bytes, keyOffset(), keyLength()) >= 0) {
                return;
            }
            int newest = SkipList.HEAD;
            int at = node;
            do { // versions come oldest first
                if (Trailer.seq(points.trailer(at)) <= snapshot) {
                    newest = at;
                }
                passed++;
                at = points.prev(at);
            } while (at != SkipList.HEAD && points.sameKey(at, node));
            if (at == SkipList.HEAD) {
                return; // the first key is left to be decided by others, so that there is one to stand on
            }
            if (newest != SkipList.HEAD && shows(points.trailer(newest), hidden)) {
                add(into, newest, keysOnly);
                left--;
                passed = 0;
            }
            stand(at);
        }
    }

    private static boolean shows(long trailer, long hidden) {
        return Trailer.seq(trailer) >= hidden && Trailer.kind(trailer) == Trailer.PUT;
    }

    private boolean isBefore(int at, KeyView limit) {
        int key = points.keyPosition(at);
        return limit.compareTo(arena.bytes(key), key & Arena.BYTE_MASK, points.keyLength(at)) > 0;
    }

    private void add(EntryBatch into, int at, boolean keysOnly) {
        int key = points.keyPosition(at);
        byte[] array = arena.bytes(key);
        int place = key & Arena.BYTE_MASK;
        int length = points.keyLength(at);
        into.add(array, place, length, array, place + length, keysOnly ? 0 : points.valueLength(at));
    }

    private boolean stand(int at) {
        node = at;
        if (at == SkipList.HEAD) {
            return false;
        }
        position = points.keyPosition(at);
        bytes = arena.bytes(position);
        return true;
    }

    @Override
    public boolean valid() {
        return node != SkipList.HEAD;
    }

    @Override
    public byte[] keyArray() {
        return bytes;
    }

    @Override
    public int keyOffset() {
        return position & Arena.BYTE_MASK;
    }

    @Override
    public int keyLength() {
        return points.keyLength(node);
    }

    @Override
    public long trailer() {
        return points.trailer(node);
    }

    @Override
    public byte[] valueArray() {
        return bytes;
    }

    @Override
    public int valueOffset() {
        return (position & Arena.BYTE_MASK) + points.keyLength(node);
    }

    @Override
    public int valueLength() {
        return points.valueLength(node);
    }

    @Override
    public void close() {
        node = SkipList.HEAD;
    }
}
