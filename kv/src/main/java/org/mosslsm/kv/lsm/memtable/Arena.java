package org.mosslsm.kv.lsm.memtable;

import java.util.Arrays;

/**
 * Memory of one memtable: links and fixed fields in {@code int} slabs, keys and values in {@code byte} slabs. A position
 * is one {@code int}: the slab's number in the high bits, the place in the slab in the low ones.
 *
 * <pre>
 * ints   |slab 0: 1 K|slab 1: 2 K| ... |32 K|32 K|         position = slab &lt;&lt; 15 | place
 * bytes  |slab 0: 16 KB|slab 1: 32 KB| ... |256 KB| ...    position = slab &lt;&lt; 18 | place
 * </pre>
 *
 * <p>Slabs start small and double, so that a store with little data costs little, and stop at 256 KB, below half of the
 * smallest G1 region, so that none is a humongous allocation. They are not pooled: a get holds no reference count on the
 * memtable it reads, so only the garbage collector knows when a slab is no longer read; zeroing one costs some percent
 * of filling it.
 *
 * <p>Invariants: (1) what is allocated is never moved or freed while the arena lives. (2) Only the writer allocates; a
 * reader learns a position through an acquire load of a link that was released after the slab was entered in the table,
 * and so finds the slab there. Thread safety: one writer, any number of readers.
 */
final class Arena {
    /** Ints of a full slab: 2^15 = 128 KB. */
    static final int INT_BITS = 15;

    static final int INT_MASK = (1 << INT_BITS) - 1;

    /** Bytes of a full slab: 2^18 = 256 KB. */
    static final int BYTE_BITS = 18;

    static final int BYTE_MASK = (1 << BYTE_BITS) - 1;

    /** What a position can number: 8,192. */
    private static final int MAX_BYTE_SLABS = 1 << (31 - BYTE_BITS);

    private static final int FIRST_INTS = 1 << 10;
    private static final int FIRST_BYTES = 1 << 14;

    private int[][] intSlabs = new int[4][];
    private byte[][] byteSlabs = new byte[4][];
    private int intSlabCount;
    private int byteSlabCount;

    private int intPlace = FIRST_INTS;
    private int byteSlab = -1;
    private int bytePlace = FIRST_BYTES;
    private long used;

    /** Position of {@code n} zeroed ints in one slab. */
    int allocateInts(int n) {
        if (intSlabCount == 0 || intPlace + n > intSlabs[intSlabCount - 1].length) {
            if (intSlabCount == intSlabs.length) {
                intSlabs = Arrays.copyOf(intSlabs, intSlabCount * 2);
            }
            intSlabs[intSlabCount] = new int[doubled(FIRST_INTS, intSlabCount, 1 << INT_BITS)];
            intSlabCount++;
            intPlace = 0;
        }
        int position = (intSlabCount - 1) << INT_BITS | intPlace;
        intPlace += n;
        used += 4L * n;
        return position;
    }

    /**
     * Position of {@code n} bytes in one slab; what is larger than a slab gets one of its own. Of two slabs one after the
     * other the second was begun with what did not fit into the first: so {@code b} bytes take no more than {@code 2 + 2b
     * / 256 KB} slabs, whatever the sizes.
     */
    int allocateBytes(int n) {
        used += n;
        if (n > 1 << BYTE_BITS) {
            return addByteSlab(n) << BYTE_BITS; // keeps the current slab current
        }
        // Behind a full slab no position names a place of it: no bytes have theirs in the next one, as others do.
        if (byteSlab < 0 || bytePlace + n > byteSlabs[byteSlab].length || bytePlace == 1 << BYTE_BITS) {
            if (byteSlab >= 0) {
                used += byteSlabs[byteSlab].length - bytePlace; // wasted, but taken
            }
            byteSlab = addByteSlab(Math.max(n, doubled(FIRST_BYTES, byteSlabCount, 1 << BYTE_BITS)));
            bytePlace = 0;
        }
        int position = byteSlab << BYTE_BITS | bytePlace;
        bytePlace += n;
        return position;
    }

    private int addByteSlab(int size) {
        if (byteSlabCount == MAX_BYTE_SLABS) {
            throw new IllegalStateException("a memtable of more than 2 GB");
        }
        byte[] slab = new byte[size];
        if (byteSlabCount == byteSlabs.length) {
            byteSlabs = Arrays.copyOf(byteSlabs, byteSlabCount * 2);
        }
        byteSlabs[byteSlabCount] = slab;
        return byteSlabCount++;
    }

    private static int doubled(int first, int slab, int full) {
        return slab > 8 ? full : Math.min(full, first << slab);
    }

    /** The slab an int position lies in; its place is {@code position & INT_MASK}. */
    int[] ints(int position) {
        return intSlabs[position >>> INT_BITS];
    }

    /** The slab a byte position lies in; its place is {@code position & BYTE_MASK}. */
    byte[] bytes(int position) {
        return byteSlabs[position >>> BYTE_BITS];
    }

    /**
     * Bytes that may still be added for sure, however they are cut; less than the writer may want to add in one go means
     * that it had better begin another arena.
     */
    long roomBytes() {
        return Math.max(0, MAX_BYTE_SLABS - byteSlabCount - 2L) << (BYTE_BITS - 1);
    }

    /** Bytes handed out or wasted; exact for the writer, about right for others. */
    long used() {
        return used;
    }
}
