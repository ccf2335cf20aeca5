package org.mosslsm.sql.expr;

import java.util.Arrays;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;

/** What the string functions do, on Java strings; positions count code points from 1, as SQL does. */
public final class Strings {
    /** Longest string a function makes, in characters: what does not fit here is a mistake, not a value. */
    static final int MAX_LENGTH = 1 << 28;

    private Strings() {}

    /** The length, if a string may be that long; 54000 otherwise. */
    public static long checkLength(long length) {
        if (length > MAX_LENGTH) {
            throw new SqlException(
                    SqlState.PROGRAM_LIMIT, "a string of " + length + " characters is longer than " + MAX_LENGTH);
        }
        return length;
    }

    static int length(String s) {
        return s.codePointCount(0, s.length());
    }

    /** Characters from {@code from} on, {@code count} of them; the part of the range outside the string is empty. */
    static String substring(String s, long from, long count) {
        int length = length(s);
        long end = count > Long.MAX_VALUE - Math.max(from, 0) ? Long.MAX_VALUE : from + count;
        int start = (int) Math.min(Math.max(from, 1), length + 1L) - 1;
        int stop = (int) Math.min(Math.max(end, 1), length + 1L) - 1;
        if (stop <= start) {
            return "";
        }
        if (length == s.length()) {
            return s.substring(start, stop);
        }
        int a = s.offsetByCodePoints(0, start);
        return s.substring(a, s.offsetByCodePoints(a, stop - start));
    }

    static byte[] subarray(byte[] b, long from, long count) {
        long end = count > Long.MAX_VALUE - Math.max(from, 0) ? Long.MAX_VALUE : from + count;
        int start = (int) Math.min(Math.max(from, 1), b.length + 1L) - 1;
        int stop = (int) Math.min(Math.max(end, 1), b.length + 1L) - 1;
        return Arrays.copyOfRange(b, start, Math.max(start, stop));
    }

    /** The first {@code n} characters; a negative number: all but the last {@code -n}. */
    static String left(String s, long n) {
        return substring(s, 1, n >= 0 ? n : Math.max(0, length(s) + n));
    }

    /** The last {@code n} characters; a negative number: all but the first {@code -n}. */
    static String right(String s, long n) {
        long length = length(s);
        long count = n >= 0 ? Math.min(n, length) : Math.max(0, length + n);
        return substring(s, length - count + 1, count);
    }

    /** Where {@code part} starts at or after {@code from}, 0 where it does not. */
    static Long position(String s, String part, long from, EvalContext context) {
        if (from < 1 || from > length(s) + 1L) {
            return 0L;
        }
        int at = TextSearch.of(part).find(s, s.offsetByCodePoints(0, (int) from - 1), context);
        return at < 0 ? 0L : s.codePointCount(0, at) + 1L;
    }

    static String initcap(String s, EvalContext context) {
        StringBuilder sb = new StringBuilder(s.length());
        boolean inWord = false;
        int n = 0;
        for (int i = 0; i < s.length(); ) {
            int c = s.codePointAt(i);
            sb.appendCodePoint(inWord ? Character.toLowerCase(c) : Character.toTitleCase(c));
            inWord = Character.isLetterOrDigit(c);
            i += Character.charCount(c);
            LongText.look(++n, context);
        }
        return sb.toString();
    }

    static String replace(String s, String from, String to, EvalContext context) {
        if (from.isEmpty()) {
            return s;
        }
        TextSearch search = TextSearch.of(from);
        int at = search.find(s, 0, context);
        if (at < 0) {
            return s;
        }
        StringBuilder replaced = new StringBuilder(s.length());
        int copied = 0;
        int n = 0;
        for (; at >= 0; at = search.find(s, copied, context)) {
            LongText.look(++n, context);
            checkLength((long) replaced.length() + (at - copied) + to.length());
            replaced.append(s, copied, at).append(to);
            copied = at + from.length();
        }
        checkLength((long) replaced.length() + s.length() - copied);
        return replaced.append(s, copied, s.length()).toString();
    }

    static String repeat(String s, long n) {
        if (n <= 0 || s.isEmpty()) {
            return "";
        }
        checkLength(n > MAX_LENGTH ? n : n * s.length());
        return s.repeat((int) n);
    }

    /** The string filled to {@code n} characters, or cut to them. */
    static String pad(String s, long n, String fill, boolean left, EvalContext context) {
        checkLength(n);
        int missing = (int) Math.max(0, n) - length(s);
        if (missing <= 0) {
            return substring(s, 1, Math.max(0, n));
        }
        if (fill.isEmpty()) {
            return s;
        }
        StringBuilder sb = new StringBuilder(s.length() + missing);
        if (!left) {
            sb.append(s);
        }
        LongText.fill(sb, fill, missing, context);
        return left ? sb.append(s).toString() : sb.toString();
    }

    /** {@code count} characters from {@code from} on replaced by {@code by}. */
    static String overlay(String s, String by, long from, long count) {
        if (from < 1) {
            throw new SqlException(SqlState.SUBSTRING_ERROR, "negative substring length not allowed");
        }
        String head = substring(s, 1, from - 1);
        String tail = substring(
                s, from > Long.MAX_VALUE - Math.max(0, count) ? Long.MAX_VALUE : from + count, Long.MAX_VALUE);
        checkLength((long) head.length() + by.length() + tail.length());
        return head + by + tail;
    }

    /** Field {@code n} of the string cut at {@code separator}; a negative number counts from the end. */
    static String splitPart(String s, String separator, long n, EvalContext context) {
        if (n == 0) {
            throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "field position must not be zero");
        }
        if (separator.isEmpty()) {
            return n == 1 || n == -1 ? s : "";
        }
        TextSearch search = TextSearch.of(separator);
        long skip = n > 0 ? n - 1 : fields(s, search, separator.length(), context) + n;
        if (skip < 0) {
            return "";
        }
        int start = 0;
        int end = search.find(s, 0, context);
        int cuts = 0;
        for (; skip > 0 && end >= 0; skip--) {
            LongText.look(++cuts, context);
            start = end + separator.length();
            end = search.find(s, start, context);
        }
        return skip > 0 ? "" : s.substring(start, end < 0 ? s.length() : end);
    }

    private static long fields(String s, TextSearch search, int separatorLength, EvalContext context) {
        int fields = 1;
        for (int at = search.find(s, 0, context); at >= 0; at = search.find(s, at + separatorLength, context)) {
            LongText.look(++fields, context);
        }
        return fields;
    }

    static String character(long code) {
        if (code < 1 || code > Character.MAX_CODE_POINT || (code >= 0xD800 && code <= 0xDFFF)) {
            throw new SqlException(SqlState.PROGRAM_LIMIT, "there is no character " + code);
        }
        return Character.toString((int) code);
    }
}
