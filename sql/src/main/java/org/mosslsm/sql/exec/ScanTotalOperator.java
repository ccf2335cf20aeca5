package org.mosslsm.sql.exec;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.mosslsm.sql.encode.EntryRows;
import org.mosslsm.sql.encode.EntryShape;
import org.mosslsm.sql.encode.EntryShape.Lane;
import org.mosslsm.sql.exec.Accumulators.Accumulator;
import org.mosslsm.sql.exec.Accumulators.Compiled;
import org.mosslsm.sql.expr.AggregateCall;
import org.mosslsm.sql.expr.ScalarExpr.ColumnRef;
import org.mosslsm.sql.expr.ValueRow;
import org.mosslsm.sql.plan.PhysicalPlan;
import org.mosslsm.sql.type.SqlType.Family;

/**
 * Counts, sums, means, least and greatest values of columns, and of arithmetic on them, over all rows of a scan: what {@link
 * AggregateOperator} and {@link IndexScanOperator} answer together, but no row is made. Columns are read many at a time; a row
 * whose version holds one of them in another way is shown to the aggregates as it is.
 */
final class ScanTotalOperator extends Operator {
    private final IndexScanOperator scan;
    private final Compiled[] calls;
    /** Of each call the column it reads; -1 for COUNT(*) and arithmetic. */
    private final int[] columns;
    /** Of each call the arithmetic whose results it reads; null for columns. */
    private final LaneNumbers[] computed;
    /** All columns that have to be where the shape says. */
    private final int[] read;
    /** Whether of a call it only counts which values are there. */
    private final boolean[] counts;

    private final Lane[] lanes;
    /** Digits behind the point where the column holds decimals; else -1. */
    private final int[] scales;

    private ScanTotalOperator(PhysicalPlan.Aggregate plan, IndexScanOperator scan) {
        this.scan = scan;
        int n = plan.calls().size();
        this.calls = plan.calls().stream().map(Compiled::new).toArray(Compiled[]::new);
        this.columns = new int[n];
        this.computed = new LaneNumbers[n];
        List<Integer> all = new ArrayList<>();
        this.counts = new boolean[n];
        this.lanes = new Lane[n];
        this.scales = new int[n];
        for (int i = 0; i < n; i++) {
            AggregateCall call = plan.calls().get(i);
            columns[i] = !call.arguments().isEmpty() && call.arguments().get(0) instanceof ColumnRef c ? c.index() : -1;
            if (columns[i] >= 0) {
                all.add(columns[i]);
            } else if (!call.arguments().isEmpty()) {
                computed[i] =
                        LaneNumbers.of(call.arguments().get(0), scan.shape()).orElseThrow();
                computed[i].addColumns(all);
            }
            lanes[i] = columns[i] < 0 ? Lane.NONE : scan.shape().lane(columns[i]);
            boolean decimal = !call.arguments().isEmpty()
                    && call.arguments().get(0).type().family() == Family.DECIMAL;
            scales[i] =
                    decimal ? (columns[i] < 0 ? computed[i].scale : scan.shape().scale(columns[i])) : -1;
            counts[i] = switch (call.function()) {
                case COUNT_STAR, COUNT -> true;
                default -> false;
            };
        }
        this.read = all.stream().mapToInt(Integer::intValue).distinct().toArray();
    }

    /** The operator of such an aggregate; empty of any other. */
    static Optional<Operator> of(PhysicalPlan.Aggregate plan) {
        if (!plan.keys().isEmpty() || !(plan.input() instanceof PhysicalPlan.IndexScan input)) {
            return Optional.empty();
        }
        IndexScanOperator scan = new IndexScanOperator(input);
        boolean all = plan.calls().stream().allMatch(call -> isOfNumbers(call, scan.shape()));
        return all ? Optional.of(new ScanTotalOperator(plan, scan)) : Optional.empty();
    }

    private static boolean isOfNumbers(AggregateCall call, EntryShape shape) {
        if (call.distinct() || !call.order().isEmpty() || call.filter().isPresent()) {
            return false;
        }
        return switch (call.function()) {
            case COUNT_STAR -> true;
            case COUNT -> call.arguments().get(0) instanceof ColumnRef c && shape.lane(c.index()) != Lane.NONE;
            case SUM, AVG, MIN, MAX ->
                call.arguments().get(0) instanceof ColumnRef c
                        ? isNumber(c, shape)
                        : LaneNumbers.of(call.arguments().get(0), shape).isPresent();
            default -> false;
        };
    }

    private static boolean isNumber(ColumnRef c, EntryShape shape) {
        return switch (shape.lane(c.index())) {
            case LONGS -> c.type().family() != Family.BOOLEAN;
            case DOUBLES -> true;
            case SLICES, NONE -> false;
        };
    }

    @Override
    public RowEnumerator open(ExecutionContext context) {
        return new Run(context);
    }

    private final class Run extends RowEnumerator {
        private final IndexScanOperator.Run rows;
        private boolean delivered;

        Run(ExecutionContext context) {
            super(context);
            this.rows = own(scan.openRanges(context));
        }

        @Override
        public boolean isSettled() {
            return delivered;
        }

        @Override
        protected ValueRow advance() {
            if (delivered) {
                return null;
            }
            delivered = true;
            Accumulator[] totals = new Accumulator[calls.length];
            for (int i = 0; i < totals.length; i++) {
                totals[i] = calls[i].start(null, null); // none of them keeps what grows with the rows
            }
            while (rows.nextRows()) {
                SelectedRows some = rows.selected();
                if (allRead(some.entries())) {
                    for (int i = 0; i < totals.length; i++) {
                        add(totals[i], i, some);
                    }
                } else {
                    addOneByOne(totals, some);
                }
            }
            Object[] values = new Object[totals.length];
            for (int i = 0; i < values.length; i++) {
                values[i] = totals[i].result();
            }
            return new ValueRow(values);
        }

        private boolean allRead(EntryRows entries) {
            for (int column : read) {
                if (!entries.reads(column)) {
                    return false;
                }
            }
            return true;
        }

        private void addOneByOne(Accumulator[] totals, SelectedRows some) {
            for (int i = 0; i < totals.length; i++) {
                addOneByOne(totals[i], i, some);
            }
        }

        private void addOneByOne(Accumulator total, int i, SelectedRows some) {
            for (int j = 0; j < some.count(); j++) {
                calls[i].add(total, some.row(some.places()[j]), context);
            }
        }

        private void addComputed(Accumulator total, int i, SelectedRows some) {
            int count = some.count();
            long[] values = some.lanes().longs(count);
            boolean[] nulls = some.lanes().nulls(count);
            Arrays.fill(nulls, 0, count, false);
            if (!computed[i].read(some.entries(), some.places(), count, values, nulls)) {
                addOneByOne(total, i, some);
                return;
            }
            int known = keepKnown(values, nulls, count);
            if (scales[i] >= 0) {
                total.addUnscaled(values, known, scales[i]);
            } else {
                total.addLongs(values, known);
            }
        }

        private void add(Accumulator total, int i, SelectedRows some) {
            if (computed[i] != null) {
                addComputed(total, i, some);
                return;
            }
            int count = some.count();
            int column = columns[i];
            EntryRows entries = some.entries();
            Lanes room = some.lanes();
            boolean[] nulls = room.nulls(count);
            if (column < 0) {
                total.addLongs(null, count);
            } else if (counts[i]) {
                boolean anyNull = entries.nulls(column, some.places(), count, nulls);
                total.addLongs(null, anyNull ? known(nulls, count) : count);
            } else if (lanes[i] == Lane.DOUBLES) {
                double[] values = room.doubles(count);
                boolean anyNull = entries.doubles(column, some.places(), count, values, nulls);
                total.addDoubles(values, anyNull ? keepKnown(values, nulls, count) : count);
            } else {
                long[] values = room.longs(count);
                boolean anyNull = entries.longs(column, some.places(), count, values, nulls);
                int known = anyNull ? keepKnown(values, nulls, count) : count;
                if (scales[i] >= 0) {
                    total.addUnscaled(values, known, scales[i]);
                } else {
                    total.addLongs(values, known);
                }
            }
        }
    }

    private static int known(boolean[] nulls, int count) {
        int known = 0;
        for (int j = 0; j < count; j++) {
            known += nulls[j] ? 0 : 1;
        }
        return known;
    }

    /** Moves the values that are not NULL to the front; returns how many they are. */
    private static int keepKnown(long[] values, boolean[] nulls, int count) {
        int known = 0;
        for (int j = 0; j < count; j++) {
            if (!nulls[j]) {
                values[known++] = values[j];
            }
        }
        return known;
    }

    private static int keepKnown(double[] values, boolean[] nulls, int count) {
        int known = 0;
        for (int j = 0; j < count; j++) {
            if (!nulls[j]) {
                values[known++] = values[j];
            }
        }
        return known;
    }
}
