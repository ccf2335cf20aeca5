// Values as key bytes.
package org.mosslsm.sql.encode;

import java.util.Arrays;
import org.mosslsm.sql.expr.Row;
import org.mosslsm.sql.type.SqlType;

/**
 * Writes and reads the values of one key column; see the package's comment for the bytes. Immutable, thread-safe.
 *
 * <p>The order of the bytes is the order of the values, with NULL last, and all of it turned around where the column is
 * descending: NULL first then.
 */
public final class KeyCodec {
    private static final int TAG_VALUE = 0x01;
    private static final int TAG_NULL = 0xFF;

    private final KeyBody body;
    private final boolean nullable;
    /** 0, or -1 where descending: what every byte was XORed with. */
    private final int mask;

    private KeyCodec(KeyBody body, boolean nullable, boolean descending) {
        this.body = body;
        this.nullable = nullable;
        this.mask = descending ? -1 : 0;
    }

    /**
     * The codec of a column.
     *
     * @param nullable whether NULL is possible: without it a byte is saved
     */
    public static KeyCodec of(SqlType type, boolean nullable, boolean descending) {
        return new KeyCodec(KeyBody.of(type), nullable, descending);
    }

    /** Whether {@link #decode} gives exactly what was encoded; a DECIMAL without a scale loses its trailing zeros. */
    public static boolean keepsAll(SqlType type) {
        return !(type.kind() == SqlType.Kind.DECIMAL && type.precision() == 0);
    }

    /** Whether NULL can be encoded. */
    public boolean nullable() {
        return nullable;
    }

    /** Whether greater values come first. */
    public boolean descending() {
        return mask != 0;
    }

    /**
     * Appends a value; null is NULL.
     *
     * @throws org.mosslsm.sql.error.SqlException 22021 for a string with a lone surrogate
     * @throws IllegalArgumentException for NULL where it is not possible, or a DECIMAL with more digits than its type
     */
    public void encode(Object value, KeyWriter out) {
        int start = out.length();
        tag(value == null, out);
        if (value != null) {
            body.encode(value, out);
        }
        if (mask != 0) {
            out.invert(start);
        }
    }

    private void tag(boolean isNull, KeyWriter out) {
        if (nullable) {
            out.u8(isNull ? TAG_NULL : TAG_VALUE);
        } else if (isNull) {
            throw new IllegalArgumentException("NULL in a key column that has none");
        }
    }

    /** As {@link #encode(Object, KeyWriter)}, of a column of a row; returns whether it is NULL. */
    boolean encode(Row row, int column, KeyWriter out) {
        int start = out.length();
        boolean isNull = row.isNull(column);
        tag(isNull, out);
        if (!isNull) {
            body.encode(row, column, out);
        }
        if (mask != 0) {
            out.invert(start);
        }
        return isNull;
    }

    /** Whether NULL stands at {@code at}. */
    public boolean isNull(byte[] array, int at) {
        return nullable && ((array[at] ^ mask) & 0xFF) == TAG_NULL;
    }

    /** First offset after the value that stands at {@code at}. */
    public int end(byte[] array, int at) {
        if (nullable) {
            return isNull(array, at) ? at + 1 : body.end(array, at + 1, mask);
        }
        return body.end(array, at, mask);
    }

    /** Number of bytes every value takes, or -1 where that depends on the value. */
    public int fixedLength() {
        return nullable ? -1 : body.fixedLength();
    }

    /** The value at {@code at}; null where NULL. */
    public Object decode(byte[] array, int at) {
        if (!nullable) {
            return body.decode(array, at, mask);
        }
        return isNull(array, at) ? null : body.decode(array, at + 1, mask);
    }

    /** The value at {@code at} of a column that is read as numbers of 64 bits, see {@link EntryShape.Lane}; not NULL. */
    public long decodeLong(byte[] array, int at) {
        return body.decodeLong(array, nullable ? at + 1 : at, mask);
    }

    /** The value at {@code at} of a column that holds a Double; not NULL. */
    public double decodeDouble(byte[] array, int at) {
        return body.decodeDouble(array, nullable ? at + 1 : at, mask);
    }

    /** The bytes of one value. */
    public byte[] encode(Object value) {
        KeyWriter out = new KeyWriter();
        encode(value, out);
        return out.toBytes();
    }

    /**
     * Copies the value at {@code at}, which another codec of the same type wrote, as this codec would write it. Neither
     * has NULL tags.
     */
    void recode(KeyCodec from, byte[] array, int at, KeyWriter out) {
        assert !nullable && !from.nullable : "only key columns without NULL are copied";
        int start = out.length();
        out.bytes(array, at, from.end(array, at) - at);
        if (mask != from.mask) {
            out.invert(start);
        }
    }

    /** Codecs of key columns; positions as in {@code types}. */
    static KeyCodec[] all(SqlType[] types, boolean[] nullable, boolean[] descending) {
        KeyCodec[] codecs = new KeyCodec[types.length];
        Arrays.setAll(codecs, i -> of(types[i], nullable[i], descending[i]));
        return codecs;
    }
}
