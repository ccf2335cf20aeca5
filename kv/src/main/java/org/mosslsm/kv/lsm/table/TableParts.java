package org.mosslsm.kv.lsm.table;

/**
 * What an open table keeps in memory so that blocks are found: index, the slots of its cached blocks, the filter once some
 * keys were looked for, and, once somebody counts, how many keys the blocks have. Charged to the {@link BlockCache}, which drops it when many tables together would
 * take too much; the table then reads it again.
 *
 * <p>Index and slots never change, and what is read later stays. Whoever holds it goes on using it after it was dropped: only
 * the cache forgets it.
 */
final class TableParts {
    final TableReader owner;
    final TableIndex index;

    final TableBlocks blocks;

    /** Null until some keys were looked for; set under the owner's monitor. */
    volatile BloomFilter filter;

    /** Keys looked for without the filter; a race costs at most a look more. */
    int looksUnread;

    /** What the cache has reserved for this; 0 while it is not admitted. Guarded by the cache's lock. */
    long charged;

    /** Null until somebody counts: two threads may read it at once, and find the same. */
    volatile BlockCounts blockCounts;

    /** Set by a use, cleared when the cache looks for what to drop; a race costs at most one drop too early. */
    boolean touched;

    TableParts(TableReader owner, TableIndex index) {
        this.owner = owner;
        this.index = index;
        this.blocks = new TableBlocks(index.count());
    }

    /** Memory held, in bytes; more once the filter is there. */
    long charge() {
        BloomFilter here = filter;
        return index.byteSize() + (4L + 2L) * index.count() + (here == null ? 0 : here.byteSize());
    }
}
