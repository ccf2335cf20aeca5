package org.mosslsm.sql.expr;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Finds one string, or byte string, in others, in time linear in both, and asks on the way whether the statement was cancelled.
 *
 * <p>Trying each place is fastest for what people search for, and is done as long as even the worst of it is short. What is
 * beyond goes by Knuth, Morris and Pratt: where a mismatch comes after k equal units, the longest prefix that is also a suffix
 * of those k need not be compared again. Thread-safe: immutable but for its table,
 * which any thread may make, and which is complete when others see it.
 */
final class TextSearch {
    /** Comparisons that the simple way may take at the most: some ten milliseconds. */
    private static final long SIMPLE = 1L << 26;
    /** Units between two looks at the cancellation. */
    private static final int LOOK = 1 << 16;

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101_0101_0101_0101L;
    private static final long SEVENS = 0x7F7F_7F7F_7F7F_7F7FL;

    private final String part;
    private final byte[] bytes;
    private final int length;
    private volatile int[] borders; // null until needed; not changed afterwards

    private TextSearch(String part, byte[] bytes, int length) {
        this.part = part;
        this.bytes = bytes;
        this.length = length;
    }

    static TextSearch of(String part) {
        return new TextSearch(part, null, part.length());
    }

    static TextSearch of(byte[] part) {
        return new TextSearch(null, part, part.length);
    }

    /** Whether each place of a text so long may simply be tried. */
    private boolean isShort(long textLength) {
        return textLength * length <= SIMPLE;
    }

    /** Where the part begins in {@code s} at or after {@code from}; -1 where it does not. */
    int find(String s, int from, EvalContext context) {
        if (length == 0 || isShort(s.length() - from)) {
            return s.indexOf(part, from);
        }
        int[] table = borders(context);
        int equal = 0;
        for (int i = from; i < s.length(); i++) {
            if ((i & (LOOK - 1)) == 0) {
                context.checkCancelled();
            }
            char c = s.charAt(i);
            while (equal > 0 && part.charAt(equal) != c) {
                equal = table[equal];
            }
            if (part.charAt(equal) == c && ++equal == length) {
                return i - length + 1;
            }
        }
        return -1;
    }

    /** Where the part begins in {@code b} within {@code [from, to)}; -1 where it does not. The part is not empty. */
    int find(byte[] b, int from, int to, EvalContext context) {
        if (isShort(to - from)) {
            return tryEach(b, from, to);
        }
        int[] table = borders(context);
        int equal = 0;
        for (int i = from; i < to; i++) {
            if ((i & (LOOK - 1)) == 0) {
                context.checkCancelled();
            }
            while (equal > 0 && bytes[equal] != b[i]) {
                equal = table[equal];
            }
            if (bytes[equal] == b[i] && ++equal == length) {
                return i - length + 1;
            }
        }
        return -1;
    }

    /** Looks at eight places at once for the first two bytes, and then at the rest where these are. */
    private int tryEach(byte[] text, int at, int end) {
        byte[] wanted = bytes;
        int n = length;
        int lastStart = end - n;
        int i = at;
        if (n > 1) {
            long first = (wanted[0] & 0xFF) * ONES;
            long second = (wanted[1] & 0xFF) * ONES;
            for (; i + Long.BYTES < end; i += Long.BYTES) {
                long a = (long) LONG.get(text, i) ^ first;
                long b = (long) LONG.get(text, i + 1) ^ second;
                long both = a | b;
                // The highest bit of each byte that is zero in both: exact, no carry leaves its byte.
                long hits = ~(((both & SEVENS) + SEVENS) | both | SEVENS);
                while (hits != 0) {
                    int start = i + (Long.numberOfTrailingZeros(hits) >> 3);
                    if (start <= lastStart && isAt(text, start, wanted)) {
                        return start;
                    }
                    hits &= hits - 1;
                }
            }
        }
        for (; i <= lastStart; i++) {
            if (text[i] == wanted[0] && isAt(text, i, wanted)) {
                return i;
            }
        }
        return -1;
    }

    private static boolean isAt(byte[] text, int start, byte[] wanted) {
        for (int i = 1; i < wanted.length; i++) {
            if (text[start + i] != wanted[i]) {
                return false;
            }
        }
        return true;
    }

    private int unit(int i) {
        return part != null ? part.charAt(i) : bytes[i];
    }

    /** For each number of equal units the length of their longest proper prefix that is a suffix too. */
    private int[] borders(EvalContext context) {
        int[] table = borders;
        if (table == null) {
            table = new int[length + 1];
            int border = 0;
            for (int i = 1; i < length; i++) {
                if ((i & (LOOK - 1)) == 0) {
                    context.checkCancelled();
                }
                while (border > 0 && unit(border) != unit(i)) {
                    border = table[border];
                }
                border += unit(border) == unit(i) ? 1 : 0;
                table[i + 1] = border;
            }
            borders = table;
        }
        return table;
    }
}
