// RETURNING.
package org.mosslsm.sql.exec.dml;

import java.util.Optional;
import org.mosslsm.sql.expr.EvalContext;
import org.mosslsm.sql.expr.Evaluator;
import org.mosslsm.sql.expr.Row;
import org.mosslsm.sql.expr.ValueRow;
import org.mosslsm.sql.plan.StatementPlan;

/** The expressions of RETURNING, compiled. Immutable. */
final class Projection {
    private final Evaluator[] expressions;

    private Projection(Evaluator[] expressions) {
        this.expressions = expressions;
    }

    /** Null where there is no RETURNING. */
    static Projection of(Optional<StatementPlan.Returning> returning) {
        return returning
                .map(r -> new Projection(
                        r.expressions().stream().map(Evaluator::compile).toArray(Evaluator[]::new)))
                .orElse(null);
    }

    ValueRow apply(Row row, EvalContext context) {
        Object[] values = new Object[expressions.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = expressions[i].eval(row, context);
        }
        return new ValueRow(values);
    }
}
