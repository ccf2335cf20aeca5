package org.mosslsm.sql.exec;

import java.math.BigDecimal;
import java.util.List;
import org.mosslsm.sql.encode.EntryShape;
import org.mosslsm.sql.expr.ScalarExpr;
import org.mosslsm.sql.expr.ScalarExpr.ColumnRef;
import org.mosslsm.sql.plan.SortKey;

/**
 * The first key of an order, where it is a column that is read many at a time as numbers of 64 bits: tells rows that come
 * behind another one by this key alone. All keys are columns or constants, so that none is missed that would have failed.
 * Immutable.
 */
final class LeadingKey {
    private final int column;
    private final boolean descending;
    private final boolean nullsFirst;
    /** Digits behind the point of the column's decimals. */
    private final int scale;

    private LeadingKey(int column, boolean descending, boolean nullsFirst, int scale) {
        this.column = column;
        this.scale = scale;
        this.descending = descending;
        this.nullsFirst = nullsFirst;
    }

    /** Of an order of what a scan delivers; null where it has no such key. */
    static LeadingKey of(List<SortKey> keys, IndexScanOperator scan) {
        boolean plain =
                keys.stream().allMatch(k -> k.expr() instanceof ColumnRef || k.expr() instanceof ScalarExpr.Literal);
        if (!plain || keys.isEmpty() || !(keys.get(0).expr() instanceof ColumnRef first)) {
            return null;
        }
        EntryShape shape = scan.shape();
        int column = scan.source(first.index());
        return shape.lane(column) == EntryShape.Lane.LONGS
                ? new LeadingKey(column, keys.get(0).descending(), keys.get(0).nullsFirst(), shape.scale(column))
                : null;
    }

    /** Where the key stands in the rows that the scan's filter sees. */
    int column() {
        return column;
    }

    /**
     * Finds the rows that do not come behind {@code last} by this key.
     *
     * @param last a row that is kept; null where all are early
     * @param into gets the numbers of the rows among those selected
     * @return how many they are
     */
    int early(SelectedRows rows, SortOrder.Entry last, int[] into) {
        int count = rows.count();
        if (last == null || (last.keys[0] == null && !nullsFirst)) {
            for (int j = 0; j < count; j++) {
                into[j] = j;
            }
            return count;
        }
        long[] values = rows.lanes().longs(count);
        boolean[] nulls = rows.lanes().nulls(count);
        boolean anyNull = rows.entries().longs(column, rows.places(), count, values, nulls);
        if (last.keys[0] == null) {
            return nulls(anyNull, nulls, count, into);
        }
        long bound = number(last.keys[0]);
        int early = 0;
        for (int j = 0; j < count; j++) {
            boolean before = descending ? values[j] >= bound : values[j] <= bound;
            boolean is = (anyNull && nulls[j]) ? nullsFirst : before;
            if (is) {
                into[early++] = j;
            }
        }
        return early;
    }

    /** Behind the NULLs nothing is early but they. */
    private static int nulls(boolean anyNull, boolean[] nulls, int count, int[] into) {
        int early = 0;
        for (int j = 0; anyNull && j < count; j++) {
            if (nulls[j]) {
                into[early++] = j;
            }
        }
        return early;
    }

    /** A value as the column's numbers are. */
    private long number(Object value) {
        if (value instanceof BigDecimal d) {
            return d.setScale(scale).unscaledValue().longValueExact();
        }
        return value instanceof Boolean b ? (b ? 1 : 0) : (Long) value;
    }
}
