// A growing array of bytes.
package org.mosslsm.sql.encode;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Bytes being written, big-endian; reusable. Not thread-safe. */
public final class KeyWriter {
    static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private byte[] bytes = new byte[64];
    private int length;

    /** Empties it. */
    public KeyWriter clear() {
        length = 0;
        return this;
    }

    /** Bytes written. */
    public int length() {
        return length;
    }

    /** Forgets all but the first {@code newLength} bytes. */
    public void truncate(int newLength) {
        length = newLength;
    }

    /** A copy of what was written. */
    public byte[] toBytes() {
        return Arrays.copyOf(bytes, length);
    }

    /** Appends one byte. */
    public KeyWriter u8(int b) {
        room(1);
        bytes[length++] = (byte) b;
        return this;
    }

    /** Appends two bytes. */
    public KeyWriter u16(int v) {
        room(2);
        SHORT.set(bytes, length, (short) v);
        length += 2;
        return this;
    }

    /** Appends four bytes. */
    public KeyWriter u32(int v) {
        room(4);
        INT.set(bytes, length, v);
        length += 4;
        return this;
    }

    /** Appends eight bytes. */
    public KeyWriter u64(long v) {
        room(8);
        LONG.set(bytes, length, v);
        length += 8;
        return this;
    }

    /** Appends bytes. */
    public KeyWriter bytes(byte[] source) {
        return bytes(source, 0, source.length);
    }

    /** Appends bytes. */
    public KeyWriter bytes(byte[] source, int offset, int count) {
        room(count);
        System.arraycopy(source, offset, bytes, length, count);
        length += count;
        return this;
    }

    /** Appends bytes whose values are set later, see {@link #array}. */
    KeyWriter skip(int count) {
        room(count);
        length += count;
        return this;
    }

    /** Inverts what was written from {@code from} on. */
    public void invert(int from) {
        for (int i = from; i < length; i++) {
            bytes[i] = (byte) ~bytes[i];
        }
    }

    /** Makes place for {@code count} more bytes, for writers that then use {@link #array}. */
    void room(int count) {
        if (bytes.length - length < count) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, Math.addExact(length, count)));
        }
    }

    byte[] array() {
        return bytes;
    }

    void advance(int count) {
        length += count;
    }
}
