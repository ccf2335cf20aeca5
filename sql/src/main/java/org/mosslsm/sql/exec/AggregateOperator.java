package org.mosslsm.sql.exec;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.mosslsm.sql.exec.Accumulators.Accumulator;
import org.mosslsm.sql.exec.Accumulators.Compiled;
import org.mosslsm.sql.expr.Row;
import org.mosslsm.sql.expr.ScalarExpr;
import org.mosslsm.sql.expr.ValueRow;
import org.mosslsm.sql.plan.PhysicalPlan;

/**
 * Groups and aggregates: of sorted input one group at a time, else all groups in a hash table, in the order in which they
 * first appeared. Without keys there is one group, even of no rows.
 */
final class AggregateOperator extends Operator {
    private final Operator input;
    private final GroupKey.Maker keys;
    private final int keyCount;
    private final Compiled[] calls;
    private final boolean sorted;
    private final boolean readsNothing;

    AggregateOperator(PhysicalPlan.Aggregate plan, Operator input) {
        this.input = input;
        this.keys = new GroupKey.Maker(plan.keys());
        this.keyCount = plan.keys().size();
        this.calls = plan.calls().stream().map(Compiled::new).toArray(Compiled[]::new);
        this.sorted = plan.sorted();
        List<ScalarExpr> all = new ArrayList<>(plan.keys());
        plan.calls().forEach(c -> {
            all.addAll(c.arguments());
            c.filter().ifPresent(all::add);
        });
        this.readsNothing = readNothing(all);
    }

    /** The keys' values and accumulators of one group. */
    private final class Group {
        private final Object[] keyValues;
        private final Accumulator[] accumulators = new Accumulator[calls.length];

        Group(Object[] keyValues) {
            this.keyValues = keyValues;
            for (int i = 0; i < calls.length; i++) {
                accumulators[i] = calls[i].start();
            }
        }

        void add(Row row, ExecutionContext context) {
            for (int i = 0; i < calls.length; i++) {
                calls[i].add(accumulators[i], row, context);
            }
        }

        Row result() {
            Object[] values = new Object[keyCount + calls.length];
            System.arraycopy(keyValues, 0, values, 0, keyCount);
            for (int i = 0; i < calls.length; i++) {
                values[keyCount + i] = accumulators[i].result();
            }
            return new ValueRow(values);
        }
    }

    @Override
    public RowEnumerator open(ExecutionContext context) {
        if (keyCount == 0) {
            return new Total(context);
        }
        return sorted ? new Streamed(context) : new Hashed(context);
    }

    /** One group of all rows. */
    private final class Total extends RowEnumerator {
        private final RowEnumerator rows;
        private boolean delivered;

        Total(ExecutionContext context) {
            super(context);
            this.rows = own(input.open(context));
        }

        @Override
        public boolean isSettled() {
            return delivered;
        }

        @Override
        protected Row advance() {
            if (delivered) {
                return null;
            }
            delivered = true;
            Group group = new Group(new Object[0]);
            while (rows.moveNext()) {
                group.add(rows.current(), context);
            }
            return group.result();
        }
    }

    /** Groups that come one after the other. */
    private final class Streamed extends RowEnumerator {
        private final RowEnumerator rows;
        private Object key;
        private Group group;

        Streamed(ExecutionContext context) {
            super(context);
            this.rows = own(input.open(context));
        }

        @Override
        public boolean isSettled() {
            return readsNothing && rows.isSettled();
        }

        @Override
        protected Row advance() {
            while (rows.moveNext()) {
                Row row = rows.current();
                Object[] values = keys.values(row, context);
                Object next = keys.key(values);
                Group complete = null;
                if (!next.equals(key)) {
                    complete = group;
                    group = new Group(values);
                    key = next;
                }
                group.add(row, context);
                if (complete != null) {
                    return complete.result();
                }
            }
            Group last = group;
            group = null;
            return last == null ? null : last.result();
        }
    }

    /** Groups in a hash table. */
    private final class Hashed extends RowEnumerator {
        private final RowEnumerator rows;
        private Iterator<Group> groups;

        Hashed(ExecutionContext context) {
            super(context);
            this.rows = own(input.open(context));
        }

        private void collect() {
            Map<Object, Group> byKey = new LinkedHashMap<>();
            while (rows.moveNext()) {
                Row row = rows.current();
                Object[] values = keys.values(row, context);
                Object key = keys.key(values);
                Group group = byKey.get(key);
                if (group == null) {
                    group = new Group(values);
                    byKey.put(key, group);
                }
                group.add(row, context);
            }
            release(rows);
            groups = byKey.values().iterator();
        }

        @Override
        public boolean isSettled() {
            return groups != null;
        }

        @Override
        protected Row advance() {
            if (groups == null) {
                collect();
            }
            return groups.hasNext() ? groups.next().result() : null;
        }
    }
}
