package org.mosslsm.sql.exec;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The values one key column may have: sorted, disjoint intervals of the column's values, and NULL or not. Immutable.
 *
 * @param intervals ascending, none empty, none touching the next
 * @param hasNull whether NULL is among them
 */
record ValueSet(List<Interval> intervals, boolean hasNull) {
    /** No value. */
    static final ValueSet NONE = new ValueSet(List.of(), false);
    /** Every value, NULL not. */
    static final ValueSet NOT_NULL = new ValueSet(List.of(new Interval(null, false, null, false)), false);
    /** NULL alone. */
    static final ValueSet NULL = new ValueSet(List.of(), true);

    /**
     * Values between two bounds; null is no bound.
     *
     * @param lowIncluded whether {@code low} itself belongs to it
     * @param highIncluded whether {@code high} itself belongs to it
     */
    record Interval(Object low, boolean lowIncluded, Object high, boolean highIncluded) {
        boolean isPoint(Comparator<Object> order) {
            return low != null && high != null && order.compare(low, high) == 0;
        }

        private boolean isEmpty(Comparator<Object> order) {
            if (low == null || high == null) {
                return false;
            }
            int c = order.compare(low, high);
            return c > 0 || (c == 0 && !(lowIncluded && highIncluded));
        }
    }

    static ValueSet of(Interval interval, Comparator<Object> order) {
        return interval.isEmpty(order) ? NONE : new ValueSet(List.of(interval), false);
    }

    static ValueSet point(Object value) {
        return new ValueSet(List.of(new Interval(value, true, value, true)), false);
    }

    /** Values of both. */
    ValueSet intersect(ValueSet other, Comparator<Object> order) {
        List<Interval> result = new ArrayList<>();
        int i = 0;
        int k = 0;
        while (i < intervals.size() && k < other.intervals.size()) {
            Interval a = intervals.get(i);
            Interval b = other.intervals.get(k);
            Interval both = cut(a, b, order);
            if (!both.isEmpty(order)) {
                result.add(both);
            }
            // The one that ends first can meet no more of the other.
            if (compareHigh(a, b, order) <= 0) {
                i++;
            } else {
                k++;
            }
        }
        return new ValueSet(List.copyOf(result), hasNull && other.hasNull);
    }

    private static Interval cut(Interval a, Interval b, Comparator<Object> order) {
        Interval low = compareLow(a, b, order) >= 0 ? a : b;
        Interval high = compareHigh(a, b, order) <= 0 ? a : b;
        return new Interval(low.low, low.lowIncluded, high.high, high.highIncluded);
    }

    /** Values of any of the sets. */
    static ValueSet union(List<ValueSet> sets, Comparator<Object> order) {
        List<Interval> all = new ArrayList<>();
        boolean anyNull = false;
        for (ValueSet s : sets) {
            all.addAll(s.intervals);
            anyNull |= s.hasNull;
        }
        all.sort((a, b) -> compareLow(a, b, order));
        List<Interval> merged = new ArrayList<>();
        for (Interval next : all) {
            int last = merged.size() - 1;
            if (last >= 0 && touches(merged.get(last), next, order)) {
                Interval before = merged.get(last);
                Interval high = compareHigh(before, next, order) >= 0 ? before : next;
                merged.set(last, new Interval(before.low, before.lowIncluded, high.high, high.highIncluded));
            } else {
                merged.add(next);
            }
        }
        return new ValueSet(List.copyOf(merged), anyNull);
    }

    /** Whether nothing lies between {@code a} and {@code b}, which begins at or after it. */
    private static boolean touches(Interval a, Interval b, Comparator<Object> order) {
        if (a.high == null || b.low == null) {
            return true;
        }
        int c = order.compare(b.low, a.high);
        return c < 0 || (c == 0 && (b.lowIncluded || a.highIncluded));
    }

    private static int compareLow(Interval a, Interval b, Comparator<Object> order) {
        if (a.low == null || b.low == null) {
            return a.low == b.low ? 0 : a.low == null ? -1 : 1;
        }
        int c = order.compare(a.low, b.low);
        return c != 0 ? c : Boolean.compare(b.lowIncluded, a.lowIncluded);
    }

    private static int compareHigh(Interval a, Interval b, Comparator<Object> order) {
        if (a.high == null || b.high == null) {
            return a.high == b.high ? 0 : a.high == null ? 1 : -1;
        }
        int c = order.compare(a.high, b.high);
        return c != 0 ? c : Boolean.compare(a.highIncluded, b.highIncluded);
    }
}
