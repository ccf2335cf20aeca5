package org.mosslsm.kv.lsm.entry;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Eight bytes of a key as one {@code long}: a search or a merge compares those, and looks at bytes only where two are equal.
 * Equal ones decide nothing, unless it is known that the keys end there: then the shorter key comes first.
 */
public final class Fence {
    private static final VarHandle LONG_BE = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private Fence() {}

    /**
     * The first eight of the {@code length} bytes at {@code offset}, padded with zeros; all zeros where the length is negative,
     * as behind the end of a short key. In the order of the bytes when compared as unsigned.
     */
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

    /** As {@link #of}, but in the order of the bytes when compared as signed, which takes one instruction less. */
    public static long signed(byte[] bytes, int offset, int length) {
        return of(bytes, offset, length) ^ Long.MIN_VALUE;
    }
}
