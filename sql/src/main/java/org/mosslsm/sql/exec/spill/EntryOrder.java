package org.mosslsm.sql.exec.spill;

import java.util.Arrays;

/**
 * Orders places of entries, as {@link EntrySorter} lays them out, by the keys that stand there: by radix over the next
 * eight bytes of all keys, then again over those that agree in them. Keeps its arrays from one sort to the next; not
 * thread-safe.
 */
final class EntryOrder {
    /** Below this an insertion is quicker than counting 256 digits. */
    private static final int SMALL = 48;

    /** Keys of so many eights of equal bytes are long: looking at them whole is no worse, and no recursion. */
    private static final int MOST_DEPTH = 32;

    private final Runnable cancelCheck;
    private long[] prefixes = new long[0];
    private long[] otherPrefixes = new long[0];
    private int[] otherPlaces = new int[0];

    EntryOrder(Runnable cancelCheck) {
        this.cancelCheck = cancelCheck;
    }

    /** The eight bytes of the key from {@code skip} on, zeros where it ends. */
    static long prefix(byte[] bytes, int at, int skip) {
        int length = (int) EntrySorter.INT.get(bytes, at);
        int from = at + EntrySorter.HEAD + skip;
        if (length - skip >= Long.BYTES) {
            return (long) EntrySorter.LONG.get(bytes, from);
        }
        long prefix = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            prefix = prefix << 8 | (skip + i < length ? bytes[from + i] & 0xFF : 0);
        }
        return prefix;
    }

    static int compare(byte[] a, int aAt, byte[] b, int bAt) {
        int aKey = aAt + EntrySorter.HEAD;
        int bKey = bAt + EntrySorter.HEAD;
        return Arrays.compareUnsigned(
                a, aKey, aKey + (int) EntrySorter.INT.get(a, aAt), b, bKey, bKey + (int) EntrySorter.INT.get(b, bAt));
    }

    /** Sorts {@code places[0 .. count)}; the keys share their first {@code skip} bytes. */
    void sort(byte[] bytes, int[] places, int count, int skip) {
        if (isSorted(bytes, places, count)) {
            return;
        }
        if (prefixes.length < count) {
            prefixes = new long[count];
            otherPrefixes = new long[count];
            otherPlaces = new int[count];
        }
        sort(bytes, places, 0, count, skip, 0);
        if (prefixes.length * (long) Long.BYTES > bytes.length) {
            prefixes = new long[0]; // most keys are short: keep no more than the entries take
            otherPrefixes = new long[0];
            otherPlaces = new int[0];
        }
    }

    private static boolean isSorted(byte[] bytes, int[] places, int count) {
        for (int i = 1; i < count; i++) {
            if (compare(bytes, places[i - 1], bytes, places[i]) > 0) {
                return false;
            }
        }
        return true;
    }

    private void sort(byte[] bytes, int[] places, int from, int to, int skip, int depth) {
        if (to - from <= SMALL) {
            insertionSort(bytes, places, from, to);
            return;
        }
        if (depth == MOST_DEPTH) {
            sortByComparing(bytes, places, from, to);
            return;
        }
        for (int i = from; i < to; i++) {
            prefixes[i] = prefix(bytes, places[i], skip);
        }
        radixSort(places, from, to);
        for (int i = from, next; i < to; i = next) {
            boolean longer = false;
            next = i;
            while (next < to && prefixes[next] == prefixes[i]) {
                longer |= (int) EntrySorter.INT.get(bytes, places[next]) > skip + Long.BYTES;
                next++;
            }
            if (next - i > 1 && longer) {
                sort(bytes, places, i, next, skip + Long.BYTES, depth + 1);
            } else if (next - i > 1) {
                insertionSort(bytes, places, i, next); // keys that end within the prefix: shorter ones first
            }
        }
    }

    private static void sortByComparing(byte[] bytes, int[] places, int from, int to) {
        Integer[] boxed = new Integer[to - from];
        Arrays.setAll(boxed, i -> places[from + i]);
        Arrays.sort(boxed, (a, b) -> compare(bytes, a, bytes, b));
        for (int i = from; i < to; i++) {
            places[i] = boxed[i - from];
        }
    }

    private static void insertionSort(byte[] bytes, int[] places, int from, int to) {
        for (int i = from + 1; i < to; i++) {
            int place = places[i];
            int j = i - 1;
            while (j >= from && compare(bytes, places[j], bytes, place) > 0) {
                places[j + 1] = places[j];
                j--;
            }
            places[j + 1] = place;
        }
    }

    /** Least significant digit first; digits that are the same everywhere are passed over. */
    private void radixSort(int[] places, int from, int to) {
        int[] counts = new int[Long.BYTES * 256];
        for (int i = from; i < to; i++) {
            long p = prefixes[i];
            for (int digit = 0; digit < Long.BYTES; digit++) {
                counts[slot(p, digit)]++;
            }
        }
        for (int digit = 0; digit < Long.BYTES; digit++) {
            int first = slot(prefixes[from], digit);
            if (counts[first] < to - from) {
                pass(places, from, to, counts, digit);
            }
        }
    }

    /** Where a digit of a prefix is counted, 0 being the least significant. */
    private static int slot(long prefix, int digit) {
        return (digit << 8) | ((int) (prefix >>> (8 * digit)) & 0xFF);
    }

    private void pass(int[] places, int from, int to, int[] counts, int digit) {
        cancelCheck.run();
        int sum = from;
        for (int i = digit << 8; i < (digit + 1) << 8; i++) {
            int n = counts[i];
            counts[i] = sum;
            sum += n;
        }
        for (int i = from; i < to; i++) {
            int target = counts[slot(prefixes[i], digit)]++;
            otherPrefixes[target] = prefixes[i];
            otherPlaces[target] = places[i];
        }
        System.arraycopy(otherPrefixes, from, prefixes, from, to - from);
        System.arraycopy(otherPlaces, from, places, from, to - from);
    }
}
