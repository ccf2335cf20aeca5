package org.mosslsm.sql.exec;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.mosslsm.sql.encode.EntryRows;
import org.mosslsm.sql.exec.Accumulators.Accumulator;
import org.mosslsm.sql.exec.Accumulators.Compiled;
import org.mosslsm.sql.expr.AggregateCall;
import org.mosslsm.sql.expr.ValueRow;
import org.mosslsm.sql.plan.PhysicalPlan;

/**
 * Counts, sums, means, least and greatest values of columns, and of arithmetic on them, over all rows of a scan: what {@link
 * AggregateOperator} and {@link IndexScanOperator} answer together, but no row is made. Columns are read many at a time; a row
 * whose version holds one of them in another way is shown to the aggregates as it is.
 */
final class ScanTotalOperator extends Operator {
    private final IndexScanOperator scan;
    private final Compiled[] calls;
    /** Of each call how its values are read. */
    private final LaneTotal[] totals;
    /** All columns that have to be where the shape says. */
    private final int[] read;

    private ScanTotalOperator(PhysicalPlan.Aggregate plan, IndexScanOperator scan, List<LaneTotal> totals) {
        this.scan = scan;
        this.calls = plan.calls().stream().map(Compiled::new).toArray(Compiled[]::new);
        this.totals = totals.toArray(LaneTotal[]::new);
        List<Integer> columns = new ArrayList<>();
        totals.forEach(t -> t.addColumns(columns));
        this.read = columns.stream().mapToInt(Integer::intValue).distinct().toArray();
    }

    /** The operator of such an aggregate; empty of any other. */
    static Optional<Operator> of(PhysicalPlan.Aggregate plan) {
        if (!plan.keys().isEmpty() || !(plan.input() instanceof PhysicalPlan.IndexScan input)) {
            return Optional.empty();
        }
        IndexScanOperator scan = new IndexScanOperator(input);
        List<LaneTotal> totals = new ArrayList<>();
        for (AggregateCall call : plan.calls()) {
            Optional<LaneTotal> total = LaneTotal.of(call, scan.shape());
            if (total.isEmpty()) {
                return Optional.empty();
            }
            totals.add(total.get());
        }
        return Optional.of(new ScanTotalOperator(plan, scan, totals));
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
            Accumulator[] results = new Accumulator[calls.length];
            for (int i = 0; i < results.length; i++) {
                results[i] = calls[i].start(null, null); // none of them keeps what grows with the rows
            }
            while (rows.nextRows()) {
                SelectedRows some = rows.selected();
                boolean many = allRead(some.entries());
                for (int i = 0; i < results.length; i++) {
                    if (!many || !totals[i].add(results[i], some)) {
                        addOneByOne(results[i], i, some);
                    }
                }
            }
            Object[] values = new Object[results.length];
            for (int i = 0; i < values.length; i++) {
                values[i] = results[i].result();
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

        private void addOneByOne(Accumulator result, int i, SelectedRows some) {
            for (int j = 0; j < some.count(); j++) {
                calls[i].add(result, some.row(some.places()[j]), context);
            }
        }
    }
}
