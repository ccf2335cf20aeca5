package org.mosslsm.kv.txn;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.Consumer;

/** One block of a {@link SpilledRun}, read into memory and taken apart. Thread safety: one thread at a time. */
final class RunBlock {
    /** Each so manyth entry's place stands at the end of the block. */
    static final int MARK_DISTANCE = 16;

    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private int number = -1;
    private byte[] bytes = {};
    private int marks; // behind end, four bytes each
    private int[] keys = new int[256]; // offset, length of each key
    private int[] values = new int[256]; // offset, length of each value; length -1 for a delete
    private int size;
    private int end;

    /** Which block is here; -1 for none. */
    int number() {
        return number;
    }

    int size() {
        return size;
    }

    /** Takes in another block of {@code length} bytes, which {@code read} puts to the start of an array; for {@link #find}. */
    void fill(int blockNumber, int length, Consumer<byte[]> read) {
        number = -1;
        size = 0;
        if (bytes.length < length) {
            bytes = new byte[length];
        }
        read.accept(bytes);
        marks = (int) INT.get(bytes, length - 4);
        end = length - 4 - 4 * marks;
        number = blockNumber;
    }

    /** The value of the key, without taking the block apart; {@code null} where it is not there. */
    byte[] find(byte[] key) {
        int at = markBefore(key);
        while (at < end) {
            int keyLength = varintAt(at);
            int keyAt = at + varintBytes(keyLength);
            int order = Arrays.compareUnsigned(bytes, keyAt, keyAt + keyLength, key, 0, key.length);
            if (order > 0) {
                return null;
            }
            int stored = varintAt(keyAt + keyLength);
            int value = keyAt + keyLength + varintBytes(stored);
            at = value + Math.max(0, stored - 1);
            if (order == 0) {
                return stored == 0 ? WriteSet.DELETED : Arrays.copyOfRange(bytes, value, at);
            }
        }
        return null;
    }

    /** Place of the last marked entry whose key is not greater, or of the first. */
    private int markBefore(byte[] key) {
        int low = 1;
        int high = marks;
        while (low < high) {
            int middle = (low + high) >>> 1;
            int at = mark(middle);
            int length = varintAt(at);
            int keyAt = at + varintBytes(length);
            if (Arrays.compareUnsigned(bytes, keyAt, keyAt + length, key, 0, key.length) <= 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return mark(low - 1);
    }

    private int mark(int i) {
        return (int) INT.get(bytes, end + 4 * i);
    }

    /** Puts the places of marked entries behind the entries, which end at {@code end}; returns where the block ends. */
    static int putMarks(byte[] into, int end, int[] places, int count) {
        int at = end;
        for (int i = 0; i < count; i++, at += 4) {
            INT.set(into, at, places[i]);
        }
        INT.set(into, at, count);
        return at + 4;
    }

    /** Takes the block apart, for all other methods. What cannot be, for want of memory say, is not here. */
    void takeApart() {
        int taken = number;
        number = -1;
        size = 0;
        for (int at = 0; at < end; size++) {
            if (2 * size == values.length) { // and where the last try failed keys may be longer
                keys = Arrays.copyOf(keys, 4 * size);
                values = Arrays.copyOf(values, 4 * size);
            }
            int keyLength = varintAt(at);
            int key = at + varintBytes(keyLength);
            int stored = varintAt(key + keyLength);
            int value = key + keyLength + varintBytes(stored);
            keys[2 * size] = key;
            keys[2 * size + 1] = keyLength;
            values[2 * size] = value;
            values[2 * size + 1] = stored - 1;
            at = value + Math.max(0, stored - 1);
        }
        number = taken;
    }

    private int varintAt(int offset) {
        int value = 0;
        int at = offset;
        for (int shift = 0; ; shift += 7) {
            byte b = bytes[at++];
            value |= (b & 0x7F) << shift;
            if (b >= 0) {
                return value;
            }
        }
    }

    private static int varintBytes(int value) {
        return value == 0 ? 1 : (38 - Integer.numberOfLeadingZeros(value)) / 7;
    }

    byte[] key(int i) {
        int from = keys[2 * i];
        return Arrays.copyOfRange(bytes, from, from + keys[2 * i + 1]);
    }

    byte[] value(int i) {
        int from = values[2 * i];
        int length = values[2 * i + 1];
        return length < 0 ? WriteSet.DELETED : Arrays.copyOfRange(bytes, from, from + length);
    }

    int compareKey(int i, byte[] key) {
        int from = keys[2 * i];
        return Arrays.compareUnsigned(bytes, from, from + keys[2 * i + 1], key, 0, key.length);
    }

    /** Index of the first key {@code >= key}, or the size. */
    int lowerBound(byte[] key) {
        int low = 0;
        int high = size;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (compareKey(middle, key) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
