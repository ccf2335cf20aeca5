// Plans whose columns get other types.
package org.mosslsm.sql.bind;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.mosslsm.sql.expr.ExprFactory;
import org.mosslsm.sql.expr.ScalarExpr;
import org.mosslsm.sql.plan.LogicalPlan;
import org.mosslsm.sql.plan.PlanColumn;
import org.mosslsm.sql.plan.SortKey;
import org.mosslsm.sql.type.SqlType;

/**
 * Gives the columns of a plan the types of their place. Where the plan computes them itself the cast goes into its
 * expressions, so that an untyped NULL, string or parameter simply becomes typed.
 */
final class Retype {
    private Retype() {}

    /** The plan with implicit conversions to these types. */
    static LogicalPlan coerce(LogicalPlan plan, List<SqlType> types) {
        return apply(plan, types, (e, i) -> ExprFactory.coerce(e, types.get(i)));
    }

    /** The plan with TEXT for every column that nothing gave a type. */
    static LogicalPlan known(LogicalPlan plan) {
        List<SqlType> types = new ArrayList<>();
        boolean all = true;
        for (PlanColumn c : plan.columns()) {
            all &= !c.type().isUnknown();
            types.add(c.type().isUnknown() ? SqlType.TEXT : c.type());
        }
        return all ? plan : coerce(plan, types);
    }

    /** The plan with every column {@code i} converted by {@code convert}. */
    static LogicalPlan apply(
            LogicalPlan plan, List<SqlType> types, BiFunction<ScalarExpr, Integer, ScalarExpr> convert) {
        if (plan instanceof LogicalPlan.Project p) {
            return new LogicalPlan.Project(p.input(), row(p.expressions(), convert), columns(plan, types));
        }
        if (plan instanceof LogicalPlan.Values v) {
            List<List<ScalarExpr>> rows = new ArrayList<>();
            v.rows().forEach(r -> rows.add(row(r, convert)));
            return new LogicalPlan.Values(rows, columns(plan, types));
        }
        if (onlyUnknownsChange(plan, types)) {
            // Such a column holds one value in all rows, so that neither an order nor DISTINCT depends on it.
            if (plan instanceof LogicalPlan.Limit l) {
                return new LogicalPlan.Limit(apply(l.input(), types, convert), l.count(), l.offset());
            }
            if (plan instanceof LogicalPlan.Distinct d) {
                return new LogicalPlan.Distinct(apply(d.input(), types, convert));
            }
            if (plan instanceof LogicalPlan.Sort s && s.input().width() == types.size()) {
                return sort(s, types, convert);
            }
        }
        List<ScalarExpr> refs = new ArrayList<>();
        for (int i = 0; i < types.size(); i++) {
            refs.add(Plans.column(plan, i));
        }
        List<ScalarExpr> converted = row(refs, convert);
        return converted.equals(refs) ? plan : new LogicalPlan.Project(plan, converted, columns(plan, types));
    }

    private static boolean onlyUnknownsChange(LogicalPlan plan, List<SqlType> types) {
        for (int i = 0; i < types.size(); i++) {
            SqlType before = plan.columns().get(i).type();
            if (!before.isUnknown() && !before.equals(types.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static LogicalPlan sort(
            LogicalPlan.Sort s, List<SqlType> types, BiFunction<ScalarExpr, Integer, ScalarExpr> convert) {
        List<SortKey> keys = new ArrayList<>();
        for (SortKey k : s.keys()) {
            keys.add(
                    k.expr() instanceof ScalarExpr.ColumnRef c
                            ? k.over(new ScalarExpr.ColumnRef(c.index(), types.get(c.index())))
                            : k);
        }
        return new LogicalPlan.Sort(apply(s.input(), types, convert), keys);
    }

    private static List<ScalarExpr> row(List<ScalarExpr> row, BiFunction<ScalarExpr, Integer, ScalarExpr> convert) {
        List<ScalarExpr> converted = new ArrayList<>();
        for (int i = 0; i < row.size(); i++) {
            converted.add(convert.apply(row.get(i), i));
        }
        return converted;
    }

    private static List<PlanColumn> columns(LogicalPlan plan, List<SqlType> types) {
        List<PlanColumn> columns = new ArrayList<>();
        for (int i = 0; i < types.size(); i++) {
            PlanColumn c = plan.columns().get(i);
            columns.add(c.type().equals(types.get(i)) ? c : PlanColumn.computed(c.name(), types.get(i), c.nullable()));
        }
        return columns;
    }
}
