package org.mosslsm.sql.exec;

import java.util.ArrayList;
import java.util.List;
import org.mosslsm.sql.exec.Accumulators.Accumulator;
import org.mosslsm.sql.expr.AggregateCall;
import org.mosslsm.sql.expr.Row;
import org.mosslsm.sql.expr.ValueRow;
import org.mosslsm.sql.plan.SortKey;

/**
 * Values of one aggregate with an ORDER BY, over all groups: sorted by group and that order, in bounded memory, and passed
 * on at the end; with DISTINCT, of which the order is that of the values, each once. Thread safety: none.
 */
final class OrderedValues implements Deferred {
    private final ExecutionContext context;
    private final SortOrder keys;
    private final SortOrder order;
    private final boolean distinct;
    private final List<Ordered> groups = new ArrayList<>();
    private RowSorter sorter;

    OrderedValues(AggregateCall call, ExecutionContext context) {
        this.context = context;
        this.keys = new SortOrder(call.order().stream()
                .map(k -> new SortKey(k.expr(), k.descending(), k.nullsFirst()))
                .toList());
        this.order = keys.afterNumber();
        this.distinct = call.distinct();
    }

    /** The accumulator of one group: what it is fed with arrives at {@code inner} in order. */
    static final class Ordered extends Accumulator {
        private final Accumulator inner;
        private final OrderedValues values;
        private long number = -1;

        Ordered(Accumulator inner, OrderedValues values) {
            this.inner = inner;
            this.values = values;
        }

        void add(Row row, Object value, Object second) {
            values.add(this, row, value, second);
        }

        @Override
        void add(Object value) {
            throw new IllegalStateException("a value without its row");
        }

        @Override
        Object result() {
            return inner.result();
        }
    }

    private void add(Ordered group, Row row, Object value, Object second) {
        if (sorter == null) {
            sorter = new RowSorter(order, context);
        }
        if (group.number < 0) {
            group.number = groups.size();
            groups.add(group);
        }
        Object[] byOrder = keys.keys(row, context);
        Object[] all = new Object[byOrder.length + 1];
        all[0] = group.number;
        System.arraycopy(byOrder, 0, all, 1, byOrder.length);
        Object[] values = {group.number, byOrder.length == 0 ? null : byOrder[0], value, second};
        sorter.add(new ValueRow(values), all);
    }

    @Override
    public void deliver() {
        if (sorter == null) {
            return;
        }
        sorter.sort();
        Object[] last = null;
        for (ValueRow row = sorter.next(); row != null; row = sorter.next()) {
            Object[] values = row.values();
            // With DISTINCT there is one key, the value itself.
            if (!distinct || last == null || order.compare(last, values) != 0) {
                groups.get(Math.toIntExact((Long) values[0])).inner.add(values[2], values[3]);
            }
            last = values;
        }
        close();
    }

    @Override
    public void close() {
        if (sorter != null) {
            sorter.close();
            sorter = null;
        }
        groups.clear();
    }
}
