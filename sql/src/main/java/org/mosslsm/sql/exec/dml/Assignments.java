// SET.
package org.mosslsm.sql.exec.dml;

import java.util.List;
import org.mosslsm.sql.expr.EvalContext;
import org.mosslsm.sql.expr.Evaluator;
import org.mosslsm.sql.expr.Row;
import org.mosslsm.sql.plan.StatementPlan;

/** The assignments of UPDATE or of ON CONFLICT DO UPDATE, compiled. Immutable. */
final class Assignments {
    private final int[] ordinals;
    private final Evaluator[] values;

    Assignments(List<StatementPlan.Assignment> assignments) {
        this.ordinals =
                assignments.stream().mapToInt(StatementPlan.Assignment::ordinal).toArray();
        this.values =
                assignments.stream().map(a -> Evaluator.compile(a.value())).toArray(Evaluator[]::new);
    }

    /** Writes the new values, made from {@code source}, into a row's values. */
    void apply(Row source, Object[] row, EvalContext context) {
        for (int i = 0; i < ordinals.length; i++) {
            row[ordinals[i]] = values[i].eval(source, context);
        }
    }
}
