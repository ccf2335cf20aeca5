package org.mosslsm.kv.txn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.mosslsm.kv.Store.ScratchFile;

/**
 * Writes of a transaction that went to a scratch file, in key order, each key once.
 *
 * <pre>
 * file    block*                                   in memory: first key and position of each block, the last key,
 * block   entry*   about {@code BLOCK_BYTES}       a filter of the keys where that is small
 *         place:u32*  marks:u32                  places of each 16th entry, from the first on
 * entry   keyLength:varint key  valueLength+1:varint value    |    keyLength:varint key  0x00      a delete
 * </pre>
 *
 * <p>Invariant: the file lives until the last holder has let go: the write set, and each cursor.
 *
 * <p>Thread safety: {@link #get} by the thread of the write set; cursors by one thread each; the rest by any.
 */
final class SpilledRun {
    /** What one read fetches: some hundred entries, so that the keys in memory take a percent of the file. */
    private static final int BLOCK_BYTES = 16 << 10;

    /** Bits of the filter for each key, where there is room: with four set for a key, some 3 % of absent keys pass. */
    private static final int FILTER_BITS = 10;

    /** With fewer bits for each key too many pass. */
    private static final int LEAST_FILTER_BITS = 3;

    /** Entries between two looks at whether to go on: a fraction of a millisecond. */
    static final int ENTRIES_PER_LOOK = 1 << 8;

    private final ScratchFile file;
    private final byte[][] firstKeys;
    private final long[] positions; // one more than blocks
    private final byte[] lastKey;
    private final long[] filter; // null for none
    private final long entries;

    /** How many times its entries were merged. */
    final int level;

    private final AtomicInteger holders = new AtomicInteger(1);
    private final RunBlock block = new RunBlock();

    /** Whether a mark leads back to a state with this run. */
    boolean marked;

    private SpilledRun(Writer w, int level) {
        this.file = w.file;
        this.firstKeys = w.firstKeys.toArray(byte[][]::new);
        this.positions = Arrays.copyOf(w.positions, firstKeys.length + 1);
        this.lastKey = w.lastKey;
        this.filter = w.filter;
        this.entries = w.entries;
        this.level = level;
    }

    /**
     * Writes all entries of {@code cursor} to a new file.
     *
     * @param most how many entries there are at most
     * @param filterBytes what the filter may take; where that is too little there is none
     * @param mayGoOn asked now and then; what it throws ends the writing, and nothing is left
     * @return null where there are no entries
     * @throws org.mosslsm.kv.KvIoException when the disk refuses; nothing is left then
     */
    static SpilledRun write(
            Supplier<ScratchFile> files, WriteCursor cursor, int level, long most, long filterBytes, Runnable mayGoOn) {
        cursor.first();
        if (!cursor.valid()) {
            return null;
        }
        Writer writer = new Writer(files.get(), most, filterBytes);
        boolean done = false;
        try {
            for (; cursor.valid(); cursor.next()) {
                if (writer.entries % ENTRIES_PER_LOOK == 0) {
                    mayGoOn.run();
                }
                writer.add(cursor.key(), cursor.value());
            }
            writer.endBlock();
            SpilledRun run = new SpilledRun(writer, level);
            done = true;
            return run;
        } finally {
            if (!done) {
                writer.file.close();
            }
        }
    }

    void hold() {
        int before = holders.getAndIncrement();
        assert before > 0 : "held after the last holder let go";
    }

    void letGo() {
        if (holders.decrementAndGet() == 0) {
            file.close();
        }
    }

    long entries() {
        return entries;
    }

    int blocks() {
        return firstKeys.length;
    }

    /** The value under {@code key}, {@link WriteSet#DELETED}, or {@code null} when the key is not in the run. */
    byte[] get(byte[] key) {
        if (Arrays.compareUnsigned(key, firstKeys[0]) < 0 || Arrays.compareUnsigned(key, lastKey) > 0) {
            return null;
        }
        if (filter != null && !passes(filter, hash(key))) {
            return null;
        }
        read(block, blockOf(key));
        return block.find(key);
    }

    /** Number of the block that holds {@code key} if any does. */
    int blockOf(byte[] key) {
        int low = 1;
        int high = firstKeys.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (Arrays.compareUnsigned(firstKeys[middle], key) <= 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low - 1;
    }

    /** Reads a block and takes it apart, unless it is there. */
    void load(RunBlock into, int number) {
        if (into.number() != number) {
            read(into, number);
            into.takeApart();
        }
    }

    private void read(RunBlock into, int number) {
        if (into.number() != number) {
            int length = (int) (positions[number + 1] - positions[number]);
            into.fill(number, length, bytes -> file.read(positions[number], bytes, 0, length));
        }
    }

    private static long hash(byte[] key) {
        long h = 0xCBF2_9CE4_8422_2325L;
        for (byte b : key) {
            h = (h ^ (b & 0xFF)) * 0x100_0000_01B3L;
        }
        h ^= h >>> 32;
        h *= 0x9E37_79B9_7F4A_7C15L;
        return h ^ (h >>> 29);
    }

    private static boolean passes(long[] filter, long hash) {
        long bits = bits(hash);
        return (filter[word(filter, hash)] & bits) == bits;
    }

    private static int word(long[] filter, long hash) {
        return (int) (((hash >>> 32) * filter.length) >>> 32);
    }

    private static long bits(long hash) {
        return (1L << hash) | (1L << (hash >>> 6)) | (1L << (hash >>> 12)) | (1L << (hash >>> 18));
    }

    private static final class Writer {
        private final ScratchFile file;
        private final List<byte[]> firstKeys = new ArrayList<>();
        private final long[] filter; // null for none
        private long[] positions = new long[16];
        private byte[] lastKey;
        private byte[] bytes = new byte[BLOCK_BYTES + 1024];
        private int end;
        private int blockEntries;
        private int[] marks = new int[64];
        private int marked;
        private long entries;

        Writer(ScratchFile file, long most, long filterBytes) {
            this.file = file;
            long bits = Math.min(most * FILTER_BITS, filterBytes * 8);
            this.filter = bits < most * LEAST_FILTER_BITS ? null : new long[(int) (bits / 64) + 1];
        }

        void add(byte[] key, byte[] value) {
            if (blockEntries == 0) {
                firstKeys.add(key);
            }
            boolean delete = value == WriteSet.DELETED;
            if (blockEntries % RunBlock.MARK_DISTANCE == 0) {
                if (marked == marks.length) {
                    marks = Arrays.copyOf(marks, 2 * marked);
                }
                marks[marked++] = end;
            }
            long room = (long) end + key.length + value.length + 10 + 4L * (marked + 1);
            if (room > bytes.length) {
                if (room > Integer.MAX_VALUE - 16) {
                    throw new IllegalArgumentException("a write of " + (room - end) + " bytes");
                }
                bytes = Arrays.copyOf(bytes, (int) Math.min(Integer.MAX_VALUE - 16, Math.max(room, 2L * end)));
            }
            varint(key.length);
            append(key);
            varint(delete ? 0 : value.length + 1);
            append(value);
            note(key);
            lastKey = key;
            blockEntries++;
            entries++;
            if (end >= BLOCK_BYTES) {
                endBlock();
            }
        }

        private void varint(int value) {
            int n = value;
            while (n >= 0x80) {
                bytes[end++] = (byte) (n | 0x80);
                n >>>= 7;
            }
            bytes[end++] = (byte) n;
        }

        private void append(byte[] part) {
            System.arraycopy(part, 0, bytes, end, part.length);
            end += part.length;
        }

        private void note(byte[] key) {
            if (filter != null) {
                long hash = hash(key);
                filter[word(filter, hash)] |= bits(hash);
            }
        }

        void endBlock() {
            if (blockEntries == 0) {
                return;
            }
            file.append(bytes, 0, RunBlock.putMarks(bytes, end, marks, marked));
            int blocks = firstKeys.size();
            if (blocks == positions.length) {
                positions = Arrays.copyOf(positions, 2 * blocks);
            }
            positions[blocks] = file.size();
            end = 0;
            blockEntries = 0;
            marked = 0;
            if (bytes.length > 8 * BLOCK_BYTES) {
                bytes = new byte[BLOCK_BYTES + 1024];
            }
        }
    }
}
