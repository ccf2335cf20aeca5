package org.mosslsm.kv.lsm.table;

import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The cached blocks of one table: a slot for each data block, which the index search has numbered already. A hit is one
 * load and no hashing.
 *
 * <p>Thread-safe: slots are filled and emptied by {@link BlockCache} under its lock, and read by anyone without.
 */
final class TableBlocks {
    private final AtomicReferenceArray<Block> slots;

    /** Whether the table is closed, so that nothing may enter any more; guarded by the cache's lock. */
    boolean closed;

    TableBlocks(int count) {
        slots = new AtomicReferenceArray<>(count);
    }

    /** The cached block, marked as used, or null. */
    Block get(int ordinal) {
        Block block = slots.getAcquire(ordinal);
        if (block != null && !block.touched) {
            block.touched = true;
        }
        return block;
    }

    void set(int ordinal, Block block) {
        slots.setRelease(ordinal, block);
    }

    int count() {
        return slots.length();
    }
}
