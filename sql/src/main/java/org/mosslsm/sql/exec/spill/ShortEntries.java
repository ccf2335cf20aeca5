package org.mosslsm.sql.exec.spill;

import java.util.Arrays;

/**
 * Entries in memory whose keys are all of one length, and their values too, both short: as the entries of an index on numbers
 * are. Sorting moves the entries themselves, so that neither it nor the walk over them jumps about in memory.
 *
 * <pre>
 * data   := entry*                                       words of eight bytes, big-endian
 * entry  := rest of the key behind what all keys share   value   zeros up to a whole word
 * </pre>
 *
 * <p>Thread safety: none.
 */
final class ShortEntries {
    /** Moving more words at each step costs more than jumping. */
    private static final int MOST_WORDS = 4;

    /** Below this an insertion is quicker than counting 256 digits. */
    private static final int SMALL = 24;

    private static final int DIGITS = Long.BYTES;

    private final int skip;
    private final int keyLength;
    private final int valueLength;

    /** Words an entry takes, and those of them, the first ones, in which keys differ. */
    private final int words;

    private final int keyWords;

    /** Bits of the last of the key's words that hold no key, by the digit. */
    private final int emptyDigits;

    /** An entry as {@link EntrySorter} writes it: what all share stands there, the rest is put in at each step. */
    private final byte[] shown;

    private long[] data;
    private int count;

    private ShortEntries(int skip, byte[] key, byte[] value) {
        this.skip = skip;
        this.keyLength = key.length;
        this.valueLength = value.length;
        int rest = key.length - skip;
        this.words = words(rest + value.length);
        this.keyWords = words(rest);
        this.emptyDigits = keyWords * Long.BYTES - rest;
        this.shown = new byte[EntrySorter.HEAD + skip + words * Long.BYTES];
        EntrySorter.INT.set(shown, 0, key.length);
        EntrySorter.INT.set(shown, Integer.BYTES, value.length);
        System.arraycopy(key, 0, shown, EntrySorter.HEAD, skip);
        this.data = new long[256 * words];
    }

    private static int words(int bytes) {
        return Math.max(1, (bytes + Long.BYTES - 1) / Long.BYTES);
    }

    /** Entries of the shape of this one, none yet; null where it is too long. */
    static ShortEntries of(int skip, byte[] key, byte[] value) {
        return words(key.length - skip + value.length) <= MOST_WORDS ? new ShortEntries(skip, key, value) : null;
    }

    /** Whether an entry is of this shape. */
    boolean fits(byte[] key, byte[] value) {
        return key.length == keyLength && value.length == valueLength;
    }

    /** Memory for one more, and for the place it is moved to. */
    long bytesWithOneMore() {
        return (count + 1L) * 2 * words * Long.BYTES;
    }

    int count() {
        return count;
    }

    /** Adds an entry that fits; at most {@code most} bytes are taken for all, if they are enough. */
    void add(byte[] key, byte[] value, long most) {
        if ((count + 1) * words > data.length) {
            long wanted = Math.min(2L * data.length, Math.max(most / (2 * Long.BYTES), data.length + (long) words));
            data = Arrays.copyOf(data, Math.toIntExact(wanted));
        }
        int at = EntrySorter.HEAD + skip;
        System.arraycopy(key, skip, shown, at, keyLength - skip);
        System.arraycopy(value, 0, shown, at + keyLength - skip, valueLength);
        for (int i = 0; i < words; i++) {
            data[count * words + i] = (long) EntrySorter.LONG.get(shown, at + i * Long.BYTES);
        }
        count++;
    }

    void clear() {
        count = 0;
    }

    /** The entry at {@code i}, as {@link EntrySorter} writes it; valid until the next call. */
    byte[] entry(int i) {
        for (int word = 0; word < words; word++) {
            EntrySorter.LONG.set(shown, EntrySorter.HEAD + skip + word * Long.BYTES, data[i * words + word]);
        }
        return shown;
    }

    /** Orders them by their keys. */
    void sort(Runnable cancelCheck) {
        if (!isSorted(0, count, 0)) {
            sort(new long[count * words], 0, count, 0, cancelCheck);
        }
    }

    /** Whether entries that agree in the words before {@code word} are in order. */
    private boolean isSorted(int from, int to, int word) {
        for (int i = from + 1; i < to; i++) {
            if (compare(i - 1, i, word) > 0) {
                return false;
            }
        }
        return true;
    }

    private int compare(int a, int b, int fromWord) {
        for (int word = fromWord; word < keyWords; word++) {
            int order = Long.compareUnsigned(data[a * words + word], data[b * words + word]);
            if (order != 0) {
                return order; // perhaps of values behind equal keys, which does no harm
            }
        }
        return 0;
    }

    /** Sorts entries that agree in the words before {@code word}: by it, then those that agree in it too by the next. */
    private void sort(long[] other, int from, int to, int word, Runnable cancelCheck) {
        if (to - from <= SMALL) {
            insertionSort(from, to, word);
            return;
        }
        radixSort(other, from, to, word, cancelCheck);
        if (word + 1 == keyWords) {
            return;
        }
        for (int i = from, next; i < to; i = next) {
            long same = data[i * words + word];
            next = i + 1;
            while (next < to && data[next * words + word] == same) {
                next++;
            }
            if (next - i > 1 && !isSorted(i, next, word + 1)) { // entries that agreed stay in the order they came in
                sort(other, i, next, word + 1, cancelCheck);
            }
        }
    }

    private void insertionSort(int from, int to, int word) {
        long[] moved = new long[words];
        for (int i = from + 1; i < to; i++) {
            int place = i;
            while (place > from && compare(place - 1, i, word) > 0) {
                place--;
            }
            if (place < i) {
                System.arraycopy(data, i * words, moved, 0, words);
                System.arraycopy(data, place * words, data, (place + 1) * words, (i - place) * words);
                System.arraycopy(moved, 0, data, place * words, words);
            }
        }
    }

    /** By the bytes of one word, least significant first; those that are the same everywhere are passed over. */
    private void radixSort(long[] other, int from, int to, int word, Runnable cancelCheck) {
        int[] counts = new int[DIGITS << 8];
        for (int i = from; i < to; i++) {
            long v = data[i * words + word];
            for (int digit = 0; digit < DIGITS; digit++) {
                counts[slot(v, digit)]++;
            }
        }
        long any = data[from * words + word];
        long[] source = data;
        long[] target = other;
        for (int digit = word + 1 == keyWords ? emptyDigits : 0; digit < DIGITS; digit++) {
            if (counts[slot(any, digit)] < to - from) {
                cancelCheck.run();
                pass(source, target, from, to, word, counts, digit);
                long[] swapped = source;
                source = target;
                target = swapped;
            }
        }
        if (source != data) {
            System.arraycopy(source, from * words, data, from * words, (to - from) * words);
        }
    }

    /** Where a byte of a word is counted, 0 being the least significant. */
    private static int slot(long word, int digit) {
        return digit << 8 | ((int) (word >>> (8 * digit)) & 0xFF);
    }

    private void pass(long[] source, long[] target, int from, int to, int word, int[] counts, int digit) {
        int sum = from;
        for (int i = digit << 8; i < (digit + 1) << 8; i++) {
            int n = counts[i];
            counts[i] = sum;
            sum += n;
        }
        int n = words;
        for (int i = from; i < to; i++) {
            int at = i * n;
            int place = counts[slot(source[at + word], digit)]++ * n;
            for (int w = 0; w < n; w++) {
                target[place + w] = source[at + w];
            }
        }
    }
}
