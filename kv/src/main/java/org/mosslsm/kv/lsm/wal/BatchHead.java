package org.mosslsm.kv.lsm.wal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.mosslsm.kv.WriteBatch;

/** The head of an encoded {@link WriteBatch}: what a SHORT record leaves out, because the record before tells it. */
final class BatchHead {
    static final int BYTES = WriteBatch.HEADER_BYTES;

    private static final int COUNT_AT = 8;

    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private BatchHead() {}

    static long sequence(byte[] array, int at) {
        return (long) LONG.get(array, at);
    }

    static int count(byte[] array, int at) {
        return (int) INT.get(array, at + COUNT_AT);
    }

    /** Writes the head of a batch of one entry. */
    static void putOne(byte[] array, int at, long sequence) {
        LONG.set(array, at, sequence);
        INT.set(array, at + COUNT_AT, 1);
    }
}
