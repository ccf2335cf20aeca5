package org.mosslsm.sql.exec;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.mosslsm.sql.expr.Row;

/**
 * Rows by key. Rows are numbered as they were added; those of one key are chained by their numbers, in that order:
 *
 * <pre>
 * chains:  key -> first, last        next:  row -> next row of the same key, or -1
 * </pre>
 *
 * <p>Thread safety: none.
 */
final class RowTable {
    private static final class Chain {
        final int first;
        int last;

        Chain(int row) {
            this.first = row;
            this.last = row;
        }
    }

    private final Map<Object, Chain> chains = new HashMap<>();
    private final List<Row> rows = new ArrayList<>();
    private int[] next = new int[16];

    /** Adds a row; without a key (null) it is numbered, but never found. */
    void add(Object key, Row row) {
        int number = rows.size();
        rows.add(row);
        if (number == next.length) {
            next = Arrays.copyOf(next, number * 2);
        }
        next[number] = -1;
        if (key == null) {
            return;
        }
        Chain chain = chains.get(key);
        if (chain == null) {
            chains.put(key, new Chain(number));
        } else {
            next[chain.last] = number;
            chain.last = number;
        }
    }

    int size() {
        return rows.size();
    }

    Row row(int number) {
        return rows.get(number);
    }

    /** The first row of a key; -1 where there is none. */
    int first(Object key) {
        Chain chain = chains.get(key);
        return chain == null ? -1 : chain.first;
    }

    /** The row after {@code number} of the same key; -1 where there is none. */
    int next(int number) {
        return next[number];
    }
}
