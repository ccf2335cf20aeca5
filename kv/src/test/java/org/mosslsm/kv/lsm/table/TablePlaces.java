package org.mosslsm.kv.lsm.table;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Where in the bytes of a table its parts are, for tests that damage one of them; its footer must be whole. */
public final class TablePlaces {
    /** Of each part the footer has its offset, 8 bytes, and its length, 4. */
    private static final int PLACE_BYTES = 12;

    /** A part behind the data blocks. */
    public enum Part {
        FILTER(0),
        TOMBSTONES(1),
        PROPERTIES(2),
        INDEX(3);

        private final int inFooter;

        Part(int inFooter) {
            this.inFooter = inFooter;
        }
    }

    private TablePlaces() {}

    /** Where the part begins, or would. */
    public static int at(byte[] table, Part part) {
        return (int) place(table, part).getLong(0);
    }

    /** Whether the byte belongs to that part, or to the type and checksum behind it. */
    public static boolean isOf(byte[] table, Part part, int at) {
        int from = at(table, part);
        int length = place(table, part).getInt(Long.BYTES);
        return length > 0 && at >= from && at < from + length + BlockCodec.TRAILER_BYTES;
    }

    /** Whether the byte belongs to the footer. */
    public static boolean isOfFooter(byte[] table, int at) {
        return at >= table.length - TableFooter.BYTES;
    }

    private static ByteBuffer place(byte[] table, Part part) {
        int at = table.length - TableFooter.BYTES + PLACE_BYTES * part.inFooter;
        return ByteBuffer.wrap(table, at, PLACE_BYTES).slice().order(ByteOrder.LITTLE_ENDIAN);
    }
}
