package org.mosslsm.kv.txn;

import java.util.Arrays;

/**
 * An ordered map of byte keys whose past states stay readable: a B-tree that copies on write.
 *
 * <pre>
 *            [ -, k4, k7 ]              inner: children[i] holds the keys from keys[i] on; keys[0] is never compared
 *           /     |      \
 *   [k1 k2 k3] [k4 k5 k6] [k7 k8]       leaf: keys and values side by side
 * </pre>
 *
 * <p>Invariants:
 *
 * <ol>
 *   <li>A node whose {@code epoch} is the tree's is reachable from the tree's root only and is changed in place. Any
 *       other node may be shared with a frozen {@link State} and is never changed again; a write copies the path to it.
 *   <li>{@link #freeze} and {@link #restore} begin a new epoch, so every node reachable at that time is shared.
 *   <li>No reachable node is empty, except that the root is {@code null} when the tree is. Nodes may be underfull: only a
 *       range delete removes entries, and depth shrinks with the root.
 * </ol>
 *
 * <p>So a mark costs one object, rolling back one assignment, and a scan runs over a frozen state while writes go on;
 * within one statement, writes cost what they cost in any B-tree. Keys and values are kept, not copied.
 *
 * <p>Thread safety: one thread at a time; frozen states may be read by any thread they were handed to.
 */
final class WriteTree {
    /** Entries in a node: 32 keys are five comparisons, and a path copy of three levels stays near a kilobyte. */
    static final int NODE_ENTRIES = 32;

    /** What a fresh node has room for: most transactions write a handful of entries. */
    private static final int FIRST_ENTRIES = 4;

    /** Memory an entry takes beside its bytes: two array headers, two references and its share of nodes. */
    private static final int ENTRY_OVERHEAD_BYTES = 48;

    /** A state of the tree that will not change. */
    record State(Node root, int count, long bytes) {
        static final State EMPTY = new State(null, 0, 0);

        boolean isEmpty() {
            return root == null;
        }
    }

    /** A node; see the picture. Fields change only as invariant 1 allows. */
    static final class Node {
        final long epoch;
        final Node[] children; // null in a leaf
        int size;
        byte[][] keys;
        byte[][] values; // null in an inner node

        private Node(long epoch, int size, byte[][] keys, byte[][] values, Node[] children) {
            this.epoch = epoch;
            this.size = size;
            this.keys = keys;
            this.values = values;
            this.children = children;
        }

        boolean isLeaf() {
            return children == null;
        }

        /** As {@link #lowerBound}, quick where the key comes after all others: keys are often written in order. */
        int insertionPoint(byte[] key) {
            return size > 0 && Arrays.compareUnsigned(keys[size - 1], key) < 0 ? size : lowerBound(key);
        }

        /** Index of the first key {@code >= key}, or {@code size}. */
        int lowerBound(byte[] key) {
            int low = 0;
            int high = size;
            while (low < high) {
                int middle = (low + high) >>> 1;
                if (Arrays.compareUnsigned(keys[middle], key) < 0) {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
            return low;
        }

        /** Index of the child that holds {@code key} if any does. */
        int childIndex(byte[] key) {
            if (size == 1 || Arrays.compareUnsigned(keys[size - 1], key) <= 0) {
                return size - 1; // as insertionPoint
            }
            int low = 1;
            int high = size;
            while (low < high) {
                int middle = (low + high) >>> 1;
                if (Arrays.compareUnsigned(keys[middle], key) <= 0) {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
            return low - 1;
        }
    }

    private Node root;
    private int count;
    private long bytes;
    private long epoch;

    boolean isEmpty() {
        return root == null;
    }

    /** Number of entries. */
    int count() {
        return count;
    }

    /** About how much memory the entries take, in bytes. */
    long bytes() {
        return bytes;
    }

    /** Bytes of the keys and values alone. */
    long payloadBytes() {
        return bytes - (long) ENTRY_OVERHEAD_BYTES * count;
    }

    /** The present state, kept for good. */
    State freeze() {
        epoch++;
        return root == null ? State.EMPTY : new State(root, count, bytes);
    }

    /** Goes back to a state of this tree. */
    void restore(State state) {
        epoch++;
        root = state.root();
        count = state.count();
        bytes = state.bytes();
    }

    /** The value under {@code key}, or {@code null}. */
    byte[] get(byte[] key) {
        return get(root, key);
    }

    static byte[] get(Node root, byte[] key) {
        if (root == null) {
            return null;
        }
        Node node = root;
        while (!node.isLeaf()) {
            node = node.children[node.childIndex(key)];
        }
        int i = node.lowerBound(key);
        return i < node.size && Arrays.equals(node.keys[i], key) ? node.values[i] : null;
    }

    /** Sets the value under {@code key}; returns the one it had, or {@code null}. */
    byte[] put(byte[] key, byte[] value) {
        if (root == null) {
            root = new Node(epoch, 0, new byte[FIRST_ENTRIES][], new byte[FIRST_ENTRIES][], null);
        } else if (root.size == NODE_ENTRIES) {
            Node top = new Node(epoch, 1, new byte[NODE_ENTRIES][], null, new Node[NODE_ENTRIES]);
            top.children[0] = root;
            splitChild(top, 0, key);
            root = top;
        }
        root = owned(root);
        Node node = root;
        while (!node.isLeaf()) {
            int i = node.childIndex(key);
            if (node.children[i].size == NODE_ENTRIES) {
                splitChild(node, i, key);
                i = node.childIndex(key);
            }
            node.children[i] = owned(node.children[i]);
            node = node.children[i];
        }
        return putInLeaf(node, key, value);
    }

    /** Removes the entry of {@code key}. */
    void remove(byte[] key) {
        removeRange(key, Arrays.copyOf(key, key.length + 1));
    }

    /** Removes the entries of {@code [lo, hi)}; {@code hi} is {@code null} for no upper bound. */
    void removeRange(byte[] lo, byte[] hi) {
        if (root == null) {
            return;
        }
        root = remove(root, lo, hi);
        while (root != null && !root.isLeaf() && root.size == 1) {
            root = root.children[0];
        }
    }

    private byte[] putInLeaf(Node leaf, byte[] key, byte[] value) {
        int i = leaf.insertionPoint(key);
        if (i < leaf.size && Arrays.equals(leaf.keys[i], key)) {
            byte[] before = leaf.values[i];
            bytes += value.length - before.length;
            leaf.values[i] = value;
            return before;
        }
        if (leaf.size == leaf.keys.length) {
            leaf.keys = Arrays.copyOf(leaf.keys, leaf.size * 2);
            leaf.values = Arrays.copyOf(leaf.values, leaf.size * 2);
        }
        System.arraycopy(leaf.keys, i, leaf.keys, i + 1, leaf.size - i);
        System.arraycopy(leaf.values, i, leaf.values, i + 1, leaf.size - i);
        leaf.keys[i] = key;
        leaf.values[i] = value;
        leaf.size++;
        count++;
        bytes += cost(key, value);
        return null;
    }

    /** Splits the full child {@code i} of the owned node {@code parent}, before {@code key} is put below it. */
    private void splitChild(Node parent, int i, byte[] key) {
        Node child = parent.children[i];
        // Ascending inserts leave full nodes behind them; all others halve.
        boolean atEnd = Arrays.compareUnsigned(key, child.keys[NODE_ENTRIES - 1]) > 0;
        int cut = atEnd ? NODE_ENTRIES - 1 : NODE_ENTRIES / 2;
        Node left = part(child, 0, cut);
        Node right = part(child, cut, NODE_ENTRIES);
        System.arraycopy(parent.keys, i + 1, parent.keys, i + 2, parent.size - i - 1);
        System.arraycopy(parent.children, i + 1, parent.children, i + 2, parent.size - i - 1);
        parent.children[i] = left;
        parent.children[i + 1] = right;
        parent.keys[i + 1] = right.keys[0];
        parent.size++;
    }

    private Node part(Node node, int from, int to) {
        byte[][] values = node.isLeaf() ? slice(node.values, from, to) : null;
        Node[] children = node.isLeaf() ? null : new Node[NODE_ENTRIES];
        if (children != null) {
            System.arraycopy(node.children, from, children, 0, to - from);
        }
        return new Node(epoch, to - from, slice(node.keys, from, to), values, children);
    }

    private static byte[][] slice(byte[][] arrays, int from, int to) {
        byte[][] slice = new byte[NODE_ENTRIES][];
        System.arraycopy(arrays, from, slice, 0, to - from);
        return slice;
    }

    /** Invariant 1: the node itself when it is ours alone, else a copy that is. */
    private Node owned(Node node) {
        if (node.epoch == epoch) {
            return node;
        }
        return new Node(
                epoch,
                node.size,
                node.keys.clone(),
                node.isLeaf() ? node.values.clone() : null,
                node.isLeaf() ? null : node.children.clone());
    }

    /** The node without the keys of the range; {@code null} when nothing is left. */
    private Node remove(Node node, byte[] lo, byte[] hi) {
        return node.isLeaf() ? removeFromLeaf(node, lo, hi) : removeFromInner(node, lo, hi);
    }

    private Node removeFromLeaf(Node node, byte[] lo, byte[] hi) {
        int from = node.lowerBound(lo);
        int to = hi == null ? node.size : Math.max(from, node.lowerBound(hi));
        if (from == to) {
            return node;
        }
        for (int i = from; i < to; i++) {
            bytes -= cost(node.keys[i], node.values[i]);
        }
        count -= to - from;
        if (to - from == node.size) {
            return null;
        }
        Node leaf = owned(node);
        closeGap(leaf.keys, from, to, leaf.size);
        closeGap(leaf.values, from, to, leaf.size);
        leaf.size -= to - from;
        return leaf;
    }

    private Node removeFromInner(Node node, byte[] lo, byte[] hi) {
        int first = node.childIndex(lo);
        int last = hi == null ? node.size - 1 : Math.max(first, node.childIndex(hi));
        Node inner = owned(node);
        int kept = first;
        for (int i = first; i < inner.size; i++) {
            Node child = i <= last ? remove(inner.children[i], lo, hi) : inner.children[i];
            if (child != null) {
                inner.keys[kept] = inner.keys[i];
                inner.children[kept++] = child;
            }
        }
        Arrays.fill(inner.keys, kept, inner.size, null);
        Arrays.fill(inner.children, kept, inner.size, null);
        inner.size = kept;
        return kept == 0 ? null : inner;
    }

    private static void closeGap(Object[] array, int from, int to, int size) {
        System.arraycopy(array, to, array, from, size - to);
        Arrays.fill(array, size - (to - from), size, null);
    }

    private static long cost(byte[] key, byte[] value) {
        return (long) key.length + value.length + ENTRY_OVERHEAD_BYTES;
    }
}
