package org.mosslsm.sql.expr;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A {@link LikePattern} for strings as they are stored, in UTF-8, so that none has to be decoded. Bytes can be compared
 * because no character's bytes are found within those of others. Immutable, thread-safe.
 */
public final class Utf8Pattern {
    /** Characters between two {@code %}; those without {@code _} as their bytes, the others as code points. */
    private static final class Segment {
        final byte[] plain;
        final int[] points;
        final TextSearch search;

        Segment(byte[] plain, int[] points) {
            this.plain = plain;
            this.points = points;
            this.search = plain == null ? null : TextSearch.of(plain);
        }
    }

    private final Segment[] segments;
    private final boolean openStart;
    private final boolean openEnd;

    Utf8Pattern(int[][] points, boolean openStart, boolean openEnd) {
        this.segments = Arrays.stream(points).map(Utf8Pattern::segment).toArray(Segment[]::new);
        this.openStart = openStart;
        this.openEnd = openEnd;
    }

    private static Segment segment(int[] points) {
        boolean plain = Arrays.stream(points).noneMatch(c -> c == LikePattern.ANY);
        return plain
                ? new Segment(new String(points, 0, points.length).getBytes(StandardCharsets.UTF_8), null)
                : new Segment(null, points);
    }

    /** Whether the string in {@code bytes} from {@code from} to {@code to} matches. */
    public boolean matches(byte[] bytes, int from, int to, EvalContext context) {
        if (segments.length == 0) {
            return openStart || from == to;
        }
        int first = 0;
        int last = segments.length;
        int at = from;
        int end = to;
        if (!openStart) {
            at = matchAt(bytes, at, end, segments[0]);
            if (at < 0) {
                return false;
            }
            first = 1;
        }
        if (!openEnd) {
            if (first == last) {
                return at == end;
            }
            Segment tail = segments[--last];
            int start = tail.plain != null ? end - tail.plain.length : backward(bytes, at, end, tail.points.length);
            if (start < at || matchAt(bytes, start, end, tail) != end) {
                return false;
            }
            end = start;
        }
        for (int i = first; i < last; i++) {
            at = find(bytes, at, end, segments[i], context);
            if (at < 0) {
                return false;
            }
        }
        return true;
    }

    /** Where the segment, starting at {@code at}, ends; -1 when it is not there. */
    private static int matchAt(byte[] bytes, int at, int end, Segment segment) {
        if (segment.plain != null) {
            int stop = at + segment.plain.length;
            return stop <= end && Arrays.equals(bytes, at, stop, segment.plain, 0, segment.plain.length) ? stop : -1;
        }
        int i = at;
        for (int c : segment.points) {
            if (i >= end) {
                return -1;
            }
            if (c != LikePattern.ANY && c != pointAt(bytes, i)) {
                return -1;
            }
            i += length(bytes[i]);
        }
        return i;
    }

    /** Where the first match from {@code at} on ends; -1 when there is none before {@code end}. */
    private static int find(byte[] bytes, int at, int end, Segment segment, EvalContext context) {
        if (segment.plain != null) {
            int found = segment.search.find(bytes, at, end, context);
            return found < 0 ? -1 : found + segment.plain.length;
        }
        int untilLook = LikePattern.LOOK_MASK;
        for (int i = at; i < end; i += length(bytes[i])) {
            int stop = matchAt(bytes, i, end, segment);
            if (stop >= 0) {
                return stop;
            }
            untilLook -= segment.points.length;
            if (untilLook < 0) {
                context.checkCancelled();
                untilLook = LikePattern.LOOK_MASK;
            }
        }
        return -1;
    }

    /** {@code count} characters back from {@code end}; -1 when there are fewer behind {@code from}. */
    private static int backward(byte[] bytes, int from, int end, int count) {
        int i = end;
        for (int n = 0; n < count; n++) {
            do {
                if (--i < from) {
                    return -1;
                }
            } while ((bytes[i] & 0xC0) == 0x80);
        }
        return i;
    }

    /** Bytes of the character that begins with {@code lead}. */
    private static int length(byte lead) {
        return lead >= 0 ? 1 : (lead & 0xE0) == 0xC0 ? 2 : (lead & 0xF0) == 0xE0 ? 3 : 4;
    }

    private static int pointAt(byte[] b, int i) {
        return switch (length(b[i])) {
            case 1 -> b[i];
            case 2 -> (b[i] & 0x1F) << 6 | (b[i + 1] & 0x3F);
            case 3 -> (b[i] & 0x0F) << 12 | (b[i + 1] & 0x3F) << 6 | (b[i + 2] & 0x3F);
            default -> (b[i] & 0x07) << 18 | (b[i + 1] & 0x3F) << 12 | (b[i + 2] & 0x3F) << 6 | (b[i + 3] & 0x3F);
        };
    }
}
