package org.mosslsm.kv;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.Supplier;

/**
 * A reusable batch of entries as views. Keys lie one after another in one array of the batch; values are slices of
 * whatever array the store has them in, so that no value is copied on its way up; a large one may be on the disk until it is
 * asked for. One final class, so that readers'
 * loops stay monomorphic.
 *
 * <pre>
 * keys:    |key 0|key 1|...            key i = keys()[keyOffset(i) .. keyOffset(i) + keyLength(i))
 * values:  valueArray(i)[valueOffset(i) .. valueOffset(i) + valueLength(i))
 * </pre>
 *
 * <p>Thread safety: none; owned by the cursor that fills it, read by the thread that called it.
 */
public final class EntryBatch {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final int USUAL_KEY_BYTES = 24;

    private int size;
    private byte[] keys;
    private int[] keyStarts;
    private byte[][] valueArrays;
    private int[] valueOffsets;
    private int[] valueLengths;

    /** An empty batch. */
    public EntryBatch() {
        this(8);
    }

    /** An empty batch with room for so many entries, at least one, before it has to grow. */
    public EntryBatch(int entries) {
        keys = new byte[entries * USUAL_KEY_BYTES];
        keyStarts = new int[entries + 1];
        valueArrays = new byte[entries][];
        valueOffsets = new int[entries];
        valueLengths = new int[entries];
    }

    /** Where value {@code i} is to be fetched whose array is null; null as long as there never was one. */
    private Supplier<byte[]>[] later;

    /** Empties the batch for refilling; views handed out before are void. */
    public void clear() {
        size = 0;
    }

    /** Appends an entry: the key is copied, the value is kept as a view. */
    public void add(byte[] key, int keyOffset, int keyLength, byte[] valueArray, int valueOffset, int valueLength) {
        if (size == valueOffsets.length) {
            grow();
        }
        int start = keyStarts[size];
        if (keys.length - start < keyLength) {
            keys = Arrays.copyOf(keys, Math.max(keys.length * 2, start + keyLength));
        }
        System.arraycopy(key, keyOffset, keys, start, keyLength);
        keyStarts[size + 1] = start + keyLength;
        valueArrays[size] = valueArray;
        valueOffsets[size] = valueOffset;
        valueLengths[size] = valueLength;
        size++;
    }

    /**
     * Appends an entry whose key begins with the first {@code shared} bytes of the key added before, and goes on with the
     * suffix given; the batch must not be empty.
     */
    public void addSharing(
            int shared,
            byte[] suffix,
            int suffixOffset,
            int suffixLength,
            byte[] valueArray,
            int valueOffset,
            int valueLength) {
        int n = size;
        if (n == valueOffsets.length) {
            grow();
        }
        int start = keyStarts[n];
        int middle = start + shared;
        int end = middle + suffixLength;
        if (keys.length - end < Long.BYTES) {
            keys = Arrays.copyOf(keys, Math.max(keys.length * 2, end + Long.BYTES));
        }
        byte[] all = keys;
        copyShared(all, keyStarts[n - 1], start, shared);
        if (suffixLength > Long.BYTES || suffix.length - suffixOffset < Long.BYTES) {
            System.arraycopy(suffix, suffixOffset, all, middle, suffixLength);
        } else {
            LONG.set(all, middle, (long) LONG.get(suffix, suffixOffset));
        }
        keyStarts[n + 1] = end;
        valueArrays[n] = valueArray;
        valueOffsets[n] = valueOffset;
        valueLengths[n] = valueLength;
        size = n + 1;
    }

    /**
     * Copies within one array. Keys are short, so that eight bytes at a time cost less than a call that copies; and neighbours
     * share as much as a rule, so that what is read was written by one store, which the processor then hands on.
     */
    private static void copyShared(byte[] all, int from, int to, int length) {
        if (length < Long.BYTES) {
            for (int i = 0; i < length; i++) {
                all[to + i] = all[from + i];
            }
            return;
        }
        int last = length - Long.BYTES;
        for (int i = 0; i < last; i += Long.BYTES) {
            LONG.set(all, to + i, (long) LONG.get(all, from + i));
        }
        LONG.set(all, to + last, (long) LONG.get(all, from + last));
    }

    /**
     * Appends an entry whose value is fetched when somebody asks for it: not its length, which is known.
     *
     * @param value gives the value as an array of its own
     */
    @SuppressWarnings({"unchecked", "rawtypes"}) // an array of a generic type
    public void addLater(byte[] key, int keyOffset, int keyLength, int valueLength, Supplier<byte[]> value) {
        add(key, keyOffset, keyLength, null, 0, valueLength);
        if (later == null || later.length < size) {
            Supplier<byte[]>[] larger = new Supplier[valueOffsets.length];
            if (later != null) {
                System.arraycopy(later, 0, larger, 0, later.length);
            }
            later = larger;
        }
        later[size - 1] = value;
    }

    /** Appends entry {@code i} of another batch: its key is copied, its value is as it is there, fetched or not. */
    public void add(EntryBatch from, int i) {
        if (from.valueArrays[i] == null) {
            addLater(from.keys, from.keyOffset(i), from.keyLength(i), from.valueLengths[i], from.later[i]);
        } else {
            add(
                    from.keys,
                    from.keyOffset(i),
                    from.keyLength(i),
                    from.valueArrays[i],
                    from.valueOffsets[i],
                    from.valueLengths[i]);
        }
    }

    /** Takes the entry added last off again. */
    public void removeLast() {
        size--;
    }

    private void grow() {
        int capacity = size * 2;
        keyStarts = Arrays.copyOf(keyStarts, capacity + 1);
        valueArrays = Arrays.copyOf(valueArrays, capacity);
        valueOffsets = Arrays.copyOf(valueOffsets, capacity);
        valueLengths = Arrays.copyOf(valueLengths, capacity);
    }

    /** Number of entries. */
    public int size() {
        return size;
    }

    /** The array all keys lie in; it may change when the batch is refilled. */
    public byte[] keys() {
        return keys;
    }

    /** Where key {@code i} starts in {@link #keys()}. */
    public int keyOffset(int i) {
        return keyStarts[i];
    }

    /** Length of key {@code i}, in bytes. */
    public int keyLength(int i) {
        return keyStarts[i + 1] - keyStarts[i];
    }

    /**
     * The array value {@code i} lies in; a large value is read from the disk now, when it is asked for the first time.
     *
     * @throws CorruptionException when what is read is damaged
     * @throws KvIoException when the disk refuses
     */
    public byte[] valueArray(int i) {
        byte[] array = valueArrays[i];
        return array != null ? array : fetch(i);
    }

    private byte[] fetch(int i) {
        byte[] value = later[i].get();
        valueArrays[i] = value;
        return value;
    }

    /** Where value {@code i} starts in its array. */
    public int valueOffset(int i) {
        return valueOffsets[i];
    }

    /** Length of value {@code i}, in bytes. */
    public int valueLength(int i) {
        return valueLengths[i];
    }

    /** A copy of key {@code i}, owned by the caller. */
    public byte[] copyKey(int i) {
        return Arrays.copyOfRange(keys, keyStarts[i], keyStarts[i + 1]);
    }

    /** A copy of value {@code i}, owned by the caller. */
    public byte[] copyValue(int i) {
        return Arrays.copyOfRange(valueArray(i), valueOffsets[i], valueOffsets[i] + valueLengths[i]);
    }
}
