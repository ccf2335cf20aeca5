package org.mosslsm.kv.txn;

/**
 * A position in a frozen state of a {@link WriteTree}: on an entry, or nowhere.
 *
 * <p>Invariant: on an entry, {@code path[0 .. depth]} leads from the root to its leaf and {@code index[d]} is the place
 * taken at each level; nowhere, {@code depth} is -1.
 *
 * <p>Thread safety: one thread at a time.
 */
final class TreeCursor implements WriteCursor {
    private final WriteTree.Node root;
    private final WriteTree.Node[] path;
    private final int[] index;
    private int depth = -1;

    TreeCursor(WriteTree.State state) {
        this.root = state.root();
        int levels = 0;
        for (WriteTree.Node node = root; node != null; node = node.isLeaf() ? null : node.children[0]) {
            levels++;
        }
        this.path = new WriteTree.Node[levels];
        this.index = new int[levels];
    }

    @Override
    public boolean valid() {
        return depth >= 0;
    }

    @Override
    public byte[] key() {
        return path[depth].keys[index[depth]];
    }

    @Override
    public byte[] value() {
        return path[depth].values[index[depth]];
    }

    @Override
    public void leave() {
        depth = -1;
    }

    @Override
    public void first() {
        depth = -1;
        if (root != null) {
            descendFirst(root);
        }
    }

    @Override
    public void last() {
        depth = -1;
        if (root != null) {
            descendLast(root);
        }
    }

    @Override
    public void ceiling(byte[] key) {
        if (!descendTo(key)) {
            return;
        }
        index[depth] = path[depth].lowerBound(key);
        if (index[depth] == path[depth].size) {
            index[depth]--;
            next();
        }
    }

    @Override
    public void lower(byte[] key) {
        if (!descendTo(key)) {
            return;
        }
        index[depth] = path[depth].lowerBound(key);
        prev();
    }

    /** Moves to the last entry whose key is {@code <= key}. */
    void floor(byte[] key) {
        ceiling(key);
        if (!valid()) {
            last();
        } else if (!java.util.Arrays.equals(key(), key)) {
            prev();
        }
    }

    @Override
    public void next() {
        while (depth >= 0 && index[depth] + 1 == path[depth].size) {
            depth--;
        }
        if (depth >= 0) {
            index[depth]++;
            if (!path[depth].isLeaf()) {
                descendFirst(path[depth].children[index[depth]]);
            }
        }
    }

    @Override
    public void prev() {
        while (depth >= 0 && index[depth] == 0) {
            depth--;
        }
        if (depth >= 0) {
            index[depth]--;
            if (!path[depth].isLeaf()) {
                descendLast(path[depth].children[index[depth]]);
            }
        }
    }

    private boolean descendTo(byte[] key) {
        depth = -1;
        WriteTree.Node node = root;
        while (node != null) {
            path[++depth] = node;
            if (node.isLeaf()) {
                return true;
            }
            index[depth] = node.childIndex(key);
            node = node.children[index[depth]];
        }
        return false;
    }

    private void descendFirst(WriteTree.Node from) {
        for (WriteTree.Node node = from; node != null; node = node.isLeaf() ? null : node.children[0]) {
            path[++depth] = node;
            index[depth] = 0;
        }
    }

    private void descendLast(WriteTree.Node from) {
        WriteTree.Node node = from;
        while (node != null) {
            path[++depth] = node;
            index[depth] = node.size - 1;
            node = node.isLeaf() ? null : node.children[node.size - 1];
        }
    }
}
