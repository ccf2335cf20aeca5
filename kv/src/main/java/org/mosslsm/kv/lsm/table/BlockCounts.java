package org.mosslsm.kv.lsm.table;

import java.util.Arrays;

/**
 * Of each data block of a table how many keys it has, where that says all: entries are puts, each of another key, none of
 * which is in another block. So a range can be counted without reading the blocks that lie within it.
 *
 * <pre>
 * block counts := n:varint *       one a data block, in order; 0 where a look at the entries has to tell
 * </pre>
 *
 * <p>Downside: two bytes a block are charged while the table's index is in memory, whether anybody counts or not.
 *
 * <p>Immutable and thread-safe. It knows nothing of sequence numbers: which entries a snapshot sees is for the caller to say.
 */
public final class BlockCounts {
    /** Of a table that says nothing: an older release wrote it. */
    public static final BlockCounts NONE = new BlockCounts(new char[0], 0);

    /** The most keys that are counted in one block, so that a count takes two bytes of memory. */
    static final int MOST = Character.MAX_VALUE;

    private final char[] counts;
    private final int size;

    private BlockCounts(char[] counts, int size) {
        this.counts = counts;
        this.size = size;
    }

    /** Number of blocks; 0 where the table says nothing. */
    int size() {
        return size;
    }

    /** Keys of block {@code i}; 0 where its entries have to be looked at. */
    int of(int i) {
        return i < size ? counts[i] : 0;
    }

    /** Keys of all blocks that are counted. */
    long sum() {
        long sum = 0;
        for (int i = 0; i < size; i++) {
            sum += counts[i];
        }
        return sum;
    }

    void encode(ByteWriter out) {
        for (int i = 0; i < size; i++) {
            out.varint(counts[i]);
        }
    }

    /**
     * Reads them all.
     *
     * @param blocks how many blocks the table has
     * @param entries how many entries it has
     * @throws org.mosslsm.kv.CorruptionException when that cannot be
     */
    static BlockCounts decode(ByteReader in, long blocks, long entries) {
        if (blocks < 0 || blocks > in.remaining()) {
            throw in.damage("counts of fewer than " + blocks + " blocks");
        }
        char[] counts = new char[(int) blocks];
        long sum = 0;
        for (int i = 0; i < counts.length; i++) {
            counts[i] = (char) in.count(MOST, "the number of keys of a block");
            sum += counts[i];
        }
        in.expectEnd("the last count of a block");
        if (sum > entries) {
            throw in.damage("blocks of " + sum + " keys in a table of " + entries + " entries");
        }
        return new BlockCounts(counts, counts.length);
    }

    /** Counts while a table is written. Not thread-safe. */
    static final class Builder {
        private char[] counts = new char[64];
        private int size;

        /** Keys of the block at hand; {@link #LOOK} where its entries have to be looked at. */
        private int keys;

        private static final int LOOK = -1;

        /** An entry of the block at hand. */
        void add(boolean newKey, boolean put) {
            if (!newKey && keys == 0 && size > 0) {
                counts[size - 1] = 0; // it began in the block before
            }
            keys = !newKey || !put || keys == LOOK || keys == MOST ? LOOK : keys + 1;
        }

        /** The block at hand is finished. */
        void endBlock() {
            if (size == counts.length) {
                counts = Arrays.copyOf(counts, 2 * size);
            }
            counts[size++] = (char) Math.max(0, keys);
            keys = 0;
        }

        /** What was counted; {@link #NONE} where no block is worth it. */
        BlockCounts build() {
            BlockCounts built = new BlockCounts(Arrays.copyOf(counts, size), size);
            return built.sum() == 0 ? NONE : built;
        }
    }
}
