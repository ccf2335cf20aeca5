package org.mosslsm.it.slt;

import java.util.ArrayList;
import java.util.List;

/** How the values of a result are sorted before they are compared, because the query does not say. */
enum SltSort {
    /** As delivered. */
    NOSORT,
    /** Whole rows, as texts. */
    ROWSORT,
    /** Single values, as texts. */
    VALUESORT;

    /** The values in the order to compare, row after row. */
    List<String> apply(List<List<String>> rows) {
        List<List<String>> ordered = new ArrayList<>(rows);
        if (this == ROWSORT) {
            ordered.sort(SltSort::compareRows);
        }
        List<String> values = new ArrayList<>();
        ordered.forEach(values::addAll);
        if (this == VALUESORT) {
            values.sort(String::compareTo);
        }
        return values;
    }

    private static int compareRows(List<String> a, List<String> b) {
        for (int i = 0; i < a.size(); i++) {
            int order = a.get(i).compareTo(b.get(i));
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }
}
