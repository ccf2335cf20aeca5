// What ANALYZE found out about one column.
package org.mosslsm.sql.catalog;

import java.util.Comparator;
import java.util.List;
import org.mosslsm.sql.type.SqlType;
import org.mosslsm.sql.type.ValueOrder;

/**
 * The distribution of a column's values. Values stand in the representation of their type ({@link SqlType}).
 *
 * @param type of the column when it was looked at
 * @param nulls share of rows in which it is NULL, 0 to 1
 * @param distinct about how many different values it has, at least 1
 * @param common the most frequent values
 * @param shares for each of these the share of all rows that have it
 * @param bounds the other values cut into parts of equal numbers of rows: the least, the ends of the parts, the greatest;
 *     empty where there are none
 */
public record ColumnStatistics(
        SqlType type, double nulls, double distinct, List<Object> common, List<Double> shares, List<Object> bounds) {
    /** Freezes the lists. */
    public ColumnStatistics {
        common = List.copyOf(common);
        shares = List.copyOf(shares);
        bounds = List.copyOf(bounds);
    }

    private double commonShare() {
        double sum = 0;
        for (double s : shares) {
            sum += s;
        }
        return sum;
    }

    /** Share of rows that equal some value that is not known. */
    public double ofOneValue() {
        return (1 - nulls) / Math.max(1, distinct);
    }

    /** Share of rows that equal {@code value}. */
    public double equalTo(Object value) {
        Comparator<Object> order = ValueOrder.of(type);
        for (int i = 0; i < common.size(); i++) {
            if (order.compare(common.get(i), value) == 0) {
                return shares.get(i);
            }
        }
        if (bounds.isEmpty()
                || order.compare(value, bounds.get(0)) < 0
                || order.compare(value, bounds.get(bounds.size() - 1)) > 0) {
            return 0;
        }
        return Math.max(0, 1 - nulls - commonShare()) / Math.max(1, distinct - common.size());
    }

    /** Share of rows with a value below {@code value}, or equal to it when {@code included}. */
    public double below(Object value, boolean included) {
        Comparator<Object> order = ValueOrder.of(type);
        double sum = 0;
        for (int i = 0; i < common.size(); i++) {
            int c = order.compare(common.get(i), value);
            if (c < 0 || (included && c == 0)) {
                sum += shares.get(i);
            }
        }
        return sum + Math.max(0, 1 - nulls - commonShare()) * position(value, order);
    }

    /** Where a value stands among the bounds, from 0 to 1. */
    private double position(Object value, Comparator<Object> order) {
        int parts = bounds.size() - 1;
        if (parts < 0 || order.compare(value, bounds.get(0)) < 0) {
            return 0;
        }
        int low = 0;
        int high = parts;
        while (low < high) { // the last bound that is not above the value
            int middle = (low + high + 1) >>> 1;
            if (order.compare(bounds.get(middle), value) <= 0) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        if (low == parts) {
            return 1;
        }
        return (low + within(bounds.get(low), bounds.get(low + 1), value)) / parts;
    }

    /** How far a value lies between two others; half way where values have no distances. */
    private static double within(Object low, Object high, Object value) {
        if (low instanceof Number a && high instanceof Number b && value instanceof Number v) {
            double width = b.doubleValue() - a.doubleValue();
            double part = (v.doubleValue() - a.doubleValue()) / width;
            return part >= 0 && part <= 1 ? part : 0.5;
        }
        return 0.5;
    }
}
