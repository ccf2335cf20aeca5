package org.mosslsm.sql.exec;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.mosslsm.kv.KeyRange;
import org.mosslsm.sql.catalog.Index;
import org.mosslsm.sql.catalog.Table;
import org.mosslsm.sql.encode.IndexCodec;
import org.mosslsm.sql.encode.KeyCodec;
import org.mosslsm.sql.encode.KeyWriter;
import org.mosslsm.sql.exec.ValueSet.Interval;
import org.mosslsm.sql.plan.KeyRangeSpec;
import org.mosslsm.sql.plan.KeyRangeSpec.Box;

/**
 * Turns the key ranges of a plan into sorted, disjoint ranges of bytes, once the values are known. Compiled once a plan;
 * immutable.
 *
 * <pre>
 * box        a = 7  AND  b IN (1, 3)  AND  c > 5
 * prefixes   7 1   7 3                                  every combination of points
 * ranges     [7 1 5+, 7 1 end)   [7 3 5+, 7 3 end)      each with the intervals of the last column
 * </pre>
 */
public final class KeyRanges {
    /**
     * A range of keys.
     *
     * @param single whether it holds at most one key, {@code range.lo()} itself
     */
    public record Span(KeyRange range, boolean single) {}

    private final IndexCodec codec;
    private final byte[] prefix;
    private final List<List<CompiledConstraint>> boxes = new ArrayList<>();
    private final boolean unique;
    private final boolean all;
    /** Whether the ranges are one box of equalities that name a whole unique key. */
    private final boolean point;

    /** Compiles the ranges of an index of {@code table}. */
    public KeyRanges(Table table, Index index, KeyRangeSpec spec) {
        this.codec = new IndexCodec(table, index);
        this.prefix = codec.prefix();
        this.unique = index.unique();
        this.all = spec.isAll();
        for (Box box : spec.boxes()) {
            List<CompiledConstraint> parts = new ArrayList<>();
            for (int i = 0; i < box.parts().size(); i++) {
                ColumnDomain domain = new ColumnDomain(
                        table.column(index.keys().get(i).columnId()).type());
                parts.add(new CompiledConstraint(box.parts().get(i), domain));
            }
            boxes.add(parts);
        }
        this.point = unique
                && boxes.size() == 1
                && boxes.get(0).size() == codec.keyCount()
                && boxes.get(0).stream().allMatch(CompiledConstraint::isEquality);
    }

    /** Whether there is one key to look for, unless a value is none that its column can hold: see {@link #point}. */
    boolean isPoint() {
        return point;
    }

    /**
     * The one key there is to look for, in the commonest case: every column of a unique key equals one value that it can
     * hold. Null in every other: then {@link #spans} tells.
     */
    byte[] point(ExecutionContext context, KeyWriter out) {
        if (!point) {
            return null;
        }
        List<CompiledConstraint> parts = boxes.get(0);
        out.clear().bytes(prefix);
        for (int i = 0; i < parts.size(); i++) {
            Object value = parts.get(i).point(context);
            if (value == null) {
                return null;
            }
            codec.keyCodec(i).encode(value, out);
        }
        return out.toBytes();
    }

    /** The ranges in this execution, ascending, or descending when {@code backward}. */
    public List<Span> spans(ExecutionContext context, boolean backward) {
        if (all) {
            return List.of(new Span(KeyRange.prefix(prefix), false));
        }
        List<Span> spans = new ArrayList<>();
        for (List<CompiledConstraint> box : boxes) {
            box(box, context, spans);
        }
        List<Span> merged = spans.size() < 2 ? spans : merge(spans);
        if (backward) {
            Collections.reverse(merged);
        }
        return merged;
    }

    private void box(List<CompiledConstraint> parts, ExecutionContext context, List<Span> spans) {
        List<byte[]> prefixes = List.of(prefix);
        KeyWriter out = new KeyWriter();
        boolean anyNull = false;
        for (int i = 0; i < parts.size(); i++) {
            ValueSet values = parts.get(i).values(context);
            KeyCodec column = codec.keyCodec(i);
            boolean last = i == parts.size() - 1;
            if (last) {
                for (byte[] p : prefixes) {
                    intervals(p, column, values, parts.get(i), isWholeKey(parts, anyNull), out, spans);
                }
                return;
            }
            anyNull |= values.hasNull();
            prefixes = extend(prefixes, column, values, parts.get(i), out);
        }
    }

    /** Whether single values of all parts make up the key of one entry: in a unique index, where none is NULL. */
    private boolean isWholeKey(List<CompiledConstraint> parts, boolean anyNull) {
        return unique && parts.size() == codec.keyCount() && !anyNull;
    }

    /** Each prefix with each of the single values. */
    private static List<byte[]> extend(
            List<byte[]> prefixes, KeyCodec column, ValueSet values, CompiledConstraint part, KeyWriter out) {
        List<byte[]> longer = new ArrayList<>();
        for (byte[] p : prefixes) {
            for (Interval v : values.intervals()) {
                if (!v.isPoint(part.domain().order())) {
                    throw new IllegalStateException("a range before the last column of a key range");
                }
                longer.add(append(p, column, v.low(), out));
            }
            if (values.hasNull() && column.nullable()) {
                longer.add(append(p, column, null, out));
            }
        }
        return longer;
    }

    private static byte[] append(byte[] p, KeyCodec column, Object value, KeyWriter out) {
        out.clear().bytes(p);
        column.encode(value, out);
        return out.toBytes();
    }

    private static void intervals(
            byte[] p,
            KeyCodec column,
            ValueSet values,
            CompiledConstraint part,
            boolean wholeKey,
            KeyWriter out,
            List<Span> spans) {
        for (Interval v : values.intervals()) {
            boolean point = v.isPoint(part.domain().order());
            KeyRange range = point ? KeyRange.prefix(append(p, column, v.low(), out)) : range(p, column, v, out);
            if (Arrays.compareUnsigned(range.lo(), hi(range)) < 0) {
                spans.add(new Span(range, point && wholeKey));
            }
        }
        if (values.hasNull() && column.nullable()) {
            spans.add(new Span(KeyRange.prefix(append(p, column, null, out)), false));
        }
    }

    /** The bytes of an interval; a descending column turns its bounds round. NULLs, at the end, are cut off. */
    private static KeyRange range(byte[] p, KeyCodec column, Interval v, KeyWriter out) {
        byte[] first;
        byte[] end;
        if (column.descending()) {
            first = v.high() == null ? afterNulls(p, column, out) : start(p, column, v.high(), v.highIncluded(), out);
            end = v.low() == null ? endOf(p) : start(p, column, v.low(), !v.lowIncluded(), out);
        } else {
            first = v.low() == null ? p : start(p, column, v.low(), v.lowIncluded(), out);
            end = v.high() == null
                    ? (column.nullable() ? append(p, column, null, out) : endOf(p))
                    : start(p, column, v.high(), !v.highIncluded(), out);
        }
        return KeyRange.of(first, end);
    }

    private static byte[] afterNulls(byte[] p, KeyCodec column, KeyWriter out) {
        return column.nullable() ? endOf(append(p, column, null, out)) : p;
    }

    /** The first key of {@code value}, or the first after all of them. */
    private static byte[] start(byte[] p, KeyCodec column, Object value, boolean included, KeyWriter out) {
        byte[] key = append(p, column, value, out);
        return included ? key : endOf(key);
    }

    /** The first key after all that begin with {@code key}; every key of an index has one. */
    private static byte[] endOf(byte[] key) {
        return hi(KeyRange.prefix(key));
    }

    /** Keys of indexes begin with a small byte, so that no range of them is open above. */
    private static byte[] hi(KeyRange range) {
        return range.hi().orElseThrow();
    }

    /** Sorted, with those that overlap or touch made one. */
    private static List<Span> merge(List<Span> spans) {
        spans.sort((a, b) -> Arrays.compareUnsigned(a.range().lo(), b.range().lo()));
        List<Span> merged = new ArrayList<>();
        for (Span next : spans) {
            int last = merged.size() - 1;
            Span before = last < 0 ? null : merged.get(last);
            // Neighbouring single keys stay apart: they are fetched together, without a cursor.
            boolean apart = before == null
                    || Arrays.compareUnsigned(hi(before.range()), next.range().lo()) < 0
                    || (before.single()
                            && next.single()
                            && !Arrays.equals(before.range().lo(), next.range().lo()));
            if (apart) {
                merged.add(next);
            } else {
                byte[] hi = Arrays.compareUnsigned(hi(before.range()), hi(next.range())) >= 0
                        ? hi(before.range())
                        : hi(next.range());
                merged.set(last, new Span(KeyRange.of(before.range().lo(), hi), before.single() && next.single()));
            }
        }
        return merged;
    }
}
