// A sequence in FROM.
package org.mosslsm.sql.bind;

import java.util.List;
import org.mosslsm.sql.catalog.Sequence;
import org.mosslsm.sql.catalog.SequenceTexts;
import org.mosslsm.sql.expr.ExprFactory;
import org.mosslsm.sql.expr.ScalarExpr;
import org.mosslsm.sql.plan.LogicalPlan;
import org.mosslsm.sql.plan.PlanColumn;
import org.mosslsm.sql.type.SqlType;

/** Reads a sequence as a relation of one row, as scripts and dumps do: {@code SELECT last_value FROM s}. */
final class SequenceRelation {
    private SequenceRelation() {}

    /** What {@code SELECT * FROM sequence} gives: PostgreSQL's columns, of which log_cnt counts nothing here. */
    static LogicalPlan row(Sequence sequence) {
        List<ScalarExpr> name = List.of(ExprFactory.literal(SequenceTexts.qualified(sequence), SqlType.TEXT));
        List<ScalarExpr> values = List.of(
                ExprFactory.call("sequence_last_value", name),
                ExprFactory.literal(0L, SqlType.BIGINT),
                ExprFactory.call("sequence_is_called", name));
        List<PlanColumn> columns = List.of(
                PlanColumn.computed("last_value", SqlType.BIGINT, false),
                PlanColumn.computed("log_cnt", SqlType.BIGINT, false),
                PlanColumn.computed("is_called", SqlType.BOOLEAN, false));
        return new LogicalPlan.Project(LogicalPlan.Values.oneRow(), values, columns);
    }
}
