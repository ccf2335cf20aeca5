package org.mosslsm.sql.exec;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.mosslsm.sql.exec.Accumulators.Accumulator;
import org.mosslsm.sql.exec.Accumulators.Compiled;
import org.mosslsm.sql.exec.spill.HeapSize;
import org.mosslsm.sql.exec.spill.Partitions;
import org.mosslsm.sql.exec.spill.Parts;
import org.mosslsm.sql.exec.spill.RowFile;
import org.mosslsm.sql.expr.Row;
import org.mosslsm.sql.expr.ScalarExpr;
import org.mosslsm.sql.expr.ValueRow;
import org.mosslsm.sql.plan.PhysicalPlan;

/**
 * Groups and aggregates: of sorted input one group at a time, else all groups in a hash table. Where they outgrow the
 * memory, the rows of further groups go to files, divided by the hash of their keys, and each part is treated in the same
 * way once the input has ended. Without keys there is one group, even of no rows.
 */
final class AggregateOperator extends Operator {
    private final Operator input;
    private final GroupKey.Maker keys;
    private final int keyCount;
    private final Compiled[] calls;
    private final boolean sorted;
    private final boolean readsNothing;
    private final int inputWidth;

    AggregateOperator(PhysicalPlan.Aggregate plan, Operator input) {
        this.input = input;
        this.keys = new GroupKey.Maker(plan.keys());
        this.keyCount = plan.keys().size();
        this.calls = plan.calls().stream().map(Compiled::new).toArray(Compiled[]::new);
        this.sorted = plan.sorted();
        this.inputWidth = plan.input().width();
        List<ScalarExpr> all = new ArrayList<>(plan.keys());
        plan.calls().forEach(c -> all.addAll(c.expressions()));
        this.readsNothing = readNothing(all);
    }

    /** The keys' values and accumulators of one group. */
    private final class Group {
        private final Object[] keyValues;
        private final Accumulator[] accumulators = new Accumulator[calls.length];

        Group(Object[] keyValues, Deferred[] late, MemoryMeter meter) {
            this.keyValues = keyValues;
            for (int i = 0; i < calls.length; i++) {
                accumulators[i] = calls[i].start(late[i], meter);
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

    /** Bytes of a group: its entry, key and accumulators. */
    private long size(Object[] keyValues) {
        return 160 + 2 * HeapSize.of(keyValues) + 48L * calls.length;
    }

    /** One for each call that is DISTINCT or has an order, null for the others; sharing one budget. */
    private Deferred[] deferred(ExecutionContext context, MemoryMeter meter) {
        Deferred[] late = new Deferred[calls.length];
        for (int i = 0; i < late.length; i++) {
            late[i] = calls[i].deferred(context, meter);
        }
        return late;
    }

    private static void deliver(Deferred[] late) {
        for (Deferred values : late) {
            if (values != null) {
                values.deliver();
            }
        }
    }

    private static MemoryMeter meter(ExecutionContext context) {
        return new MemoryMeter(context.workspace());
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
            MemoryMeter meter = meter(context);
            Deferred[] late = ownAll(deferred(context, meter));
            Group group = new Group(new Object[0], late, meter);
            while (rows.moveNext()) {
                group.add(rows.current(), context);
            }
            deliver(late);
            return group.result();
        }
    }

    /** Groups that come one after the other. */
    private final class Streamed extends RowEnumerator {
        private final RowEnumerator rows;
        private final MemoryMeter meter;
        private final Deferred[] late;
        private Object key;
        private Group group;

        Streamed(ExecutionContext context) {
            super(context);
            this.rows = own(input.open(context));
            this.meter = meter(context);
            this.late = ownAll(deferred(context, meter));
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
                Row complete = null;
                if (!next.equals(key)) {
                    complete = result();
                    group = new Group(values, late, meter);
                    key = next;
                }
                group.add(row, context);
                if (complete != null) {
                    return complete;
                }
            }
            return result();
        }

        /** The result of the group, which ends; null where there is none. */
        private Row result() {
            deliver(late);
            meter.reset();
            Group complete = group;
            group = null;
            return complete == null ? null : complete.result();
        }
    }

    /** Groups in a hash table. */
    private final class Hashed extends RowEnumerator {
        private final RowEnumerator rows;
        private final MemoryMeter meter;
        private final Deferred[] late;
        private Iterator<Group> groups;
        private Parts parts;

        /** The part being read; null while the input is. */
        private RowFile.Reader part;

        Hashed(ExecutionContext context) {
            super(context);
            this.rows = own(input.open(context));
            this.meter = meter(context);
            this.late = ownAll(deferred(context, meter));
        }

        private void collect() {
            meter.reset();
            Map<Object, Group> byKey = new LinkedHashMap<>();
            Partitions others = null;
            for (Row row = nextRow(); row != null; row = nextRow()) {
                // With one key, an array is made for a new group only.
                Object[] several = keyCount == 1 ? null : keys.values(row, context);
                Object one = several == null ? keys.value(row, context) : null;
                Object key = several == null ? keys.keyOf(one) : keys.key(several);
                Group group = byKey.get(key);
                if (group == null) {
                    if (meter.isUsedUp() && mayDivide()) {
                        if (others == null) {
                            others = own(new Partitions(context.workspace(), level(), inputWidth));
                        }
                        others.add(key.hashCode(), row.toArray());
                        continue;
                    }
                    Object[] values = several == null ? new Object[] {one} : several;
                    group = new Group(values, late, meter);
                    byKey.put(key, group);
                    meter.takes(size(values));
                }
                group.add(row, context);
            }
            if (part == null) {
                release(rows);
            }
            if (others != null) {
                if (parts == null) {
                    parts = own(new Parts());
                }
                parts.add(others);
            }
            deliver(late);
            groups = byKey.values().iterator();
        }

        private int level() {
            return parts == null ? 0 : parts.level();
        }

        private boolean mayDivide() {
            return parts == null || parts.mayDivide();
        }

        private Row nextRow() {
            if (part == null) {
                return rows.moveNext() ? rows.current() : null;
            }
            context.checkCancelled();
            Object[] values = part.next();
            return values == null ? null : new ValueRow(values);
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
            while (!groups.hasNext()) {
                if (parts == null || !parts.next()) {
                    return null;
                }
                part = parts.rows();
                collect();
            }
            Row result = groups.next().result();
            groups.remove(); // what was delivered need not be held
            return result;
        }
    }
}
