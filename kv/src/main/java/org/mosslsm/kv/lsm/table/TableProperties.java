package org.mosslsm.kv.lsm.table;

import org.mosslsm.kv.lsm.entry.Trailer;

/**
 * What a table says about itself: free statistics for the picker of compactions and the optimiser.
 *
 * <pre>
 * properties block := (tag:varint  length:varint  value)*       value := varint, or the bytes of a key
 * </pre>
 *
 * Unknown tags are skipped. Of what they say only {@code joinedSeq} and {@code blockCounts} decide what a reader is told; the
 * rest informs. Immutable; the arrays are not copied.
 *
 * @param entries point entries, deletes included
 * @param deletes point entries that are deletes
 * @param rangeDeletes range tombstones (fragments)
 * @param rawKeyBytes bytes of all user keys, uncompressed
 * @param rawValueBytes bytes of all values, uncompressed
 * @param dataBlocks number of data blocks
 * @param minSeq least sequence number, of entries and range tombstones
 * @param maxSeq greatest sequence number
 * @param smallest least user key, of entries and range tombstones; empty in an empty table
 * @param largest greatest user key of an entry, or the end of a range tombstone where that is greater
 * @param largestExclusive whether {@code largest} is the end of a range tombstone, so that the key is not in the table
 * @param createdMillis when the table was written, in milliseconds since 1970
 * @param compression what data blocks were compressed with where it helped; {@code NONE} in tables that do not say
 * @param values what of which value files the entries point to
 * @param joinedSeq of a table whose entries were all written at sequence number 0: the number they got when it joined the
 *     store, {@link #NOT_YET}, or {@link #UNSAID}, as in all other tables
 * @param blockCounts how many keys each data block has, where that says all; {@code NONE} where it is not said, and in memory
 *     once the table is written or open: see {@link #withoutBlockCounts}
 */
@SuppressWarnings("ArrayRecordComponent") // two keys, and nobody compares properties
public record TableProperties(
        long entries,
        long deletes,
        long rangeDeletes,
        long rawKeyBytes,
        long rawValueBytes,
        long dataBlocks,
        long minSeq,
        long maxSeq,
        byte[] smallest,
        byte[] largest,
        boolean largestExclusive,
        long createdMillis,
        Compression compression,
        ValueRefs values,
        long joinedSeq,
        BlockCounts blockCounts) {
    /** The table has joined no store yet. */
    public static final long NOT_YET = 0;

    /** The table says nothing of it: entries have numbers of their own, or an older release wrote it. */
    public static final long UNSAID = -1;

    private static final int ENTRIES = 1;
    private static final int DELETES = 2;
    private static final int RANGE_DELETES = 3;
    private static final int RAW_KEY_BYTES = 4;
    private static final int RAW_VALUE_BYTES = 5;
    private static final int DATA_BLOCKS = 6;
    private static final int MIN_SEQ = 7;
    private static final int MAX_SEQ = 8;
    private static final int SMALLEST = 9;
    private static final int LARGEST = 10;
    private static final int LARGEST_EXCLUSIVE = 11;
    private static final int CREATED_MILLIS = 12;
    private static final int COMPRESSION = 13;
    private static final int TAGS = 14;

    private static final int VALUES = 14;
    private static final int JOINED_SEQ = 15;
    private static final int BLOCK_COUNTS = 16;

    /** Stands for properties that cannot be read. */
    static TableProperties unknown(long rawKeyBytes) {
        byte[] none = {};
        return new TableProperties(
                0,
                0,
                0,
                rawKeyBytes,
                0,
                0,
                0,
                0,
                none,
                none,
                false,
                0,
                Compression.NONE,
                ValueRefs.NONE,
                UNSAID,
                BlockCounts.NONE);
    }

    /** Whether the table has neither entries nor range tombstones. */
    public boolean isEmpty() {
        return entries == 0 && rangeDeletes == 0;
    }

    /** Whether all entries were written at sequence number 0, and get theirs when the table joins a store. */
    public boolean isLoaded() {
        return maxSeq == 0 && !isEmpty();
    }

    /** The same with another {@link #joinedSeq}, which takes as much room. */
    TableProperties joinedAt(long seq) {
        return with(seq, blockCounts);
    }

    /** The same without {@link #blockCounts}, which take two bytes a block: for who keeps properties in memory. */
    TableProperties withoutBlockCounts() {
        return withBlockCounts(BlockCounts.NONE);
    }

    /** The same with other counts. */
    TableProperties withBlockCounts(BlockCounts counts) {
        return with(joinedSeq, counts);
    }

    private TableProperties with(long joined, BlockCounts counts) {
        return new TableProperties(
                entries,
                deletes,
                rangeDeletes,
                rawKeyBytes,
                rawValueBytes,
                dataBlocks,
                minSeq,
                maxSeq,
                smallest,
                largest,
                largestExclusive,
                createdMillis,
                compression,
                values,
                joined,
                counts);
    }

    void encode(ByteWriter out) {
        number(out, ENTRIES, entries);
        number(out, DELETES, deletes);
        number(out, RANGE_DELETES, rangeDeletes);
        number(out, RAW_KEY_BYTES, rawKeyBytes);
        number(out, RAW_VALUE_BYTES, rawValueBytes);
        number(out, DATA_BLOCKS, dataBlocks);
        number(out, MIN_SEQ, minSeq);
        number(out, MAX_SEQ, maxSeq);
        out.varint(SMALLEST).prefixed(smallest);
        out.varint(LARGEST).prefixed(largest);
        number(out, LARGEST_EXCLUSIVE, largestExclusive ? 1 : 0);
        number(out, CREATED_MILLIS, createdMillis);
        number(out, COMPRESSION, compression.code());
        if (!values.isEmpty()) {
            ByteWriter field = new ByteWriter(64);
            values.encode(field);
            out.varint(VALUES).varint(field.size()).raw(field.array(), 0, field.size());
        }
        if (joinedSeq != UNSAID) {
            out.varint(JOINED_SEQ).varint(Long.BYTES).u64(joinedSeq);
        }
        if (blockCounts.size() > 0) {
            ByteWriter field = new ByteWriter(2 * blockCounts.size());
            blockCounts.encode(field);
            out.varint(BLOCK_COUNTS).varint(field.size()).raw(field.array(), 0, field.size());
        }
    }

    private static void number(ByteWriter out, int tag, long value) {
        ByteWriter field = new ByteWriter(10).varint(value);
        out.varint(tag).varint(field.size()).raw(field.array(), 0, field.size());
    }

    private static Compression compression(long number) {
        for (Compression known : Compression.values()) {
            if (known.code() == number) {
                return known;
            }
        }
        return Compression.NONE;
    }

    static TableProperties decode(byte[] block, String file, long offset) {
        ByteReader in = new ByteReader(block, 0, block.length, file, offset);
        long[] numbers = new long[TAGS];
        byte[] smallest = {};
        byte[] largest = {};
        ValueRefs values = ValueRefs.NONE;
        long joinedSeq = UNSAID;
        byte[] counts = null;
        while (in.remaining() > 0) {
            long tag = in.varint();
            byte[] value = in.prefixed("a property");
            if (tag == SMALLEST) {
                smallest = value;
            } else if (tag == LARGEST) {
                largest = value;
            } else if (tag == VALUES) {
                values = ValueRefs.decode(new ByteReader(value, 0, value.length, file, offset));
            } else if (tag == JOINED_SEQ) {
                joinedSeq = joinedSeq(new ByteReader(value, 0, value.length, file, offset));
            } else if (tag == BLOCK_COUNTS) {
                counts = value;
            } else if (tag > 0 && tag < TAGS) {
                numbers[(int) tag] = new ByteReader(value, 0, value.length, file, offset).varint();
            }
        }
        return new TableProperties(
                numbers[ENTRIES],
                numbers[DELETES],
                numbers[RANGE_DELETES],
                numbers[RAW_KEY_BYTES],
                numbers[RAW_VALUE_BYTES],
                numbers[DATA_BLOCKS],
                numbers[MIN_SEQ],
                numbers[MAX_SEQ],
                smallest,
                largest,
                numbers[LARGEST_EXCLUSIVE] != 0,
                numbers[CREATED_MILLIS],
                compression(numbers[COMPRESSION]),
                values,
                joinedSeq,
                counts == null
                        ? BlockCounts.NONE
                        : BlockCounts.decode(
                                new ByteReader(counts, 0, counts.length, file, offset),
                                numbers[DATA_BLOCKS],
                                numbers[ENTRIES]));
    }

    private static long joinedSeq(ByteReader in) {
        long seq = in.u64();
        if (seq < 0 || seq > Trailer.MAX_SEQ) {
            throw in.damage("the sequence number " + Long.toUnsignedString(seq));
        }
        return seq;
    }
}
