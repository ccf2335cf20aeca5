package org.mosslsm.kv.lsm.memtable;

import org.mosslsm.kv.lsm.entry.FoundEntry;
import org.mosslsm.kv.lsm.entry.RangeTombstone;
import org.mosslsm.kv.lsm.entry.RangeTombstones;
import org.mosslsm.kv.lsm.entry.Stripes;
import org.mosslsm.kv.lsm.entry.TombstoneSource;
import org.mosslsm.kv.lsm.entry.Trailer;

/**
 * The newest writes, sorted: points in a {@link SkipList}, range tombstones in a {@link RangeTombstoneList}.
 *
 * <p>Invariants: (1) nothing that was added is ever changed or removed; the whole is dropped at once and left to the
 * garbage collector, so that a reader needs no reference count. (2) What was added at a sequence number is found by every
 * reader that learnt of the number after the add returned.
 *
 * <p>Thread safety: one writer at a time (whoever holds the commit lock), any number of readers beside it.
 */
public final class MemTable {
    /** What a tombstone costs beside its bounds: two arrays, an object, and the nodes its tree does not share. */
    private static final int TOMBSTONE_BYTES = 1536;

    private final Arena arena = new Arena();
    private final SkipList points = new SkipList(arena);
    private final RangeTombstoneList ranges = new RangeTombstoneList();
    private int pointCount;
    private long rangeBytes;

    /** Adds a put ({@code trailer} of kind PUT) or a delete (kind DELETE, a value of length 0); copies the bytes. */
    public void add(
            long trailer, byte[] key, int keyOffset, int keyLength, byte[] value, int valueOffset, int valueLength) {
        assert Trailer.kind(trailer) != Trailer.DELETE_RANGE : "a range tombstone among the points";
        points.add(trailer, key, keyOffset, keyLength, value, valueOffset, valueLength);
        pointCount++;
    }

    /** Adds a range tombstone. */
    public void addRange(RangeTombstone tombstone) {
        ranges.add(tombstone);
        rangeBytes += tombstone.lo().length + tombstone.hi().length + TOMBSTONE_BYTES;
    }

    /**
     * Finds the newest version of the key that is visible at {@code seq}, deletes included; range tombstones are not
     * looked at, see {@link #coveringRange}.
     *
     * @return whether there is one, then in {@code found}
     */
    public boolean get(byte[] key, int offset, int length, long seq, FoundEntry found) {
        int node = points.findAtOrAfter(key, offset, length, Trailer.seekTo(seq));
        if (node == SkipList.HEAD || !points.hasKey(node, key, offset, length)) {
            return false;
        }
        int at = points.keyPosition(node);
        found.set(
                points.trailer(node),
                arena.bytes(at),
                (at & Arena.BYTE_MASK) + points.keyLength(node),
                points.valueLength(node));
        return true;
    }

    /** Greatest sequence number, at most {@code seq}, of a range tombstone that covers the key; -1 where none does. */
    public long coveringRange(byte[] key, int offset, int length, long seq) {
        return ranges.covering(key, offset, length, seq);
    }

    /** The range tombstones, those still to come as well. */
    public TombstoneSource rangeTombstones() {
        return ranges;
    }

    /** All range tombstones so far, of each stripe those that a reader can tell from each other. */
    public RangeTombstones rangeTombstones(Stripes stripes) {
        return ranges.all(stripes);
    }

    /** A cursor over the points; it sees what is added later as well. */
    public MemTableCursor cursor() {
        return new MemTableCursor(arena, points);
    }

    /** Whether nothing was added. */
    public boolean isEmpty() {
        return pointCount == 0 && ranges.count() == 0;
    }

    /** Number of point entries; exact for the writer, about right for others. */
    public int pointCount() {
        return pointCount;
    }

    /** About how many point entries, deletes and old versions too, lie in {@code [lo, hi)}; {@code hi} null: without end. */
    public long estimatedPoints(byte[] lo, byte[] hi) {
        return points.estimate(lo, hi);
    }

    /** Number of range tombstones. */
    public int rangeCount() {
        return ranges.count();
    }

    /** Memory taken by what was added, in bytes; exact for the writer, about right for others. */
    public long byteSize() {
        return arena.used() + rangeBytes;
    }

    /**
     * Whether the table has had enough: it takes {@code bytes} of memory, or a commit of {@code largestCommit} bytes would
     * not fit in beside the rest for sure.
     */
    public boolean isFull(long bytes, long largestCommit) {
        return byteSize() >= bytes || arena.roomBytes() < largestCommit;
    }

    @Override
    public String toString() {
        return "memtable(" + pointCount + " points, " + ranges.count() + " ranges, " + byteSize() + " bytes)";
    }
}
