package org.mosslsm.kv.lsm.table;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * How much of which value files a table points to. The sums over the tables of a version say what lives in each file: what
 * no table points to is garbage, however the tables that did went away.
 *
 * <pre>
 * refs := count:varint  (file:varint  values:varint  bytes:varint)*       files ascend; bytes of records, as stored
 * </pre>
 *
 * Immutable.
 */
public final class ValueRefs {
    /** Of a table that holds all its values. */
    public static final ValueRefs NONE = new ValueRefs(new long[0]);

    private static final int WIDTH = 3;

    /** Triples: file, values, bytes. */
    private final long[] numbers;

    private ValueRefs(long[] numbers) {
        this.numbers = numbers;
    }

    /** Collects pointers. Not thread-safe. */
    public static final class Builder {
        private final Map<Long, long[]> byFile = new TreeMap<>();
        private long[] last;
        private long lastFile = -1;

        /** Counts one pointer. */
        public void add(ValuePointer pointer) {
            if (pointer.file() != lastFile) {
                lastFile = pointer.file();
                last = byFile.computeIfAbsent(lastFile, file -> new long[2]);
            }
            last[0]++;
            last[1] += pointer.recordBytes();
        }

        /** The sums. */
        public ValueRefs build() {
            if (byFile.isEmpty()) {
                return NONE;
            }
            long[] numbers = new long[WIDTH * byFile.size()];
            int at = 0;
            for (Map.Entry<Long, long[]> entry : byFile.entrySet()) {
                numbers[at++] = entry.getKey();
                numbers[at++] = entry.getValue()[0];
                numbers[at++] = entry.getValue()[1];
            }
            return new ValueRefs(numbers);
        }
    }

    /** Value files pointed to. */
    public int count() {
        return numbers.length / WIDTH;
    }

    /** Number of file {@code i}. */
    public long file(int i) {
        return numbers[WIDTH * i];
    }

    /** Pointers into file {@code i}. */
    public long values(int i) {
        return numbers[WIDTH * i + 1];
    }

    /** Bytes of the records pointed to in file {@code i}. */
    public long bytes(int i) {
        return numbers[WIDTH * i + 2];
    }

    /** Bytes of the records pointed to, of all files. */
    public long bytes() {
        long sum = 0;
        for (int i = 0; i < count(); i++) {
            sum += bytes(i);
        }
        return sum;
    }

    /** Whether the table points nowhere. */
    public boolean isEmpty() {
        return numbers.length == 0;
    }

    /** Appends the encoding. */
    public void encode(ByteWriter out) {
        out.varint(count());
        for (long number : numbers) {
            out.varint(number);
        }
    }

    /** Reads what {@link #encode} wrote. */
    public static ValueRefs decode(ByteReader in) {
        int count = in.count(in.remaining() / WIDTH, "the number of value files");
        long[] numbers = new long[WIDTH * count];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = in.number("a figure of a value file");
            if (i >= WIDTH && i % WIDTH == 0 && numbers[i] <= numbers[i - WIDTH]) {
                throw in.damage("value files that do not ascend");
            }
        }
        return count == 0 ? NONE : new ValueRefs(numbers);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ValueRefs refs && Arrays.equals(numbers, refs.numbers);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(numbers);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count(); i++) {
            text.append(i == 0 ? "" : ", ")
                    .append(values(i))
                    .append(" values of ")
                    .append(bytes(i));
            text.append(" bytes in file ").append(file(i));
        }
        return text.toString();
    }
}
