package org.mosslsm.kv.lsm.compact;

import org.mosslsm.kv.lsm.version.Version;

/**
 * The sizes a leveled tree aims at.
 *
 * @param level0Tables tables in level 0 from which on they are merged down: fewer make reads cheaper, more make writes
 *     cheaper, since each round rewrites the level below
 * @param baseBytes greatest target of the first level below 0, in bytes: larger means fewer levels and so less rewriting,
 *     but more rewritten in each merge of level 0
 * @param multiplier how much larger each level is than the one above: 10 keeps nine tenths of the data in the last level
 * @param tableBytes size at which an output is ended, in bytes: small ones make finer choices possible, large ones cost
 *     fewer files
 */
public record LevelShape(int level0Tables, long baseBytes, int multiplier, long tableBytes) {
    /** An output is ended early when it overlaps so many times its size in the level below the one it goes to. */
    static final int MAX_GRANDPARENT_OVERLAP = 10;

    private static final long LARGEST_TABLE = 32L << 20;

    /** Checks the ranges. */
    public LevelShape {
        if (level0Tables < 1 || baseBytes < 1 || multiplier < 2 || tableBytes < 1) {
            throw new IllegalArgumentException("level 0 of " + level0Tables + " tables, base of " + baseBytes
                    + " bytes, multiplier " + multiplier + ", tables of " + tableBytes + " bytes");
        }
    }

    /** How many tables of level 0 lie over one key, at most: what a read may have to look at. */
    public static int level0Depth(Version version) {
        return Level0.depth(version);
    }

    /** The usual shape: level 0 of four full memtables, a first level as large as those, tables of one memtable. */
    public static LevelShape forMemTables(long memtableBytes) {
        return new LevelShape(4, 4 * memtableBytes, 10, Math.min(memtableBytes, LARGEST_TABLE));
    }
}
