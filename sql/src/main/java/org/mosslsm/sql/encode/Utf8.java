// Strings as UTF-8.
package org.mosslsm.sql.encode;

import java.nio.charset.StandardCharsets;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;

/** UTF-8 of strings; a lone surrogate, which UTF-8 cannot hold, is refused and never replaced. */
public final class Utf8 {
    private static final long ONES = 0x0101_0101_0101_0101L;
    private static final long HIGH_BITS = ONES << 7;
    private static final long QUESTION_MARKS = ONES * '?';

    private Utf8() {}

    /**
     * The bytes of a string.
     *
     * @throws SqlException 22021 for a lone surrogate
     */
    static byte[] encode(String s) {
        byte[] bytes = s.getBytes(StandardCharsets.UTF_8);
        // Where every char became one byte they are ASCII, or lone surrogates, which became '?'.
        if (bytes.length != s.length() || hasQuestionMark(bytes)) {
            checkSurrogates(s);
        }
        return bytes;
    }

    /** The bytes of a string; null for a lone surrogate, which no stored string has. */
    public static byte[] encodeOrNull(String s) {
        try {
            return encode(s);
        } catch (SqlException e) {
            return null;
        }
    }

    private static boolean hasQuestionMark(byte[] bytes) {
        int i = 0;
        for (; i + Long.BYTES <= bytes.length; i += Long.BYTES) {
            long zeros = (long) KeyWriter.LONG.get(bytes, i) ^ QUESTION_MARKS;
            if ((zeros - ONES & ~zeros & HIGH_BITS) != 0) { // a byte is zero: it was one
                return true;
            }
        }
        for (; i < bytes.length; i++) {
            if (bytes[i] == '?') {
                return true;
            }
        }
        return false;
    }

    private static void checkSurrogates(String s) {
        for (int i = 0; i < s.length(); i++) {
            char c = s.charAt(i);
            if (Character.isSurrogate(c)) {
                if (Character.isHighSurrogate(c) && i + 1 < s.length() && Character.isLowSurrogate(s.charAt(i + 1))) {
                    i++;
                } else {
                    throw new SqlException(
                            SqlState.INVALID_CHARACTER,
                            String.format(
                                    "the string has half of a surrogate pair (U+%04X) at character %d",
                                    (int) c, i + 1));
                }
            }
        }
    }

    static String decode(byte[] array, int offset, int length) {
        return new String(array, offset, length, StandardCharsets.UTF_8);
    }
}
