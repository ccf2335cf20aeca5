package org.mosslsm.kv.lsm.table;

/**
 * How a table is written. Nothing here is needed to read it.
 *
 * @param blockBytes uncompressed size at which a data block is closed, in bytes: 4 KB reads least for a point get, 16 KB
 *     compresses a little better (2 % from 4 to 8 KB) and needs a quarter of the index; 1 KB to 128 KB (larger arrays would be
 *     humongous to G1)
 * @param compression of data blocks, where it saves at least an eighth
 * @param filterBitsPerKey bits of Bloom filter a distinct user key; 10 give about 1 % false positives, 0 writes no filter
 * @param restartInterval entries between keys stored whole: fewer make seeks faster, more make blocks smaller. 4 against
 *     16 costs 3 % of the size with LZ4 and entries of 120 bytes, and saves a fifth of a point read in memory
 */
public record TableOptions(int blockBytes, Compression compression, int filterBitsPerKey, int restartInterval) {
    /** 4 KB blocks, uncompressed, 10 bits a key: for the upper levels, which are short-lived. */
    public static final TableOptions UPPER = new TableOptions(4 << 10, Compression.NONE, 10, 4);

    /** 4 KB blocks, LZ4, 10 bits a key: for level 2 and deeper, where most of the data lives. */
    public static final TableOptions LOWER = new TableOptions(4 << 10, Compression.LZ4, 10, 4);

    /** Checks the ranges. */
    public TableOptions {
        check("blockBytes", blockBytes, 1 << 10, 128 << 10);
        check("filterBitsPerKey", filterBitsPerKey, 0, 40);
        check("restartInterval", restartInterval, 1, 1024);
    }

    private static void check(String name, int value, int lo, int hi) {
        if (value < lo || value > hi) {
            throw new IllegalArgumentException(name + " is " + value + ", not in " + lo + ".." + hi);
        }
    }
}
