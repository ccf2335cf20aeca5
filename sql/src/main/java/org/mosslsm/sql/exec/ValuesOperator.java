package org.mosslsm.sql.exec;

import java.util.List;
import org.mosslsm.sql.expr.Evaluator;
import org.mosslsm.sql.expr.Row;
import org.mosslsm.sql.expr.ScalarExpr;
import org.mosslsm.sql.expr.ValueRow;
import org.mosslsm.sql.plan.PhysicalPlan;

/** Rows of expressions. */
final class ValuesOperator extends Operator {
    private final Evaluator[][] rows;

    ValuesOperator(PhysicalPlan.Values plan) {
        List<List<ScalarExpr>> lists = plan.rows();
        this.rows = new Evaluator[lists.size()][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = compile(lists.get(i));
        }
    }

    @Override
    public RowEnumerator open(ExecutionContext context) {
        return new RowEnumerator(context) {
            private int next;

            @Override
            protected Row advance() {
                if (next == rows.length) {
                    return null;
                }
                Evaluator[] row = rows[next++];
                Object[] values = new Object[row.length];
                for (int i = 0; i < values.length; i++) {
                    values[i] = row[i].eval(ValueRow.EMPTY, context);
                }
                return new ValueRow(values);
            }
        };
    }
}
