// Strings and byte strings as key bytes.
package org.mosslsm.sql.encode;

import java.util.Arrays;

/**
 * Bytes of any length in key order: 00 is written as 00 FF, and 00 01 ends. Since FF and every byte but 00 are greater
 * than the end's 00 01, a string comes before its continuations, and none is a prefix of another.
 */
abstract class EscapedBytes extends KeyBody {
    private static final int END = 0x01;
    private static final int ESCAPED_ZERO = 0xFF;

    abstract byte[] bytesOf(Object value);

    abstract Object valueOf(byte[] array, int offset, int length);

    @Override
    void encode(Object value, KeyWriter out) {
        byte[] source = bytesOf(value);
        int from = 0;
        for (int i = 0; i < source.length; i++) {
            if (source[i] == 0) {
                out.bytes(source, from, i + 1 - from).u8(ESCAPED_ZERO);
                from = i + 1;
            }
        }
        out.bytes(source, from, source.length - from).u8(0).u8(END);
    }

    @Override
    int end(byte[] array, int at, int mask) {
        byte zero = (byte) mask;
        byte escaped = (byte) (ESCAPED_ZERO ^ mask);
        int i = at;
        while (true) {
            while (array[i] != zero) {
                i++;
            }
            if (array[i + 1] != escaped) {
                return i + 2;
            }
            i += 2;
        }
    }

    @Override
    Object decode(byte[] array, int at, int mask) {
        int length = end(array, at, mask) - 2 - at;
        if (mask == 0 && !hasZero(array, at, length)) {
            return valueOf(array, at, length);
        }
        byte[] plain = new byte[length];
        int n = 0;
        for (int i = 0; i < length; i++) {
            byte b = (byte) (array[at + i] ^ mask);
            plain[n++] = b;
            if (b == 0) {
                i++; // skips the FF after it
            }
        }
        return valueOf(plain, 0, n);
    }

    private static boolean hasZero(byte[] array, int at, int length) {
        for (int i = at; i < at + length; i++) {
            if (array[i] == 0) {
                return true;
            }
        }
        return false;
    }

    @Override
    int fixedLength() {
        return -1;
    }

    /** Strings by their UTF-8 bytes, which is their order by code point. */
    static final class Text extends EscapedBytes {
        @Override
        byte[] bytesOf(Object value) {
            return Utf8.encode((String) value);
        }

        @Override
        Object valueOf(byte[] array, int offset, int length) {
            return Utf8.decode(array, offset, length);
        }
    }

    /** Byte strings. */
    static final class Binary extends EscapedBytes {
        @Override
        byte[] bytesOf(Object value) {
            return (byte[]) value;
        }

        @Override
        Object valueOf(byte[] array, int offset, int length) {
            return Arrays.copyOfRange(array, offset, offset + length);
        }
    }
}
