package org.mosslsm.kv.lsm.table;

import org.mosslsm.kv.EntryBatch;
import org.mosslsm.kv.lsm.entry.EntryCursor;
import org.mosslsm.kv.lsm.entry.EntryOrder;
import org.mosslsm.kv.lsm.entry.KeyView;
import org.mosslsm.kv.lsm.entry.Trailer;

/**
 * Walks the point entries of a table in both directions; allocates at most once a block, never an entry.
 *
 * <p>Invariant: while valid, {@code entries} stands on an entry of data block {@code ordinal}.
 *
 * <p>Not thread-safe. Holds no resource of its own: the table must stay open while the cursor is in use, or moves throw
 * {@link TableClosedException}.
 */
public final class TableCursor extends EntryCursor {
    private final TableReader table;
    private final TableParts parts;
    private final TableIndex index;
    private final boolean fillCache;

    /** So many blocks are passed over singly before more than the next one is read at once, and how much is then. */
    private static final int PASSED_SINGLY = 4;

    private static final int PASSED_BYTES = 64 << 10;

    /** After so many blocks, one beside the other, it is a long walk. */
    private static final int LONG_WALK = 16;

    /** Null while blocks are read one by one. */
    private ReadAhead readAhead;

    /** Whether all blocks are read through {@code readAhead}, and not those passed over only. */
    private final boolean sequential;

    private boolean passes;

    /** Blocks passed over, one after the other. */
    private int passed;

    /** Trailer of all entries of a bulk-loaded table, -1 where the stored ones stand. */
    private final long givenTrailer;

    /** The greatest trailer that an entry may have with that number. */
    private final long lastGiven;

    private final BlockCursor entries = new BlockCursor();
    private int ordinal = -1;

    /** Blocks turned to, one beside the other. */
    private int walked;

    /** Keeps the loads of {@link #nextBlock} from being optimised away. */
    @SuppressWarnings("UnusedVariable")
    private int warmed;

    TableCursor(TableReader table, boolean fillCache, int readAheadBytes) {
        this.table = table;
        this.parts = table.parts();
        this.index = parts.index;
        this.givenTrailer = table.givenTrailer();
        this.lastGiven = givenTrailer < 0 ? -1 : Trailer.of(Trailer.seq(givenTrailer), Trailer.POINTER);
        this.fillCache = fillCache;
        this.sequential = readAheadBytes > 0;
        this.readAhead = readAheadBytes > 0 ? new ReadAhead(table, parts, readAheadBytes) : null;
    }

    @Override
    public boolean seekFirst() {
        return index.count() == 0 ? nowhere() : toBlock(0) && entries.seekFirst();
    }

    @Override
    public boolean seekLast() {
        return index.count() == 0 ? nowhere() : toBlock(index.count() - 1) && entries.seekLast();
    }

    @Override
    public boolean seek(byte[] key, int offset, int length, long trailer) {
        if (givenTrailer < 0) {
            return seekStored(key, offset, length, trailer);
        }
        // The one entry of the key stands before or behind what is sought, as its given trailer says.
        return seekStored(key, offset, length, givenTrailer <= trailer ? Trailer.FIRST : Trailer.LAST);
    }

    @Override
    public boolean seekForPrev(byte[] key, int offset, int length, long trailer) {
        if (givenTrailer < 0) {
            return seekStoredForPrev(key, offset, length, trailer);
        }
        return seekStoredForPrev(key, offset, length, lastGiven >= trailer ? Trailer.LAST : Trailer.FIRST);
    }

    private boolean seekStored(byte[] key, int offset, int length, long trailer) {
        int target = index.find(key, offset, length, trailer);
        if (target == index.count()) {
            return nowhere();
        }
        toBlock(target);
        if (entries.seek(key, offset, length, trailer)) {
            return true;
        }
        // Behind the last entry of the block but not behind its separator: the next block's first entry.
        return nextBlock();
    }

    private boolean seekStoredForPrev(byte[] key, int offset, int length, long trailer) {
        if (!seekStored(key, offset, length, trailer)) {
            return seekLast();
        }
        boolean exact = entries.trailer() == trailer
                && EntryOrder.sameKey(
                        entries.keyArray(), entries.keyOffset(), entries.keyLength(), key, offset, length);
        return exact || prev();
    }

    @Override
    public boolean next() {
        return entries.next() || nextBlock();
    }

    @Override
    public boolean prev() {
        if (entries.prev()) {
            return true;
        }
        return ordinal == 0 ? nowhere() : toBlock(ordinal - 1) && entries.seekLast();
    }

    @Override
    public void runForward(EntryBatch into, long snapshot, long hidden, KeyView limit, int most, boolean keysOnly) {
        if (givenTrailer < 0 || (Trailer.seq(givenTrailer) <= snapshot && Trailer.seq(givenTrailer) >= hidden)) {
            // Where the whole block lies before the limit, its entries need not be compared with it.
            boolean within = limit != null
                    && index.find(limit.array(), limit.offset(), limit.length(), Trailer.FIRST) <= ordinal;
            entries.runForward(into, snapshot, least(hidden), within ? limit : null, most, keysOnly);
        }
    }

    @Override
    public void runBackward(EntryBatch into, long snapshot, long hidden, KeyView limit, int most, boolean keysOnly) {
        if (givenTrailer < 0 || (Trailer.seq(givenTrailer) <= snapshot && Trailer.seq(givenTrailer) >= hidden)) {
            // Where the block before ends behind the limit, this one lies behind it as a whole.
            boolean within = limit != null
                    && (ordinal == 0
                            || index.find(limit.array(), limit.offset(), limit.length(), Trailer.LAST) >= ordinal);
            entries.runBackward(into, snapshot, least(hidden), within ? limit : null, most, keysOnly);
        }
    }

    @Override
    public long countForward(long snapshot, long hidden, KeyView limit) {
        if (!entries.isLast() || ordinal + 1 == index.count() || !table.showsAll(snapshot, hidden)) {
            return 0;
        }
        // Blocks before this one end before the limit.
        int end = limit == null
                ? index.count()
                : index.find(limit.array(), limit.offset(), limit.length(), Trailer.FIRST);
        BlockCounts counts = table.blockCounts(parts);
        long keys = 0;
        int target = ordinal + 1;
        for (; target < end && counts.of(target) > 0; target++) {
            keys += counts.of(target);
        }
        if (keys > 0 && target < index.count()) {
            toBlock(target);
            entries.seekFirst();
        } else if (keys > 0) {
            nowhere();
        }
        return keys;
    }

    /** Which stored entries are hidden: none where their trailers do not count. */
    private long least(long hidden) {
        return givenTrailer < 0 ? hidden : -1;
    }

    @Override
    public boolean valid() {
        return entries.valid();
    }

    @Override
    public byte[] keyArray() {
        return entries.keyArray();
    }

    @Override
    public int keyOffset() {
        return entries.keyOffset();
    }

    @Override
    public int keyLength() {
        return entries.keyLength();
    }

    @Override
    public long trailer() {
        return givenTrailer < 0 ? entries.trailer() : table.shown(entries.trailer());
    }

    @Override
    public byte[] valueArray() {
        return entries.block().bytes();
    }

    @Override
    public int valueOffset() {
        return entries.valueOffset();
    }

    @Override
    public int valueLength() {
        return entries.valueLength();
    }

    @Override
    public void close() {
        nowhere();
    }

    /** The block it stands in. */
    int ordinal() {
        return ordinal;
    }

    private boolean nextBlock() {
        if (ordinal + 1 == index.count()) {
            return nowhere();
        }
        toBlock(ordinal + 1);
        // The block after this one is on its way from memory while this one is read.
        warmed = parts.blocks.warm(ordinal + 1);
        return entries.seekFirst();
    }

    /** Turns to a block, not positioned; keeps the one at hand where it is the same. */
    private boolean toBlock(int target) {
        if (target == ordinal) {
            entries.reset(entries.block());
            return true;
        }
        walked = Math.abs(target - ordinal) == 1 ? walked + 1 : 0;
        nowhere();
        entries.reset(load(target));
        ordinal = target;
        return true;
    }

    private Block load(int target) {
        if (sequential || passes) {
            return aside(target);
        }
        // What was passed over lies behind: neither the buffer for it nor the haste outlives it.
        readAhead = null;
        passed = 0;
        return fillCache && walked > LONG_WALK
                ? table.blockOfWalk(parts, target)
                : table.block(parts, target, fillCache);
    }

    /** A block that is not to enter the cache. */
    private Block aside(int target) {
        if (readAhead == null && ++passed > PASSED_SINGLY) {
            readAhead = new ReadAhead(table, parts, PASSED_BYTES);
        }
        return readAhead == null ? table.block(parts, target, false) : readAhead.block(target);
    }

    @Override
    public void passOver(boolean on) {
        passes = on;
    }

    private boolean nowhere() {
        entries.reset(null);
        ordinal = -1;
        return false;
    }
}
