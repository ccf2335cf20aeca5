package org.mosslsm.kv.lsm;

import java.util.Arrays;
import org.mosslsm.kv.WriteBatch;
import org.mosslsm.kv.lsm.entry.Fence;
import org.mosslsm.kv.lsm.entry.RangeTombstone;
import org.mosslsm.kv.lsm.entry.Trailer;
import org.mosslsm.kv.lsm.memtable.MemTable;

/**
 * Puts the entries of many batches into a memtable nobody reads yet, faster than {@link BatchInserter}: it gathers them and
 * adds them in the order of their keys, so that each finds its place beside the one before, where a search would touch
 * memory all over the table. Measured: reading a log of 370,000 random keys (51 MB) again took 1.0 s of processor time in
 * place of 2.4.
 *
 * <p>Range tombstones go into the table at once: what order they and points come in is told by their numbers alone.
 *
 * <p>Thread safety: none.
 */
final class SortedInserter implements WriteBatch.Visitor {
    /** Enough to be close to each other in a full memtable; what is gathered is memory beside the memtable. */
    static final int MOST_BYTES = 8 << 20;

    private static final int MOST_ENTRIES = 1 << 16;

    private final int mostBytes;
    private MemTable table;
    private long seq;

    /** Keys and values gathered; of entry i at {@code places[i]}, its value behind its key. */
    private byte[] bytes = new byte[1 << 12];

    private int used;
    private int count;
    private int[] places = new int[64];
    private int[] keyLengths = new int[64];
    private int[] valueLengths = new int[64];
    private long[] trailers = new long[64];

    /** Entries in order, and the first eight bytes of their keys in the same order; and room for sorting both. */
    private int[] order = new int[64];

    private long[] prefixes = new long[64];
    private int[] nextOrder = {};
    private long[] nextPrefixes = {};

    /** For memtables of that size. */
    SortedInserter(long memtableBytes) {
        this.mostBytes = (int) Math.max(1 << 12, Math.min(MOST_BYTES, memtableBytes / 8));
    }

    /** Puts what is gathered into the table it was meant for; what comes next is for {@code next}. */
    void drain(MemTable next) {
        drain();
        table = next;
    }

    /** The next entry gets {@code firstSeq}. */
    void begin(long firstSeq) {
        seq = firstSeq;
    }

    /** The sequence number the next entry would get. */
    long nextSeq() {
        return seq;
    }

    @Override
    public void put(byte[] array, int keyOffset, int keyLength, int valueOffset, int valueLength) {
        add(Trailer.of(seq++, Trailer.PUT), array, keyOffset, keyLength, valueOffset, valueLength);
    }

    @Override
    public void delete(byte[] array, int keyOffset, int keyLength) {
        add(Trailer.of(seq++, Trailer.DELETE), array, keyOffset, keyLength, 0, 0);
    }

    @Override
    public void deleteRange(byte[] array, int loOffset, int loLength, int hiOffset, int hiLength) {
        RangeTombstone tombstone = RangeTombstone.ofOrNull(array, loOffset, loLength, hiOffset, hiLength, seq);
        if (tombstone != null) { // an empty range deletes nothing, but has its number
            table.addRange(tombstone);
        }
        seq++;
    }

    private void add(long trailer, byte[] array, int keyOffset, int keyLength, int valueOffset, int valueLength) {
        long size = (long) keyLength + valueLength;
        if (size > mostBytes / 4) {
            table.add(trailer, array, keyOffset, keyLength, array, valueOffset, valueLength);
            return;
        }
        if (count == MOST_ENTRIES || used + size > mostBytes) {
            drain();
        }
        makeRoom((int) size);
        System.arraycopy(array, keyOffset, bytes, used, keyLength);
        System.arraycopy(array, valueOffset, bytes, used + keyLength, valueLength);
        places[count] = used;
        keyLengths[count] = keyLength;
        valueLengths[count] = valueLength;
        trailers[count] = trailer;
        order[count] = count;
        prefixes[count] = Fence.of(bytes, used, keyLength);
        used += (int) size;
        count++;
    }

    private void makeRoom(int size) {
        if (used + size > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(used + size, Math.min(mostBytes, bytes.length * 2)));
        }
        if (count == order.length) {
            places = Arrays.copyOf(places, count * 2);
            keyLengths = Arrays.copyOf(keyLengths, count * 2);
            valueLengths = Arrays.copyOf(valueLengths, count * 2);
            trailers = Arrays.copyOf(trailers, count * 2);
            order = Arrays.copyOf(order, count * 2);
            prefixes = Arrays.copyOf(prefixes, count * 2);
        }
    }

    private void drain() {
        sort();
        for (int i = 0; i < count; i++) {
            int entry = order[i];
            int place = places[entry];
            int keyLength = keyLengths[entry];
            table.add(trailers[entry], bytes, place, keyLength, bytes, place + keyLength, valueLengths[entry]);
        }
        count = 0;
        used = 0;
    }

    /** Merge sort from the bottom, which is done at once with keys that came in order. */
    private void sort() {
        if (nextOrder.length < count) {
            nextOrder = new int[order.length];
            nextPrefixes = new long[order.length];
        }
        for (int width = 1; width < count; width *= 2) {
            for (int from = 0; from < count; from += 2 * width) {
                merge(from, Math.min(from + width, count), Math.min(from + 2 * width, count));
            }
            int[] sorted = nextOrder;
            nextOrder = order;
            order = sorted;
            long[] sortedPrefixes = nextPrefixes;
            nextPrefixes = prefixes;
            prefixes = sortedPrefixes;
        }
    }

    private void merge(int from, int middle, int to) {
        int left = from;
        int right = middle;
        if (middle == to || compare(middle - 1, middle) < 0) {
            System.arraycopy(order, from, nextOrder, from, to - from);
            System.arraycopy(prefixes, from, nextPrefixes, from, to - from);
            return;
        }
        for (int i = from; i < to; i++) {
            int least = right == to || (left < middle && compare(left, right) < 0) ? left++ : right++;
            nextOrder[i] = order[least];
            nextPrefixes[i] = prefixes[least];
        }
    }

    /** Order of the entries at two places of {@code order}: by key, and of one key the newer first. */
    private int compare(int a, int b) {
        if (prefixes[a] != prefixes[b]) {
            return Long.compareUnsigned(prefixes[a], prefixes[b]);
        }
        int first = order[a];
        int second = order[b];
        int result = Arrays.compareUnsigned(
                bytes,
                places[first],
                places[first] + keyLengths[first],
                bytes,
                places[second],
                places[second] + keyLengths[second]);
        return result != 0 ? result : Long.compare(trailers[second], trailers[first]);
    }
}
