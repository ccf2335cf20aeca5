package org.mosslsm.kv.lsm.table;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Eight bytes of a key as one {@code long}: a search compares those, and looks at bytes only where two are equal. Fences
 * are in the order of the bytes when compared as unsigned; equal ones decide nothing.
 */
public final class Fence {
    private static final VarHandle LONG_BE = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private Fence() {}

    /** The first eight of the {@code length} bytes at {@code offset}, padded with zeros. */
    public static long of(byte[] bytes, int offset, int length) {
        if (length >= Long.BYTES) {
            return (long) LONG_BE.get(bytes, offset);
        }
        long fence = 0;
        for (int i = 0; i < length; i++) {
            fence |= (bytes[offset + i] & 0xFFL) << (56 - 8 * i);
        }
        return fence;
    }
}
