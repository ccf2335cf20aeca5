package org.mosslsm.sql.exec.spill;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;
import org.mosslsm.sql.type.Interval;

/**
 * Rows as bytes, for files that this process alone reads: no format to keep.
 *
 * <pre>
 * row      length:4  value*
 * value    tag:1  payload      null, false, true: none        Long: 1 to 9 bytes, Double: 8
 *                              String: Latin-1 bytes or UTF-16 units behind their count:4, byte[]: length:4 bytes
 *                              DECIMAL: scale:4 length:4 bytes, UUID: 16, Interval: 16
 * </pre>
 *
 * Thread safety: none.
 */
final class ValueBytes {
    private static final byte NULL = 0;
    private static final byte FALSE = 1;
    private static final byte TRUE = 2;
    private static final byte DOUBLE = 3;
    private static final byte LATIN1 = 4;
    private static final byte BYTES = 5;
    private static final byte DECIMAL = 6;
    private static final byte UUID_ = 7;
    private static final byte INTERVAL = 8;
    private static final byte UTF16 = 9;

    /** {@code LONG + n}: a Long in its {@code n} lowest bytes, n from 1 to 8. */
    private static final byte LONG = 16;

    byte[] bytes = new byte[256];
    int position;

    void clear() {
        position = 0;
    }

    /** Appends a row. */
    void putRow(Object[] values) {
        int start = position;
        putInt(0);
        for (Object value : values) {
            put(value);
        }
        int end = position;
        position = start;
        putInt(end - start - 4);
        position = end;
    }

    /** Reads the values of a row of that many columns; the length before them was read. */
    Object[] getRow(int columns) {
        Object[] values = new Object[columns];
        for (int i = 0; i < columns; i++) {
            values[i] = get();
        }
        return values;
    }

    private void put(Object value) {
        if (value == null) {
            putByte(NULL);
        } else if (value instanceof Long v) {
            int n = (72 - Long.numberOfLeadingZeros(v ^ (v >> 63))) >> 3; // with a bit for the sign
            putByte(LONG + n);
            putBig(v, n);
        } else if (value instanceof String v) {
            putString(v);
        } else if (value instanceof Boolean v) {
            putByte(v ? TRUE : FALSE);
        } else if (value instanceof Double v) {
            putByte(DOUBLE);
            putBig(Double.doubleToRawLongBits(v), 8);
        } else if (value instanceof BigDecimal v) {
            putByte(DECIMAL);
            putInt(v.scale());
            putBytes(v.unscaledValue().toByteArray());
        } else if (value instanceof byte[] v) {
            putByte(BYTES);
            putBytes(v);
        } else if (value instanceof UUID v) {
            putByte(UUID_);
            putBig(v.getMostSignificantBits(), 8);
            putBig(v.getLeastSignificantBits(), 8);
        } else if (value instanceof Interval v) {
            putByte(INTERVAL);
            putInt(v.months());
            putInt(v.days());
            putBig(v.micros(), 8);
        } else {
            throw new IllegalArgumentException("a value of " + value.getClass());
        }
    }

    private void putString(String value) {
        if (isLatin1(value)) {
            putByte(LATIN1);
            putBytes(value.getBytes(StandardCharsets.ISO_8859_1));
            return;
        }
        putByte(UTF16); // by hand: an encoder would replace a lone surrogate
        putInt(value.length());
        ensure(2 * value.length());
        for (int i = 0; i < value.length(); i++) {
            bytes[position++] = (byte) (value.charAt(i) >> 8);
            bytes[position++] = (byte) value.charAt(i);
        }
    }

    private static boolean isLatin1(String value) {
        for (int i = 0; i < value.length(); i++) {
            if (value.charAt(i) > 0xFF) {
                return false;
            }
        }
        return true;
    }

    private Object get() {
        byte tag = bytes[position++];
        return switch (tag) {
            case NULL -> null;
            case FALSE -> false;
            case TRUE -> true;
            case DOUBLE -> Double.longBitsToDouble(getBig(8));
            case LATIN1 -> {
                int length = getInt();
                position += length;
                yield new String(bytes, position - length, length, StandardCharsets.ISO_8859_1);
            }
            case UTF16 -> {
                char[] chars = new char[getInt()];
                for (int i = 0; i < chars.length; i++) {
                    chars[i] = (char) getBig(2);
                }
                yield new String(chars);
            }
            case BYTES -> getBytes();
            case DECIMAL -> {
                int scale = getInt();
                yield new BigDecimal(new BigInteger(getBytes()), scale);
            }
            case UUID_ -> new UUID(getBig(8), getBig(8));
            case INTERVAL -> new Interval(getInt(), getInt(), getBig(8));
            default -> getBig(tag - LONG);
        };
    }

    private void putByte(int value) {
        ensure(1);
        bytes[position++] = (byte) value;
    }

    private void putBytes(byte[] value) {
        putInt(value.length);
        ensure(value.length);
        System.arraycopy(value, 0, bytes, position, value.length);
        position += value.length;
    }

    private byte[] getBytes() {
        int length = getInt();
        position += length;
        return Arrays.copyOfRange(bytes, position - length, position);
    }

    private void putInt(int value) {
        putBig(value, 4);
    }

    int getInt() {
        return (int) getBig(4);
    }

    /** The {@code n} lowest bytes, the highest of them first. */
    void putBig(long value, int n) {
        ensure(n);
        for (int shift = 8 * (n - 1); shift >= 0; shift -= 8) {
            bytes[position++] = (byte) (value >> shift);
        }
    }

    private long getBig(int n) {
        long value = bytes[position++];
        for (int i = 1; i < n; i++) {
            value = value << 8 | (bytes[position++] & 0xFF);
        }
        return value;
    }

    private void ensure(int more) {
        if (bytes.length - position < more) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, Math.addExact(position, more)));
        }
    }
}
