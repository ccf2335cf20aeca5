// A use of a WITH query.
package org.mosslsm.sql.exec;

import org.mosslsm.sql.expr.Row;
import org.mosslsm.sql.plan.PhysicalPlan;

/** Reads the rows of a query that is computed once in an execution, for all that read it. */
final class CommonScanOperator extends Operator {
    private final PhysicalPlan query;

    CommonScanOperator(PhysicalPlan query) {
        this.query = query;
    }

    @Override
    public RowEnumerator open(ExecutionContext context) {
        return new Run(context);
    }

    private final class Run extends RowEnumerator {
        private CommonRows.Reader rows;

        Run(ExecutionContext context) {
            super(context);
        }

        @Override
        public boolean isSettled() {
            return rows != null && rows.isSettled();
        }

        @Override
        protected Row advance() {
            if (rows == null) {
                rows = context.commonRows().read(query);
            }
            return rows.next();
        }
    }
}
