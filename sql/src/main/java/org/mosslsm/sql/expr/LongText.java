// Long strings a piece at a time.
package org.mosslsm.sql.expr;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * What functions do to strings of any length in time linear in all of their arguments, asking between two pieces whether the
 * statement was cancelled. A string of one piece or less goes the straight way, at no cost. Stateless.
 */
final class LongText {
    /** Characters or bytes of a piece: a millisecond at the most, and asking costs nothing beside it. */
    static final int PIECE = 1 << 16;

    /** Bytes in a line of base64. */
    private static final int LINE_BYTES = 57;

    /** From so many characters on a set or a table is made for looking them up. */
    private static final int FEW = 8;

    private LongText() {}

    /** Asks where {@code n}, which counts characters, is at the end of a piece. */
    static void look(int n, EvalContext context) {
        if ((n & (PIECE - 1)) == 0) {
            context.checkCancelled();
        }
    }

    // ---- upper and lower case

    static String upper(String s, EvalContext context) {
        return mapped(s, piece -> piece.toUpperCase(Locale.ROOT), context);
    }

    /**
     * Each letter for itself, as in PostgreSQL. To Java a sigma at the end of a word is another one, and finding out takes it
     * time in the square of the word's length, which may be hours.
     */
    static String lower(String s, EvalContext context) {
        return mapped(s, piece -> piece.replace('\u03A3', '\u03C3').toLowerCase(Locale.ROOT), context);
    }

    static String reverse(String s, EvalContext context) {
        if (s.length() <= PIECE) {
            return new StringBuilder(s).reverse().toString();
        }
        StringBuilder reversed = new StringBuilder(s.length());
        for (int end = s.length(); end > 0; ) {
            context.checkCancelled();
            int start = Math.max(0, end - PIECE);
            start -= isWithinPair(s, start) ? 1 : 0;
            reversed.append(new StringBuilder(s.substring(start, end)).reverse());
            end = start;
        }
        return reversed.toString();
    }

    private static String mapped(String s, UnaryOperator<String> mapping, EvalContext context) {
        if (s.length() <= PIECE) {
            return mapping.apply(s);
        }
        StringBuilder mapped = new StringBuilder(s.length());
        for (int start = 0; start < s.length(); ) {
            context.checkCancelled();
            int end = end(s, start);
            mapped.append(mapping.apply(s.substring(start, end)));
            Strings.checkLength(mapped.length());
            start = end;
        }
        return mapped.toString();
    }

    /** Where the piece that begins at {@code start} ends: between characters. */
    private static int end(String s, int start) {
        int end = s.length() - start <= PIECE ? s.length() : start + PIECE;
        return isWithinPair(s, end) ? end - 1 : end;
    }

    /** Whether a place is between the halves of a character. */
    static boolean isWithinPair(String s, int at) {
        return at > 0
                && at < s.length()
                && Character.isLowSurrogate(s.charAt(at))
                && Character.isHighSurrogate(s.charAt(at - 1));
    }

    // ---- sets of characters

    static String trim(String s, String set, boolean left, boolean right, EvalContext context) {
        BitSet many = set.length() <= FEW ? null : set(set, context);
        int start = 0;
        int end = s.length();
        int n = 0;
        while (left && start < end && isIn(set, many, s.codePointAt(start))) {
            start += Character.charCount(s.codePointAt(start));
            look(++n, context);
        }
        while (right && end > start && isIn(set, many, s.codePointBefore(end))) {
            end -= Character.charCount(s.codePointBefore(end));
            look(++n, context);
        }
        return s.substring(start, end);
    }

    private static boolean isIn(String set, BitSet many, int c) {
        return many == null ? set.indexOf(c) >= 0 : many.get(c);
    }

    private static BitSet set(String characters, EvalContext context) {
        BitSet set = new BitSet();
        for (int i = 0; i < characters.length(); ) {
            int c = characters.codePointAt(i);
            set.set(c);
            i += Character.charCount(c);
            look(i, context);
        }
        return set;
    }

    /** Each character of {@code from} becomes the one at its place in {@code to}, or goes where there is none. */
    static String translate(String s, String from, String to, EvalContext context) {
        boolean few = from.length() <= FEW;
        int[] sources = few ? from.codePoints().toArray() : new int[0];
        int[] targets = few ? to.codePoints().toArray() : new int[0];
        Map<Integer, Integer> many = few ? Map.of() : targets(from, to, context);
        StringBuilder translated = new StringBuilder(s.length());
        int n = 0;
        for (int i = 0; i < s.length(); ) {
            int c = s.codePointAt(i);
            int target = few ? target(c, sources, targets) : many.getOrDefault(c, c);
            if (target >= 0) {
                translated.appendCodePoint(target);
            }
            i += Character.charCount(c);
            look(++n, context);
        }
        return translated.toString();
    }

    private static int target(int c, int[] sources, int[] targets) {
        int i = 0;
        while (i < sources.length && sources[i] != c) {
            i++;
        }
        return i == sources.length ? c : i < targets.length ? targets[i] : -1;
    }

    /** What becomes of a character; -1 where it goes. The first place of one that is there twice counts. */
    private static Map<Integer, Integer> targets(String from, String to, EvalContext context) {
        Map<Integer, Integer> targets = new HashMap<>();
        int n = 0;
        int t = 0;
        for (int i = 0; i < from.length(); ) {
            int c = from.codePointAt(i);
            int target = t < to.length() ? to.codePointAt(t) : -1;
            targets.putIfAbsent(c, target);
            i += Character.charCount(c);
            t += target < 0 ? 0 : Character.charCount(target);
            look(++n, context);
        }
        return targets;
    }

    // ---- filling

    /** Appends so many characters of the text repeated. */
    static void fill(StringBuilder out, String text, int characters, EvalContext context) {
        int length = Strings.length(text);
        int left = characters;
        if (left > PIECE && length < PIECE) {
            String piece = text.repeat(PIECE / length);
            int each = length * (PIECE / length);
            for (; left >= each; left -= each) {
                context.checkCancelled();
                out.append(piece);
            }
        }
        for (; left >= length; left -= length) {
            if (length >= PIECE) {
                context.checkCancelled();
            }
            out.append(text);
        }
        out.append(text, 0, text.offsetByCodePoints(0, left));
    }

    // ---- bytes

    /** What takes in bytes, as digests and sums do. */
    @FunctionalInterface
    interface Taker {
        void take(byte[] bytes, int from, int length);
    }

    /** Gives bytes over piece by piece, and asks before each. */
    static void inPieces(byte[] bytes, Taker taker, EvalContext context) {
        for (int from = 0; from < bytes.length; from += PIECE) {
            context.checkCancelled();
            taker.take(bytes, from, Math.min(PIECE, bytes.length - from));
        }
    }

    static long utf8Length(String s, EvalContext context) {
        long bytes = 0;
        for (int start = 0; start < s.length(); ) {
            int end = end(s, start);
            bytes += s.substring(start, end).getBytes(StandardCharsets.UTF_8).length;
            start = end;
            if (start < s.length()) {
                context.checkCancelled();
            }
        }
        return bytes;
    }

    static String md5(String s, EvalContext context) {
        MessageDigest digest = BinaryFunctions.digest("MD5");
        for (int start = 0; start < s.length(); ) {
            int end = end(s, start);
            digest.update(s.substring(start, end).getBytes(StandardCharsets.UTF_8));
            start = end;
            if (start < s.length()) {
                context.checkCancelled();
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    static String hex(byte[] bytes, HexFormat format, EvalContext context) {
        Strings.checkLength(2L * bytes.length);
        if (bytes.length <= PIECE) {
            return format.formatHex(bytes);
        }
        StringBuilder hex = new StringBuilder(2 * bytes.length);
        for (int start = 0; start < bytes.length; start += PIECE) {
            context.checkCancelled();
            hex.append(format.formatHex(bytes, start, Math.min(bytes.length, start + PIECE)));
        }
        return hex.toString();
    }

    /** In lines of 76 characters, each that is full with a newline, as PostgreSQL writes it. */
    static String base64(byte[] bytes, EvalContext context) {
        long length = 4L * bytes.length / 3 + bytes.length / LINE_BYTES;
        Strings.checkLength(length);
        int piece = PIECE / LINE_BYTES * LINE_BYTES; // whole lines: what is filled up with = is at the end alone
        Base64.Encoder lines = Base64.getMimeEncoder(LINE_BYTES / 3 * 4, new byte[] {'\n'});
        StringBuilder text = new StringBuilder((int) length + 4);
        for (int start = 0; start < bytes.length; start += piece) {
            if (start > 0) {
                context.checkCancelled();
            }
            byte[] part = java.util.Arrays.copyOfRange(bytes, start, Math.min(bytes.length, start + piece));
            text.append(lines.encodeToString(part));
            if (part.length % LINE_BYTES == 0) {
                text.append('\n');
            }
        }
        return text.toString();
    }
}
