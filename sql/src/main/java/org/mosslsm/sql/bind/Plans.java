// Small pieces of plans that several binders make.
package org.mosslsm.sql.bind;

import java.util.ArrayList;
import java.util.List;
import org.mosslsm.sql.expr.ScalarExpr;
import org.mosslsm.sql.plan.LogicalPlan;
import org.mosslsm.sql.plan.Nullability;
import org.mosslsm.sql.plan.PlanColumn;

/** Projections by position and by name. */
final class Plans {
    private Plans() {}

    /** Column {@code i} of a plan as an expression over its row. */
    static ScalarExpr column(LogicalPlan plan, int i) {
        return new ScalarExpr.ColumnRef(i, plan.columns().get(i).type());
    }

    /** The columns at these positions. */
    static LogicalPlan select(LogicalPlan plan, List<Integer> positions) {
        List<ScalarExpr> expressions = new ArrayList<>();
        List<PlanColumn> columns = new ArrayList<>();
        for (int i : positions) {
            expressions.add(column(plan, i));
            columns.add(plan.columns().get(i));
        }
        return new LogicalPlan.Project(plan, expressions, columns);
    }

    /** The first {@code n} columns. */
    static LogicalPlan first(LogicalPlan plan, int n) {
        List<Integer> positions = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            positions.add(i);
        }
        return select(plan, positions);
    }

    /** The plan with its columns called otherwise; names missing at the end stay. */
    static List<PlanColumn> named(List<PlanColumn> columns, List<String> names) {
        List<PlanColumn> renamed = new ArrayList<>(columns);
        for (int i = 0; i < names.size(); i++) {
            renamed.set(i, columns.get(i).named(names.get(i)));
        }
        return renamed;
    }

    /** A column of that name for an expression over {@code input}; a mere column of it keeps its origin. */
    static PlanColumn describe(String name, ScalarExpr e, List<PlanColumn> input) {
        if (e instanceof ScalarExpr.ColumnRef c && c.index() < input.size()) {
            return input.get(c.index()).named(name);
        }
        return PlanColumn.computed(name, e.type(), Nullability.mayBeNull(e, input));
    }
}
