package org.mosslsm.kv.lsm.table;

/**
 * Where a value lies that is kept apart from its key: what an entry of kind {@link
 * org.mosslsm.kv.lsm.entry.Trailer#POINTER} has in the place of its value.
 *
 * <pre>
 * pointer := file:varint  offset:varint  bodyLength:varint  valueLength:varint
 * </pre>
 *
 * @param file number of the value file
 * @param offset where in the file the record begins
 * @param bodyLength bytes of the record's body, as stored
 * @param valueLength bytes of the value
 */
public record ValuePointer(long file, long offset, int bodyLength, int valueLength) {
    /** Bytes of a record around its body: its length before, compression and checksum behind. */
    public static final int RECORD_OVERHEAD = Integer.BYTES + BlockCodec.TRAILER_BYTES;

    /** Longest encoding. */
    static final int MAX_BYTES = 32;

    /** Bytes the record takes in its file. */
    public long recordBytes() {
        return (long) bodyLength + RECORD_OVERHEAD;
    }

    /** Appends the encoding. */
    public void encode(ByteWriter out) {
        out.varint(file).varint(offset).varint(bodyLength).varint(valueLength);
    }

    /**
     * Reads a pointer.
     *
     * @throws org.mosslsm.kv.CorruptionException when the bytes are none
     */
    public static ValuePointer decode(byte[] array, int offset, int length) {
        return decode(new ByteReader(array, offset, length, "a table", 0));
    }

    private static ValuePointer decode(ByteReader in) {
        long file = in.number("the number of a value file");
        long at = in.number("the place of a value");
        int bodyLength = in.count(BlockCodec.MAX_BLOCK_BYTES, "the stored length of a value");
        int valueLength = in.count(BlockCodec.MAX_BLOCK_BYTES, "the length of a value");
        in.expectEnd("the pointer to a value");
        return new ValuePointer(file, at, bodyLength, valueLength);
    }
}
