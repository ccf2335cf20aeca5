// A set of keys too many for memory.
package org.mosslsm.sql.exec.spill;

import java.util.Arrays;
import org.mosslsm.kv.Store.ScratchFile;

/**
 * A set of rows of values in a file: added first, then looked up. In memory is one number for each {@value #BLOCK} bytes of
 * it.
 *
 * <pre>
 * add        hash:8 row  ->  EntrySorter, which drops nothing yet
 * finish     in the order of their hashes, each once:  file := (hash:8  length:4  row)*
 *            firsts[i] := hash of the first key that begins in block i
 * contains   blocks from the last whose first hash is below the one looked for, until a hash is above it
 * </pre>
 *
 * A key may begin in one block and end in the next, so that a block is read with what follows of its last key. Values
 * equal each other when their bytes do: give {@link org.mosslsm.sql.type.ValueKeys}. Thread safety: none.
 */
public final class KeyFile implements AutoCloseable {
    /** Read for one look: less would need more numbers in memory, more costs more at each look. */
    private static final int BLOCK = 4 << 10;

    private static final int HEAD = Long.BYTES + Integer.BYTES;

    private final EntrySorter sorter;
    private final ScratchFile file;
    private final Runnable cancelCheck;
    private final ValueBytes row = new ValueBytes();
    private long[] firsts = new long[16];
    /** Where the first key that begins in a block does. */
    private int[] starts = new int[16];

    private int blocks;
    private byte[] buffer = new byte[0];
    /** The block in the buffer, and how many bytes from its first on. */
    private int held = -1;

    private int loaded;

    /**
     * An empty set.
     *
     * @param cancelCheck called now and then in long work; what it throws ends that
     */
    public KeyFile(Workspace workspace, Runnable cancelCheck) {
        this.cancelCheck = cancelCheck;
        this.sorter = new EntrySorter(workspace, 0, cancelCheck);
        this.file = workspace.files().get();
    }

    /** Adds a row; none after {@link #finish}. */
    public void add(Object[] values) {
        sorter.add(bytes(values), new byte[0]);
    }

    /** The row's bytes behind their hash. */
    private byte[] bytes(Object[] values) {
        row.clear();
        row.putBig(0, Long.BYTES);
        row.putRow(values);
        byte[] key = Arrays.copyOf(row.bytes, row.position);
        EntrySorter.LONG.set(key, 0, hash(key, Long.BYTES, key.length));
        if (row.bytes.length > 16 * BLOCK) {
            row.bytes = new byte[BLOCK]; // after a row of megabytes
        }
        return key;
    }

    /** FNV-1a, its bits mixed once more: neighbours must not be neighbours. */
    private static long hash(byte[] bytes, int from, int to) {
        long h = 0xcbf29ce484222325L;
        for (int i = from; i < to; i++) {
            h = (h ^ (bytes[i] & 0xFF)) * 0x100000001b3L;
        }
        h ^= h >>> 32;
        return h * 0x9E3779B97F4A7C15L;
    }

    /** Ends the adding. */
    public void finish() {
        EntrySorter.Entries entries = sorter.sorted();
        byte[] before = null;
        byte[] out = new byte[(int) Math.min(16 * BLOCK, sorter.byteSize() + HEAD)];
        int filled = 0;
        int n = 0;
        while (entries.next()) {
            if ((++n & 0xFFF) == 0) {
                cancelCheck.run();
            }
            if (before != null && entries.hasKey(before)) {
                continue;
            }
            before = entries.copyKey();
            int length = before.length - Long.BYTES;
            if (filled + HEAD + length > out.length) {
                file.append(out, 0, filled);
                filled = 0;
                out = HEAD + length > out.length ? new byte[HEAD + length] : out;
            }
            note(file.size() + filled, (long) EntrySorter.LONG.get(before, 0));
            System.arraycopy(before, 0, out, filled, Long.BYTES);
            EntrySorter.INT.set(out, filled + Long.BYTES, length);
            System.arraycopy(before, Long.BYTES, out, filled + HEAD, length);
            filled += HEAD + length;
        }
        file.append(out, 0, filled);
        sorter.close();
    }

    /** Notes a key that begins at {@code position}, if it is the first of its block. */
    private void note(long position, long hash) {
        int block = Math.toIntExact(position / BLOCK);
        if (block < blocks) {
            return;
        }
        if (block >= firsts.length) {
            int length = Math.max(block + 1, 2 * firsts.length);
            firsts = Arrays.copyOf(firsts, length);
            starts = Arrays.copyOf(starts, length);
        }
        // No key begins in the blocks a long one fills: they stand for the key behind them.
        for (int i = blocks; i <= block; i++) {
            firsts[i] = hash;
            starts[i] = (int) (position - (long) i * BLOCK);
        }
        blocks = block + 1;
    }

    /** Whether the set holds the row; once finished. */
    public boolean contains(Object[] values) {
        if (blocks == 0) {
            return false;
        }
        byte[] key = bytes(values);
        long hash = (long) EntrySorter.LONG.get(key, 0);
        long at = firstPosition(hash);
        while (at < file.size()) {
            int in = load(at, HEAD);
            int order = Long.compareUnsigned((long) EntrySorter.LONG.get(buffer, in), hash);
            int length = (int) EntrySorter.INT.get(buffer, in + Long.BYTES);
            if (order > 0) {
                return false;
            }
            if (order == 0 && length == key.length - Long.BYTES) {
                in = load(at, HEAD + length);
                int from = in + HEAD;
                if (Arrays.equals(buffer, from, from + length, key, Long.BYTES, key.length)) {
                    return true;
                }
            }
            at += HEAD + length;
        }
        return false;
    }

    /** Where to begin to look for a hash. */
    private long firstPosition(long hash) {
        int low = 0;
        int high = blocks;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (Long.compareUnsigned(firsts[middle], hash) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        int block = Math.max(0, low - 1);
        return (long) block * BLOCK + starts[block];
    }

    /** Makes sure that so many bytes from {@code position} on are in the buffer, and says where they begin in it. */
    private int load(long position, int wanted) {
        int block = Math.toIntExact(position / BLOCK);
        long from = (long) block * BLOCK;
        int in = (int) (position - from);
        long needed = Math.min(Math.max(BLOCK, in + (long) wanted), file.size() - from);
        if (block != held || loaded < needed) {
            int length = Math.toIntExact(needed);
            if (buffer.length < length || buffer.length > 16L * Math.max(length, BLOCK)) {
                buffer = new byte[length];
            }
            file.read(from, buffer, 0, length);
            held = block;
            loaded = length;
        }
        return in;
    }

    /** Whether {@code see} says yes to one of the rows, each of {@code columns} values; once finished. */
    public boolean anyMatch(int columns, java.util.function.Predicate<Object[]> see) {
        long at = 0;
        int n = 0;
        while (at < file.size()) {
            if ((++n & 0xFF) == 0) {
                cancelCheck.run();
            }
            int in = load(at, HEAD);
            int length = (int) EntrySorter.INT.get(buffer, in + Long.BYTES);
            in = load(at, HEAD + length);
            ValueBytes values = new ValueBytes();
            values.bytes = buffer;
            values.position = in + HEAD + Integer.BYTES;
            if (see.test(values.getRow(columns))) {
                return true;
            }
            at += HEAD + length;
        }
        return false;
    }

    /** Bytes in memory, roughly. */
    public long heapBytes() {
        return (long) firsts.length * (Long.BYTES + Integer.BYTES) + buffer.length;
    }

    /** Deletes the file; harmless when repeated. */
    @Override
    public void close() {
        sorter.close();
        file.close();
    }
}
