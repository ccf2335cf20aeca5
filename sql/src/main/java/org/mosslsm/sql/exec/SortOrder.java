package org.mosslsm.sql.exec;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.mosslsm.sql.expr.Evaluator;
import org.mosslsm.sql.expr.Row;
import org.mosslsm.sql.expr.ValueRow;
import org.mosslsm.sql.plan.SortKey;
import org.mosslsm.sql.type.SqlType;
import org.mosslsm.sql.type.ValueOrder;

/** An ORDER BY, compiled: takes the keys of rows and compares them. Immutable. */
final class SortOrder {
    private final Evaluator[] keys;
    private final Comparator<Object>[] orders;

    /** A row with its keys; {@code number} is its place in the input, which decides between equals. */
    static final class Entry {
        final ValueRow row;
        final Object[] keys;
        final long number;

        Entry(ValueRow row, Object[] keys, long number) {
            this.row = row;
            this.keys = keys;
            this.number = number;
        }
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    SortOrder(List<SortKey> sortKeys) {
        this.keys = new Evaluator[sortKeys.size()];
        this.orders = new Comparator[keys.length];
        for (int i = 0; i < keys.length; i++) {
            SortKey k = sortKeys.get(i);
            keys[i] = Evaluator.compile(k.expr());
            Comparator<Object> values = ValueOrder.of(k.expr().type());
            Comparator<Object> directed = k.descending() ? values.reversed() : values;
            orders[i] = k.nullsFirst() ? Comparator.nullsFirst(directed) : Comparator.nullsLast(directed);
        }
    }

    private SortOrder(Evaluator[] keys, Comparator<Object>[] orders) {
        this.keys = keys;
        this.orders = orders;
    }

    /** The order of keys that the caller makes: ascending, of these types. */
    @SuppressWarnings({"unchecked", "rawtypes"})
    static SortOrder ofKeys(SqlType... types) {
        Comparator<Object>[] orders = new Comparator[types.length];
        for (int i = 0; i < types.length; i++) {
            orders[i] = ValueOrder.of(types[i]);
        }
        return new SortOrder(new Evaluator[0], orders);
    }

    /** This order of rows that belong to groups: by the group's number first, which the caller puts before the keys. */
    SortOrder afterNumber() {
        Comparator<Object>[] all = Arrays.copyOf(orders, orders.length + 1);
        System.arraycopy(orders, 0, all, 1, orders.length);
        all[0] = ValueOrder.of(SqlType.BIGINT);
        return new SortOrder(new Evaluator[0], all);
    }

    /** The keys of a row. */
    Object[] keys(Row row, ExecutionContext context) {
        Object[] values = new Object[keys.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = keys[i].eval(row, context);
        }
        return values;
    }

    /** Compares by keys alone. */
    int compare(Object[] a, Object[] b) {
        for (int i = 0; i < orders.length; i++) {
            int c = orders[i].compare(a[i], b[i]);
            if (c != 0) {
                return c;
            }
        }
        return 0;
    }

    /** Compares by keys, then by place in the input. */
    int compare(Entry a, Entry b) {
        int c = compare(a.keys, b.keys);
        return c != 0 ? c : Long.compare(a.number, b.number);
    }
}
