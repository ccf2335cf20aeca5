package org.mosslsm.sql.exec.spill;

import java.util.ArrayList;
import java.util.List;

/**
 * Rows divided by the hash of their keys, so that equal keys meet in one part and a part fits into memory where the whole
 * did not. A part that still does not is divided again, at the next level, by other bits of the hash. Thread safety: none.
 */
public final class Partitions implements AutoCloseable {
    private static final int BITS = 4;

    /** Parts of one division: each costs a buffer. */
    public static final int COUNT = 1 << BITS;

    /** Divisions after which the hash has no bits left: what is then still together has equal keys, or as good as. */
    public static final int LEVELS = 32 / BITS;

    private final int level;
    private final List<RowFile> files = new ArrayList<>();

    /** Empty parts for rows of that many columns; levels count from 0. */
    public Partitions(Workspace workspace, int level, int columns) {
        this.level = level;
        for (int i = 0; i < COUNT; i++) {
            files.add(new RowFile(workspace, columns));
        }
    }

    /** Adds a row to the part of a key with that hash code. */
    public void add(int hash, Object[] row) {
        files.get(part(hash)).add(row);
    }

    private int part(int hash) {
        int mixed = hash * 0x9E3779B1; // neighbours differ in their upper bits now
        return mixed >>> (32 - BITS * (level + 1)) & (COUNT - 1);
    }

    /** The level after this. */
    public int nextLevel() {
        return level + 1;
    }

    /** Part {@code i}; whoever takes it closes it, or closes all. */
    public RowFile file(int i) {
        return files.get(i);
    }

    /** Deletes all parts; harmless when repeated. */
    @Override
    public void close() {
        files.forEach(RowFile::close);
    }
}
