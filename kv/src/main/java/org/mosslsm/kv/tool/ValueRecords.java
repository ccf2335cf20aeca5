package org.mosslsm.kv.tool;

import java.util.Arrays;
import org.mosslsm.kv.lsm.table.ValuePointer;

/** The records of one value file that are whole, so that pointers can be held against them. Not thread-safe. */
final class ValueRecords {
    /** Ascending, as the file is walked. */
    private long[] offsets = new long[64];

    private int[] bodyLengths = new int[64];
    private int[] valueLengths = new int[64];
    private int count;

    void add(ValuePointer record) {
        if (count == offsets.length) {
            offsets = Arrays.copyOf(offsets, 2 * count);
            bodyLengths = Arrays.copyOf(bodyLengths, 2 * count);
            valueLengths = Arrays.copyOf(valueLengths, 2 * count);
        }
        offsets[count] = record.offset();
        bodyLengths[count] = record.bodyLength();
        valueLengths[count++] = record.valueLength();
    }

    /** Whether the pointer leads to a record that is whole. */
    boolean has(ValuePointer pointer) {
        int at = Arrays.binarySearch(offsets, 0, count, pointer.offset());
        return at >= 0 && bodyLengths[at] == pointer.bodyLength() && valueLengths[at] == pointer.valueLength();
    }
}
