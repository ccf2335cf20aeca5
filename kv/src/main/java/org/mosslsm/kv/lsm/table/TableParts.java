package org.mosslsm.kv.lsm.table;

/**
 * What an open table keeps in memory so that blocks are found: index, filter, the slots of its cached blocks, and, once
 * somebody counts, how many keys they have. Charged to the {@link BlockCache}, which drops it when many tables together would
 * take too much; the table then reads it again.
 *
 * <p>Immutable but for {@code touched} and {@code blockCounts}. Whoever holds it goes on using it after it was dropped: only
 * the cache forgets it.
 */
final class TableParts {
    final TableReader owner;
    final TableIndex index;

    /** Null where the table was written without one, or it is damaged. */
    final BloomFilter filter;

    final TableBlocks blocks;

    /** Null until somebody counts: two threads may read it at once, and find the same. */
    volatile BlockCounts blockCounts;

    /** Set by a use, cleared when the cache looks for what to drop; a race costs at most one drop too early. */
    boolean touched;

    TableParts(TableReader owner, TableIndex index, BloomFilter filter) {
        this.owner = owner;
        this.index = index;
        this.filter = filter;
        this.blocks = new TableBlocks(index.count());
    }

    /** Memory held, in bytes. */
    long charge() {
        return index.byteSize() + (4L + 2L) * index.count() + (filter == null ? 0 : filter.byteSize());
    }
}
