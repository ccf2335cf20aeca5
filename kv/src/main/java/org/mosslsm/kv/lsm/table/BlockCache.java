package org.mosslsm.kv.lsm.table;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/**
 * Keeps blocks of all tables of a store in memory, within one budget in bytes, and evicts by CLOCK.
 *
 * <pre>
 * TableBlocks of 000007.sst   [ . B . B ]            a hit reads a slot and sets the block's `touched`
 *                                 |   |
 * ring  [ B  B  B  B  B  B ]   <--+---+              a miss, when the ring is full, moves the hand: touched blocks lose
 *            ^ hand                                  the mark and stay, the first untouched one leaves
 * </pre>
 *
 * A block enters untouched: a scan that reads each block once pushes out blocks nobody reads, not those in use. Of a long walk
 * only some blocks enter once the cache is full: else a walk over a little more than fits, again and again, would always
 * push out what it comes to next, and find nothing; this way it finds most of what fits.
 *
 * <p>Invariants, under the lock:
 *
 * <ol>
 *   <li>{@code ring[0 .. size)} are exactly the cached blocks; {@code ring[b.ring] == b}, and b stands in its table's slot.
 *   <li>{@code used} is the sum of their charges; after an insert it is at most what {@link #room} allows.
 *   <li>No block of a closed table is in the ring.
 * </ol>
 *
 * <p>Blocks are plain heap objects: whoever read one may go on using it after its eviction, and nobody counts references.
 *
 * <p>Thread-safe. Hits take no lock; misses take one for some tens of nanoseconds beside their disk read. Two threads that
 * miss the same block load it once: see {@link #loadLock}.
 */
public final class BlockCache {
    /** However much the tables' indexes and filters take, blocks keep this share of the budget: 1/8. */
    private static final int BLOCK_SHARE = 8;

    /** Tables' indexes and filters beyond this share of the budget, 1/2, are dropped unless they are in use. */
    private static final int PARTS_SHARE = 2;

    private static final int LOAD_LOCKS = 64;

    /**
     * Of the blocks a long walk reads into a full cache one in so many enters: fewer keep more of what is there, but with more it
     * takes fewer walks until the cache holds what is walked over now.
     */
    private static final int WALK_ENTERS = 4;

    /** A cache with so much room left is not full. */
    private static final int SPARE_BYTES = 64 << 10;

    /** A buffer that reads a larger block is not kept: values may be large, and there are many locks. */
    private static final int MAX_KEPT_BUFFER = 16 << 10;

    private final LoadLock[] loadLocks = new LoadLock[LOAD_LOCKS];
    private final LongAdder misses = new LongAdder();
    private final LongAdder damagedFilters = new LongAdder();
    private long evictions;
    private long walked;

    private final List<TableParts> tables = new ArrayList<>();
    private int tableHand;
    private long partDrops;

    private long capacity;
    private long reserved;
    private long used;
    private Block[] ring = new Block[64];
    private int size;
    private int hand;

    /** A cache that holds up to {@code capacityBytes}, of blocks and of what is {@linkplain #reserve reserved}. */
    public BlockCache(long capacityBytes) {
        capacity = capacityBytes;
        Arrays.setAll(loadLocks, i -> new LoadLock());
    }

    /** Takes bytes from the budget for something that cannot be evicted, such as filters and indexes of open tables. */
    public synchronized void reserve(long bytes) {
        reserved += bytes;
        evictDownTo(room());
    }

    /** Gives reserved bytes back. */
    public synchronized void release(long bytes) {
        reserved -= bytes;
    }

    /** Changes the budget. */
    public synchronized void resize(long capacityBytes) {
        capacity = capacityBytes;
        evictDownTo(room());
    }

    /** Bytes held by cached blocks. */
    public synchronized long usedBytes() {
        return used;
    }

    /** Bytes reserved for what cannot be evicted. */
    public synchronized long reservedBytes() {
        return reserved;
    }

    /** The budget, in bytes. */
    public synchronized long capacityBytes() {
        return capacity;
    }

    /** Blocks that left for want of room, since the start. */
    public synchronized long evictions() {
        return evictions;
    }

    /** Blocks that had to be read from disk, since the start. */
    public long misses() {
        return misses.sum();
    }

    /** Held while a block is loaded; brings the buffer its bytes are read into, guarded by its own monitor. */
    static final class LoadLock {
        private byte[] buffer = {};

        /** An array of at least {@code bytes} bytes, for use while the lock is held. */
        byte[] buffer(int bytes) {
            if (bytes <= buffer.length) {
                return buffer;
            }
            byte[] larger = new byte[bytes + bytes / 4];
            if (larger.length <= MAX_KEPT_BUFFER) {
                buffer = larger;
            }
            return larger;
        }
    }

    /** Held while a block is loaded: a second reader of the same block waits, and then finds it in its slot. */
    LoadLock loadLock(TableBlocks table, int ordinal) {
        int hash = (System.identityHashCode(table) + ordinal) * 0x9E3779B9;
        return loadLocks[hash >>> 26];
    }

    /** Counts a block read from disk. */
    void countMiss() {
        misses.increment();
    }

    void countDamagedFilter() {
        damagedFilters.increment();
    }

    /** Tables so far whose filter was found damaged. */
    public long damagedFilters() {
        return damagedFilters.sum();
    }

    /** Puts a block just loaded into its slot, unless its table is closed or it is larger than the cache. */
    synchronized void insert(TableBlocks table, int ordinal, Block block) {
        long room = room() - block.charge();
        if (table.closed || room < 0 || table.get(ordinal) != null) {
            return;
        }
        evictDownTo(room);
        if (size == ring.length) {
            ring = Arrays.copyOf(ring, 2 * size);
        }
        block.owner = table;
        block.ordinal = ordinal;
        block.ring = size;
        ring[size++] = block;
        used += block.charge();
        table.set(ordinal, block);
    }

    /** Whether the next block that a long walk reads is to enter. */
    synchronized boolean admitsOfWalk() {
        return room() - used >= SPARE_BYTES || ++walked % WALK_ENTERS == 0;
    }

    /** Charges the parts of a table just opened, and drops those of others that are not in use where all take too much. */
    synchronized void admit(TableParts parts) {
        tables.add(parts);
        charge(parts);
    }

    /** Charges what the parts have grown by; nothing where they were dropped meanwhile. */
    synchronized void recharge(TableParts parts) {
        if (parts.charged > 0) {
            charge(parts);
        }
    }

    private void charge(TableParts parts) {
        reserved -= parts.charged;
        parts.charged = parts.charge();
        reserved += parts.charged;
        for (int looks = 2 * tables.size(); looks > 0 && reserved > capacity / PARTS_SHARE; looks--) {
            tableHand = tableHand < tables.size() ? tableHand : 0;
            TableParts next = tables.get(tableHand);
            if (next == parts || next.touched) {
                next.touched = false;
                tableHand++;
            } else {
                partDrops++;
                drop(next);
            }
        }
        evictDownTo(room());
    }

    /** Drops the parts of a table and all of its blocks; harmless when it did so before. */
    synchronized void drop(TableParts parts) {
        parts.owner.dropped(parts);
        if (tables.remove(parts)) {
            reserved -= parts.charged;
            parts.charged = 0;
        }
        drop(parts.blocks);
    }

    /** Index and filter of a table dropped for want of room, since the start. */
    public synchronized long partDrops() {
        return partDrops;
    }

    /** Drops all blocks of a table; none enters any more. */
    synchronized void drop(TableBlocks table) {
        table.closed = true;
        for (int ordinal = 0; ordinal < table.count(); ordinal++) {
            Block block = table.get(ordinal);
            if (block != null) {
                remove(block);
            }
        }
    }

    private long room() {
        return Math.max(capacity - reserved, capacity / BLOCK_SHARE);
    }

    private void evictDownTo(long bytes) {
        while (used > bytes && size > 0) {
            if (hand >= size) {
                hand = 0;
            }
            Block block = ring[hand];
            if (block.touched) {
                block.touched = false;
                hand++;
            } else {
                remove(block);
                hand++; // past the block that took its place: the newest one, which is to stay for a round
                evictions++;
            }
        }
    }

    private void remove(Block block) {
        block.owner.set(block.ordinal, null);
        used -= block.charge();
        Block moved = ring[--size];
        ring[size] = null;
        if (moved != block) {
            ring[block.ring] = moved;
            moved.ring = block.ring;
        }
        block.ring = -1;
    }
}
