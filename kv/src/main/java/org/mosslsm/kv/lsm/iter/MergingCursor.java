package org.mosslsm.kv.lsm.iter;

import java.util.Arrays;
import org.mosslsm.kv.EntryBatch;
import org.mosslsm.kv.lsm.entry.EntryCursor;
import org.mosslsm.kv.lsm.entry.EntryOrder;
import org.mosslsm.kv.lsm.entry.Fence;
import org.mosslsm.kv.lsm.entry.KeyView;
import org.mosslsm.kv.lsm.entry.Trailer;

/**
 * Walks the entries of several sources as one sorted sequence: a binary heap of child numbers, ordered by what each child
 * stands on. No entry is dropped; what a snapshot may see is decided above, in {@link VisibleCursor} or a compaction.
 *
 * <p>Invariants, while the cursor is valid:
 *
 * <ol>
 *   <li>Walking forward, every child stands on its first entry that is not before the current one, or is past its end;
 *       walking backward, on its last entry that is not behind it, or is past its beginning.
 *   <li>The heap holds exactly the children that stand on an entry; its root is the current one. {@code fences[c]} and
 *       {@code furtherFences[c]} are {@link Fence#signed} of the first sixteen bytes of the key child {@code c} stands on,
 *       {@code lengths[c]} is its length, so that most comparisons touch no key. Sixteen, because the keys of one table or
 *       index often begin alike.
 *   <li>A change of direction positions every child anew by a seek, so that 1 holds again.
 * </ol>
 *
 * <p>Allocates nothing after its construction. Thread safety: none.
 */
public final class MergingCursor extends EntryCursor {
    /** After so many versions of one key a seek is cheaper than more steps. */
    private static final int MAX_VERSIONS = 8;

    private final EntryCursor[] children;

    /** Greatest sequence number child {@code c} can hold. */
    private final long[] maxSeqs;

    private final long[] fences;
    private final long[] furtherFences;
    private final int[] lengths;
    private final int[] heap;
    private final KeyView otherKey = new KeyView();

    /** The key that {@link #passDead} passes. */
    private final KeptKey dead = new KeptKey();

    /** Children before this one are upper sources: memtables, and tables that a merge would put among the rest. */
    private final int upper;

    /** How often the walk forward left an upper source for another one. */
    private long turns;

    private final RunTrials runs = new RunTrials();
    private int size;
    private boolean forward = true;

    /** Merges the children, which it owns from now on. */
    public MergingCursor(EntryCursor[] children) {
        this(children, unbounded(children.length));
    }

    MergingCursor(EntryCursor[] children, long[] maxSeqs) {
        this(children, maxSeqs, 0);
    }

    /**
     * As above; {@code maxSeqs[c]} is the greatest sequence number in child {@code c}, for {@link #skipForward}; what stands
     * behind that of the last child is not looked at. The first {@code upper} children are memtables and tables that a merge
     * would put among the rest, for {@link #takeTurns}.
     */
    public MergingCursor(EntryCursor[] children, long[] maxSeqs, int upper) {
        this.upper = upper;
        this.children = children;
        this.maxSeqs = maxSeqs;
        this.fences = new long[children.length];
        this.furtherFences = new long[children.length];
        this.lengths = new int[children.length];
        this.heap = new int[children.length];
    }

    private static long[] unbounded(int n) {
        long[] all = new long[n];
        Arrays.fill(all, Long.MAX_VALUE);
        return all;
    }

    // Positioning

    @Override
    public boolean seekFirst() {
        restart(true);
        for (int c = 0; c < children.length; c++) {
            enter(c, children[c].seekFirst());
        }
        return heapify();
    }

    @Override
    public boolean seekLast() {
        restart(false);
        for (int c = 0; c < children.length; c++) {
            enter(c, children[c].seekLast());
        }
        return heapify();
    }

    @Override
    public boolean seek(byte[] key, int offset, int length, long trailer) {
        restart(true);
        for (int c = 0; c < children.length; c++) {
            enter(c, children[c].seek(key, offset, length, trailer));
        }
        return heapify();
    }

    @Override
    public boolean seekForPrev(byte[] key, int offset, int length, long trailer) {
        restart(false);
        for (int c = 0; c < children.length; c++) {
            enter(c, children[c].seekForPrev(key, offset, length, trailer));
        }
        return heapify();
    }

    @Override
    public boolean next() {
        if (!forward) {
            turn(true);
        }
        int top = heap[0];
        boolean on = replaceRoot(top, children[top].next());
        if (top < upper && on && heap[0] != top) {
            turns++;
        }
        return on;
    }

    /** How many times since the last call the walk forward left an upper source for another one. */
    long takeTurns() {
        long taken = turns;
        turns = 0;
        return taken;
    }

    @Override
    public boolean prev() {
        if (forward) {
            turn(false);
        }
        int top = heap[0];
        return replaceRoot(top, children[top].prev());
    }

    /** Positions all children but the current one for the other direction; the current one stays the root. */
    private void turn(boolean toForward) {
        int top = heap[0];
        EntryCursor current = children[top];
        restart(toForward);
        enter(top, true);
        for (int c = 0; c < children.length; c++) {
            if (c != top) {
                // The current entry's own place: no other child holds it, so the neighbour on the right side is found.
                boolean on = toForward
                        ? children[c].seek(
                                current.keyArray(), current.keyOffset(), current.keyLength(), current.trailer())
                        : children[c].seekForPrev(
                                current.keyArray(), current.keyOffset(), current.keyLength(), current.trailer());
                enter(c, on);
            }
        }
        heapify();
        assert heap[0] == top : "an entry stands in two sources";
    }

    /**
     * Walking forward over entries that a range tombstone of {@code seq} hides, up to {@code key}: moves every child that
     * holds nothing as new as {@code seq} straight there, and others as far as that is known of them. The current entry may be
     * among what is skipped.
     */
    public boolean skipForward(long seq, byte[] key) {
        assert forward;
        restart(true);
        for (int c = 0; c < children.length; c++) {
            EntryCursor child = children[c];
            boolean on = child.valid();
            if (on && isBefore(child, key)) {
                on = maxSeqs[c] < seq ? child.seek(key, 0, key.length, Trailer.FIRST) : child.passOlder(seq, key, true);
            }
            enter(c, on);
        }
        return heapify();
    }

    /** As {@link #skipForward}, walking backward: over everything from {@code key} on. */
    public boolean skipBackward(long seq, byte[] key) {
        assert !forward;
        restart(false);
        for (int c = 0; c < children.length; c++) {
            EntryCursor child = children[c];
            boolean on = child.valid();
            if (on && !isBefore(child, key)) {
                // Nothing has so great a trailer: what is found is the last entry of an earlier key.
                on = maxSeqs[c] < seq
                        ? child.seekForPrev(key, 0, key.length, Trailer.FIRST)
                        : child.passOlder(seq, key, false);
            }
            enter(c, on);
        }
        return heapify();
    }

    private static boolean isBefore(EntryCursor child, byte[] key) {
        return EntryOrder.compareKeys(child.keyArray(), child.keyOffset(), child.keyLength(), key, 0, key.length) < 0;
    }

    /**
     * Walking forward, passes over keys before {@code limit} (null: none) whose newest version is a delete that {@code
     * snapshot} sees, with all their versions; ends on the first version of another key, or after {@code most} entries or a
     * few more. Does nothing where the current entry, which must be the first of its key, is none of these.
     *
     * @return entries passed
     */
    public int passDead(long snapshot, KeyView limit, int most) {
        assert forward;
        passOver(true);
        try {
            int passed = 0;
            while (size > 0 && passed < most && keepDead(heap[0], snapshot, limit)) {
                passed += passVersions();
            }
            return passed;
        } finally {
            passOver(false);
        }
    }

    /** Whether a child stands on a delete to be passed; keeps its key. */
    private boolean keepDead(int c, long snapshot, KeyView limit) {
        EntryCursor child = children[c];
        long trailer = child.trailer();
        if (Trailer.hasValue(trailer) || Trailer.seq(trailer) > snapshot) {
            return false;
        }
        if (limit != null && limit.compareTo(child.keyArray(), child.keyOffset(), lengths[c]) <= 0) {
            return false;
        }
        dead.keep(child.keyArray(), child.keyOffset(), lengths[c], fences[c], furtherFences[c]);
        return true;
    }

    /** Passes the entries of the key in {@code dead}; returns how many. */
    private int passVersions() {
        int passed = 0;
        do {
            if (++passed < MAX_VERSIONS) {
                int top = heap[0];
                replaceRoot(top, children[top].next());
            } else {
                seek(dead.array(), 0, dead.length(), Trailer.LAST);
            }
        } while (size > 0 && standsOn(dead));
        return passed;
    }

    /** Whether the current entry is of that key. */
    boolean standsOn(KeptKey key) {
        int top = heap[0];
        int length = lengths[top];
        if (!key.hasFences(length, fences[top], furtherFences[top])) {
            return false;
        }
        return length <= KeptKey.FENCE_BYTES || key.is(children[top].keyArray(), children[top].keyOffset(), length);
    }

    @Override
    public void passOver(boolean on) {
        for (EntryCursor child : children) {
            child.passOver(on);
        }
    }

    // Runs: as long as one child alone holds what comes next, it delivers it without the merge

    @Override
    public void runForward(EntryBatch into, long snapshot, long hidden, KeyView limit, int most, boolean keysOnly) {
        assert forward;
        int before = into.size();
        if (size == 1 || (size > 1 && runs.isDue())) {
            int top = heap[0];
            children[top].runForward(into, snapshot, hidden, endOfRun(limit), most, keysOnly);
            runs.ran(into.size() - before);
            keepFences(top);
        }
    }

    @Override
    public void runBackward(EntryBatch into, long snapshot, long hidden, KeyView limit, int most, boolean keysOnly) {
        assert !forward;
        int before = into.size();
        if (size == 1 || (size > 1 && runs.isDue())) {
            int top = heap[0];
            children[top].runBackward(into, snapshot, hidden, endOfRun(limit), most, keysOnly);
            runs.ran(into.size() - before);
            replaceRoot(top, true);
        }
    }

    @Override
    public long countForward(long snapshot, long hidden, KeyView limit) {
        assert forward;
        int top = heap[0];
        long passed = children[top].countForward(snapshot, hidden, endOfRun(limit));
        if (passed > 0) {
            replaceRoot(top, children[top].valid());
        }
        return passed;
    }

    /** Where the current child is alone no more: at the limit, or where another one stands before that. */
    private KeyView endOfRun(KeyView limit) {
        if (size == 1) {
            return limit;
        }
        EntryCursor other = children[second()];
        int order = limit == null ? 0 : limit.compareTo(other.keyArray(), other.keyOffset(), other.keyLength());
        boolean otherIsNearer = limit == null || (forward ? order > 0 : order < 0);
        return otherIsNearer ? otherKey.set(other.keyArray(), other.keyOffset(), other.keyLength()) : limit;
    }

    /** The child that stands on the entry after the current one, unless the current child holds that too. */
    private int second() {
        return size > 2 && comesBefore(heap[2], heap[1]) ? heap[2] : heap[1];
    }

    /** Whether the current entry, and more of its source, can be skipped by a tombstone of {@code seq}. */
    public boolean skippable(long seq) {
        return maxSeqs[heap[0]] < seq || children[heap[0]].isAmongOlder(seq);
    }

    /** Leaves all entries: the cursor is then not valid until the next seek. */
    public void leave() {
        size = 0;
    }

    // The heap

    private void restart(boolean toForward) {
        forward = toForward;
        size = 0;
    }

    private void enter(int child, boolean on) {
        if (on) {
            heap[size++] = child;
            keepFences(child);
        }
    }

    private boolean heapify() {
        for (int i = size / 2 - 1; i >= 0; i--) {
            siftDown(i);
        }
        return size > 0;
    }

    private boolean replaceRoot(int child, boolean on) {
        if (on) {
            keepFences(child);
        } else {
            heap[0] = heap[--size];
            if (size == 0) {
                return false;
            }
        }
        if (size > 1) {
            siftDown(0);
        }
        return true;
    }

    private void siftDown(int start) {
        int i = start;
        int moving = heap[i];
        while (true) {
            int first = 2 * i + 1;
            if (first >= size) {
                break;
            }
            if (first + 1 < size && comesBefore(heap[first + 1], heap[first])) {
                first++;
            }
            if (!comesBefore(heap[first], moving)) {
                break;
            }
            heap[i] = heap[first];
            i = first;
        }
        heap[i] = moving;
    }

    private boolean comesBefore(int a, int b) {
        long fenceA = fences[a];
        long fenceB = fences[b];
        if (fenceA != fenceB) {
            return forward == (fenceA < fenceB);
        }
        long furtherA = furtherFences[a];
        long furtherB = furtherFences[b];
        if (furtherA != furtherB) {
            return forward == (furtherA < furtherB);
        }
        EntryCursor ca = children[a];
        EntryCursor cb = children[b];
        if (lengths[a] <= KeptKey.FENCE_BYTES && lengths[b] <= KeptKey.FENCE_BYTES) {
            // The fences are the keys, padded with zeros: a key that is the beginning of another one comes first.
            return forward == (lengths[a] != lengths[b] ? lengths[a] < lengths[b] : ca.trailer() > cb.trailer());
        }
        int order = EntryOrder.compare(
                ca.keyArray(),
                ca.keyOffset(),
                ca.keyLength(),
                ca.trailer(),
                cb.keyArray(),
                cb.keyOffset(),
                cb.keyLength(),
                cb.trailer());
        return forward ? order < 0 : order > 0;
    }

    private void keepFences(int c) {
        EntryCursor child = children[c];
        byte[] key = child.keyArray();
        int offset = child.keyOffset();
        int length = child.keyLength();
        fences[c] = Fence.signed(key, offset, length);
        furtherFences[c] = KeptKey.furtherFence(key, offset, length);
        lengths[c] = length;
    }

    /** The fence of the current key. */
    long rootFence() {
        return fences[heap[0]];
    }

    /** The fence of what follows the first eight bytes of the current key. */
    long rootFurtherFence() {
        return furtherFences[heap[0]];
    }

    // The current entry

    @Override
    public boolean valid() {
        return size > 0;
    }

    @Override
    public byte[] keyArray() {
        return children[heap[0]].keyArray();
    }

    @Override
    public int keyOffset() {
        return children[heap[0]].keyOffset();
    }

    @Override
    public int keyLength() {
        return children[heap[0]].keyLength();
    }

    @Override
    public long trailer() {
        return children[heap[0]].trailer();
    }

    @Override
    public byte[] valueArray() {
        return children[heap[0]].valueArray();
    }

    @Override
    public int valueOffset() {
        return children[heap[0]].valueOffset();
    }

    @Override
    public int valueLength() {
        return children[heap[0]].valueLength();
    }

    @Override
    public void close() {
        size = 0;
        for (EntryCursor child : children) {
            child.close();
        }
    }
}
