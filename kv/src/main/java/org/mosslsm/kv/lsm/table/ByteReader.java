package org.mosslsm.kv.lsm.table;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.mosslsm.kv.CorruptionException;

/**
 * Reads what {@link ByteWriter} wrote, from bytes that may be anything: every length is checked against what is left
 * before it is used, and what does not fit is a {@link CorruptionException} that names file and offset. Not thread-safe.
 */
public final class ByteReader {
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final byte[] bytes;
    private final int start;
    private final int end;
    private final String file;
    private final long fileOffset;
    private int at;

    /**
     * Reads {@code length} bytes from {@code offset} of {@code bytes}.
     *
     * @param file name for error messages
     * @param fileOffset where in the file the first of these bytes came from
     */
    public ByteReader(byte[] bytes, int offset, int length, String file, long fileOffset) {
        this.bytes = bytes;
        this.start = offset;
        this.at = offset;
        this.end = offset + length;
        this.file = file;
        this.fileOffset = fileOffset;
    }

    /** Bytes not read yet. */
    public int remaining() {
        return end - at;
    }

    /** Index in the array of the next byte. */
    public int position() {
        return at;
    }

    /** Reads one byte as 0..255. */
    public int u8() {
        need(1);
        return bytes[at++] & 0xFF;
    }

    /** Reads four bytes, little-endian. */
    public int u32() {
        need(4);
        int value = (int) INT.get(bytes, at);
        at += 4;
        return value;
    }

    /** Reads eight bytes, little-endian. */
    public long u64() {
        need(8);
        long value = (long) LONG.get(bytes, at);
        at += 8;
        return value;
    }

    /** Reads a varint of up to 64 bits. */
    public long varint() {
        long value = 0;
        for (int shift = 0; shift < 70; shift += 7) {
            int b = u8();
            if (shift == 63 && b > 1) {
                break;
            }
            value |= (long) (b & 0x7F) << shift;
            if (b < 0x80) {
                return value;
            }
        }
        throw damage("a number of more than 64 bits");
    }

    /** Reads a varint that is a number of at most 63 bits. */
    public long number(String what) {
        long value = varint();
        if (value < 0) {
            throw damage(what + " is beyond 63 bits");
        }
        return value;
    }

    /** Reads a varint that counts or measures something and must lie in {@code 0 .. limit}. */
    public int count(int limit, String what) {
        long value = varint();
        if (value < 0 || value > limit) {
            throw damage(what + " is " + Long.toUnsignedString(value) + ", more than the " + limit + " possible");
        }
        return (int) value;
    }

    /** Reads a varint length and as many bytes, as a copy. */
    public byte[] prefixed(String what) {
        int length = count(Math.max(0, remaining()), "the length of " + what);
        if (length > remaining()) {
            throw damage("the length of " + what + " leaves its structure");
        }
        byte[] copy = Arrays.copyOfRange(bytes, at, at + length);
        at += length;
        return copy;
    }

    /** Steps over {@code length} bytes. */
    public void skip(int length) {
        need(length);
        at += length;
    }

    /** Insists that everything was read. */
    public void expectEnd(String what) {
        if (at != end) {
            throw damage(remaining() + " bytes are left after " + what);
        }
    }

    /** A damage report for the place where this reader stands. */
    public CorruptionException damage(String what) {
        return new CorruptionException(file, fileOffset + (at - start), what);
    }

    private void need(int length) {
        if (length < 0 || length > end - at) {
            throw damage("it ends after " + remaining() + " bytes where " + length + " more are expected");
        }
    }
}
