// Row values.
package org.mosslsm.sql.encode;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.mosslsm.sql.catalog.RowVersion;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;
import org.mosslsm.sql.expr.Row;
import org.mosslsm.sql.type.SqlType;

/**
 * Where each column of one row version stands. Fixed columns have one offset in all rows; the others two reads away.
 * Immutable, thread-safe.
 *
 * <pre>
 * row   := format:u8=1  flags:u8  version:u16  nulls:bit*  fixed*  end*  data
 * flags    bit 0: ends are u32, else u16
 * nulls    one bit a column, lowest bit of the first byte first, padded to bytes
 * fixed    the columns of fixed width in order; a NULL takes its place too
 *          BOOLEAN 1  SMALLINT 2  INTEGER DATE REAL 4  BIGINT TIME TIMESTAMPs DOUBLE DECIMAL(p&lt;=18,s) 8  UUID 16
 * end      for each other column the end of its bytes, counted from the start of data
 * data     text as UTF-8, bytes as they are, DECIMAL as scale:u32 and the unscaled number in two's complement
 * </pre>
 *
 * Numbers are big-endian. Positions in this class are those of {@code version.columns()}.
 */
public final class RowLayout {
    static final int FORMAT = 1;
    static final int WIDE = 1;
    static final int HEADER = 4;
    private static final int MAX_NARROW = 0xFFFF;

    /** How a column's bytes are to be read; the constants of a switch in the readers' loops. */
    enum Shape {
        BOOL(1),
        INT2(2),
        INT4(4),
        INT8(8),
        FLOAT4(4),
        FLOAT8(8),
        DECIMAL8(8),
        UUID16(16),
        TEXT(-1),
        BYTES(-1),
        DECIMAL(-1);

        final int width;

        Shape(int width) {
            this.width = width;
        }

        static Shape of(SqlType type) {
            return switch (type.kind()) {
                case BOOLEAN -> BOOL;
                case SMALLINT -> INT2;
                case INTEGER, DATE -> INT4;
                case BIGINT, TIME, TIMESTAMP, TIMESTAMPTZ -> INT8;
                case REAL -> FLOAT4;
                case DOUBLE -> FLOAT8;
                case DECIMAL -> type.precision() > 0 && type.precision() <= 18 ? DECIMAL8 : DECIMAL;
                case CHAR, VARCHAR, TEXT -> TEXT;
                case BINARY, VARBINARY, BLOB -> BYTES;
                case UUID -> UUID16;
                case INTERVAL, UNKNOWN -> throw SqlException.notSupported("a column of type " + type);
            };
        }
    }

    private final int version;
    private final int[] columnIds;
    private final Shape[] shapes;
    private final int[] scales;
    /** Offset of a fixed column; number of a column of variable length among those. */
    private final int[] places;

    private final int ends;
    private final int varCount;

    /** Lays out a version. */
    public RowLayout(RowVersion rowVersion) {
        List<RowVersion.Stored> columns = rowVersion.columns();
        int n = columns.size();
        version = rowVersion.number();
        if (version > 0xFFFF) {
            throw new SqlException(
                    SqlState.PROGRAM_LIMIT, "the table was altered 65,535 times; copy it into a new one");
        }
        columnIds = new int[n];
        shapes = new Shape[n];
        scales = new int[n];
        places = new int[n];
        int at = HEADER + (n + 7) / 8;
        int vars = 0;
        for (int i = 0; i < n; i++) {
            columnIds[i] = columns.get(i).columnId();
            shapes[i] = Shape.of(columns.get(i).type());
            scales[i] = columns.get(i).type().scale();
            if (shapes[i].width < 0) {
                places[i] = vars++;
            } else {
                places[i] = at;
                at += shapes[i].width;
            }
        }
        ends = at;
        varCount = vars;
    }

    /** Position of a column, or -1 where rows of this version do not have it. */
    public int position(int columnId) {
        return Arrays.binarySearch(columnIds, columnId) >= 0 ? Arrays.binarySearch(columnIds, columnId) : -1;
    }

    /** Number of columns. */
    public int size() {
        return columnIds.length;
    }

    /** Number of the column at a position. */
    public int columnId(int position) {
        return columnIds[position];
    }

    /** Number of the version. */
    public int version() {
        return version;
    }

    /** How the column at a position is read many at a time, in the words of {@link EntryShape}. */
    byte read(int position) {
        return switch (shapes[position]) {
            case BOOL -> EntryShape.BYTE;
            case INT2 -> EntryShape.SHORT;
            case INT4 -> EntryShape.INT;
            case INT8, DECIMAL8 -> EntryShape.LONG;
            case FLOAT4 -> EntryShape.FLOAT;
            case FLOAT8 -> EntryShape.DOUBLE;
            case TEXT, BYTES -> EntryShape.SLICE;
            case UUID16, DECIMAL -> EntryShape.ONE_BY_ONE;
        };
    }

    /** Digits behind the point of the column at a position. */
    int scale(int position) {
        return scales[position];
    }

    /** Where a fixed column stands in its row. */
    int offset(int position) {
        return places[position];
    }

    /** Version of the row that stands at {@code at}. */
    static int versionOf(byte[] array, int at) {
        assert array[at] == FORMAT : "row format " + array[at];
        return (short) KeyWriter.SHORT.get(array, at + 2) & 0xFFFF;
    }

    // ---- writing

    /**
     * Appends a row; the column at each position is that of {@code row} which {@code ordinals} has there.
     *
     * @throws SqlException 22021 for a string with a lone surrogate
     */
    public void encode(Row row, int[] ordinals, KeyWriter out) {
        int start = out.length();
        out.u8(FORMAT).u8(0).u16(version);
        for (int i = 0; i < ordinals.length; i += 8) {
            out.u8(nullBits(row, ordinals, i));
        }
        for (int i = 0; i < ordinals.length; i++) {
            if (shapes[i].width > 0) {
                fixed(i, row.get(ordinals[i]), out);
            }
        }
        assert out.length() - start == ends : "fixed area ends at " + (out.length() - start) + ", not " + ends;
        if (varCount > 0 && !variables(row, ordinals, start, false, out)) {
            out.truncate(start + ends);
            variables(row, ordinals, start, true, out);
        }
    }

    /** Appends ends and data; false where they need wide ends, which they have not: what was appended is void then. */
    private boolean variables(Row row, int[] ordinals, int start, boolean wide, KeyWriter out) {
        int endBytes = wide ? Integer.BYTES : Short.BYTES;
        int data = start + ends + varCount * endBytes;
        out.skip(varCount * endBytes);
        for (int i = 0; i < ordinals.length; i++) {
            if (shapes[i].width < 0) {
                variable(shapes[i], row.get(ordinals[i]), out);
                int end = out.length() - data;
                int at = start + ends + places[i] * endBytes;
                if (wide) {
                    KeyWriter.INT.set(out.array(), at, end);
                } else if (end <= MAX_NARROW) {
                    KeyWriter.SHORT.set(out.array(), at, (short) end);
                } else {
                    return false;
                }
            }
        }
        if (wide) {
            out.array()[start + 1] = WIDE;
        }
        return true;
    }

    private static int nullBits(Row row, int[] ordinals, int from) {
        int bits = 0;
        for (int j = from; j < Math.min(from + 8, ordinals.length); j++) {
            bits |= row.isNull(ordinals[j]) ? 1 << (j - from) : 0;
        }
        return bits;
    }

    private void fixed(int i, Object value, KeyWriter out) {
        switch (shapes[i]) {
            case BOOL -> out.u8(value != null && (Boolean) value ? 1 : 0);
            case INT2 -> out.u16(value == null ? 0 : (short) fit((Long) value, Short.MAX_VALUE));
            case INT4 -> out.u32(value == null ? 0 : (int) fit((Long) value, Integer.MAX_VALUE));
            case INT8 -> out.u64(value == null ? 0 : (Long) value);
            case FLOAT4 -> out.u32(value == null ? 0 : Float.floatToIntBits((float) ((Double) value + 0.0)));
            case FLOAT8 -> out.u64(value == null ? 0 : Double.doubleToLongBits((Double) value + 0.0));
            case DECIMAL8 -> out.u64(value == null ? 0 : KeyBody.ShortDecimal.unscaled((BigDecimal) value, scales[i]));
            case UUID16 -> {
                UUID u = value == null ? new UUID(0, 0) : (UUID) value;
                out.u64(u.getMostSignificantBits()).u64(u.getLeastSignificantBits());
            }
            case TEXT, BYTES, DECIMAL -> throw new AssertionError(shapes[i]);
        }
    }

    /** The last look at a number before it is cut to its width: a parameter comes with 64 bits. */
    private static long fit(long value, long max) {
        if (value > max || value < -max - 1) {
            throw SqlException.outOfRange("value " + value + " is out of range for a column of "
                    + (max == Short.MAX_VALUE ? "16" : "32") + " bits");
        }
        return value;
    }

    private static void variable(Shape shape, Object value, KeyWriter out) {
        if (value == null) {
            return;
        }
        switch (shape) {
            case TEXT -> out.bytes(Utf8.encode((String) value));
            case BYTES -> out.bytes((byte[]) value);
            default -> {
                BigDecimal d = (BigDecimal) value;
                out.u32(d.scale()).bytes(d.unscaledValue().toByteArray());
            }
        }
    }

    // ---- reading: `row` is where the row starts in `array`

    boolean isNull(byte[] array, int row, int i) {
        return (array[row + HEADER + (i >> 3)] & (1 << (i & 7))) != 0;
    }

    long getLong(byte[] array, int row, int i) {
        int at = row + places[i];
        return switch (shapes[i]) {
            case INT8, DECIMAL8 -> (long) KeyWriter.LONG.get(array, at);
            case INT4 -> (int) KeyWriter.INT.get(array, at);
            case INT2 -> (short) KeyWriter.SHORT.get(array, at);
            case BOOL -> array[at] == 0 ? 0 : 1;
            default -> (Long) get(array, row, i);
        };
    }

    double getDouble(byte[] array, int row, int i) {
        int at = row + places[i];
        return switch (shapes[i]) {
            case FLOAT8 -> Double.longBitsToDouble((long) KeyWriter.LONG.get(array, at));
            case FLOAT4 -> Float.intBitsToFloat((int) KeyWriter.INT.get(array, at));
            default -> (Double) get(array, row, i);
        };
    }

    Object get(byte[] array, int row, int i) {
        if (isNull(array, row, i)) {
            return null;
        }
        int at = row + places[i];
        return switch (shapes[i]) {
            case BOOL -> array[at] != 0;
            case INT2, INT4, INT8 -> getLong(array, row, i);
            case FLOAT4, FLOAT8 -> getDouble(array, row, i);
            case DECIMAL8 -> BigDecimal.valueOf((long) KeyWriter.LONG.get(array, at), scales[i]);
            case UUID16 -> new UUID((long) KeyWriter.LONG.get(array, at), (long) KeyWriter.LONG.get(array, at + 8));
            case TEXT, BYTES, DECIMAL -> variable(array, row, i);
        };
    }

    /** Where the bytes of a column of variable length begin, and in the upper half how many they are. */
    long slice(byte[] array, int row, int i) {
        boolean wide = (array[row + 1] & WIDE) != 0;
        int data = row + ends + varCount * (wide ? 4 : 2);
        int from = places[i] == 0 ? 0 : end(array, row, wide, places[i] - 1);
        int length = end(array, row, wide, places[i]) - from;
        return (long) length << 32 | (data + from);
    }

    private Object variable(byte[] array, int row, int i) {
        long slice = slice(array, row, i);
        int at = (int) slice;
        int length = (int) (slice >>> 32);
        return switch (shapes[i]) {
            case TEXT -> Utf8.decode(array, at, length);
            case BYTES -> Arrays.copyOfRange(array, at, at + length);
            default -> new BigDecimal(new BigInteger(array, at + 4, length - 4), (int) KeyWriter.INT.get(array, at));
        };
    }

    private int end(byte[] array, int row, boolean wide, int variable) {
        return wide
                ? (int) KeyWriter.INT.get(array, row + ends + 4 * variable)
                : (short) KeyWriter.SHORT.get(array, row + ends + 2 * variable) & 0xFFFF;
    }
}
