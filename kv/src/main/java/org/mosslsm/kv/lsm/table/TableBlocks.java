package org.mosslsm.kv.lsm.table;

/**
 * The cached blocks of one table: a slot for each data block, which the index search has numbered already. A hit is one
 * load and no hashing.
 *
 * <p>Thread-safe: slots are filled and emptied by {@link BlockCache} under its lock, and read by anyone without. Plain
 * reads are enough: what a reader needs of a block are final fields, which whoever meets the block sees whole; a slot seen
 * too late costs one more load of the block, under a lock that shows it.
 */
final class TableBlocks {
    private final Block[] slots;

    /** Whether the table is closed, so that nothing may enter any more; guarded by the cache's lock. */
    boolean closed;

    TableBlocks(int count) {
        slots = new Block[count];
    }

    /** The cached block, marked as used, or null. */
    Block get(int ordinal) {
        Block block = slots[ordinal];
        if (block != null && !block.touched) {
            block.touched = true;
        }
        return block;
    }

    /**
     * Touches what is cached of the block that will be wanted next, and of the one after: what it has of these costs a miss
     * of the processor's cache each, one behind the other, and this way they are on their way side by side. Returns a number
     * that means nothing.
     */
    int warm(int ordinal) {
        int after = ordinal + 1;
        if (after >= slots.length) {
            return 0;
        }
        Block next = slots[ordinal];
        Block further = slots[after];
        return (next == null ? 0 : next.warm()) + (further == null ? 0 : further.warmFields());
    }

    void set(int ordinal, Block block) {
        slots[ordinal] = block;
    }

    int count() {
        return slots.length;
    }
}
