package org.mosslsm.sql.exec;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.apache.calcite.linq4j.AbstractEnumerable;
import org.apache.calcite.linq4j.Enumerable;
import org.apache.calcite.linq4j.Enumerator;
import org.mosslsm.sql.expr.Evaluator;
import org.mosslsm.sql.expr.ExprTrees;
import org.mosslsm.sql.expr.Row;
import org.mosslsm.sql.expr.ScalarExpr;
import org.mosslsm.sql.expr.Subquery;

/** A plan node ready to run: compiled expressions and inputs. Immutable, shared by all executions. */
public abstract class Operator {
    /** The rows in one execution; each enumerator of them is a run of its own, to be closed by who opened it. */
    public final Enumerable<Row> rows(ExecutionContext context) {
        return new AbstractEnumerable<>() {
            @Override
            public Enumerator<Row> enumerator() {
                return open(context);
            }
        };
    }

    /** Starts a run; nothing is read before its first move. */
    public abstract RowEnumerator open(ExecutionContext context);

    static Evaluator[] compile(List<ScalarExpr> expressions) {
        return expressions.stream().map(Evaluator::compile).toArray(Evaluator[]::new);
    }

    /** Whether none of the expressions looks into the store. */
    static boolean readNothing(Collection<ScalarExpr> expressions) {
        return expressions.stream().noneMatch(e -> ExprTrees.anyMatch(e, Subquery.class::isInstance));
    }

    /** The evaluator of a condition; null where there is none. */
    static Evaluator compile(Optional<ScalarExpr> condition) {
        return condition.map(Evaluator::compile).orElse(null);
    }
}
