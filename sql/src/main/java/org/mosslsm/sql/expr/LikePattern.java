package org.mosslsm.sql.expr;

import java.util.ArrayList;
import java.util.List;
import org.mosslsm.sql.error.SqlException;
import org.mosslsm.sql.error.SqlState;

/**
 * A LIKE pattern, taken apart once: {@code %} is any string, {@code _} any character, the escape character takes either
 * literally. Immutable.
 *
 * <p>Between the {@code %} stand segments of characters and {@code _}. The first and last segment are tied to the ends
 * of the string unless a {@code %} is there; each one between is looked for from where the one before ended. The
 * leftmost place is always good enough, so nothing is ever tried twice, and no pattern takes exponential time.
 */
public final class LikePattern {
    /** Stands in a segment for any one character; no code point has this number. */
    static final int ANY = -1;

    /** Characters, or comparisons of them, between two looks at the cancellation. */
    static final int LOOK_MASK = 0xFFFF;

    private final List<Segment> segments;
    private final boolean openStart;
    private final boolean openEnd;
    private final boolean ignoreCase;

    /** Characters between two {@code %}; as a plain string where there is no {@code _} among them. */
    private static final class Segment {
        final int[] points;
        final String plain;
        final TextSearch search;

        Segment(int[] points, String plain) {
            this.points = points;
            this.plain = plain;
            this.search = plain == null ? null : TextSearch.of(plain);
        }
    }

    private LikePattern(List<Segment> segments, boolean openStart, boolean openEnd, boolean ignoreCase) {
        this.segments = segments;
        this.openStart = openStart;
        this.openEnd = openEnd;
        this.ignoreCase = ignoreCase;
    }

    /**
     * Takes a pattern apart.
     *
     * @param escape one character, or empty for none
     * @throws SqlException 22019 when the escape is longer, 22025 when the pattern ends with it
     */
    public static LikePattern of(String pattern, String escape, boolean ignoreCase) {
        if (Strings.length(escape) > 1) {
            throw new SqlException(
                    SqlState.INVALID_ESCAPE_CHARACTER, "escape must be one character or empty, not \"" + escape + "\"");
        }
        int escapePoint = escape.isEmpty() ? -2 : escape.codePointAt(0);
        String p = ignoreCase ? fold(pattern, EvalContext.none()) : pattern;
        int foldedEscape = ignoreCase && escapePoint >= 0 ? fold(escapePoint) : escapePoint;
        List<Segment> segments = new ArrayList<>();
        int[] points = p.codePoints().toArray();
        int[] current = new int[points.length];
        int n = 0;
        boolean openStart = false;
        boolean openEnd = false;
        for (int i = 0; i < points.length; i++) {
            int c = points[i];
            openEnd = false;
            if (c == foldedEscape) {
                if (++i == points.length) {
                    throw new SqlException(
                            SqlState.INVALID_ESCAPE_SEQUENCE, "LIKE pattern must not end with the escape character");
                }
                current[n++] = points[i];
            } else if (c == '%') {
                openStart |= segments.isEmpty() && n == 0;
                openEnd = true;
                if (n > 0) {
                    segments.add(segment(current, n));
                    n = 0;
                }
            } else {
                current[n++] = c == '_' ? ANY : c;
            }
        }
        if (n > 0) {
            segments.add(segment(current, n));
        }
        return new LikePattern(List.copyOf(segments), openStart, openEnd, ignoreCase);
    }

    private static Segment segment(int[] points, int n) {
        int[] own = java.util.Arrays.copyOf(points, n);
        boolean plain = true;
        for (int c : own) {
            plain &= c != ANY;
        }
        return new Segment(own, plain ? new String(own, 0, n) : null);
    }

    /**
     * Without regard to case means each character in lower case of its upper case, so that ς, σ and Σ are one, and none
     * becomes two.
     */
    private static String fold(String s, EvalContext context) {
        StringBuilder folded = new StringBuilder(s.length());
        for (int i = 0; i < s.length(); ) {
            if ((i & LOOK_MASK) == 0) {
                context.checkCancelled();
            }
            int c = s.codePointAt(i);
            folded.appendCodePoint(fold(c));
            i += Character.charCount(c);
        }
        return folded.toString();
    }

    private static int fold(int c) {
        return c < 'A' ? c : Character.toLowerCase(Character.toUpperCase(c));
    }

    /** Whether only one string matches; it is {@link #prefix}. */
    public boolean isExact() {
        return !ignoreCase
                && !openStart
                && !openEnd
                && (segments.isEmpty() || (segments.size() == 1 && segments.get(0).plain != null));
    }

    /** A pattern for strings in UTF-8; null where it is not sound or holds what has no bytes there. */
    public static Utf8Pattern utf8(String pattern, String escape) {
        LikePattern like;
        try {
            like = of(pattern, escape, false);
        } catch (SqlException e) {
            return null;
        }
        int[][] points = like.segments.stream().map(s -> s.points).toArray(int[][]::new);
        for (int[] segment : points) {
            for (int c : segment) {
                if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
                    return null; // half of a pair
                }
            }
        }
        return new Utf8Pattern(points, like.openStart, like.openEnd);
    }

    /** What every matching string starts with; empty when nothing is known. */
    public String prefix() {
        if (ignoreCase || openStart || segments.isEmpty()) {
            return "";
        }
        int[] points = segments.get(0).points;
        int n = 0;
        while (n < points.length && points[n] != ANY) {
            n++;
        }
        return new String(points, 0, n);
    }

    /** Whether the pattern is a string followed by {@code %}, so that {@link #prefix} tells all of it. */
    public boolean isPrefix() {
        return !ignoreCase && !openStart && openEnd && segments.size() == 1 && segments.get(0).plain != null;
    }

    /** As {@link #matches(String, EvalContext)}, where nobody cancels. */
    public boolean matches(String value) {
        return matches(value, EvalContext.none());
    }

    /**
     * Whether {@code value} matches; time grows with the length of the value, times that of the longest segment with {@code _}.
     */
    public boolean matches(String value, EvalContext context) {
        String s = ignoreCase ? fold(value, context) : value;
        if (segments.isEmpty()) {
            return openStart || s.isEmpty();
        }
        int first = 0;
        int last = segments.size();
        int at = 0;
        int end = s.length();
        if (!openStart) {
            at = matchAt(s, 0, end, segments.get(0));
            if (at < 0) {
                return false;
            }
            first = 1;
        }
        if (!openEnd) {
            if (first == last) {
                return at == end;
            }
            Segment tail = segments.get(--last);
            int start = backward(s, end, tail.points.length);
            if (start < at || matchAt(s, start, end, tail) != end) {
                return false;
            }
            end = start;
        }
        for (int i = first; i < last; i++) {
            at = find(s, at, end, segments.get(i), context);
            if (at < 0) {
                return false;
            }
        }
        return true;
    }

    /** Where the segment, starting at {@code at}, ends; -1 when it is not there. */
    private static int matchAt(String s, int at, int end, Segment segment) {
        if (segment.plain != null) {
            int stop = at + segment.plain.length();
            return stop <= end && s.startsWith(segment.plain, at) ? stop : -1;
        }
        int i = at;
        for (int c : segment.points) {
            if (i >= end) {
                return -1;
            }
            int x = s.codePointAt(i);
            if (c != ANY && c != x) {
                return -1;
            }
            i += Character.charCount(x);
        }
        return i <= end ? i : -1;
    }

    /** Where the first match from {@code at} on ends; -1 when there is none before {@code end}. */
    private static int find(String s, int at, int end, Segment segment, EvalContext context) {
        if (segment.plain != null) {
            int found = segment.search.find(s, at, context);
            int stop = found + segment.plain.length();
            return found >= 0 && stop <= end ? stop : -1;
        }
        int untilLook = LOOK_MASK;
        for (int i = at; i < end; i += Character.charCount(s.codePointAt(i))) {
            int stop = matchAt(s, i, end, segment);
            if (stop >= 0) {
                return stop;
            }
            untilLook -= segment.points.length;
            if (untilLook < 0) {
                context.checkCancelled();
                untilLook = LOOK_MASK;
            }
        }
        return -1;
    }

    /** {@code count} characters back from {@code end}; -1 when there are fewer. */
    private static int backward(String s, int end, int count) {
        int i = end;
        for (int n = 0; n < count; n++) {
            if (i <= 0) {
                return -1;
            }
            i -= Character.charCount(s.codePointBefore(i));
        }
        return i;
    }
}
