// Walking statements.
package org.mosslsm.sql.plan;

import java.util.function.Consumer;
import org.mosslsm.sql.expr.ScalarExpr;

/** Functions over logical statements. */
public final class StatementTrees {
    private StatementTrees() {}

    /** Shows every node of every expression of the statement, those in subqueries included. */
    public static void walkExpressions(StatementPlan<LogicalPlan> statement, Consumer<ScalarExpr> visit) {
        Consumer<ScalarExpr> each = e -> LogicalTrees.walkExpression(e, visit);
        if (statement instanceof StatementPlan.Query<LogicalPlan> s) {
            LogicalTrees.walkExpressions(s.plan(), visit);
        } else if (statement instanceof StatementPlan.Insert<LogicalPlan> s) {
            LogicalTrees.walkExpressions(s.source(), visit);
            s.onConflict().flatMap(StatementPlan.OnConflict::update).ifPresent(u -> {
                u.assignments().forEach(a -> each.accept(a.value()));
                u.condition().ifPresent(each);
            });
            s.returning().ifPresent(r -> r.expressions().forEach(each));
        } else if (statement instanceof StatementPlan.Update<LogicalPlan> s) {
            LogicalTrees.walkExpressions(s.source(), visit);
            s.assignments().forEach(a -> each.accept(a.value()));
            s.returning().ifPresent(r -> r.expressions().forEach(each));
        } else if (statement instanceof StatementPlan.Delete<LogicalPlan> s) {
            LogicalTrees.walkExpressions(s.source(), visit);
            s.returning().ifPresent(r -> r.expressions().forEach(each));
        } else if (statement instanceof StatementPlan.CreateTableAs<LogicalPlan> s) {
            LogicalTrees.walkExpressions(s.query(), visit);
        } else if (statement instanceof StatementPlan.WithChanges<LogicalPlan> s) {
            s.changes().forEach(c -> walkExpressions(c.change(), visit));
            walkExpressions(s.main(), visit);
        } else if (statement instanceof StatementPlan.ExplainPlan<LogicalPlan> s) {
            walkExpressions(s.statement(), visit);
        }
    }
}
