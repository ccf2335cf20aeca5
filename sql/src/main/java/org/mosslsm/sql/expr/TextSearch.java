package org.mosslsm.sql.expr;

/**
 * Finds one string, or byte string, in others, in time linear in both, and asks on the way whether the statement was cancelled.
 *
 * <p>Trying each place is fastest for what people search for, and is done as long as even the worst of it is short. What is
 * beyond goes by Knuth, Morris and Pratt: where a mismatch comes after k equal units, the longest prefix that is also a suffix
 * of those k need not be compared again. Immutable but for its table, which any thread may make.
 */
final class TextSearch {
    /** Comparisons that the simple way may take at the most: some ten milliseconds. */
    private static final long SIMPLE = 1L << 26;
    /** Units between two looks at the cancellation. */
    private static final int LOOK = 1 << 16;

    private final String part;
    private final byte[] bytes;
    private final int length;
    private int[] borders; // null until needed

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
    boolean isShort(long textLength) {
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

    private int unit(int i) {
        return part != null ? part.charAt(i) : bytes[i];
    }

    /** For each number of equal units the length of their longest proper prefix that is a suffix too. */
    private int[] borders(EvalContext context) {
        if (borders == null) {
            int[] table = new int[length + 1];
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
        return borders;
    }
}
