package org.mosslsm.kv.lsm.table;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A growing byte array with the encodings our files are made of: little-endian fixed-width integers and base-128
 * varints. Not thread-safe.
 */
public final class ByteWriter {
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private byte[] bytes;
    private int size;

    /** Starts empty, with room for {@code capacity} bytes. */
    public ByteWriter(int capacity) {
        bytes = new byte[Math.max(16, capacity)];
    }

    /** The bytes written so far are {@code 0 .. size()} of this array; a view until the next write. */
    public byte[] array() {
        return bytes;
    }

    /** Bytes written. */
    public int size() {
        return size;
    }

    /** Forgets what was written. */
    public void clear() {
        size = 0;
    }

    /** A copy of what was written. */
    public byte[] toByteArray() {
        return Arrays.copyOf(bytes, size);
    }

    /** Appends one byte. */
    public ByteWriter u8(int value) {
        room(1);
        bytes[size++] = (byte) value;
        return this;
    }

    /** Appends four bytes, little-endian. */
    public ByteWriter u32(int value) {
        room(4);
        INT.set(bytes, size, value);
        size += 4;
        return this;
    }

    /** Appends eight bytes, little-endian. */
    public ByteWriter u64(long value) {
        room(8);
        LONG.set(bytes, size, value);
        size += 8;
        return this;
    }

    /** Appends an unsigned number in as few groups of seven bits as it needs, least significant first. */
    public ByteWriter varint(long value) {
        room(10);
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            bytes[size++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[size++] = (byte) rest;
        return this;
    }

    /** Appends bytes as they are. */
    public ByteWriter raw(byte[] source, int offset, int length) {
        room(length);
        System.arraycopy(source, offset, bytes, size, length);
        size += length;
        return this;
    }

    /** Appends a varint length and the bytes. */
    public ByteWriter prefixed(byte[] source) {
        return varint(source.length).raw(source, 0, source.length);
    }

    private void room(int more) {
        if (more > bytes.length - size) {
            long wanted = Math.max((long) size + more, Math.min(bytes.length * 2L, Integer.MAX_VALUE - 16L));
            if (wanted > Integer.MAX_VALUE - 16L) {
                throw new IllegalArgumentException("an encoded structure of more than 2 GB");
            }
            bytes = Arrays.copyOf(bytes, (int) wanted);
        }
    }
}
