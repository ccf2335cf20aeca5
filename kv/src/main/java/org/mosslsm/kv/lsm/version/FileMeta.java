package org.mosslsm.kv.lsm.version;

import java.util.Arrays;
import java.util.HexFormat;
import org.mosslsm.kv.lsm.table.ByteReader;
import org.mosslsm.kv.lsm.table.ByteWriter;
import org.mosslsm.kv.lsm.table.TableProperties;
import org.mosslsm.kv.lsm.table.TableReader;
import org.mosslsm.kv.lsm.table.ValueRefs;

/**
 * What the manifest knows about a table, enough to choose it for a read or a compaction without opening it.
 *
 * <pre>
 * number:varint  size:varint  smallest  largest  largestExclusive:u8  minSeq:varint  maxSeq:varint
 * entries:varint  deletes:varint  rangeDeletes:varint  rawBytes:varint  createdMillis:varint
 *                                                      smallest, largest := length:varint bytes
 * then, of a table that points to value files,         {@link ValueRefs}
 * </pre>
 *
 * <p>Immutable but for the open reader, which {@link TableCache} keeps here so that a lookup needs no map. One object
 * stands for the table in all versions that hold it.
 */
public final class FileMeta {
    private final long number;
    private final long size;
    private final byte[] smallest;
    private final byte[] largest;
    private final boolean largestExclusive;
    private final long minSeq;
    private final long maxSeq;
    private final long entries;
    private final long deletes;
    private final long rangeDeletes;
    private final long rawBytes;
    private final long createdMillis;
    private final ValueRefs values;

    /** The open table, or null; written by {@link TableCache} under its lock for this file. */
    volatile TableReader reader;

    /** Live versions that hold the file; guarded by the version set. */
    int versions;

    /** Whether the file is about to be deleted; written by {@link TableCache}. */
    volatile boolean dead;

    /** Whether it was in vain that somebody wanted to know what the table is worth: {@link TableCache#weigh}. */
    volatile boolean unreadable;

    private FileMeta(long number, long size, TableProperties p, long minSeq, long maxSeq) {
        this.number = number;
        this.size = size;
        this.smallest = p.smallest();
        this.largest = p.largest();
        this.largestExclusive = p.largestExclusive();
        this.minSeq = minSeq;
        this.maxSeq = maxSeq;
        this.entries = p.entries();
        this.deletes = p.deletes();
        this.rangeDeletes = p.rangeDeletes();
        this.rawBytes = p.rawKeyBytes() + p.rawValueBytes();
        this.createdMillis = p.createdMillis();
        this.values = p.values();
    }

    private FileMeta(ByteReader in, boolean pointing) {
        this.number = in.number("number");
        this.size = in.number("size");
        this.smallest = in.prefixed("the smallest key");
        this.largest = in.prefixed("the largest key");
        this.largestExclusive = in.u8() != 0;
        this.minSeq = in.number("minSeq");
        this.maxSeq = in.number("maxSeq");
        this.entries = in.number("entries");
        this.deletes = in.number("deletes");
        this.rangeDeletes = in.number("rangeDeletes");
        this.rawBytes = in.number("rawBytes");
        this.createdMillis = in.number("createdMillis");
        this.values = pointing ? ValueRefs.decode(in) : ValueRefs.NONE;
    }

    /** The meta data of a table just written. */
    public static FileMeta of(long number, long size, TableProperties properties) {
        if (properties.isEmpty()) {
            throw new IllegalArgumentException("table " + number + " has neither entries nor range tombstones");
        }
        return new FileMeta(number, size, properties, properties.minSeq(), properties.maxSeq());
    }

    /**
     * As {@link #of}, for a table whose entries were all written at sequence number 0, and now get {@code seq}: the number
     * stands here and in the properties of the table, and is put over the 0 of its entries when they are read.
     */
    public static FileMeta ofLoaded(long number, long size, TableProperties properties, long seq) {
        if (!properties.isLoaded() || properties.rangeDeletes() != 0) {
            throw new IllegalArgumentException("table " + number + " was not written to get its sequence number later");
        }
        return new FileMeta(number, size, properties, seq, seq);
    }

    void encode(ByteWriter out) {
        out.varint(number).varint(size).prefixed(smallest).prefixed(largest).u8(largestExclusive ? 1 : 0);
        out.varint(minSeq).varint(maxSeq).varint(entries).varint(deletes).varint(rangeDeletes);
        out.varint(rawBytes).varint(createdMillis);
        if (!values.isEmpty()) {
            values.encode(out);
        }
    }

    /** Reads meta data; those of a table that is {@code pointing} to value files end with what they point to. */
    static FileMeta decode(ByteReader in, boolean pointing) {
        FileMeta meta = new FileMeta(in, pointing);
        int order = Arrays.compareUnsigned(meta.smallest, meta.largest);
        boolean keysFit = order < 0 || (order == 0 && !meta.largestExclusive);
        if (meta.number == 0 || meta.size == 0 || meta.minSeq > meta.maxSeq || !keysFit) {
            throw in.damage("meta data of a table that cannot be: " + meta);
        }
        return meta;
    }

    /** The table's file number. */
    public long number() {
        return number;
    }

    /** Name of the table's file. */
    public String name() {
        return FileNames.table(number);
    }

    /** Size of the file, in bytes. */
    public long size() {
        return size;
    }

    /** Least user key of an entry or a range tombstone; not to be changed. */
    public byte[] smallest() {
        return smallest;
    }

    /** Greatest user key of an entry, or end of a range tombstone where that is greater; not to be changed. */
    public byte[] largest() {
        return largest;
    }

    /** Whether {@link #largest} is the end of a range tombstone, so that the key itself is not in the table. */
    public boolean largestExclusive() {
        return largestExclusive;
    }

    /** Least sequence number in the table. */
    public long minSeq() {
        return minSeq;
    }

    /** Greatest sequence number in the table. */
    public long maxSeq() {
        return maxSeq;
    }

    /** Point entries, deletes included. */
    public long entries() {
        return entries;
    }

    /** Point entries that are deletes. */
    public long deletes() {
        return deletes;
    }

    /** Range tombstones (fragments). */
    public long rangeDeletes() {
        return rangeDeletes;
    }

    /** Bytes of keys and values before compression. */
    public long rawBytes() {
        return rawBytes;
    }

    /** When the table was written, in milliseconds since 1970. */
    public long createdMillis() {
        return createdMillis;
    }

    /** What of which value files the table points to. */
    public ValueRefs values() {
        return values;
    }

    /** Whether the whole table lies before the key. */
    public boolean endsBefore(byte[] key, int offset, int length) {
        int order = Arrays.compareUnsigned(largest, 0, largest.length, key, offset, offset + length);
        return order < 0 || (order == 0 && largestExclusive);
    }

    /** Index of the first of {@code files[from .. end)}, in key order, that does not lie wholly before the key. */
    public static int firstNotBefore(FileMeta[] files, int from, int end, byte[] key, int offset, int length) {
        int low = from;
        int high = end;
        while (low < high) {
            int mid = (low + high) >>> 1;
            if (files[mid].endsBefore(key, offset, length)) {
                low = mid + 1;
            } else {
                high = mid;
            }
        }
        return low;
    }

    /** Whether the whole table lies after the key. */
    public boolean startsAfter(byte[] key, int offset, int length) {
        return Arrays.compareUnsigned(smallest, 0, smallest.length, key, offset, offset + length) > 0;
    }

    /** Whether the key lies within the table's bounds. */
    public boolean covers(byte[] key, int offset, int length) {
        return !startsAfter(key, offset, length) && !endsBefore(key, offset, length);
    }

    /** Whether the table has keys in {@code [lo, hi)}; {@code hi} null means without end. */
    public boolean overlaps(byte[] lo, byte[] hi) {
        return !endsBefore(lo, 0, lo.length) && (hi == null || Arrays.compareUnsigned(smallest, hi) < 0);
    }

    /** Whether the bounds of the two tables share a key. */
    public boolean overlaps(FileMeta other) {
        return !endsBefore(other.smallest, 0, other.smallest.length) && !other.endsBefore(smallest, 0, smallest.length);
    }

    @Override
    public String toString() {
        HexFormat hex = HexFormat.of();
        return FileNames.table(number) + "{" + size + " bytes, [" + hex.formatHex(smallest) + ", "
                + hex.formatHex(largest) + (largestExclusive ? ")" : "]") + ", seq " + minSeq + ".." + maxSeq + ", "
                + entries + " entries, " + deletes + " deletes, " + rangeDeletes + " range deletes"
                + (values.isEmpty() ? "" : ", " + values) + "}";
    }
}
