package org.mosslsm.sql.exec.spill;

import java.math.BigDecimal;
import java.nio.ByteBuffer;

/** Estimates how much heap values take, for 64-bit machines with compressed references; rather too much than too little. */
public final class HeapSize {
    private static final int ARRAY = 16;
    private static final int REFERENCE = 4;

    private HeapSize() {}

    /** Bytes of a row's array with its values. */
    public static long of(Object[] values) {
        long bytes = ARRAY + (long) REFERENCE * values.length;
        for (Object value : values) {
            bytes += of(value);
        }
        return bytes;
    }

    /** Bytes of one value; 0 for null. */
    public static long of(Object value) {
        if (value == null || value instanceof Boolean) {
            return 0;
        }
        if (value instanceof Long || value instanceof Double) {
            return 24; // aligned to eight
        }
        if (value instanceof String s) {
            return 48 + 2L * s.length(); // half of that for Latin-1
        }
        if (value instanceof BigDecimal d) {
            return d.precision() < 19 ? 48 : 104 + d.precision() / 2L;
        }
        if (value instanceof byte[] b) {
            return 24L + b.length;
        }
        if (value instanceof ByteBuffer b) {
            return 80L + b.remaining();
        }
        return 48;
    }
}
