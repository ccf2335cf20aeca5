// RETURNING.
package org.mosslsm.sql.exec.dml;

import java.util.ArrayList;
import java.util.List;
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

    Row apply(Row row, EvalContext context) {
        Object[] values = new Object[expressions.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = expressions[i].eval(row, context);
        }
        return new ValueRow(values);
    }

    /** Collects the rows of one execution. */
    static final class Collected {
        private final Projection projection;
        private final EvalContext context;
        final List<Row> rows = new ArrayList<>();

        Collected(Projection projection, EvalContext context) {
            this.projection = projection;
            this.context = context;
        }

        void add(Row row) {
            if (projection != null) {
                rows.add(projection.apply(row, context));
            }
        }
    }
}
