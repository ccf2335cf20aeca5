package org.mosslsm.kv.lsm.memtable;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import org.mosslsm.kv.lsm.entry.Fence;
import org.mosslsm.kv.lsm.entry.Trailer;

/**
 * A sorted list of entries with express lanes, in an {@link Arena}. Entries are added and never changed or removed.
 *
 * <pre>
 * node (ints)   | bytes | valueLength | trailer: 2 | prev | keyLength | prefix: 4 | next[0] .. next[height - 1] |
 * at bytes      | key | value |
 *
 * level 2   head ------------------------> d ---------------> head
 * level 1   head ---------> b -----------> d -----------> f -> head
 * level 0   head <-> a <-> b <-> c <-> d <-> e <-> f <-> head      (prev links on this level only)
 * </pre>
 *
 * <p>The prefix is the key's first sixteen bytes, big-endian, padded with zeros: most comparisons end there and touch one
 * cache line of the node, the one its links are in, and none of the key. Sixteen, because the keys of one table or index
 * often begin alike. A search costs what it touches: the node that stopped it on one level is not looked at again on the
 * next.
 *
 * <p>Invariants:
 *
 * <ol>
 *   <li>Position 0 is the head. It is before the first and behind the last node, so that 0 ends a walk in both
 *       directions; its next links are the first nodes, its prev link is the last node.
 *   <li>All of a node but its links is written before it is linked, and never again.
 *   <li>Links are written with release and read with acquire, level 0 first: whoever meets a node sees all of it, and a
 *       node found on a level is on all levels below.
 *   <li>A reader may miss a node whose insert has not returned. It was written at a sequence number that is not yet
 *       visible, so no reader is entitled to it.
 *   <li>The splice (writer only): {@code before[i]} and {@code after[i]} are neighbours on level {@code i}; {@code
 *       before[i + 1] <= before[i]} and {@code after[i] <= after[i + 1]} in list order. Keys that ascend find their
 *       place in it without a search.
 * </ol>
 *
 * <p>Thread safety: one writer at a time, any number of readers beside it.
 */
final class SkipList {
    static final int HEAD = 0;

    private static final int BYTES = 0;
    private static final int VALUE_LENGTH = 1;
    private static final int TRAILER = 2;
    private static final int PREV = 4;
    private static final int KEY_LENGTH = 5;
    private static final int PREFIX = 6;
    private static final int NEXT = 10;

    private static final int PREFIX_BYTES = 16;

    /** With one node in four on the next level: enough for 4^12 = 16 million entries. */
    private static final int MAX_HEIGHT = 12;

    /** Nodes of a level that tell how many there are, to a fifth or so. */
    private static final int ENOUGH = 32;

    private static final VarHandle LINK = MethodHandles.arrayElementVarHandle(int[].class);

    private final Arena arena;
    private final int[] before = new int[MAX_HEIGHT];
    private final int[] after = new int[MAX_HEIGHT];
    private int random = 0x9E3779B9;

    /** Levels in use; a reader that sees an old value starts lower and is only slower. */
    private int height = 1;

    SkipList(Arena arena) {
        this.arena = arena;
        int head = arena.allocateInts(NEXT + MAX_HEIGHT);
        assert head == HEAD;
    }

    // Writing

    /** Adds an entry; there must be none of the same key and trailer. */
    void add(long trailer, byte[] key, int keyOffset, int keyLength, byte[] value, int valueOffset, int valueLength) {
        int at = arena.allocateBytes(keyLength + valueLength);
        byte[] bytes = arena.bytes(at);
        System.arraycopy(key, keyOffset, bytes, at & Arena.BYTE_MASK, keyLength);
        System.arraycopy(value, valueOffset, bytes, (at & Arena.BYTE_MASK) + keyLength, valueLength);

        long hi = Fence.of(key, keyOffset, keyLength);
        long lo = Fence.of(key, keyOffset + 8, keyLength - 8);
        int nodeHeight = randomHeight();
        int node = arena.allocateInts(NEXT + nodeHeight);
        int[] ints = arena.ints(node);
        int i = node & Arena.INT_MASK;
        ints[i + BYTES] = at;
        ints[i + KEY_LENGTH] = keyLength;
        ints[i + VALUE_LENGTH] = valueLength;
        putLong(ints, i + TRAILER, trailer);
        putLong(ints, i + PREFIX, hi);
        putLong(ints, i + PREFIX + 2, lo);

        height = Math.max(height, nodeHeight);
        placeSplice(hi, lo, key, keyOffset, keyLength, trailer);
        ints[i + PREV] = before[0];
        for (int level = 0; level < nodeHeight; level++) {
            ints[i + NEXT + level] = after[level];
            setLink(before[level], NEXT + level, node); // invariants 2 and 3
            before[level] = node;
        }
        setLink(after[0], PREV, node);
    }

    /** Moves the splice around (key, trailer), re-using as many of its levels as still enclose it. */
    private void placeSplice(long hi, long lo, byte[] key, int offset, int length, long trailer) {
        int level = 0;
        if (before[0] == HEAD || compare(before[0], hi, lo, key, offset, length, trailer) < 0) {
            // before[i] < key on every level (invariant 5); climb to the first where after[i] > key.
            int passed = HEAD; // already found to be before the key
            while (level < height
                    && after[level] != HEAD
                    && (after[level] == passed || compare(after[level], hi, lo, key, offset, length, trailer) < 0)) {
                passed = after[level];
                level++;
            }
        } else {
            level = height;
        }
        int node = level < height ? before[level] : HEAD;
        int known = level < height ? after[level] : HEAD; // behind the key
        while (level-- > 0) {
            int next = link(node, NEXT + level);
            while (next != known && compare(next, hi, lo, key, offset, length, trailer) < 0) {
                node = next;
                next = link(node, NEXT + level);
            }
            before[level] = node;
            after[level] = next;
            known = next;
        }
    }

    private int randomHeight() {
        random ^= random << 13;
        random ^= random >>> 17;
        random ^= random << 5;
        int bits = random;
        int h = 1;
        while (h < MAX_HEIGHT && (bits & 3) == 0) {
            h++;
            bits >>>= 2;
        }
        return h;
    }

    // Walking

    /**
     * The first node not before (key, trailer), or the head: the very one the search met. Reading the link of the node
     * before once more could meet a node inserted meanwhile, which is before (key, trailer) and hides what is there. A last
     * node that is being linked may be missed (invariant 4).
     */
    int findAtOrAfter(byte[] key, int offset, int length, long trailer) {
        long hi = Fence.of(key, offset, length);
        long lo = Fence.of(key, offset + 8, length - 8);
        // Who writes keys in order asks of each whether it is there: it is behind the last node, which is near.
        int last = link(HEAD, PREV);
        if (last == HEAD || compare(last, hi, lo, key, offset, length, trailer) < 0) {
            return HEAD;
        }
        int node = HEAD;
        int known = HEAD; // already found to be behind the target, on the level above
        for (int level = height - 1; level >= 0; level--) {
            int next = link(node, NEXT + level);
            while (next != HEAD && next != known && compare(next, hi, lo, key, offset, length, trailer) < 0) {
                node = next;
                next = link(node, NEXT + level);
            }
            known = next;
        }
        return known;
    }

    /** The last node not behind (key, trailer), or the head. */
    int findAtOrBefore(byte[] key, int offset, int length, long trailer) {
        long hi = Fence.of(key, offset, length);
        long lo = Fence.of(key, offset + 8, length - 8);
        int node = HEAD;
        int known = HEAD;
        for (int level = height - 1; level >= 0; level--) {
            int next = link(node, NEXT + level);
            while (next != HEAD && next != known && compare(next, hi, lo, key, offset, length, trailer) <= 0) {
                node = next;
                next = link(node, NEXT + level);
            }
            known = next;
        }
        return node;
    }

    /**
     * About how many nodes lie in {@code [from, to)}, {@code to} null: without end. Counted on the highest level that has
     * enough of them to tell: each stands for four to the power of the level.
     */
    long estimate(byte[] from, byte[] to) {
        long fromHi = Fence.of(from, 0, from.length);
        long fromLo = Fence.of(from, 8, from.length - 8);
        long toHi = to == null ? 0 : Fence.of(to, 0, to.length);
        long toLo = to == null ? 0 : Fence.of(to, 8, to.length - 8);
        int node = HEAD;
        for (int level = height - 1; level >= 0; level--) {
            int at = link(node, NEXT + level);
            while (at != HEAD && compare(at, fromHi, fromLo, from, 0, from.length, Trailer.FIRST) < 0) {
                node = at;
                at = link(node, NEXT + level);
            }
            int count = 0;
            while (at != HEAD && (to == null || compare(at, toHi, toLo, to, 0, to.length, Trailer.FIRST) < 0)) {
                count++;
                at = link(at, NEXT + level);
            }
            if (count >= ENOUGH || level == 0) {
                return (long) count << (2 * level);
            }
        }
        return 0;
    }

    /** The node behind {@code node}, or the head. */
    int next(int node) {
        return link(node, NEXT);
    }

    /** The node before {@code node}, or the head. */
    int prev(int node) {
        return link(node, PREV);
    }

    /** Whether {@code node} is an entry of that key. */
    boolean hasKey(int node, byte[] key, int offset, int length) {
        int[] ints = arena.ints(node);
        int i = node & Arena.INT_MASK;
        if (ints[i + KEY_LENGTH] != length) {
            return false;
        }
        int at = ints[i + BYTES];
        int place = at & Arena.BYTE_MASK;
        return Arrays.equals(arena.bytes(at), place, place + length, key, offset, offset + length);
    }

    /** Whether two nodes are versions of one key. */
    boolean sameKey(int a, int b) {
        int[] as = arena.ints(a);
        int[] bs = arena.ints(b);
        int i = a & Arena.INT_MASK;
        int j = b & Arena.INT_MASK;
        int length = as[i + KEY_LENGTH];
        if (length != bs[j + KEY_LENGTH]
                || getLong(as, i + PREFIX + 2) != getLong(bs, j + PREFIX + 2)
                || getLong(as, i + PREFIX) != getLong(bs, j + PREFIX)) {
            return false;
        }
        if (length <= PREFIX_BYTES) {
            return true;
        }
        int at = bs[j + BYTES];
        return hasKey(a, arena.bytes(at), at & Arena.BYTE_MASK, length);
    }

    long trailer(int node) {
        return getLong(arena.ints(node), (node & Arena.INT_MASK) + TRAILER);
    }

    /** Byte position of the key; the value follows it. */
    int keyPosition(int node) {
        return arena.ints(node)[(node & Arena.INT_MASK) + BYTES];
    }

    int keyLength(int node) {
        return arena.ints(node)[(node & Arena.INT_MASK) + KEY_LENGTH];
    }

    int valueLength(int node) {
        return arena.ints(node)[(node & Arena.INT_MASK) + VALUE_LENGTH];
    }

    // Details

    private int compare(int node, long hi, long lo, byte[] key, int offset, int length, long trailer) {
        int[] ints = arena.ints(node);
        int i = node & Arena.INT_MASK;
        long nodeHi = getLong(ints, i + PREFIX);
        if (nodeHi != hi) {
            return Long.compareUnsigned(nodeHi, hi);
        }
        long nodeLo = getLong(ints, i + PREFIX + 2);
        if (nodeLo != lo) {
            return Long.compareUnsigned(nodeLo, lo);
        }
        return compareRest(ints, i, key, offset, length, trailer);
    }

    private int compareRest(int[] ints, int i, byte[] key, int offset, int length, long trailer) {
        int nodeLength = ints[i + KEY_LENGTH];
        int order;
        if (nodeLength > PREFIX_BYTES && length > PREFIX_BYTES) {
            int at = ints[i + BYTES];
            int place = at & Arena.BYTE_MASK;
            order = Arrays.compareUnsigned(
                    arena.bytes(at),
                    place + PREFIX_BYTES,
                    place + nodeLength,
                    key,
                    offset + PREFIX_BYTES,
                    offset + length);
        } else {
            // Equal prefixes, one of them perhaps padded: the shorter key then starts the longer one.
            order = Integer.compare(nodeLength, length);
        }
        return order != 0 ? order : Long.compare(trailer, getLong(ints, i + TRAILER));
    }

    private int link(int node, int field) {
        return (int) LINK.getAcquire(arena.ints(node), (node & Arena.INT_MASK) + field);
    }

    private void setLink(int node, int field, int target) {
        LINK.setRelease(arena.ints(node), (node & Arena.INT_MASK) + field, target);
    }

    private static long getLong(int[] ints, int i) {
        return (long) ints[i] << 32 | (ints[i + 1] & 0xFFFFFFFFL);
    }

    private static void putLong(int[] ints, int i, long value) {
        ints[i] = (int) (value >>> 32);
        ints[i + 1] = (int) value;
    }
}
